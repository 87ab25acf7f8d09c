import {
  comparedWith,
  configurationDigest,
  type Governance,
  withChallenger,
} from '../governance/governance.ts';

/**
 * The earlier proposal whose examination settled the same comparison under this gate, or null. One that could not be completed,
 * or that ended before held-out items were read, settled nothing.
 */
export function examinedBefore(state: Governance, id: string): string | null {
  const proposal = state.proposals[id];
  const { gate } = state;
  if (proposal === undefined || proposal.challenger === null || gate === null) return null;
  const { slot, challenger, examination } = proposal;
  const configuration =
    examination?.configuration ?? configurationDigest(withChallenger(state.working, slot, challenger));
  const certified = examination?.certified ?? state.digests.certified;
  const what = comparedWith(slot, challenger, configuration);
  return state.compared.get(gate.digest)?.get(certified)?.get(what) ?? null;
}
