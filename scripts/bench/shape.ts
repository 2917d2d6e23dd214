// In: GitHub's example webhooks, or a corpus of other senders. Out: how often a genuine payload is stopped, and how often a
// changed one, as Markdown or JSON; exit 1 when a goal is missed. The same numbers in every run; docs/shape.md explains and
// publishes them. build-corpus.ts writes a corpus from public repositories.
// With --half 0 or 1 half of the corpus' sources, with --new what `new --yes` makes of one payload of each event.
//   npm run bench:shape [-- --json] [-- --corpus DIR [--half 0] [--new]]
import { parseArgs } from 'node:util';
import { corpusVersion, loadGroups } from './shape/corpus.ts';
import { measureEvents } from './shape/held-out.ts';
import { AIMS, formatHeldOut, isAimMet } from './shape/held-out-tables.ts';
import { halfOf, loadCorpus } from './shape/load-corpus.ts';
import { isNewAimMet, measureNew } from './shape/measure-new.ts';
import { runBenchmark } from './shape/run.ts';
import { formatResults } from './shape/tables.ts';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    choices: { type: 'string', default: '12' },
    draws: { type: 'string', default: '8' },
    half: { type: 'string' },
    new: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const effort = { choices: Number(values.choices), draws: Number(values.draws) };
process.exitCode = (values.corpus === undefined ? measureGitHub() : await measureCorpus(values.corpus))
  ? 0
  : 1;

/** True: every aim is met. */
async function measureCorpus(folder: string): Promise<boolean> {
  const groups = loadCorpus(folder).filter(
    ({ source }) => values.half === undefined || halfOf(source) === Number(values.half),
  );
  if (values.new) {
    const counts = await measureNew(groups);
    console.log(JSON.stringify(counts, null, 2));
    return isNewAimMet(counts);
  }
  const rows = [measureEvents(groups, 1, effort), measureEvents(groups, 3, effort)] as const;
  console.log(values.json ? JSON.stringify({ node: process.version, rows }, null, 2) : formatHeldOut(rows));
  return AIMS.every((aim) => isAimMet(aim, rows));
}

function measureGitHub(): boolean {
  const groups = loadGroups();
  const results = runBenchmark(groups, effort);
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
  return results.goals.every(({ isMet }) => isMet);
}
