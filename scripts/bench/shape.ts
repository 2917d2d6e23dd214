// In: GitHub's example webhooks. Out: how often each shape policy stops a genuine payload, and how often a changed one, as
// Markdown or JSON; exit 1 when a goal is missed. The same numbers in every run; docs/shape.md explains and publishes them.
//   npm run bench:shape [-- --json]
import { parseArgs } from 'node:util';
import { corpusVersion, loadGroups } from './shape/corpus.ts';
import { runBenchmark } from './shape/run.ts';
import { formatResults } from './shape/tables.ts';

const { values } = parseArgs({
  options: {
    choices: { type: 'string', default: '12' },
    draws: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
});

const groups = loadGroups();
const results = runBenchmark(groups, { choices: Number(values.choices), draws: Number(values.draws) });
const payloads = groups.reduce((sum, group) => sum + group.payloads.length, 0);
const corpus = {
  package: '@octokit/webhooks-examples',
  version: corpusVersion(),
  events: groups.length,
  payloads,
};
if (values.json) console.log(JSON.stringify({ corpus, node: process.version, ...results }, null, 2));
else {
  console.log(`${corpus.package} ${corpus.version}: ${corpus.events} events, ${payloads} payloads\n`);
  console.log(formatResults(results));
}
process.exitCode = results.goals.every(({ isMet }) => isMet) ? 0 : 1;
