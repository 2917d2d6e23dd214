/** Sends a sample to a connector's public URL, signed as its provider signs. Refuses to make a live card unasked. */

import { resolve } from 'node:path';
import type { ConnectorPlan } from '../bundle/plan.ts';
import { connectorPaths } from '../runtime/pipeline/url-keys.ts';
import type { EvaluationSample } from '../stages/sample.ts';
import { type SecretLookup, secretName } from '../stages/secrets.ts';
import { readExampleSecrets } from '../workbench/cases/example-secrets.ts';
import { buildSignedRequest } from '../workbench/sign/signed-request.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from './context.ts';
import { readUrlKeys } from './read-url-keys.ts';

export interface SignedSend {
  readonly plan: ConnectorPlan;
  readonly sample: EvaluationSample;
  /** Origin of the ingress, such as http://127.0.0.1:8080; a path is kept. */
  readonly url: string;
  readonly state: string;
  readonly yesLive?: boolean;
  readonly json?: boolean;
}

export async function sendSigned(
  context: Context,
  { plan, sample, ...options }: SignedSend,
): Promise<ExitCode> {
  if (plan.status === 'live' && !options.yesLive) {
    printError(
      context,
      `"${plan.id}" is live: a signed request would make a real card. Say --yes-live if you want that, or leave --url out for a test card`,
    );
    return EXIT.usage;
  }
  if (!URL.canParse(options.url)) {
    printError(
      context,
      `"${options.url}" is not a URL; give the origin of the ingress, such as http://127.0.0.1:8080`,
    );
    return EXIT.usage;
  }
  const read = readUrlKeys(context.env);
  if (!read.ok || (plan.urlKey && read.urlKeys === null)) {
    printError(context, read.ok ? `"${plan.id}" has a secret URL: set SLUICE_URL_KEYS` : read.message);
    return EXIT.usage;
  }
  const target = new URL(connectorPaths(plan.eventsOf ?? plan.id, read.urlKeys)[0], options.url);
  const examples = readExampleSecrets(resolve(context.cwd, options.state));
  const lookup: SecretLookup = (reference) =>
    ('env' in reference ? context.env[reference.env] : undefined) || examples[secretName(reference)];
  const built = buildSignedRequest(plan, sample, target, lookup, Date.now());
  if (!built.ok) {
    const hint = built.message.endsWith('is not set here')
      ? ': set it, or name the state folder of `sluice dev` with --state'
      : '';
    printError(context, `${built.message}${hint}`);
    return EXIT.problems;
  }
  const { method, headers, body } = built;
  const response = await fetch(target, {
    method,
    headers,
    body: new Uint8Array(body),
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
  }).catch((error: Error) => error);
  if (response instanceof Error) {
    const reason = response.cause instanceof Error ? response.cause.message : response.message;
    printError(context, `${target.origin} did not answer: ${reason}`);
    return EXIT.problems;
  }
  const text = await response.text();
  if (options.json) printJson(context, { status: response.status, body: text });
  else print(context, `${plan.id}: ${response.status} ${text}`);
  return response.ok ? EXIT.clean : EXIT.problems;
}
