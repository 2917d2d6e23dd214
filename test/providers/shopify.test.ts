import '@shopify/shopify-api/adapters/node';
import { ApiVersion, LogSeverity, shopifyApi } from '@shopify/shopify-api';
import { expect, test } from 'vitest';
import { planOf } from '../stages/signature/harness.ts';
import { expectGuarded, signed, tampered } from './harness.ts';

const secret = 'shpss_hush';
const body = '{"id":820982911946154508,"email":"jon@example.com"}';
const plan = planOf({ preset: 'shopify' });
const { webhooks } = shopifyApi({
  apiKey: 'key',
  apiSecretKey: secret,
  apiVersion: ApiVersion.October25,
  hostName: 'hooks.example.com',
  isEmbeddedApp: false,
  logger: { level: LogSeverity.Error },
});

test('Shopify lets in what we sign, and so do we', async () => {
  const sent = signed(plan, { body }, secret);
  expectGuarded(plan, sent, secret);
  const headers = {
    ...sent.headers,
    'x-shopify-topic': 'orders/create',
    'x-shopify-api-version': '2025-10',
    'x-shopify-shop-domain': 'shop.myshopify.com',
    'x-shopify-webhook-id': '1',
  };
  const isValid = async (rawBody: string) => {
    const rawRequest = { headers, method: 'POST', url: '/c/test' };
    return (await webhooks.validate({ rawBody, rawRequest, rawResponse: {} })).valid;
  };
  expect(await isValid(body)).toBe(true);
  expect(await isValid(tampered(body))).toBe(false);
});
