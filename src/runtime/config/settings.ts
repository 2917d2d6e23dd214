/**
 * Every setting of the runtime, once: its flag, its variable, its form, its default and its help. The command line
 * makes its options from this table, the configuration is read by it and printed by it.
 */
import { flowsFile, trustedKeysFile } from './parse-file.ts';
import {
  anyText,
  byteCount,
  host,
  listOf,
  oneOf,
  type Parser,
  port,
  publicUrl,
  token,
  trustedProxies,
  url,
  urlKeys,
  webhookSecret,
  wholeNumber,
} from './parse-value.ts';

export interface Setting<T = unknown> {
  /** Without the dashes; the variable is SLUICE_ and the flag in capitals. */
  readonly flag: string;
  /** What stands for the value in the help. */
  readonly value: string;
  readonly help: string;
  /** Taken when nothing is set; goes through the parser like anything else. */
  readonly fallback?: string;
  /** Never a flag (a process list shows flags to everybody), never printed. */
  readonly secret?: true;
  readonly parse: Parser<T>;
  /** How it is printed, where the value itself says too much. */
  show?(value: T): string;
}

/** A setting that always has a value. */
export interface DefaultedSetting<T> extends Setting<T> {
  readonly fallback: string;
}

function setting<T>(one: DefaultedSetting<T>): DefaultedSetting<T>;
function setting<T>(one: Setting<T>): Setting<T>;
function setting<T>(one: Setting<T>): Setting<T> {
  return one;
}

/** Where a query may carry a key, only its presence is printed. */
function showUrl(text: string): string {
  const { origin, pathname, search } = new URL(text);
  return `${origin}${pathname}${search === '' ? '' : '?...'}`;
}

/** Where the path is as good as a password, as with chat services. */
function showOrigin(text: string): string {
  return `${new URL(text).origin}/...`;
}

/** Half of the largest string that a request of this size can become, with room to spare. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

const environmentName = listOf(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'is not a list of variables',
  'give names such as STRIPE_SECRET,GITHUB_SECRET',
);
const hostNames = listOf(
  /^[A-Za-z0-9.-]+$/,
  'is not a list of hosts',
  'give names such as sluice.internal, without ports',
);

/** By the name they have in the configuration. */
export const SETTINGS = {
  bundle: setting({
    flag: 'bundle',
    value: '<file>',
    help: 'bundle to serve; watched for changes',
    parse: anyText,
  }),
  trustedKeys: setting({
    flag: 'trusted-keys',
    value: '<file>',
    help: 'public keys, read at the start: only bundles that one of them signed are served, and none older than before',
    parse: trustedKeysFile,
    show: (keys) => keys.map((key) => key.id).join(', '),
  }),
  stateDir: setting({
    flag: 'state',
    value: '<dir>',
    help: 'folder for pauses, held requests and captures; one runtime at a time',
    fallback: '.sluice/state',
    parse: anyText,
  }),
  host: setting({
    flag: 'host',
    value: '<host>',
    help: 'address to take webhooks on',
    fallback: '0.0.0.0',
    parse: host,
  }),
  port: setting({
    flag: 'port',
    value: '<port>',
    help: 'port to take webhooks on',
    fallback: '8080',
    parse: port,
  }),
  adminHost: setting({
    flag: 'admin-host',
    value: '<host>',
    help: 'address of the admin API; beyond loopback only with SLUICE_ADMIN_TOKEN',
    fallback: '127.0.0.1',
    parse: host,
  }),
  adminPort: setting({
    flag: 'admin-port',
    value: '<port>',
    help: 'port of the admin API',
    fallback: '8081',
    parse: port,
  }),
  adminAllowedHosts: setting({
    flag: 'admin-allowed-hosts',
    value: '<names>',
    help: 'names by which the admin API may be called, besides localhost',
    parse: hostNames,
  }),
  adminToken: setting({
    flag: 'admin-token',
    value: '<token>',
    help: 'bearer token of the admin API; made up and kept in the state folder when not set',
    secret: true,
    parse: token,
  }),
  target: setting({
    flag: 'target',
    value: '<kind>',
    help: 'where triggers go: log, http or atomic',
    fallback: 'log',
    parse: oneOf('log', 'http', 'atomic'),
  }),
  targetUrl: setting({
    flag: 'target-url',
    value: '<url>',
    help: 'http target: where live triggers are sent',
    parse: url,
    show: showUrl,
  }),
  targetTestUrl: setting({
    flag: 'target-test-url',
    value: '<url>',
    help: 'http target: where test triggers are sent',
    parse: url,
    show: showUrl,
  }),
  targetSecret: setting({
    flag: 'target-secret',
    value: '<secret>',
    help: 'http target: signs what is sent (Standard Webhooks, whsec_...)',
    secret: true,
    parse: anyText,
  }),
  atomicOrg: setting({
    flag: 'atomic-org',
    value: '<name>',
    help: 'atomic target: organisation',
    parse: anyText,
  }),
  atomicEnv: setting({
    flag: 'atomic-env',
    value: '<id>',
    help: 'atomic target: environment',
    parse: anyText,
  }),
  atomicClientId: setting({
    flag: 'atomic-client-id',
    value: '<id>',
    help: 'atomic target: OAuth2 client id',
    parse: anyText,
  }),
  atomicClientSecret: setting({
    flag: 'atomic-client-secret',
    value: '<secret>',
    help: 'atomic target: OAuth2 client secret',
    secret: true,
    parse: anyText,
  }),
  atomicTokenUrl: setting({
    flag: 'atomic-token-url',
    value: '<url>',
    help: 'atomic target: where access tokens come from, if not the usual place',
    parse: url,
    show: showUrl,
  }),
  atomicBaseUrl: setting({
    flag: 'atomic-base-url',
    value: '<url>',
    help: 'atomic target: address of the API, if not the usual one',
    parse: url,
    show: showUrl,
  }),
  workers: setting({
    flag: 'workers',
    value: '<n>',
    help: 'processes that take webhooks',
    fallback: '1',
    parse: wholeNumber(1, 64),
  }),
  maxMode: setting({
    flag: 'max-mode',
    value: '<mode>',
    help: 'test: nothing goes live here, whatever the connectors say',
    fallback: 'live',
    parse: oneOf('test', 'live'),
  }),
  flows: setting({
    flag: 'flows',
    value: '<file>',
    help: 'JSON file of flow names and the ids they have here',
    parse: flowsFile,
    show: (flows) => Object.keys(flows).join(', '),
  }),
  secretsDir: setting({
    flag: 'secrets-dir',
    value: '<dir>',
    help: 'folder of secrets that connectors name as files',
    parse: anyText,
  }),
  allowSecretEnv: setting({
    flag: 'allow-secret-env',
    value: '<names>',
    help: 'variables that connectors may use as secrets, besides SLUICE_SECRET_*',
    parse: environmentName,
  }),
  publicUrl: setting({
    flag: 'public-url',
    value: '<url>',
    help: 'how senders reach this runtime; needed where they sign the URL',
    parse: publicUrl,
  }),
  urlKeys: setting({
    flag: 'url-keys',
    value: '<keys>',
    help: 'key that makes the URL of every connector secret, /c/<id>/<token>; two, the current one first, to replace it',
    secret: true,
    parse: urlKeys,
  }),
  keyHosts: setting({
    flag: 'key-hosts',
    value: '<hosts>',
    help: 'hosts that the public keys of senders may be fetched from, besides those of presets; * stands for one part of a name',
    parse: listOf(
      /^(?:\*\.)?[a-z0-9-]+(?:\.(?:\*|[a-z0-9-]+))*\.[a-z]{2,63}$/,
      'is not a list of hosts',
      'give names such as keys.example.com, with commas between them',
    ),
  }),
  trustProxy: setting({
    flag: 'trust-proxy',
    value: '<proxies>',
    help: 'proxies whose X-Forwarded-For is believed: addresses, networks, or loopback, linklocal, uniquelocal; or how many proxies every request passes',
    parse: trustedProxies,
  }),
  bodyLimit: setting({
    flag: 'body-limit',
    value: '<size>',
    help: 'largest request body',
    fallback: '1MiB',
    parse: byteCount(1024, MAX_BODY_BYTES),
  }),
  rateLimit: setting({
    flag: 'rate-limit',
    value: '<n>',
    help: 'requests per minute to each connector that sets no limit of its own; beyond it they are answered 429',
    parse: wholeNumber(1, 1_000_000),
  }),
  holdDays: setting({
    flag: 'hold-days',
    value: '<n>',
    help: 'drop held requests after so many days, undelivered ones too; without it they stay until they are delivered or discarded',
    parse: wholeNumber(1, 3650),
  }),
  notifyUrl: setting({
    flag: 'notify-url',
    value: '<url>',
    help: 'webhook that is told when a connector pauses, is resumed or begins to hold requests; needs SLUICE_NOTIFY_SECRET',
    parse: url,
    show: showOrigin,
  }),
  notifySecret: setting({
    flag: 'notify-secret',
    value: '<secret>',
    help: 'signs what --notify-url is sent (Standard Webhooks, whsec_...)',
    secret: true,
    parse: webhookSecret,
  }),
  logLevel: setting({
    flag: 'log-level',
    value: '<level>',
    help: 'least important level that is logged',
    fallback: 'info',
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  }),
  logFormat: setting({
    flag: 'log-format',
    value: '<format>',
    help: 'json, pretty, or auto: pretty on a terminal',
    fallback: 'auto',
    parse: oneOf('auto', 'json', 'pretty'),
  }),
};

export type SettingName = keyof typeof SETTINGS;

/** The value of each setting; null where it is not set and has no default. */
export type SettingValues = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends DefaultedSetting<infer T>
    ? T
    : (typeof SETTINGS)[Name] extends Setting<infer T>
      ? T | null
      : never;
};

export function environmentVariable(setting: Pick<Setting, 'flag'>): string {
  return `SLUICE_${setting.flag.toUpperCase().replaceAll('-', '_')}`;
}

/** The name under which the command line hands over the value of a flag. */
export function optionName(setting: Pick<Setting, 'flag'>): string {
  return setting.flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
