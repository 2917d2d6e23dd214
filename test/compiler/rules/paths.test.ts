import { expect, test } from 'vitest';
import { connectorFile, connectorFiles, makeFolder } from '../folder.ts';

test('a thousand paths that no sample has are all reported, and help is given for the first of them', async () => {
  const variables = Array.from({ length: 1000 }, (_, index) => `v${index}: $.user.idd`).join(', ');
  const file = connectorFile('a').replace(
    /^mapping:.*(?:\n .*)*/m,
    `mapping: { targetUserIds: $.user.id, variables: { ${variables} } }`,
  );
  const folder = makeFolder({ ...connectorFiles('a'), 'a/connector.yaml': file });
  const { diagnostics } = await folder.compile();
  const reported = diagnostics.filter(({ code }) => code === 'path-not-in-sample');
  expect(reported).toHaveLength(1000);
  const helped = reported.filter(({ message }) => message.includes('did you mean'));
  expect(helped.length).toBeGreaterThan(10);
  expect(helped.length).toBeLessThanOrEqual(100);
});
