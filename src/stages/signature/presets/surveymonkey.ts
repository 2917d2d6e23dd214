import type { SignaturePreset } from '../preset.ts';

export const surveymonkey: SignaturePreset = {
  name: 'surveymonkey',
  title: 'SurveyMonkey',
  docs: 'https://api.surveymonkey.com/v3/docs#webhooks',
  signature: {
    algorithm: 'sha1',
    digest: 'base64',
    acknowledge: 200,
    signature: { header: 'sm-signature' },
    handshake: [{ method: 'HEAD', answer: {} }],
  },
  secretScope: 'app',
  tenant: ['$.resources.user_id'],
  idempotency: { kind: 'body' },
  limits: { answerWithin: 5, retries: '5 times in 5 minutes' },
  secret: {
    where: 'SurveyMonkey developer portal, My Apps, Settings: client id and secret',
    looks: '<client id>&<client secret>',
  },
  evidence: 'documentation only',
  notes: [
    'The key is the client id and the client secret of the app, with & between them.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
