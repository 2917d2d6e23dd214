/**
 * Which public repositories have payloads of webhooks, at which commit and folder, and what tells their events apart. None
 * of their files is part of this project: build-corpus.ts writes a corpus from clones that whoever measures has made.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/stages/json/json-value.ts';

export interface PublicSource {
  /** Name of the source's folder in the corpus. */
  readonly source: string;
  /** On GitHub. */
  readonly repository: string;
  readonly folder: string;
  /** bare: a file is a body; request: it is `{ headers, body }`; case: a test of rudder-transformer. */
  readonly form: 'bare' | 'request' | 'case';
  /**
   * Paths of members that together name the event. `?name`: whether such a member is there. `#file`: the file's
   * name. `~name`: its first word. `#all`: the source sends one kind of event.
   */
  readonly event: readonly string[];
}

/** The commits that the published figures are of. */
export const COMMITS: Readonly<Record<string, string>> = {
  'go-playground/webhooks': '02d182ac47693b5f7263de2ba7bd46607c80aed8',
  'rudderlabs/rudder-transformer': 'c98d160cfaddc5fe5ddee7891c4f4a23014b9aa8',
  'hookdeck/webhook-samples': '84a3957319937573bea76faaa8d15dff1c418aec',
  'drone/go-scm': '65473142bffd90eab641fba5434342f9bb4772bd',
  'jenkins-x/go-scm': '66929c87ff91f811fac47b0fcc42c7ffd66384a7',
  'mattermost/mattermost-plugin-jira': 'de7450012c961f07da21c447da6da9cf28aa84ea',
  'mobitel-ltd/jira-to-matrix': '78962a924df40c1cc127f6fa5ea0f130d9812095',
};

const GITLAB = ['object_kind', 'event_name', 'object_attributes.action'];
const GITEA = [
  'action',
  '?comment',
  '?pull_request',
  '?issue',
  '?release',
  '?commits',
  '?forkee',
  'ref_type',
];
const BITBUCKET = [
  '?comment',
  '?pullrequest',
  '?issue',
  '?push',
  '?approval',
  '?commit_status',
  '?fork',
  'pullrequest.state',
];
const JIRA = ['webhookEvent', 'issue_event_type_name'];
const PLAYGROUND = { repository: 'go-playground/webhooks', form: 'bare' } as const;
const RUDDER = { repository: 'rudderlabs/rudder-transformer', form: 'case' } as const;
const RUDDER_CASES = 'go/webhook/testcases/testdata/testcases';
const HOOKDECK = { repository: 'hookdeck/webhook-samples', form: 'request' } as const;
const SCM = ['drone/go-scm', 'jenkins-x/go-scm'] as const;

export const PUBLIC_SOURCES: readonly PublicSource[] = [
  { ...PLAYGROUND, source: 'gitlab', folder: 'testdata/gitlab', event: GITLAB },
  { ...PLAYGROUND, source: 'gitea', folder: 'testdata/gitea', event: GITEA },
  { ...PLAYGROUND, source: 'gogs', folder: 'testdata/gogs', event: GITEA },
  { ...PLAYGROUND, source: 'bitbucket', folder: 'testdata/bitbucket', event: BITBUCKET },
  { ...PLAYGROUND, source: 'bitbucket-server', folder: 'testdata/bitbucket-server', event: ['eventKey'] },
  { ...PLAYGROUND, source: 'azure-devops', folder: 'testdata/azuredevops', event: ['eventType'] },
  ...SCM.flatMap((repository): readonly PublicSource[] => {
    const at = (driver: string): string => `scm/driver/${driver}/testdata/webhooks`;
    const form = 'bare';
    return [
      { repository, form, source: 'gitlab', folder: at('gitlab'), event: GITLAB },
      { repository, form, source: 'gitea', folder: at('gitea'), event: GITEA },
      { repository, form, source: 'gogs', folder: at('gogs'), event: GITEA },
      { repository, form, source: 'bitbucket', folder: at('bitbucket'), event: BITBUCKET },
      { repository, form, source: 'bitbucket-server', folder: at('stash'), event: ['eventKey'] },
      { repository, form, source: 'azure-devops', folder: at('azure'), event: ['eventType'] },
    ];
  }),
  {
    repository: 'mattermost/mattermost-plugin-jira',
    form: 'bare',
    source: 'jira',
    folder: 'server/testdata',
    event: JIRA,
  },
  {
    repository: 'mobitel-ltd/jira-to-matrix',
    form: 'bare',
    source: 'jira',
    folder: 'test/fixtures/webhooks',
    event: JIRA,
  },
  { ...HOOKDECK, source: 'stripe', folder: 'providers/stripe/2022-11-15', event: ['type'] },
  { ...HOOKDECK, source: 'shopify', folder: 'providers/shopify/2023-01', event: ['#file'] },
  { ...HOOKDECK, source: 'shopify', folder: 'providers/shopify/2024-10', event: ['#file'] },
  { ...HOOKDECK, source: 'bigcommerce', folder: 'providers/bigcommerce', event: ['scope'] },
  { ...HOOKDECK, source: 'paypal', folder: 'providers/paypal/1.0', event: ['event_type'] },
  { ...HOOKDECK, source: 'paddle', folder: 'providers/paddlebilling/current', event: ['event_type'] },
  { ...HOOKDECK, source: 'pipedrive', folder: 'providers/pipedrive/1', event: ['event'] },
  { ...RUDDER, source: 'customerio', folder: `${RUDDER_CASES}/customerio`, event: ['object_type'] },
  { ...RUDDER, source: 'iterable', folder: `${RUDDER_CASES}/iterable`, event: ['~eventName'] },
  { ...RUDDER, source: 'canny', folder: `${RUDDER_CASES}/canny`, event: ['objectType'] },
  { ...RUDDER, source: 'auth0', folder: `${RUDDER_CASES}/auth0`, event: ['#all'] },
  { ...RUDDER, source: 'mailjet', folder: `${RUDDER_CASES}/mailjet`, event: ['event'] },
  { ...RUDDER, source: 'mailmodo', folder: `${RUDDER_CASES}/mailmodo`, event: ['?triggerData', '?fuuid'] },
  { ...RUDDER, source: 'gainsightpx', folder: `${RUDDER_CASES}/gainsightpx`, event: ['event.eventType'] },
  { ...RUDDER, source: 'signl4', folder: `${RUDDER_CASES}/signl4`, event: ['?alert', '?user', '?team'] },
  { ...RUDDER, source: 'pagerduty', folder: `${RUDDER_CASES}/pagerduty`, event: ['event.resource_type'] },
  { ...RUDDER, source: 'monday', folder: `${RUDDER_CASES}/monday`, event: ['event.type'] },
  { ...RUDDER, source: 'appsflyer', folder: `${RUDDER_CASES}/appsflyer`, event: ['#all'] },
  { ...RUDDER, source: 'revenuecat', folder: `${RUDDER_CASES}/revenuecat`, event: ['#all'] },
];

/** The body of what a file holds; null where it has none that is an object. */
export function bodyOf(form: PublicSource['form'], file: JsonValue): JsonObject | null {
  const [content] = Array.isArray(file) ? file : [file];
  const body = form === 'bare' ? content : at(content, form === 'case' ? 'input.request.body' : 'body');
  const parsed = typeof body === 'string' ? parse(body) : body;
  return isJsonObject(parsed) && Object.keys(parsed).length > 1 ? parsed : null;
}

/** The event as a folder name; null where a body says none of what should name it. */
export function eventOf(places: readonly string[], body: JsonObject, fileName: string): string | null {
  const parts = places.map((place) => {
    if (place === '#all') return 'event';
    if (place === '#file') return fileName.replace(/\.json$/, '');
    if (place.startsWith('~')) return /^[a-z]*/.exec(String(at(body, place.slice(1)) ?? ''))?.[0] ?? '';
    if (place.startsWith('?')) return at(body, place.slice(1)) === undefined ? '' : place.slice(1);
    const value = at(body, place);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });
  const name = parts
    .filter((part) => part !== '')
    .join('.')
    .replace(/[^A-Za-z0-9._-]+/g, '-');
  return name === '' ? null : name;
}

function at(value: JsonValue | undefined, path: string): JsonValue | undefined {
  return path
    .split('.')
    .reduce<JsonValue | undefined>(
      (inside, name) => (isJsonObject(inside) && Object.hasOwn(inside, name) ? inside[name] : undefined),
      value,
    );
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
