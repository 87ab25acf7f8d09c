import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { buildImage } from '../../../../sandbox/docker/engine/build-image.ts';
import { connectEngine } from '../../../../sandbox/docker/engine/engine.ts';
import { imageFailure } from '../../../../sandbox/docker/engine/image-failure.ts';
import { pullImage } from '../../../../sandbox/docker/engine/pull-image.ts';
import { tarOf } from '../../../../sandbox/docker/engine/tar-of.ts';
import { testImage, withoutEngine } from '../../../support/container-engine.ts';

const never = new AbortController().signal;
const reason = withoutEngine();
const msMax = 120_000;

it('an archive is what tar makes of it', () => {
  const archive = tarOf({ Dockerfile: 'FROM scratch\n', 'empty.txt': '', 'long.txt': 'é'.repeat(400) });
  const read = (...options: string[]): string =>
    execFileSync('tar', options, { input: archive, encoding: 'utf8' });
  expect(read('-t')).toBe('Dockerfile\nempty.txt\nlong.txt\n');
  expect(read('-xO', 'Dockerfile')).toBe('FROM scratch\n');
  expect(read('-xO', 'long.txt')).toBe('é'.repeat(400));
});

it.each([
  ['pull access denied for x, repository does not exist or may require login', 'IMAGE_DENIED'],
  ['unauthorized: authentication required', 'IMAGE_DENIED'],
  ['manifest for x:2 not found: manifest unknown', 'IMAGE_MISSING'],
  ['Get "https://r/v2/": dial tcp: lookup r: no such host', 'SANDBOX_FAILED'],
  ['write /var/lib/x: no space left on device', 'ENGINE_DISK_FULL'],
  ["The command '/bin/sh -c false' returned a non-zero code: 1", 'IMAGE_UNUSABLE'],
])('what a registry says has a code: %s', (words, code) => {
  expect(imageFailure('x', 'could not be built', new Error(words), 'IMAGE_UNUSABLE').code).toBe(code);
});

describe.skipIf(reason !== null)('an engine', () => {
  const engine = () => connectEngine(null, process.env);
  const labels = { 'pawl.test': 'images' };

  it('builds an image from a Dockerfile alone, tells its steps, and labels it', {
    timeout: msMax,
  }, async () => {
    const steps: string[] = [];
    const order = { dockerfile: `FROM ${testImage}\nUSER 65534:65534\n`, name: 'pawl-test-build:1', labels };
    try {
      const { id } = await buildImage(engine(), order, ({ text }) => steps.push(text), never);
      expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(steps[0]).toBe(`Step 1/3 : FROM ${testImage}`);
      const filters = JSON.stringify({ label: ['pawl.test=images'] });
      const found = await engine().request({
        ...{ method: 'GET', path: '/images/json', query: { filters }, deadlineMs: 10_000 },
        ...{ purpose: 'list images', askedFor: 'engine' },
      });
      expect(found).toMatchObject([{ Id: id }]);
    } finally {
      await engine().request({
        ...{ method: 'DELETE', path: '/images/pawl-test-build:1', deadlineMs: 30_000 },
        ...{ purpose: 'remove the test image', askedFor: 'image' },
      });
    }
  });

  it('says which step failed', { timeout: msMax }, async () => {
    const order = { dockerfile: `FROM ${testImage}\nNONSENSE\n`, name: 'pawl-test-build:2', labels };
    await expect(buildImage(engine(), order, () => undefined, never)).rejects.toMatchObject({
      message: expect.stringMatching(/unknown instruction: NONSENSE/),
    });
  });

  it('that cannot fetch an image says so with a code', { timeout: msMax }, async () => {
    const reference = `pawl.invalid/none@sha256:${'0'.repeat(64)}`;
    await expect(pullImage(engine(), reference, () => undefined, never)).rejects.toMatchObject({
      ...{ code: 'SANDBOX_FAILED', context: { image: reference } },
    });
  });
});
