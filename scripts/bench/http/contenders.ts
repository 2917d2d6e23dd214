// Who is measured, with which request, and whom it is compared with.
import type { RequestName } from './request.ts';

export interface Contender {
  readonly name: string;
  /** A file of servers/, and its arguments; SINK stands for the address of the sink. */
  readonly command: readonly [file: string, ...args: string[]];
  readonly request: RequestName;
  /** Name of the contender of the same group that it is compared with. Absent: it is one. */
  readonly against?: string;
  /** Where it is not to be had: what would bring it. */
  readonly needs?: 'webhook';
}

export const SINK = 'SINK';

const express = 'hand-written Express';
const node = 'hand-written node:http';

/** Servers of one group run side by side, and their rounds are interleaved. */
export const GROUPS: Readonly<Record<string, readonly Contender[]>> = {
  pipeline: [
    { name: express, command: ['express.ts'], request: 'event' },
    { name: node, command: ['node.ts'], request: 'event', against: express },
    { name: `${node}, a turn at once`, command: ['node.ts', '--turn'], request: 'event', against: express },
    { name: 'hand-written Fastify', command: ['fastify.ts'], request: 'event', against: express },
    { name: 'Sluice, through Express', command: ['sluice.ts'], request: 'event', against: express },
    {
      name: 'Sluice, handler alone',
      command: ['sluice.ts', '--handler'],
      request: 'event',
      against: express,
    },
    {
      name: 'adnanh/webhook, matching only',
      command: ['adnanh.ts'],
      request: 'event',
      against: express,
      needs: 'webhook',
    },
  ],
  serve: [
    { name: `${express}, pino, posting`, command: ['express.ts', '--log', '--post', SINK], request: 'event' },
    {
      name: 'sluice serve, http target',
      command: ['serve.ts', '--post', SINK],
      request: 'event',
      against: `${express}, pino, posting`,
    },
    {
      name: 'sluice serve, log target',
      command: ['serve.ts'],
      request: 'event',
      against: `${express}, pino, posting`,
    },
  ],
  refused: [
    { name: `${express}, refusing`, command: ['express.ts'], request: 'forged' },
    { name: 'Sluice, refusing', command: ['sluice.ts'], request: 'forged', against: `${express}, refusing` },
  ],
  work: [
    { name: 'Sluice, structured', command: ['sluice.ts'], request: 'event' },
    {
      name: 'Sluice, script',
      command: ['sluice.ts', '--connector', 'stripe-payment-script'],
      request: 'event',
      against: 'Sluice, structured',
    },
    {
      name: 'Sluice, batch of 10',
      command: ['sluice.ts', '--connector', 'stripe-payment-batch'],
      request: 'batch',
      against: 'Sluice, structured',
    },
    { name: 'Sluice, 8 KB', command: ['sluice.ts'], request: 'large', against: 'Sluice, structured' },
    {
      name: 'Sluice, 10,000 connectors',
      command: ['sluice.ts', '--connectors', '10000'],
      request: 'event',
      against: 'Sluice, structured',
    },
  ],
  'large body': [
    { name: `${express}, 8 KB`, command: ['express.ts'], request: 'large' },
    {
      name: 'Sluice, through Express, 8 KB',
      command: ['sluice.ts'],
      request: 'large',
      against: `${express}, 8 KB`,
    },
  ],
};
