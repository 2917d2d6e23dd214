/** The product's documentation, step by step, through the page alone: from "Add connector" to "Activate", and back. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Server, Workspace } from '../acceptance/harness.ts';
import { hasBrowser, type OpenPage, openPage, studioUrl, TEST_MS } from './browser.ts';

const REQUEST = {
  id: 'evt_1042',
  type: 'invoice.paid',
  livemode: true,
  customer: { id: 'cus_77', name: 'Ada' },
  total: 4900,
};

describe.runIf(hasBrowser)('from Add to Activate', () => {
  const workspace = new Workspace();
  let server: Server;
  let open: OpenPage;
  const field = (name: string) => open.page.getByLabel(name, { exact: true });
  const button = (name: string | RegExp) => open.page.getByRole('button', { name });
  const tab = (name: string) =>
    open.page.getByRole('navigation', { name: 'Parts of the connector' }).getByRole('link', { name });
  const says = (text: string | RegExp) => open.page.getByText(text).first().waitFor();
  const save = async () => {
    await button('Save').click();
    await open.page.getByText('Saved', { exact: true }).waitFor();
  };
  const file = () => readFileSync(workspace.path('connectors/invoice-paid/connector.yaml'), 'utf8');

  beforeAll(async () => {
    server = await workspace.start('dev', 'connectors');
    open = await openPage(studioUrl(server.output));
  }, TEST_MS);
  afterAll(async () => {
    expect(open.complaints).toEqual([]);
    await open.close();
    await workspace.close();
  });

  test(
    'the token leaves the address, and stays for the tab',
    async () => {
      await open.page
        .getByRole('link', { name: /stripe-payment-failed/ })
        .first()
        .waitFor();
      expect(open.page.url()).toMatch(/\/studio#\/$/);
      await open.page.reload();
      await open.page
        .getByRole('link', { name: /stripe-payment-failed/ })
        .first()
        .waitFor();
    },
    TEST_MS,
  );

  test(
    '1. add a connector: a URL before there is a mapping',
    async () => {
      await open.page.getByRole('link', { name: 'New connector…' }).first().click();
      await field('Find a provider').fill('stripe');
      await open.page.getByLabel('Stripe', { exact: true }).check();
      await says('What Stripe proves');
      await open.page.getByLabel('Name', { exact: false }).first().fill('invoice-paid');
      await open.page.getByLabel('Action Flow').fill('InvPd1');
      await button('Make it, and wait for the first request').click();
      await says('None yet. Until there is one, every request is held.');
      expect(existsSync(workspace.path('connectors/invoice-paid'))).toBe(false);
      await save();
      expect(file()).toContain('id: invoice-paid');
    },
    TEST_MS,
  );

  test(
    '2. get a new sample: the URL, a request without authentication, and it is there',
    async () => {
      await button('Get new sample…').click();
      const url = (await open.page.locator('.capture code').textContent()) ?? '';
      expect(url).toBe(`${server.ingress}/c/invoice-paid`);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(REQUEST),
      });
      expect(await response.json()).toMatchObject({ outcome: 'captured' });
      await says('Values are replaced by others of their form');
      expect(await open.page.locator('.redaction').textContent()).toContain('"cus_77"');
      await field('Keep $.type').check();
      await open.page
        .locator('.redaction tr', { hasText: '$.type' })
        .getByText('"invoice.paid"')
        .nth(1)
        .waitFor();
      await button('Add the sample').click();
      await save();
      const sample = readFileSync(workspace.path('connectors/invoice-paid/samples/sample-1.json'), 'utf8');
      expect(sample).toContain('"invoice.paid"');
      expect(sample).not.toContain('cus_77');
      expect(sample).not.toContain('Ada');
    },
    TEST_MS,
  );

  test(
    '3. map it: pick properties, and see at once what comes out',
    async () => {
      await tab('Mapping').click();
      await field('Recipients').focus();
      await button('Map $.customer.id').click();
      await says(/test card/);
      await field('New variable: name').fill('amount');
      await button('Map $.total').click();
      await field('amount').waitFor();
      await open.page.locator('.card dt', { hasText: 'amount' }).waitFor();
      await field('Add to amount').selectOption('default');
      await field('amount, default').fill('0');
      await button('Add a condition…').or(button('All events. Add a condition…')).click();
      await field('Only when: path or header').fill('$.type');
      await field('Only when: value').fill('invoice.paid');
      await says(/\+\d+ −\d+ connector.yaml|connector\.yaml/);
      await save();
      expect(file()).toContain('targetUserIds: $.customer.id');
      expect(file()).toContain('amount: { path: $.total, default: "0" }');
      expect(file()).toContain('- { path: $.type, equals: invoice.paid }');
    },
    TEST_MS,
  );

  test(
    '4. validate it: an error stands beside its field, with what to do',
    async () => {
      await field('amount').fill('$.totl');
      await says(/is not in (?:the|any) sample/);
      expect(await field('amount').getAttribute('aria-invalid')).toBe('true');
      await button(/^Write "\$\.total" instead/).click();
      await open.page.locator('.card dt', { hasText: 'amount' }).waitFor();
      await button('Undo').click();
      await says(/is not in (?:the|any) sample/);
      await button('Text').click();
      await open.page.locator('.cm-content').getByText('$.totl').waitFor();
      await button('Form').click();
      await field('amount').fill('$.total');
      await open.page.getByText('Saved', { exact: true }).waitFor();
    },
    TEST_MS,
  );

  test(
    '5. test it: a test card to oneself, a signed request to the URL, the cases',
    async () => {
      await tab('Test').click();
      await open.page.getByLabel('To me').fill('me_1');
      await button('Send a test card').click();
      await open.page.locator('.note.good').waitFor();
      expect(workspace.triggers().at(-1)).toMatchObject({
        connector: 'invoice-paid',
        mode: 'test',
        trigger: { targetUserIds: ['me_1'] },
      });
      await button('Send a signed request').click();
      await says(/HTTP 202/);
      expect(workspace.triggers().at(-1)).toMatchObject({ connector: 'invoice-paid', mode: 'test' });
      await tab('Requests').click();
      await open.page.locator('.outcome-delivered').first().waitFor();
    },
    TEST_MS,
  );

  test(
    '6. secure it: what is proven, the secret by name, addresses',
    async () => {
      await tab('Security').click();
      await says('Before it goes live');
      await says('The body, the time of sending.');
      await says('env:SLUICE_SECRET_STRIPE');
      await says('set here');
      await field('An address or a range').fill('127.0.0.0/8');
      await button('Allow').click();
      await field('Remove 127.0.0.0/8').waitFor();
      await save();
      expect(file()).toContain('allowIps: ["127.0.0.0/8"]');
    },
    TEST_MS,
  );

  test(
    '7. activate it, switch it back to test, disable it',
    async () => {
      await tab('Changes').click();
      await button('Activate').click();
      await open.page.locator('.head .pill.live').waitFor();
      await save();
      expect(file()).toMatch(/^status: live/m);
      await button('Switch to test').click();
      await open.page.locator('.head .pill.test').waitFor();
      await button('Disable').click();
      await button('Delete…').click();
      await says('git rm -r connectors/invoice-paid');
      await save();
      expect(file()).toMatch(/^status: disabled/m);
    },
    TEST_MS,
  );

  test(
    '8. auto-pause: why, what differed, and the ways out',
    async () => {
      const sent = await workspace.sluice(
        'send',
        'stripe-payment-failed',
        '--url',
        server.ingress,
        '--yes-live',
        '--set',
        '$.data.object.amount={"value":1}',
      );
      expect(sent.stdout).toContain('held');
      await open.page.evaluate("location.hash = '#/connector/stripe-payment-failed/held'");
      await says(/Paused since/);
      await open.page.locator('.differences code', { hasText: '$.data.object.amount' }).first().waitFor();
      await button('Learn…').click();
      await says(/It would become the sample/);
      await button('Propose a change').click();
      await says(/Of 1 held, the connector as it is here would make 0 delivered, 0 ignored, 1 held/);
      await button('Resume').click();
      await says('Not paused');
      await button('Try').first().click();
      await says(/1 shape-changed|1 would-deliver/);
      await button('Discard…').click();
      await button('Really discard').click();
      await says('Nothing is held');
    },
    TEST_MS,
  );

  test(
    'two tabs and an editor: nothing is overwritten silently',
    async () => {
      const path = workspace.path('connectors/zendesk-ticket-updated/connector.yaml');
      const { writeFileSync } = await import('node:fs');
      await open.page.evaluate("location.hash = '#/connector/zendesk-ticket-updated/mapping'");
      await field('Owner').fill('mine');
      await says(/connector\.yaml/);
      const theirs = `${readFileSync(path, 'utf8')}# by an editor\n`;
      writeFileSync(path, theirs);
      await button('Save').click();
      await says(/was changed on the disk after it was opened here/);
      expect(readFileSync(path, 'utf8')).toBe(theirs);
      await button('Take the file from the disk').click();
      await open.page.getByText('Saved', { exact: true }).waitFor();
      expect(readFileSync(path, 'utf8')).toBe(theirs);
    },
    TEST_MS,
  );
});
