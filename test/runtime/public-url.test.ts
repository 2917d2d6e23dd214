import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SignaturePlan } from '../../src/stages/plans.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { makeRequest, makeWorld, SECRET, summary } from './world.ts';

const PUBLIC_URL = 'https://hooks.example.com/c/orders';
const signature: SignaturePlan = { ...hmacSignature, template: [{ kind: 'url' }, { kind: 'payload' }] };

function signedRequest() {
  const request = makeRequest();
  const mac = createHmac('sha256', SECRET).update(PUBLIC_URL).update(request.body).digest('hex');
  return makeRequest({ headers: { 'x-signature': mac } });
}

test('a scheme that signs the URL needs to know the public one: without it nothing is judged, and nobody blamed', async () => {
  const { pipeline, sent, holds } = makeWorld([makePlan({ signature })]);
  expect(summary(await pipeline.handle(signedRequest()))).toEqual({
    outcome: 'rejected',
    code: 'public-url-missing',
  });
  expect([sent, holds]).toEqual([[], []]);
});

test('with it the same request is delivered', async () => {
  const { pipeline } = makeWorld([makePlan({ signature })]);
  const request = { ...signedRequest(), publicUrl: PUBLIC_URL };
  expect(summary(await pipeline.handle(request))).toMatchObject({ outcome: 'delivered' });
});

test('to a stranger a disabled connector does not exist, whatever it lacks', async () => {
  const { pipeline } = makeWorld([makePlan({ signature, status: 'disabled' })]);
  expect(summary(await pipeline.handle(signedRequest()))).toMatchObject({ code: 'connector-unknown' });
});
