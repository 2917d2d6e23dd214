import type { SignaturePreset } from '../preset.ts';

export const salesforceFlow: SignaturePreset = {
  name: 'salesforce-flow',
  title: 'Salesforce flows and Apex',
  docs: 'https://help.salesforce.com/s/articleView?id=platform.flow_http_callout.htm',
  signature: { type: 'token', signature: { header: 'authorization', parsePrefix: 'Bearer ' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 120, retries: 'never by itself' },
  secret: {
    where: 'chosen by you: the external credential of the named credential',
    looks: 'as you entered it',
  },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: ['The token is yours: a custom header of the named credential that the callout uses.'],
};
