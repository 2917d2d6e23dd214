/**
 * Senders that sign nothing and prove nothing: a secret URL is all there is. In: nothing. Out: how each looks at a URL, what
 * it wants for an answer, and what identifies its events, by the name that `security.preset` writes.
 */
import type { Acknowledge, Handshake } from '../../generated/connector.ts';
import type { BodyPlan, IdempotencyPlan } from '../plans.ts';
import type { SignaturePreset } from './preset.ts';

export interface UrlPreset
  extends Pick<SignaturePreset, 'name' | 'title' | 'docs' | 'limits' | 'notes' | 'evidence'> {
  readonly body: BodyPlan['body'];
  readonly handshake?: readonly Handshake[];
  readonly acknowledge?: Acknowledge;
  readonly idempotency?: IdempotencyPlan;
}

const ALL: readonly UrlPreset[] = [
  {
    name: 'jotform',
    title: 'Jotform',
    docs: 'https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/',
    body: 'form',
    acknowledge: 200,
    idempotency: { kind: 'path', path: '$.submissionID' },
    limits: { answerWithin: 30, retries: '3 times' },
    evidence: 'documentation only',
    notes: ['A multipart form; the answers are JSON in the field rawRequest.'],
  },
  {
    name: 'mailchimp',
    title: 'Mailchimp',
    docs: 'https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/',
    body: 'form',
    handshake: [
      { method: 'GET', answer: {} },
      { method: 'HEAD', answer: {} },
    ],
    acknowledge: 200,
    idempotency: { kind: 'body' },
    limits: { answerWithin: 10, retries: 'for about an hour; then the webhook is switched off' },
    evidence: 'documentation only',
    notes: ['The URL is checked by a GET before it is accepted.'],
  },
  {
    name: 'mollie-classic',
    title: 'Mollie, classic webhooks',
    docs: 'https://docs.mollie.com/reference/webhooks',
    body: 'form',
    acknowledge: 200,
    limits: { answerWithin: 15, retries: '10 times in 26 hours' },
    evidence: 'documentation only',
    notes: [
      'The form has an id and nothing else: what happened, the API says. One id comes for each change of state.',
    ],
  },
  {
    name: 'monday',
    title: 'monday.com',
    docs: 'https://developer.monday.com/api-reference/reference/webhooks',
    body: 'json',
    handshake: [
      {
        proof: 'none',
        when: [{ path: '$.challenge', exists: true }],
        answer: { json: { challenge: '$.challenge' } },
      },
    ],
    acknowledge: 200,
    idempotency: { kind: 'path', path: '$.event.triggerUuid' },
    limits: { retries: 'every minute for 30 minutes' },
    evidence: 'documentation only',
    notes: [
      'The challenge comes as an unsigned POST when the webhook is created.',
      'Webhooks of an app carry a token: spell out type: jwt with HS256 and the signing secret, and keep the handshake.',
    ],
  },
  {
    name: 'plex',
    title: 'Plex',
    docs: 'https://support.plex.tv/articles/115002267687-webhooks/',
    body: 'form',
    acknowledge: 200,
    idempotency: { kind: 'body' },
    limits: { retries: 'never by itself' },
    evidence: 'documentation only',
    notes: ['A multipart form; the event is JSON in the field payload, a thumbnail is left out.'],
  },
  {
    name: 'salesforce-outbound',
    title: 'Salesforce outbound messages',
    docs: 'https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_understanding.htm',
    body: 'xml',
    acknowledge: {
      status: 200,
      type: 'text/xml',
      text: '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>',
    },
    idempotency: { kind: 'path', path: '$.Envelope.Body.notifications.Notification.Id' },
    limits: { answerWithin: 60, retries: 'for 24 hours, with growing gaps up to 2 hours' },
    evidence: 'documentation only',
    notes: [
      'Up to 100 notifications come in one message: give a sample with two, and use split on $.Envelope.Body.notifications.Notification[*]; idempotency is then { path: $.Id }.',
      'OrganizationId in the body says whose it is, and is no secret.',
    ],
  },
  {
    name: 'sendgrid-inbound',
    title: 'SendGrid Inbound Parse',
    docs: 'https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook',
    body: 'form',
    acknowledge: 200,
    idempotency: { kind: 'body' },
    limits: { answerWithin: 30, retries: 'for 3 days after a 5xx; never after a 4xx' },
    evidence: 'documentation only',
    notes: [
      'A multipart form; attachments are left out. With a security policy the mail is signed as events are: use preset sendgrid.',
    ],
  },
];

/** In the order of their names. */
export const URL_PRESETS: ReadonlyMap<string, UrlPreset> = new Map(
  ALL.map((preset) => [preset.name, preset]),
);
