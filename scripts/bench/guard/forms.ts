// In: how many payloads, and whether texts have forms. Out: nothing; a payload that fits is judged so often, as the hot path
// does it. Instructions are what somebody counts who runs it with two numbers: valgrind --tool=cachegrind --cache-sim=no.
import { generateChecker } from '../../../src/stages/shape/generate.ts';
import { withoutForms } from '../../../src/stages/shape/learn-forms.ts';
import { prepareShape } from '../../../src/stages/shape/prepare.ts';
import { REQUESTS } from '../http/request.ts';

const [times = '0', kind = 'forms'] = process.argv.slice(2);
const text = REQUESTS.event.body.toString();
const payload = JSON.parse(text);
/** What a card says: five texts, each of another form; the first is the recipient. */
const paths = [
  '$.data.object.metadata.user_id',
  '$.data.object.receipt_email',
  '$.data.object.last_payment_error.doc_url',
  '$.data.object.last_payment_error.message',
  '$.data.object.status',
];
const reads = paths.map((path, index) => ({
  paths: [path],
  required: index === 0,
  optional: false,
  ...(index === 0 && { recipient: true as const }),
}));
const settings = { policy: 'mapped', pauseAfter: 10, required: [], optional: [], maps: [] } as const;
const plan = prepareShape(
  { payloads: [{ name: 'event', payload }], settings, reads },
  '/shape',
  ({ message }) => {
    throw new Error(message);
  },
);
if (plan === null) throw new Error('no shape');
const fits = generateChecker(kind === 'forms' ? plan.shape : withoutForms(plan.shape), {
  unknownMembers: 'refuse',
});
let count = 0;
for (let index = 0; index < Number(times); index++) {
  if (kind === 'parse' ? JSON.parse(text) !== null : fits(payload)) count++;
}
if (count !== Number(times)) throw new Error('it does not fit');
