import type { SignaturePreset } from '../preset.ts';

export const mercadoPago: SignaturePreset = {
  name: 'mercado-pago',
  title: 'Mercado Pago',
  docs: 'https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks',
  signature: {
    acknowledge: 200,
    signature: { header: 'x-signature', parsePrefix: 'v1=' },
    timestamp: { header: 'x-signature', parsePrefix: 'ts=', tolerance: 300 },
    template: 'id:[query:data.id:any-case];request-id:[header:x-request-id];ts:[timestamp];',
  },
  secretScope: 'endpoint',
  limits: { answerWithin: 22, retries: 'every 15 minutes, with growing gaps after the third' },
  secret: {
    where: 'Mercado Pago, Your integrations, Webhooks: the secret signature',
    looks: '64 hex digits, as shown',
  },
  evidence: 'mercadopago 3.6.1 verifies it',
  weak: 'The id in the URL, a request id and a time are signed; the body is not.',
  notes: [
    'Fetch the payment that data.id names by its API: the body is not covered.',
    'An id with letters is signed in lower case, says the documentation, or as it was sent, says its package: either is taken.',
    'Notifications of QR codes are not signed, and those without data.id or x-request-id are signed without that part: they are refused.',
  ],
};
