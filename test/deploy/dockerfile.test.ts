// The Dockerfile as far as it can be judged without building it; scripts/check-image.ts runs what it builds.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Copy, DockerfileParser, type From } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const dockerfile = DockerfileParser.parse(text);
const instructions = dockerfile.getInstructions();

/** Of each COPY from the tree. */
const sources = instructions
  .filter((one): one is Copy => one.getKeyword() === 'COPY')
  .filter((copy) => copy.getFlags().length === 0)
  .flatMap((copy) => copy.getArguments().slice(0, -1).map(String));

test('the linter finds nothing', () => {
  expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
});

test('what it copies from the tree is there, and .dockerignore lets that through and nothing else', () => {
  for (const source of sources) expect(globSync(source, { cwd: root }), source).toEqual([source]);
  const ignore = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  expect(ignore.filter((line) => line !== '' && !line.startsWith('#'))[0]).toBe('*');
  const allowed = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(allowed.toSorted()).toEqual([...new Set(sources)].toSorted());
});

test('base images are of the Node that the project needs, and of glibc', () => {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const least = Number(/\d+/.exec(engines.node)?.[0]);
  const image = dockerfile.getInitialARGs()[0]?.getProperty()?.getValue() ?? '';
  expect(Number(/^node:(\d+)/.exec(image)?.[1])).toBeGreaterThanOrEqual(least);
  expect(image).toMatch(/-slim$/);
});

test('all stages stand on one base image, which a build pins by its digest', () => {
  const images = dockerfile.getFROMs().map((from: From) => from.getImage());
  expect(images.length).toBeGreaterThan(1);
  for (const image of images) expect(image).toMatch(/^\$\{BASE\}$/);
  expect(dockerfile.getInitialARGs().map((one) => one.getProperty()?.getName())).toEqual(['BASE']);
  expect(readFileSync(join(root, 'docs/deploying.md'), 'utf8')).toContain('--build-arg BASE=');
});

test('it runs as a user by number, and is not root', () => {
  const users = instructions.filter((one) => one.getKeyword() === 'USER');
  expect(users.at(-1)?.getArgumentsContent()).toMatch(/^[1-9]\d*:[1-9]\d*$/);
});
