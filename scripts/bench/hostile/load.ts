// Requests at a fixed rate, whatever the server does with those before; each is timed from when it was due.
import { Agent, request } from 'node:http';
import { BUSY_NAMES, NEIGHBOURS, NEIGHBOURS_OF_A_KIND, type Neighbour, STOPPED_NAMES } from './connectors.ts';

export interface Answered {
  /** Milliseconds. */
  readonly latencies: number[];
  /** Requests that were not delivered. */
  kept: number;
}
export type Answers = Readonly<Record<Neighbour, Answered>>;

const TICK_MS = 5;
/** Calls a second of each busy script: more than there is time for. The others are called once a round. */
const BUSY_RATE = 5;

const agent = new Agent({ keepAlive: true });
let sent = 0;

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** `rate` requests a second, spread over all neighbours. */
export async function measureNeighbours(url: string, rate: number, seconds: number): Promise<Answers> {
  const answers: Answers = {
    structured: { latencies: [], kept: 0 },
    script: { latencies: [], kept: 0 },
  };
  await atRate(rate, seconds, async (index, due) => {
    const kind = NEIGHBOURS[index % NEIGHBOURS.length] as Neighbour;
    const connector = `${kind}-${Math.floor(index / NEIGHBOURS.length) % NEIGHBOURS_OF_A_KIND}`;
    const { outcome } = await post(url, connector, false);
    answers[kind].latencies.push(performance.now() - due);
    if (outcome !== 'delivered') answers[kind].kept += 1;
  });
  return answers;
}

/** Every hostile script of the round once, and busy ones all the time. Counts the answers. */
export async function attack(
  url: string,
  round: number,
  seconds: number,
  answers: Map<string, number>,
): Promise<void> {
  const hit = async (name: string): Promise<void> => {
    const { outcome, code } = await post(url, `round${round}-${name}`, true);
    const answer = outcome === code ? outcome : `${outcome}, ${code}`;
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  };
  const stopped = STOPPED_NAMES.length / seconds;
  await Promise.all([
    atRate(stopped, seconds, (index) => hit(STOPPED_NAMES[index % STOPPED_NAMES.length] as string)),
    ...BUSY_NAMES.map((name) => atRate(BUSY_RATE, seconds, () => hit(name))),
  ]);
}

/** How long one hostile request took, in ms, and what became of it. */
export async function settle(url: string, connector: string): Promise<{ took: number; code: string }> {
  const started = performance.now();
  const { code } = await post(url, connector, true);
  return { took: performance.now() - started, code };
}

async function atRate(
  rate: number,
  seconds: number,
  send: (index: number, due: number) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  const open: Promise<void>[] = [];
  const count = Math.round(rate * seconds);
  while (open.length < count) {
    const due = started + (open.length * 1000) / rate;
    if (due > performance.now()) await sleep(TICK_MS);
    else open.push(send(open.length, due));
  }
  await Promise.all(open);
}

function post(url: string, connector: string, attack: boolean): Promise<{ outcome: string; code: string }> {
  sent += 1;
  const body = JSON.stringify({ id: `event-${sent}`, user: 'u1', note: 'x'.repeat(1000), attack });
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const outgoing = request(`${url}/c/${connector}`, { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(JSON.parse(text)));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
