import type { SlotContents, SlotKind } from '../src/events/slots.ts';
import type { Digest, StreamName } from '../src/kernel/brand.ts';
import { digestOf } from '../src/kernel/digest.ts';
import type { Projection } from './projection.ts';

/** One change of a slot; nothing is ever taken out of the list. */
export interface ChampionChange {
  champion: Digest;
  track: 'baseline' | 'working' | 'certified' | 'rollback';
  proposal: string | null;
  revision: number;
}

export interface LineChampions {
  /** What proposals start from, and what may be deployed. */
  working: SlotContents;
  certified: SlotContents;
  history: Partial<Record<SlotKind, ChampionChange[]>>;
  /** Configurations that a gate decided to promote or to keep, by proposal. */
  decided: Record<string, { configuration: Digest; promote: boolean; keep: boolean }>;
}

export interface ChampionState {
  lines: Record<StreamName, LineChampions>;
}

/**
 * What each slot holds, by content hash. A promotion counts only when it names the configuration that a gate decided about, and
 * the one that holds; promotions stack, because each starts from what holds. (The rules as a whole are in `gates/governance`.)
 */
export const championProjection: Projection<ChampionState> = {
  name: 'champion',
  version: 1,
  initialState: () => ({ lines: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'ImprovementOpened':
        state.lines[event.stream] ??= { working: {}, certified: {}, history: {}, decided: {} };
        return state;
      case 'ChampionInstalled': {
        const line = state.lines[event.stream];
        const { slot, champion } = event.data;
        if (line === undefined || slot === 'gate' || line.working[slot] !== undefined) return state;
        line.working = { ...line.working, [slot]: champion };
        line.certified = { ...line.certified, [slot]: champion };
        note(line, slot, { champion, track: 'baseline', proposal: null, revision: event.revision });
        return state;
      }
      case 'GateDecided': {
        const { proposal, configuration, verdict, keep } = event.data;
        const line = state.lines[event.stream];
        if (line !== undefined)
          line.decided[proposal] = { configuration, promote: verdict === 'promote', keep };
        return state;
      }
      case 'ChallengerPromoted': {
        const line = state.lines[event.stream];
        const { proposal, track, configuration, replaces, slots } = event.data;
        const decided = line?.decided[proposal];
        if (line === undefined || decided?.configuration !== configuration) return state;
        const isDecided = track === 'working' ? decided.keep : decided.promote;
        if (!isDecided || digestOf(line[track]) !== replaces || digestOf(slots) !== configuration)
          return state;
        const { revision } = event;
        for (const [slot, champion] of Object.entries(slots) as [keyof SlotContents, Digest][])
          if (line[track][slot] !== champion) note(line, slot, { champion, track, proposal, revision });
        // Where nothing was kept apart, there is one track.
        if (track === 'certified' && digestOf(line.working) === replaces) line.working = slots;
        line[track] = slots;
        return state;
      }
      case 'ChampionRolledBack': {
        const line = state.lines[event.stream];
        const { slot, from, to } = event.data;
        if (line === undefined || slot === 'gate' || line.certified[slot] !== from) return state;
        line.certified = { ...line.certified, [slot]: to };
        line.working = { ...line.working, [slot]: to };
        note(line, slot, { champion: to, track: 'rollback', proposal: null, revision: event.revision });
        return state;
      }
      default:
        return state;
    }
  },
};

function note(line: LineChampions, slot: SlotKind, change: ChampionChange): void {
  const changes = line.history[slot] ?? [];
  changes.push(change);
  line.history[slot] = changes;
}
