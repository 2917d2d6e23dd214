import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RUNTIME_OPTIONS } from '../../src/cli/runtime-options.ts';
import { describeConfig, type RuntimeConfig, readConfig } from '../../src/runtime/config/config.ts';
import { TARGET_NAMES } from '../../src/runtime/targets/targets.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, text);
  return path;
}

type Options = Parameters<typeof readConfig>[0];

function config(options: Options = {}, env: Record<string, string> = {}): RuntimeConfig {
  const read = readConfig(options, env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}

function problems(options: Options, env: Record<string, string> = {}): readonly string[] {
  const read = readConfig(options, env);
  return read.ok ? [] : read.problems;
}

describe('the configuration', () => {
  test('has defaults for all that a first run needs', () => {
    expect(config()).toMatchObject({
      bundle: null,
      stateDir: '.sluice/state',
      host: '0.0.0.0',
      port: 8080,
      adminHost: '127.0.0.1',
      adminPort: 8081,
      adminAllowedHosts: null,
      adminToken: null,
      target: 'log',
      targetUrl: null,
      targetTestUrl: null,
      targetSecret: null,
      atomicOrg: null,
      atomicEnv: null,
      atomicClientId: null,
      atomicClientSecret: null,
      atomicTokenUrl: null,
      atomicBaseUrl: null,
      workers: 1,
      maxMode: 'live',
      flows: null,
      secretsDir: null,
      allowSecretEnv: null,
      publicUrl: null,
      trustProxy: null,
      bodyLimit: 1024 * 1024,
      logLevel: 'info',
      logFormat: 'auto',
      warnings: [],
    });
  });

  test('comes from flags and from the environment, and a flag wins', () => {
    const env = { SLUICE_ADMIN_PORT: '9001', SLUICE_PORT: '9000', SLUICE_MAX_MODE: 'test', SLUICE_HOST: '' };
    expect(config({ port: '7000' }, env)).toMatchObject({
      port: 7000,
      adminPort: 9001,
      maxMode: 'test',
      host: '0.0.0.0',
    });
  });

  test('takes secrets from the environment alone', () => {
    const token = 'a-token-of-some-length';
    expect(config({ adminToken: token }).adminToken).toBeNull();
    expect(config({}, { SLUICE_ADMIN_TOKEN: token }).adminToken).toBe(token);
  });

  test.each([
    ['trustProxy', 'loopback,uniquelocal', ['loopback', 'uniquelocal']],
    ['trustProxy', '10.0.0.0/8, 2001:db8::/32,192.0.2.1', ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1']],
    ['trustProxy', '2', ['2']],
    ['bodyLimit', '512KiB', 524_288],
    ['bodyLimit', '2mb', 2_000_000],
    ['bodyLimit', '4096', 4096],
    ['host', '[::1]', '::1'],
    ['publicUrl', 'https://hooks.example.com/in/', 'https://hooks.example.com/in'],
    ['publicUrl', 'https://hooks.example.com', 'https://hooks.example.com'],
    ['allowSecretEnv', 'STRIPE_SECRET, GITHUB_SECRET', ['STRIPE_SECRET', 'GITHUB_SECRET']],
    ['rateLimit', '600', 600],
    ['holdDays', '30', 30],
  ])('reads --%s %s', (name, text, value) => {
    expect(config({ [name]: text })).toMatchObject({ [name]: value });
  });

  test('takes one URL key, or two while one is replaced, and never says what they are', () => {
    const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string];
    const env = (keys: string) => ({ SLUICE_URL_KEYS: keys });
    expect(config({ urlKeys: one })).toMatchObject({ urlKeys: null, rateLimit: null, holdDays: null });
    expect(config({}, env(one)).urlKeys).toEqual([one]);
    expect(config({}, env(`${one}, ${two}`)).urlKeys).toEqual([one, two]);
    for (const keys of [
      one.slice(1),
      `${one},`,
      `${one},${one}`,
      `${one},${two},${three}`,
      `${one} ${two}`,
    ]) {
      const [problem = '', ...others] = problems({}, env(keys));
      expect(problem).toMatch(/^SLUICE_URL_KEYS holds .*: give one key of at least 32 /);
      expect(problem).not.toMatch(/1{9}|2{9}/);
      expect(others).toEqual([]);
    }
    const { 'url-keys': shown } = describeConfig(config({}, env(one)));
    expect(shown).toBe('(set)');
  });

  test('reads the flows of a deployment from a file', () => {
    const flows = fileOf('{"payment-failed": "BkX2pQ"}');
    expect(config({ flows }).flows).toEqual({ 'payment-failed': 'BkX2pQ' });
  });

  test('tells every problem at once, with the value and what is allowed', () => {
    const options = {
      port: '80a',
      adminPort: '65536',
      host: 'http://0.0.0.0',
      target: 'kafka',
      workers: '0',
      maxMode: 'prod',
      publicUrl: 'https://user:pass@example.com',
      trustProxy: '10.0.0.0/33',
      bodyLimit: '1 gigabyte',
      logLevel: 'verbose',
      allowSecretEnv: 'A-B',
      flows: join(folder, 'no-such-file.json'),
    };
    expect(
      problems(options, { SLUICE_ADMIN_TOKEN: 'secret', SLUICE_TARGET_URL: 'ftp://example.com' }),
    ).toEqual([
      '--host (SLUICE_HOST) "http://0.0.0.0" is not a host: give an address or a name, without scheme and port',
      '--port (SLUICE_PORT) "80a" is not a port: give a number from 0 to 65535; 0 takes one that is free',
      '--admin-port (SLUICE_ADMIN_PORT) "65536" is not a port: give a number from 0 to 65535; 0 takes one that is free',
      'SLUICE_ADMIN_TOKEN is too short or holds characters that a header cannot carry: give at least 16 printable characters',
      `--target (SLUICE_TARGET) "kafka" is not known: give ${TARGET_NAMES.slice(0, -1).join(', ')} or ${TARGET_NAMES.at(-1)}`,
      '--target-url (SLUICE_TARGET_URL) "ftp://example.com" is not a web address: give an http or https URL',
      '--workers (SLUICE_WORKERS) "0" is out of range or no whole number: give a number from 1 to 64',
      '--max-mode (SLUICE_MAX_MODE) "prod" is not known: give test or live',
      `--flows (SLUICE_FLOWS) "${join(folder, 'no-such-file.json')}" cannot be read (ENOENT): name a JSON file such as {"payment-failed": "BkX2pQ"}`,
      '--allow-secret-env (SLUICE_ALLOW_SECRET_ENV) "A-B" is not a list of variables: give names such as STRIPE_SECRET,GITHUB_SECRET',
      '--public-url (SLUICE_PUBLIC_URL) "https://user:pass@example.com" holds credentials: leave them out of the URL',
      '--trust-proxy (SLUICE_TRUST_PROXY) "10.0.0.0/33" is not a list of proxies: give their addresses and networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal; or how many every request passes, 1 to 9',
      '--body-limit (SLUICE_BODY_LIMIT) "1 gigabyte" is not a size: give 1024 to 67108864 bytes, such as 512KiB or 1MiB',
      '--log-level (SLUICE_LOG_LEVEL) "verbose" is not known: give trace, debug, info, warn, error, fatal or silent',
    ]);
  });

  test.each([
    ['not JSON', '{', 'is not JSON'],
    ['a list', '[]', 'is not a JSON object'],
    ['an id that is none', '{"a": "b/c"}', 'has no flow id under "a"'],
  ])('refuses a flows file that holds %s', (_, text, fact) => {
    expect(problems({ flows: fileOf(text) })[0]).toContain(fact);
  });

  test('keeps the admin API on loopback unless there is a token', () => {
    expect(problems({ adminHost: '0.0.0.0' })).toEqual([
      '--admin-host "0.0.0.0" is reachable from other machines: set SLUICE_ADMIN_TOKEN, or listen on 127.0.0.1',
    ]);
    expect(config({ adminHost: '0.0.0.0' }, { SLUICE_ADMIN_TOKEN: 'a-token-of-some-length' }).adminHost).toBe(
      '0.0.0.0',
    );
    for (const adminHost of ['127.0.0.2', '::1', 'localhost'])
      expect(config({ adminHost }).adminHost).toBe(adminHost);
  });

  test('says what a target lacks, and what has no effect with another', () => {
    expect(problems({ target: 'http' })).toEqual([
      '--target "http" needs --target-url (SLUICE_TARGET_URL): set it',
      '--target "http" needs SLUICE_TARGET_SECRET: set it',
    ]);
    expect(config({ targetUrl: 'https://example.com' }).warnings).toEqual([
      '--target-url (SLUICE_TARGET_URL) is set, but --target is "log": it has no effect',
    ]);
  });

  test('says what is wrong with the settings of the target', () => {
    const env = { SLUICE_TARGET_URL: 'https://example.com/hook', SLUICE_TARGET_SECRET: 'whsec_c2VjcmV0' };
    const [problem, ...others] = problems({ target: 'http' }, env);
    expect(problem).toContain('the secret of the http target is not one of Standard Webhooks');
    expect(others).toEqual([]);
    expect(problem).not.toContain('c2VjcmV0');
  });

  test('warns of variables that look like a setting and are none', () => {
    const env = {
      SLUICE_ADMN_PORT: '1',
      SLUICE_SECRET_ADMIN_PORT: 'x',
      SLUICE_ADMIN_URL: 'x',
      SLUICE_ZZZZZZZZZ: '1',
    };
    expect(config({}, env).warnings).toEqual([
      'SLUICE_ADMN_PORT is not a setting: did you mean SLUICE_ADMIN_PORT?',
    ]);
  });

  test('is not misled by the variables that Kubernetes sets for a Service called "sluice"', () => {
    const env = {
      SLUICE_PORT: 'tcp://10.0.0.1:80',
      SLUICE_SERVICE_HOST: '10.0.0.1',
      SLUICE_SERVICE_PORT: '80',
      SLUICE_PORT_80_TCP_ADDR: '10.0.0.1',
    };
    // The command line hands over what it found in the environment.
    for (const options of [{}, { port: env.SLUICE_PORT }]) {
      const { port, warnings } = config(options, env);
      expect(port).toBe(8080);
      expect(new Set(warnings)).toEqual(
        new Set([
          'SLUICE_PORT "tcp://10.0.0.1:80" is ignored: Kubernetes set it for a Service, it is not a setting',
        ]),
      );
    }
  });

  test('is printed without what is secret', () => {
    const env = {
      SLUICE_ADMIN_TOKEN: 'a-token-of-some-length',
      SLUICE_TARGET_SECRET: `whsec_${Buffer.from('a secret of 24 characters').toString('base64')}`,
      SLUICE_TARGET_URL: 'https://example.com/hook?key=abc',
      SLUICE_TARGET: 'http',
      SLUICE_FLOWS: fileOf('{"a": "b"}'),
    };
    const described = describeConfig(config({}, env));
    expect(described).toMatchObject({
      port: '8080',
      'admin-token': '(set)',
      'target-secret': '(set)',
      'target-url': 'https://example.com/hook?...',
      flows: 'a',
    });
    expect(described).not.toHaveProperty('bundle');
    expect(JSON.stringify(described)).not.toMatch(/a-token|whsec|abc/);
  });
});

describe('notifications', () => {
  const SLUICE_NOTIFY_SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
  const notifyUrl = 'https://hooks.example.com/services/T0/B0/password';

  test('need a secret that signs them', () => {
    expect(problems({ notifyUrl })).toEqual([
      '--notify-url needs SLUICE_NOTIFY_SECRET: set it, so that the receiver can tell who calls',
    ]);
    expect(problems({ notifyUrl }, { SLUICE_NOTIFY_SECRET: 'whsec_short' })).toEqual([
      'SLUICE_NOTIFY_SECRET is not a secret of Standard Webhooks: give "whsec_" and the base64 of 24 to 64 random bytes',
    ]);
    expect(config({}, { SLUICE_NOTIFY_SECRET }).warnings).toEqual([
      'SLUICE_NOTIFY_SECRET is set, but --notify-url is not: it has no effect',
    ]);
  });

  test('go to a URL whose path nobody sees', () => {
    expect(describeConfig(config({ notifyUrl }, { SLUICE_NOTIFY_SECRET }))).toMatchObject({
      'notify-url': 'https://hooks.example.com/...',
      'notify-secret': '(set)',
    });
  });
});

describe('the options of the command line', () => {
  test('are those of the configuration, without secrets', () => {
    const flags = RUNTIME_OPTIONS.serve().map((option) => option.long);
    expect(flags).toContain('--admin-port');
    expect(flags).toContain('--bundle');
    expect(flags.filter((flag) => /secret$|token$|url-keys$/.test(flag ?? ''))).toEqual([]);
    expect(RUNTIME_OPTIONS.serve().find((option) => option.long === '--admin-port')?.envVar).toBe(
      'SLUICE_ADMIN_PORT',
    );
  });

  test('have defaults that the configuration accepts', () => {
    for (const options of [RUNTIME_OPTIONS.serve(), RUNTIME_OPTIONS.dev()]) {
      const given = Object.fromEntries(
        options.map((option) => [option.attributeName(), option.defaultValue as string]),
      );
      expect(config(given).port).toBe(8080);
    }
  });

  test('of dev need no bundle and stay on this machine', () => {
    const options = RUNTIME_OPTIONS.dev();
    expect(options.some((option) => option.long === '--bundle')).toBe(false);
    expect(options.find((option) => option.long === '--host')?.defaultValue).toBe('127.0.0.1');
  });
});
