import type { SignaturePreset } from '../preset.ts';

export const azureDevops: SignaturePreset = {
  name: 'azure-devops',
  title: 'Azure DevOps service hooks',
  docs: 'https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks',
  signature: { type: 'basic', acknowledge: 200 },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { retries: 'up to 8 times after a 5xx; the subscription is put on probation' },
  secret: {
    where: 'chosen by you: Project settings, Service hooks, the subscription',
    looks: 'user:password',
  },
  evidence: 'documentation only',
  weak: 'The password proves the sender, not what is sent: neither body nor headers are covered.',
  notes: ['User and password are yours: the subscription takes them as basic authentication.'],
};
