import type { SignaturePreset } from '../preset.ts';

export const atlassianConnect: SignaturePreset = {
  name: 'atlassian-connect',
  title: 'Atlassian Connect',
  docs: 'https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/',
  signature: {
    type: 'jwt',
    acknowledge: 204,
    signature: { header: 'authorization', parsePrefix: 'JWT ' },
    jwt: { algorithms: ['HS256'], requestHash: 'qsh' },
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 20, retries: '5 times after a 5xx or 429' },
  secret: { where: 'the installed callback of the app: sharedSecret', looks: 'as sent' },
  evidence: 'atlassian-jwt 2.0.3 computes its hashes',
  weak: 'Method, path and query are signed; the body is not.',
  notes: ['One installation has one secret: it comes with the installed callback.'],
};
