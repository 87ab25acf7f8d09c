import '../../support/property-seed.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Governance } from '../../../gates/governance/governance.ts';
import type { SlotKind } from '../../../src/events/slots.ts';
import { gateDefinition, named } from '../../support/gate-definition.ts';
import { ImprovementHistory } from '../../support/improvement-history.ts';

/** Anything that anybody might write, in order or not; indices choose among few names, so that sequences often connect. */
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const slots: readonly SlotKind[] = ['strategy', 'generator', 'gate'];
const definitions = [
  gateDefinition({ cost: null, latency: null }),
  gateDefinition({ cost: null, latency: null, policy: 'every-candidate' }),
  gateDefinition({ cost: null, latency: null, approvals: { required: 1, from: [] } }),
];

type Act = (line: ImprovementHistory) => void;

const name = fc.constantFrom(...names);
const verdict = fc.constantFrom('pass', 'pass', 'pass', 'block', 'skip', 'inconclusive');
const act: fc.Arbitrary<Act> = fc.oneof(
  // The whole way, so that sequences get somewhere; all else may come in between.
  {
    weight: 6,
    arbitrary: name.map(
      (id): Act =>
        (line) =>
          void line.propose(id).examine(id).approve(id).promote(id),
    ),
  },
  { weight: 4, arbitrary: fc.tuple(name, fc.constantFrom(...slots)).map(([id, slot]) => propose(id, slot)) },
  {
    weight: 2,
    arbitrary: name.map(
      (id): Act =>
        (line) =>
          known(line, id, () => line.openGate(id)),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(name, fc.constantFrom('dev', 'trigger', 'heldout', 'none')).map(
      ([id, blocks]): Act =>
        (line) =>
          known(line, id, () => line.examine(id, { [blocks]: 'block' })),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(name, verdict).map(
      ([id, v]): Act =>
        (line) =>
          known(line, id, () => line.check(id, v)),
    ),
  },
  {
    weight: 2,
    arbitrary: name.map(
      (id): Act =>
        (line) =>
          known(line, id, () => line.readHeldOut(id)),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(name, fc.constantFrom({}, { verdict: 'promote', keep: true } as const)).map(
      ([id, over]): Act =>
        (line) =>
          known(line, id, () => line.decide(id, over)),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(name, fc.constantFrom('working', 'certified'), fc.constantFrom('', 'forged')).map(
      ([id, track, forged]): Act =>
        (line) =>
          known(line, id, () =>
            line.promoteOn(id, track, forged === '' ? {} : { slots: { strategy: named(forged) } }),
          ),
    ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (id): Act =>
        (line) =>
          known(line, id, () => line.promote(id)),
    ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (id): Act =>
        (line) =>
          known(line, id, () => line.approve(id)),
    ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (id): Act =>
        (line) =>
          known(line, id, () => line.discard(id)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...slots), fc.constantFrom(...names, 'strategy-0', 'generator-0'))
      .map(
        ([slot, to]): Act =>
          (line) =>
            void line.rollBack(slot, to),
      ),
  },
  {
    weight: 1,
    arbitrary: name.map(
      (to): Act =>
        (line) =>
          void line.install('strategy', to),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Act>((line) => void line.retire({ epoch: 2 })) },
  { weight: 1, arbitrary: fc.constant<Act>((line) => void line.openHeldOut()) },
);

describe('what is certified', () => {
  it('was the baseline, or was promoted by a decided examination, or was gone back to, whatever is written', () => {
    const reached = { certified: 0, rolledBack: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(...definitions),
        fc.array(act, { maxLength: 60, size: 'max' }),
        (definition, acts) => {
          const line = new ImprovementHistory().begin(definition);
          // The model: contents that each slot may hold, learnt from decisions alone.
          const allowed = {
            strategy: new Set([named('strategy-0')]),
            generator: new Set([named('generator-0')]),
          };
          for (const write of acts) {
            const from = line.events.length;
            write(line);
            for (const proposal of Object.values(line.state.proposals)) {
              const { decision, examination, slot } = proposal;
              if (slot === 'gate' || decision?.verdict !== 'promote' || examination === null) continue;
              // A promotion takes the whole configuration that was evaluated.
              for (const kind of ['strategy', 'generator'] as const) {
                const held = examination.slots[kind];
                if (held !== undefined) allowed[kind].add(held);
              }
              expect(examination.checks.map(({ verdict: v }) => v)).not.toContain('block');
              expect(examination.heldOutRead).toBe(true);
            }
            for (const kind of ['strategy', 'generator'] as const) {
              expect(allowed[kind]).toContain(line.state.certified[kind]);
            }
            count(
              line.state,
              reached,
              line.events.slice(from).map(({ type }) => type),
            );
          }
        },
      ),
      { numRuns: 150 },
    );
    // Sequences that never get anywhere would prove nothing.
    expect(reached.certified).toBeGreaterThan(20);
    expect(reached.rolledBack).toBeGreaterThan(0);
    expect(reached.refused).toBeGreaterThan(500);
  });
});

function propose(id: string, slot: SlotKind): Act {
  return (line) => {
    if (slot === 'gate') line.proposeGate(id, gateDefinition({ cost: null, latency: null, tag: `-${id}` }));
    else line.propose(id, slot);
  };
}

/** What is about a proposal needs one. */
function known(line: ImprovementHistory, id: string, write: () => void): void {
  if (line.isKnown(id)) write();
}

function count(
  { refused, history }: Governance,
  reached: { certified: number; rolledBack: number; refused: number },
  written: readonly string[],
): void {
  const changes = Object.values(history).flat();
  if (written.includes('ChallengerPromoted'))
    reached.certified += changes.filter(({ track }) => track === 'certified').length;
  if (written.includes('ChampionRolledBack'))
    reached.rolledBack += changes.filter(({ track }) => track === 'rollback').length;
  if (refused.length > 0) reached.refused += 1;
}
