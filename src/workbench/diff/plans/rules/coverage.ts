/** Rule: how much of a request two signature schemes cover, and whether the signed text can be read in one way only. */
import type { SignaturePlan, TemplateToken } from '../../../../stages/plans.ts';
import { type DiffRule, type Finding, nameOf, type PlanPair, weighSecurity } from '../change.ts';
import { describeScheme, describeToken } from '../describe-scheme.ts';

export const diffCoverage: DiffRule = (pair) => {
  const [before, after] = [pair.before.signature, pair.after.signature];
  if (before === null || after === null) return [];
  return [
    ...diffBody(pair, before, after),
    ...diffParts(pair, before, after),
    ...diffAmbiguity(pair, before, after),
  ];
};

function diffBody(pair: PlanPair, before: SignaturePlan, after: SignaturePlan): readonly Finding[] {
  if (!before.covers.body || after.covers.body) return [];
  return [
    {
      kind: 'signature-body-uncovered',
      severity: weighSecurity(pair),
      path: '/security/signature',
      message: `whoever holds one genuine request could send any body to ${nameOf(pair)}: other recipients, other texts`,
      before: describeScheme(before),
      after: describeScheme(after),
      explains: ['/signature/covers/body'],
    },
  ];
}

function diffParts(pair: PlanPair, before: SignaturePlan, after: SignaturePlan): readonly Finding[] {
  const path = '/security/signature';
  const [was, is] = [coveredParts(before), coveredParts(after)];
  const lost = was.filter((part) => part !== BODY && !is.includes(part) && !isImplied(part, after));
  const won = is.filter((part) => !was.includes(part) && !isImplied(part, before));
  const explains = ['/signature/covers/headers', '/signature/covers/timestamp'];
  const findings: Finding[] = [];
  if (lost.length > 0) {
    const message = `a genuine request could be sent again with another value of: ${lost.join(', ')}`;
    const severity = weighSecurity(pair);
    const kind = 'signature-covers-less';
    findings.push({ path, severity, kind, message, before: lost, after: null, explains });
  }
  if (won.length > 0)
    findings.push({
      kind: 'signature-covers-more',
      severity: 'safe',
      path,
      message: `the signature proves more than before: ${won.join(', ')}`,
      before: null,
      after: won,
      explains: [...explains, ...(won.includes(BODY) ? ['/signature/covers/body'] : [])],
    });
  return findings;
}

const BODY = 'the body';

/** What the compiler worked out, and which further parts of the request the template names. That the body is lost is said apart. */
function coveredParts({ covers, template }: SignaturePlan): readonly string[] {
  const named = template.filter(({ kind }) => NAMED.has(kind)).map(describeToken);
  return [
    ...(covers.body ? [BODY] : []),
    ...(covers.timestamp ? ['the time of sending'] : []),
    ...covers.headers.map((name) => `the header ${name}`),
    ...new Set(named),
  ];
}

const NAMED: ReadonlySet<TemplateToken['kind']> = new Set<TemplateToken['kind']>([
  'method',
  'url',
  'path',
  'body',
]);

/** The whole covers its parts. */
function isImplied(part: string, { covers, template }: SignaturePlan): boolean {
  if (part.startsWith('[body:')) return covers.body;
  return part === '[path]' && template.some(({ kind }) => kind === 'url');
}

/** Where one part ends and the next begins must be signed too: else bytes can move from one to the other. */
function diffAmbiguity(pair: PlanPair, before: SignaturePlan, after: SignaturePlan): readonly Finding[] {
  const known = joints(before.template);
  const parts = before.template.map(describeToken);
  // What no signature was over before is not proven less.
  const reasons = joints(after.template)
    .filter(
      (joint) =>
        !known.some((one) => one.join() === joint.join()) && joint.some((part) => parts.includes(part)),
    )
    .map(([left, right]) => `${left} is followed by ${right} without anything between them`);
  if (signsExactBody(before) && after.covers.body && !signsExactBody(after))
    reasons.push('the fields of a form are joined without anything between names and values');
  if (reasons.length === 0) return [];
  return [
    {
      kind: 'signature-ambiguous',
      severity: weighSecurity(pair),
      path: '/security/signature/template',
      message: `bytes of a genuine request to ${nameOf(pair)} could move from one part into the next, and its signature would still be right: ${reasons.join('; ')}`,
      before: describeScheme(before),
      after: describeScheme(after),
      explains: [],
    },
  ];
}

function signsExactBody({ bodyHash, template }: SignaturePlan): boolean {
  return bodyHash !== undefined || template.some(({ kind }) => kind === 'payload');
}

/** Pairs of parts whose length the sender of a request chooses, with nothing between them that is surely in neither. */
function joints(template: readonly TemplateToken[]): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  let last: TemplateToken | null = null;
  for (const token of template) {
    // A letter or digit separates nothing: it can be the beginning or the end of what stands beside it.
    if (token.kind === 'text' && !/[^\p{L}\p{N}]/u.test(token.text)) continue;
    const isOpen = !FIXED.has(token.kind);
    if (isOpen && last !== null) pairs.push([describeToken(last), describeToken(token)]);
    last = isOpen ? token : null;
  }
  return pairs;
}

/** A text, POST or PUT, and the one secret: nobody can shift their ends. */
const FIXED: ReadonlySet<TemplateToken['kind']> = new Set<TemplateToken['kind']>([
  'text',
  'method',
  'secret',
]);
