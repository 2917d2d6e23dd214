import type { SignaturePreset } from '../preset.ts';

export const amazonSns: SignaturePreset = {
  name: 'amazon-sns',
  title: 'Amazon SNS',
  docs: 'https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html',
  signature: {
    type: 'rsa',
    digest: 'base64',
    acknowledge: 200,
    signature: { body: '$.Signature' },
    certificate: {
      body: '$.SigningCertURL',
      pattern: 'https://sns[.][a-z0-9-]+[.]amazonaws[.]com/SimpleNotificationService-[0-9a-f]+[.]pem',
      subject: 'sns.amazonaws.com',
      version: { body: '$.SignatureVersion', algorithms: { '1': 'sha1', '2': 'sha256' } },
    },
    template: '[fields:Message,MessageId,Subject,SubscribeURL,Timestamp,Token,TopicArn,Type]',
    handshake: [
      {
        when: [{ path: '$.Type', in: ['SubscriptionConfirmation', 'UnsubscribeConfirmation'] }],
        show: '$.SubscribeURL',
        answer: {},
      },
    ],
  },
  keyHosts: ['sns.*.amazonaws.com'],
  secretScope: 'provider',
  tenant: ['$.TopicArn'],
  idempotency: { kind: 'path', path: '$.MessageId' },
  limits: { answerWithin: 15, retries: '50 times in 23 days, or as the delivery policy says' },
  secret: { where: 'none: the certificate is fetched from Amazon' },
  evidence: 'documentation only',
  weak: 'Eight members of the message are signed; MessageAttributes and UnsubscribeURL are not covered.',
  notes: [
    'Retries carry the time of the first attempt, so that it is not checked; MessageId tells repeats.',
    'Name your topic in when ({ path: $.TopicArn, equals: ... }): Amazon signs for every customer with the same keys.',
    'A SubscriptionConfirmation is answered, and its SubscribeURL is shown in the log: visit it to confirm. Sluice never does.',
    'The event is a text in $.Message. With raw message delivery nothing is signed: leave it off.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
