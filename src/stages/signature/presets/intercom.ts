import type { SignaturePreset } from '../preset.ts';

export const intercom: SignaturePreset = {
  name: 'intercom',
  title: 'Intercom',
  docs: 'https://developers.intercom.com/docs/webhooks',
  signature: {
    algorithm: 'sha1',
    signature: { header: 'x-hub-signature', parsePrefix: 'sha1=' },
    handshake: [
      { method: 'HEAD', answer: { status: 200 } },
      { when: [{ path: '$.topic', equals: 'ping' }], answer: { text: 'pong' } },
    ],
  },
  secretScope: 'app',
  tenant: ['$.app_id'],
  idempotency: { kind: 'path', path: '$.id' },
  attempt: ['$.delivery_attempts', '$.delivery_status', '$.delivered_at'],
  limits: { answerWithin: 5, retries: 'an endpoint that fails for 7 days is suspended' },
  secret: {
    where: 'Intercom Developer Hub, the app, Basic information: the client secret',
    looks: 'as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'HMAC with SHA-1 is what Intercom offers; it is still unforgeable, but no choice for new schemes.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The secret is the client secret of the app.',
  ],
};
