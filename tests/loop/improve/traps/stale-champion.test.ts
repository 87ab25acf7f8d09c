import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../../src/kernel/brand.ts';
import { openMemoryStore } from '../../../../src/ledger/stores/memory.ts';
import { approve } from '../../../../src/loop/improve/examine/approve.ts';
import { examine } from '../../../../src/loop/improve/examine/examine.ts';
import type { ImprovementLine } from '../../../../src/loop/improve/improvement-line.ts';
import { problemsIn } from '../../../support/forced-line.ts';
import { neverStops as never } from '../../../support/toy-improvement.ts';
import { openToyLine, proposeContent, skilled, toyGate } from '../../../support/toy-line.ts';

/** Share of tasks that a skill solves. */
const skillOf = (spec: string): number => Number(spec.replace('skill:', ''));

async function specOf(line: ImprovementLine, track: 'working' | 'certified'): Promise<string> {
  const { generator } = line.state[track];
  return (JSON.parse(await line.text(generator as Digest)) as { readonly spec: string }).spec;
}

const [first, second] = ['skill:1', 'skill:0.75'] as const;

describe('two challengers from one parent, of which the first was promoted', () => {
  it('the naive loop promotes the second as well, against the champion of yesterday, and loses the first', () => {
    const parent = 'skill:0.25';
    const measuredAgainst = skillOf(parent);
    let champion: string = parent;
    // Both were queued when the parent was champion, and both are better than it.
    for (const challenger of [first, second])
      if (skillOf(challenger) > measuredAgainst) champion = challenger;
    expect(champion).toBe('skill:0.75');
  });

  it('the second is discarded as stale before anything of it is run', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    const line = await openToyLine(services);
    const ids = [];
    for (const spec of [first, second])
      ids.push(await proposeContent(line, services, { content: skilled(spec) }));
    expect(await examine(line, services, ids[0] ?? '', never)).toBe('promoted');
    const generated = services.generated();
    expect(await examine(line, services, ids[1] ?? '', never)).toBe('discarded');
    expect(services.generated()).toBe(generated);
    expect(line.state.proposals[ids[1] ?? '']).toMatchObject({ examination: null, discarded: true });
    expect([await specOf(line, 'working'), await specOf(line, 'certified')]).toEqual([first, first]);
    expect(await problemsIn(services.ledger)).toEqual([]);
  });

  it('also where the first moved the working track alone', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    const line = await openToyLine(services);
    const kept = 'skill:dev=1,heldout=0.25';
    const ids = [];
    for (const spec of [kept, second])
      ids.push(await proposeContent(line, services, { content: skilled(spec) }));
    expect(await examine(line, services, ids[0] ?? '', never)).toBe('kept');
    expect(await examine(line, services, ids[1] ?? '', never)).toBe('discarded');
    expect([await specOf(line, 'working'), await specOf(line, 'certified')]).toEqual([kept, 'skill:0.25']);
    expect(await problemsIn(services.ledger)).toEqual([]);
  });

  it('also where the approval of one comes after the promotion of the other', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    const gate = { approvals: { required: 1, from: [] }, alpha: '1/2', promoteShare: '1/2' };
    const line = await openToyLine(services, { gate });
    const ids = [];
    // Each starts from the working champion; of neither is certified before somebody says yes.
    for (const spec of [second, first]) {
      const id = await proposeContent(line, services, { content: skilled(spec) });
      expect(await examine(line, services, id, never)).toBe('awaits-approval');
      ids.push(id);
    }
    const yes = (proposal = '') => approve(line, services, { proposal, by: 'person:grace', comment: '' });
    expect(await yes(ids[1])).toBe('promoted');
    expect(await yes(ids[0])).toBe('discarded');
    expect(await specOf(line, 'certified')).toBe(first);
    expect(line.state.proposals[ids[0] ?? '']).toMatchObject({ promoted: ['working'], discarded: true });
    expect(await problemsIn(services.ledger)).toEqual([]);
  });
});
