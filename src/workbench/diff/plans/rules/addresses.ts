/** Rule: which addresses may call. Ranges are compared by the addresses in them, not by their spelling. */
import { findUncovered } from '../address-ranges.ts';
import { type DiffRule, type Finding, nameOf, weigh, weighSecurity } from '../change.ts';
import { isSame } from '../raw-differences.ts';

/** More are counted, not named. */
const MAX_NAMED = 5;

export const diffAddresses: DiffRule = (pair) => {
  const [before, after] = [pair.before.allowIps, pair.after.allowIps];
  if (isSame(before, after)) return [];
  const common = { path: '/security/allowIps', before, after, explains: ['/allowIps'] };
  if (after.length === 0)
    return [
      {
        ...common,
        kind: 'addresses-widened',
        severity: weighSecurity(pair),
        message: `any address on the internet may call ${nameOf(pair)}, where only ${nameSome(before)} could`,
      },
    ];
  // No list lets anybody in.
  const won = before.length === 0 ? [] : findUncovered(after, before);
  const lost = before.length === 0 ? ['every other address'] : findUncovered(before, after);
  const findings: Finding[] = [];
  if (won.length > 0)
    findings.push({
      ...common,
      kind: 'addresses-widened',
      severity: weighSecurity(pair),
      message: `more addresses may call ${nameOf(pair)}: ${nameSome(won)}`,
    });
  if (lost.length > 0)
    findings.push({
      ...common,
      kind: 'addresses-narrowed',
      severity: weigh(pair, 'risky'),
      message: `requests from ${nameLost(lost)} are refused with 403 from the merge on, and lost: make sure that the sender calls from ${nameSome(after)}`,
    });
  if (findings.length > 0) return findings;
  const message = 'the same addresses may call';
  return [{ ...common, kind: 'addresses-respelled', severity: 'safe', message }];
};

/** A range may be lost in part only. */
function nameLost(ranges: readonly string[]): string {
  return `${ranges.some((range) => range.includes('/')) ? 'addresses in ' : ''}${nameSome(ranges)}`;
}

function nameSome(ranges: readonly string[]): string {
  const more = ranges.length - MAX_NAMED;
  return `${ranges.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
