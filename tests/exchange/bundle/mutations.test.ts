import { describe, expect, it } from 'vitest';
import type { Bundle } from '../../../src/exchange/bundle/bundle.ts';
import {
  bundleEnding,
  containerClosing,
  containerOpening,
} from '../../../src/exchange/bundle/bundle-format.ts';
import { containerLines } from '../../../src/exchange/bundle/container-lines.ts';
import { encodeContainer } from '../../../src/exchange/bundle/encode-container.ts';
import { isPawlError } from '../../../src/kernel/pawl-error.ts';
import { type Random, seededRandom } from '../../../src/kernel/random.ts';
import { strategies } from '../../../src/strategies/registry.ts';
import { bundleForgeries } from './bundle-forgeries.ts';
import { bundleOf, bytesOf, pinned, sealedRun, verdictsOf, verifyBytes } from './sealed-run.ts';

const long = process.env['PAWL_LONG'] === '1';
const seed = process.env['PAWL_SEED'] ?? String(Date.now() % 1_000_000);

/** Why a file is not believed, or null when it is. */
async function foundIn(file: Uint8Array): Promise<string | null> {
  try {
    const verdict = await verifyBytes(file, pinned);
    return verdict.outcome === 'ok' ? null : JSON.stringify(verdictsOf(verdict));
  } catch (error) {
    if (isPawlError(error, 'BUNDLE_INVALID')) return error.message;
    throw error;
  }
}

const bundle = await bundleOf(await sealedRun());
const original = await bytesOf(bundle);
const page = original.subarray(0, original.indexOf(containerOpening) + containerOpening.length);
const parts = {
  'the page': [0, original.indexOf(containerOpening)],
  'the data': [
    original.indexOf(containerOpening),
    original.indexOf(containerClosing, original.indexOf(containerOpening)),
  ],
  'the ending': [original.indexOf(containerClosing, original.indexOf(containerOpening)), original.length],
} as const;

const damages: Readonly<Record<string, (from: number, to: number, random: Random) => Buffer>> = {
  'a bit flipped': (from, to, random) => {
    const copy = Buffer.from(original);
    const at = random.int(from, to - 1);
    copy[at] = (copy[at] as number) ^ (1 << random.int(0, 7));
    return copy;
  },
  'a byte taken out': (from, to, random) => spliced(random.int(from, to - 1), 1, ''),
  'a byte put in': (from, to, random) =>
    spliced(random.int(from, to - 1), 0, String.fromCharCode(random.int(32, 126))),
  'bytes repeated': (from, to, random) => {
    const at = random.int(from, to - 1);
    return spliced(at, 0, original.subarray(at, Math.min(to, at + random.int(1, 200))));
  },
  'the rest cut off': (from, to, random) => original.subarray(0, random.int(from, to - 1)),
  'bytes overwritten': (from, to, random) => {
    const at = random.int(from, to - 1);
    return spliced(at, 3, Buffer.from([random.int(0, 255), random.int(0, 255), random.int(0, 255)]));
  },
};

function spliced(at: number, count: number, by: string | Uint8Array): Buffer {
  return Buffer.concat([
    original.subarray(0, at),
    Buffer.from(by as Uint8Array),
    original.subarray(at + count),
  ]);
}

describe(`seeded damage to a bundle, seed ${seed}`, () => {
  const each = long ? 150 : 12;
  for (const [part, [from, to]] of Object.entries(parts)) {
    it.each(Object.entries(damages))(`in ${part} is found: %s`, async (name, damage) => {
      const random = seededRandom(`${seed} ${part} ${name}`);
      for (let round = 0; round < each; round += 1) {
        const damaged = damage(from, to, random);
        if (damaged.equals(original)) continue;
        expect(await foundIn(damaged), `round ${round}`).not.toBeNull();
      }
    });
  }
});

describe(`forgeries by somebody who knows everything but the key, seed ${seed}`, () => {
  const each = long ? 100 : 8;
  it.each(Object.entries(bundleForgeries))('%s', async (name, forge) => {
    const random = seededRandom(`${seed} ${name}`);
    let made = 0;
    for (let round = 0; round < each; round += 1) {
      const forged = forge(bundle, random);
      if (forged === null) continue;
      const file = await written(forged);
      if (file.equals(original)) continue;
      made += 1;
      expect(await foundIn(file), `round ${round}`).not.toBeNull();
    }
    expect(made).toBeGreaterThan(0);
  });
});

/** With the page to fit, or the old one where none can be made from what was forged. */
async function written(forged: Bundle): Promise<Buffer> {
  try {
    return await bytesOf(forged);
  } catch (error) {
    if (!isPawlError(error)) throw error;
    const container: string[] = [];
    const encoding = encodeContainer(containerLines(forged));
    for (;;) {
      const { done, value } = await encoding.next();
      if (done === true) return Buffer.concat([page, Buffer.from(container.join('') + bundleEnding(value))]);
      container.push(value);
    }
  }
}

describe('no false alarm', () => {
  it.each(strategies.map(({ name }) => name))('over bundles of %s', async (strategy) => {
    for (let round = 0; round < (long ? 20 : 2); round += 1) {
      const run = { strategy, params: { candidates: 3 }, seed: `${seed} ${round}` };
      const verdict = await verifyBytes(await bytesOf(await bundleOf(await sealedRun({ run }))), pinned);
      expect(verdict.outcome, JSON.stringify(verdictsOf(verdict))).toBe('ok');
    }
  });
});
