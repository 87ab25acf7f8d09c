import { describe, expect, it } from 'vitest';
import type { Bundle } from '../../../src/exchange/bundle/bundle.ts';
import { isPawlError } from '../../../src/kernel/pawl-error.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { bundleForgeries } from './bundle-forgeries.ts';
import { proposalForgeries } from './proposal-forgeries.ts';
import { proposalBundle, sealedProposals } from './sealed-proposal.ts';
import { bytesOf, pinned, verdictsOf, verifyBytes } from './sealed-run.ts';

const each = process.env['PAWL_LONG'] === '1' ? 60 : 4;
const seed = process.env['PAWL_SEED'] ?? String(Date.now() % 1_000_000);

const sealed = await sealedProposals();
const bundle = await proposalBundle(sealed, sealed.promoted);
const original = await bytesOf(bundle);

/** Why a file is not believed, or null when it is. */
async function foundIn(forged: Bundle): Promise<string | null> {
  try {
    const file = await bytesOf(forged);
    if (file.equals(original)) return 'the same';
    const verdict = await verifyBytes(file, pinned);
    return verdict.outcome === 'ok' ? null : JSON.stringify(verdictsOf(verdict));
  } catch (error) {
    // Where no page can be made of it, no file can be written that is one.
    if (isPawlError(error)) return error.message;
    throw error;
  }
}

/** Those that change the header of a bundle of a run. */
const ofRuns = new Set(['another run', 'another episode']);
const forgeries = Object.entries({ ...bundleForgeries, ...proposalForgeries }).filter(
  ([name]) => !ofRuns.has(name),
);

describe(`forgeries of a bundle of a proposal, by somebody without the key, seed ${seed}`, () => {
  it.each(forgeries)('%s', async (name, forge) => {
    const random = seededRandom(`${seed} ${name}`);
    let made = 0;
    for (let round = 0; round < each; round += 1) {
      const forged = forge(bundle, random);
      if (forged === null) continue;
      const found = await foundIn(forged);
      if (found !== 'the same') made += 1;
      expect(found, `round ${round}`).not.toBeNull();
    }
    expect(made).toBeGreaterThan(0);
  });
});
