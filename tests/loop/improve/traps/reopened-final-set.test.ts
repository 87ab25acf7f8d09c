import { describe, expect, it } from 'vitest';
import type { GateDefinition } from '../../../../gates/definition/gate-definition.ts';
import { digestOf } from '../../../../src/kernel/digest.ts';
import { openMemoryStore } from '../../../../src/ledger/stores/memory.ts';
import { examine } from '../../../../src/loop/improve/examine/examine.ts';
import { finalTest } from '../../../../src/loop/improve/examine/final-test.ts';
import { makeGateDefinition } from '../../../../src/loop/improve/examine/make-gate-definition.ts';
import { openLine } from '../../../../src/loop/improve/examine/open-line.ts';
import { proposeGate } from '../../../../src/loop/improve/examine/propose-gate.ts';
import { unseal } from '../../../../src/loop/improve/examine/unseal.ts';
import type { ImprovementLine } from '../../../../src/loop/improve/improvement-line.ts';
import { certifiedIn, force, problemsIn } from '../../../support/forced-line.ts';
import { neverStops as never } from '../../../support/toy-improvement.ts';
import {
  eventsOfLine,
  openToyLine,
  proposeContent,
  reopen,
  skilled,
  type ToyGate,
  toyGate,
  toyNewLine,
  toySettings,
} from '../../../support/toy-line.ts';

async function promoted(services: ToyGate): Promise<ImprovementLine> {
  const line = await openToyLine(services);
  const id = await proposeContent(line, services, { content: skilled('skill:1') });
  expect(await examine(line, services, id, never)).toBe('promoted');
  return line;
}

function gateOf({ state }: ImprovementLine): GateDefinition {
  if (state.gate === null) throw new Error('no gate');
  return state.gate.definition;
}

describe('a final set that is opened until it says what one wants to hear', () => {
  it('gives the naive loop a winner: the best of many looks at coins', () => {
    // Eight final items, and twenty models that know nothing: each answer is a bit of the model's number.
    const scores = Array.from({ length: 20 }, (_, model) => (model * 37) % 256).map(
      (answers) => [...answers.toString(2)].filter((bit) => bit === '1').length / 8,
    );
    const naive = Math.max(...scores);
    const once = scores[0] ?? 0;
    expect(naive).toBeGreaterThan(0.7);
    expect(once).toBe(0);
  });

  it('stays shut the second time: by command, in the fold, and under another list of the same items', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    const line = await promoted(services);
    expect((await finalTest(line, services, never)).verdict).toBe('better');
    const before = line.revision;
    await expect(finalTest(await reopen(services), services, never)).rejects.toMatchObject({
      code: 'GOVERNANCE_REFUSED',
      context: { rule: 'items-once' },
    });
    const definition = gateOf(line);
    const { sealed } = definition.evaluation;
    if (sealed === null) throw new Error('nothing is sealed');
    const list = (JSON.parse(await line.text(sealed.items as never)) as string[]).toReversed();
    const again = { ...sealed, items: digestOf(list) };
    const change = (
      heldout: typeof again | GateDefinition['evaluation']['heldout'],
      other: typeof again | null,
    ) => ({
      definition: { ...definition, evaluation: { ...definition.evaluation, heldout, sealed: other } },
      ...{ lists: [list], hypothesis: 'Once more.', author: 'person:ada' },
    });
    const { heldout } = definition.evaluation;
    await expect(proposeGate(line, services, change(heldout, again), never)).rejects.toThrow(
      'The sealed set was opened; it cannot be sealed again.',
    );
    await expect(proposeGate(line, services, change(again, null), never)).rejects.toThrow(
      'Its held-out items were opened before',
    );
    expect((await reopen(services)).revision).toBe(before);
    expect(await problemsIn(services.ledger)).toEqual([]);
  });

  it('stays shut for another line over the same suite, and verification finds it where somebody forces it', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    const toy = await promoted(services);
    await finalTest(toy, services, never);
    // The held-out items are in use by one line at a time.
    await expect(openToyLine(services, { name: 'second' })).rejects.toMatchObject({
      code: 'HELD_OUT_PROTECTED',
    });
    await unseal(await reopen(services), services, 'The line is closed.');
    // The items that were held out are known now: the second line holds out what was dev.
    const base = toyNewLine({ name: 'second' });
    const [dev, heldout] = [base.splits.heldout, base.splits.dev];
    const splits = { ...base.splits, dev, heldout };
    const { scorer } = base.baseline;
    const { budget } = base.definition.evaluation;
    const definition = makeGateDefinition({
      ...{ name: 'second', suite: base.suite, splits, scorer, seed: 'toy', budget },
      ...toySettings,
    });
    const second = await openLine({ ...base, splits, definition }, services);
    const better = await proposeContent(second, services, { content: skilled('skill:1') });
    expect(await examine(second, services, better, never)).toBe('promoted');
    await expect(finalTest(second, services, never)).rejects.toMatchObject({
      context: { rule: 'sealed-once' },
    });
    const first = await eventsOfLine(services, await reopen(services));
    const opened = first.find(({ type }) => type === 'FinalTestOpened');
    if (opened?.type !== 'FinalTestOpened') throw new Error('it was opened');
    const revision = await force(services.ledger, second, [
      {
        type: 'FinalTestOpened',
        data: { ...opened.data, gate: second.state.gate?.digest ?? opened.data.gate },
      },
    ]);
    expect(await problemsIn(services.ledger)).toEqual([
      `improvement-second, revision ${revision}, breaks the rule items-once: A set of items is opened once: neither a held-out set nor the sealed set can be opened again. Here: some of its sealed items were opened in improvement-toy, revision ${opened.revision}.`,
    ]);
    expect(await certifiedIn(services.ledger, second)).toEqual(second.state.certified);
  });
});
