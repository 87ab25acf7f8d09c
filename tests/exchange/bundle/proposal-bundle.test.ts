import { describe, expect, it } from 'vitest';
import { proposalBundle, sealedProposals } from './sealed-proposal.ts';
import { pinned, verdictsOf, verifyMade } from './sealed-run.ts';

const sealed = await sealedProposals();

describe('a bundle of a proposal', () => {
  it.each(['lost', 'kept', 'promoted'] as const)('of one that was %s verifies', async (which) => {
    const verdict = await verifyMade(await proposalBundle(sealed, sealed[which]), pinned);
    expect(verdict.failures).toEqual([]);
    expect(verdictsOf(verdict)).toEqual({
      altered: 'yes',
      missing: 'yes',
      signed: 'yes',
      decided: 'yes',
      readable: 'yes',
    });
    expect(verdict).toMatchObject({ outcome: 'ok' });
  });
});
