import type { Digest, StreamName } from '../src/kernel/brand.ts';
import type { Projection } from './projection.ts';

export interface LineageNode {
  parent: Digest | null;
  /** Edges to the root of its tree. */
  depth: number;
  score: number | null;
}

export interface LineageState {
  /** Per episode: every candidate with what it was conditioned on. */
  episodes: Record<StreamName, Record<Digest, LineageNode>>;
}

/** Which candidate came from which. */
export const lineageProjection: Projection<LineageState> = {
  name: 'lineage',
  version: 1,
  initialState: () => ({ episodes: {} }),
  evolve(state, event) {
    if (event.type === 'EpisodeStarted') {
      state.episodes[event.stream] = {};
    } else if (event.type === 'CandidateGenerated') {
      const nodes = state.episodes[event.stream];
      if (nodes === undefined) return state;
      const { candidate, parent } = event.data;
      const depth = parent === null ? 0 : (nodes[parent]?.depth ?? 0) + 1;
      nodes[candidate] = { parent, depth, score: null };
    } else if (event.type === 'CandidateScored') {
      const node = state.episodes[event.stream]?.[event.data.candidate];
      if (node !== undefined) node.score = event.data.value;
    }
    return state;
  },
};

/** From a candidate back to the root of its tree, the candidate first. */
export function ancestry(nodes: Readonly<Record<Digest, LineageNode>>, candidate: Digest): readonly Digest[] {
  const path: Digest[] = [];
  let current: Digest | null = candidate;
  while (current !== null && !path.includes(current)) {
    path.push(current);
    current = nodes[current]?.parent ?? null;
  }
  return path;
}
