import type { SignaturePreset } from '../preset.ts';

export const servicenow: SignaturePreset = {
  name: 'servicenow',
  title: 'ServiceNow',
  docs: 'https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/outbound-rest/concept/c_OutboundRESTWebService.html',
  signature: { type: 'basic' },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { retries: 'as the business rule or flow says' },
  secret: {
    where: 'chosen by you: System Web Services, Outbound, Basic Auth Configurations',
    looks: 'user:password',
  },
  evidence: 'documentation only',
  weak: 'The password proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'User and password are yours: a basic authentication profile of the REST message. A script that signs may spell its own scheme out.',
  ],
};
