import { candidateOf, correlationFor, type Program } from './latent-model.ts';
import type { Normals } from './normals.ts';

/** A share of the candidates with a true gain; the rest has none. */
export interface Kind {
  readonly share: number;
  readonly gain: number;
}

/** Who proposes: candidates from a base, told afterwards what the gate disclosed. */
export interface Proposer {
  propose(base: Program): Program;
  hear(verdict: { readonly moves: boolean; readonly told: number }): void;
}

export interface ProposerSetting {
  readonly items: number;
  readonly discordance: number;
  readonly kinds: readonly Kind[];
}

/** Proposals that know nothing: the gain by lot, the noise fresh. */
export function blindProposer({ items, discordance, kinds }: ProposerSetting, normals: Normals): Proposer {
  const rho = correlationFor(discordance);
  return {
    propose: (base) => candidateOf(base, gainByLot(kinds, normals), rho, () => normals.fill(items)),
    hear: () => {},
  };
}

export function gainByLot(kinds: readonly Kind[], normals: Normals): number {
  let lot = normals.uniform();
  for (const { share, gain } of kinds) {
    if (lot < share) return gain;
    lot -= share;
  }
  return 0;
}
