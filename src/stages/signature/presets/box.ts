import type { SignaturePreset } from '../preset.ts';

export const box: SignaturePreset = {
  name: 'box',
  title: 'Box',
  docs: 'https://developer.box.com/guides/webhooks/v2/signatures-v2/',
  signature: {
    digest: 'base64',
    acknowledge: 200,
    signature: { header: ['box-signature-primary', 'box-signature-secondary'] },
    timestamp: { header: 'box-delivery-timestamp', tolerance: 600 },
    template: '[payload][timestamp]',
  },
  timestampFormat: 'iso',
  secretScope: 'app',
  tenant: ['$.created_by.id'],
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 30, retries: '10 times' },
  secret: {
    where: 'Box Developer Console, the app, Webhooks, Manage signature keys: primary and secondary',
    looks: 'as shown; both, as a list, while one is rotated',
  },
  evidence: 'box-node-sdk 10.12.0 verifies it',
  notes: ['$.id stays the same over retries.'],
};
