import { describe, expect, it } from 'vitest';
import type { GateDefinition } from '../../../../gates/definition/gate-definition.ts';
import { openMemoryStore } from '../../../../src/ledger/stores/memory.ts';
import { approve } from '../../../../src/loop/improve/examine/approve.ts';
import { examine } from '../../../../src/loop/improve/examine/examine.ts';
import { proposeGate } from '../../../../src/loop/improve/examine/propose-gate.ts';
import type { ImprovementLine } from '../../../../src/loop/improve/improvement-line.ts';
import { problemsIn } from '../../../support/forced-line.ts';
import { neverStops as never } from '../../../support/toy-improvement.ts';
import {
  eventsOfLine,
  openToyLine,
  proposeContent,
  skilled,
  toyGate,
  toyParts,
} from '../../../support/toy-line.ts';

/** Items that a skill solves, as a judge counts them who gives everybody some more. */
function score(spec: string, grace: number): number {
  return Math.min(toyParts.heldout, Number(spec.replace('skill:', '')) * toyParts.heldout + grace);
}

const [parent, worse] = ['skill:0.75', 'skill:0.5'] as const;

function gateOf({ state }: ImprovementLine): GateDefinition {
  if (state.gate === null) throw new Error('no gate');
  return state.gate.definition;
}

describe('a judge that changes between the champion and the challenger', () => {
  it('makes a naive loop promote what is worse: it remembers a score, and not who gave it', () => {
    const remembered = score(parent, 0);
    // The new judge is generous: everybody gets six items more.
    expect(score(worse, 6)).toBeGreaterThan(remembered);
    // Under one and the same judge it is never better.
    for (const grace of [0, 6]) expect(score(worse, grace)).toBeLessThan(score(parent, grace));
  });

  it('takes the champion along here: both sides are run anew under the gate that judges', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    const line = await openToyLine(services, { skill: parent, gate: { mdeMax: 0.95 } });
    const first = await proposeContent(line, services, { content: skilled('skill:0.8') });
    await examine(line, services, first, never);
    const before = gateOf(line);
    const { evaluation } = before;
    const definition = {
      ...before,
      evaluation: { ...evaluation, budget: { ...evaluation.budget, candidates: 2 } },
    };
    const change = { definition, lists: [], hypothesis: 'More tries for everybody.', author: 'person:ada' };
    const { proposal } = await proposeGate(line, services, change, never);
    await approve(line, services, { proposal, by: 'person:grace', comment: '' });
    const revision = line.revision;
    const challenger = await proposeContent(line, services, { content: skilled(worse) });
    expect(await examine(line, services, challenger, never)).toBe('discarded');
    const better = await proposeContent(line, services, { content: skilled('skill:1') });
    await examine(line, services, better, never);

    const after = (await eventsOfLine(services, line)).filter((event) => event.revision > revision);
    const gate = line.state.gate?.digest;
    const reads = after.flatMap((event) =>
      event.type === 'EvaluationRequested' || event.type === 'HeldOutUsed' ? [event.data] : [],
    );
    expect(reads.length).toBeGreaterThan(3);
    const earlier = new Set(
      (await eventsOfLine(services, line)).flatMap((event) =>
        event.revision <= revision && (event.type === 'EvaluationRequested' || event.type === 'HeldOutUsed')
          ? [event.data.run]
          : [],
      ),
    );
    for (const read of reads) {
      expect(read.gate).toBe(gate);
      expect(earlier.has(read.run)).toBe(false);
      const run = await Array.fromAsync(services.ledger.readStream(read.run));
      const granted = run.find(({ type }) => type === 'BudgetGranted');
      expect(JSON.stringify(granted?.data)).toContain('"candidates":2');
    }
    // The champion among them: its old score counts for nothing.
    expect(reads.map(({ configuration }) => configuration)).toContain(line.state.digests.baseline);
    expect(await problemsIn(services.ledger)).toEqual([]);
  });

  it('is refused by the line where an evaluation of the gate before is to be used', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    const line = await openToyLine(services, { skill: parent, gate: { mdeMax: 0.95 } });
    const id = await proposeContent(line, services, { content: skilled('skill:1') });
    await examine(line, services, id, never);
    const old = (await eventsOfLine(services, line)).find(({ type }) => type === 'EvaluationRequested');
    if (old?.type !== 'EvaluationRequested') throw new Error('nothing was run');
    const change = {
      definition: { ...gateOf(line), mde: 0.31 },
      lists: [],
      hypothesis: '.',
      author: 'person:ada',
    };
    const { proposal } = await proposeGate(line, services, change, never);
    await approve(line, services, { proposal, by: 'person:grace', comment: '' });
    await expect(line.append([{ type: 'EvaluationRequested', data: old.data }])).rejects.toMatchObject({
      context: { rule: 'gate-current' },
    });
  });
});
