/**
 * Every setting of the runtime, by the name it has in the configuration; those of targets come from the targets. The command
 * line makes its options from this table, the configuration is read by it and printed by it.
 */

import { databaseUrl, maskDatabase, showDatabase } from '../settings/database-url.ts';
import {
  anyText,
  byteCount,
  host,
  listOf,
  oneOf,
  port,
  publicUrl,
  token,
  trustedProxies,
  url,
  urlKeys,
  wholeNumber,
} from '../settings/parse-value.ts';
import { setting, type ValuesOf } from '../settings/setting.ts';
import { webhookSecret } from '../targets/standard-webhooks.ts';
import { TARGET_NAMES, TARGET_SETTINGS } from '../targets/targets.ts';
import { flowsFile, trustedKeysFile } from './parse-file.ts';

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
  database: setting({
    flag: 'database',
    variable: 'SLUICE_DATABASE_URL',
    value: '<url>',
    help: "PostgreSQL database that several replicas share, for pauses, held requests and captures; --state is each one's own then",
    parse: databaseUrl,
    mask: maskDatabase,
    show: showDatabase,
  }),
  staleAfter: setting({
    flag: 'stale-after',
    value: '<seconds>',
    help: 'with --database: while it cannot be reached the last known pauses apply for so long, then nothing is delivered',
    fallback: '300',
    parse: wholeNumber(5, 86_400),
  }),
  spool: setting({
    flag: 'spool',
    value: '<dir>',
    help: 'with --database: folder on a durable disk for what must be kept while it cannot be reached; without it that is answered 503',
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
    help: `where triggers go: ${TARGET_NAMES.slice(0, -1).join(', ')} or ${TARGET_NAMES.at(-1)}`,
    fallback: 'log',
    parse: oneOf(...TARGET_NAMES),
  }),
  ...TARGET_SETTINGS,
  targets: setting({
    flag: 'targets',
    value: '<file>',
    help: 'targets.yaml: several targets by name, for connectors that say `target:`; instead of --target',
    parse: anyText,
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

export type SettingValues = ValuesOf<typeof SETTINGS>;
