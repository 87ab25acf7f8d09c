import { expect, test } from 'vitest';
import { waitingProcess } from '../../../../sandbox/docker/command/waiting-process.ts';
import type { OutputChunk } from '../../../../sandbox/docker/container/container.ts';

/** What a container answers to the word that it is sent; null is the end of its output. */
function container(answer: (word: string) => readonly (string | OutputChunk)[] | null) {
  const { promise: sent, resolve } = Promise.withResolvers<string>();
  return {
    write: async (bytes: Uint8Array) => resolve(Buffer.from(bytes).toString().trim()),
    output: (async function* () {
      const pieces = answer(await sent);
      if (pieces === null) await Promise.withResolvers<never>().promise;
      for (const piece of pieces ?? []) {
        yield typeof piece === 'string' ? { stream: 'stdout' as const, bytes: Buffer.from(piece) } : piece;
      }
    })(),
  };
}

const soonMs = 5_000;

test('the word that comes back is the answer, in pieces or between noise', async () => {
  expect(await waitingProcess(container((word) => [`${word}\n`])).endOthers(soonMs)).toBe(true);
  const pieces = (word: string) => ['noise', ...`\n${word}\n`];
  expect(await waitingProcess(container(pieces)).endOthers(soonMs)).toBe(true);
});

test('another word, the word on standard error and an output that ends are no answer', async () => {
  const onError = (word: string) => [{ stream: 'stderr' as const, bytes: Buffer.from(word) }];
  for (const answer of [() => ['0'.repeat(32)], onError, () => []]) {
    expect(await waitingProcess(container(answer)).endOthers(soonMs)).toBe(false);
  }
});

test('noise without end is read up to a bound', async () => {
  let read = 0;
  const noise = container(() => []);
  const endless = (async function* () {
    for (;;) {
      read += 65_536;
      yield { stream: 'stdout' as const, bytes: Buffer.alloc(65_536) };
    }
  })();
  expect(await waitingProcess({ ...noise, output: endless }).endOthers(soonMs)).toBe(false);
  expect(read).toBe(4 * 1024 * 1024);
});

test('silence ends with the deadline', async () => {
  expect(await waitingProcess(container(() => null)).endOthers(1)).toBe(false);
});
