import { describe, expect, it } from 'vitest';
import { whatIf } from '../../../gates/checks/what-if.ts';
import { gateDefinition } from '../../support/gate-definition.ts';
import { examinedLine, type Shown } from './examined-line.ts';
import { outcomes } from './outcomes.ts';

const plain = { cost: null, latency: null } as const;
const usual = gateDefinition(plain);
const shown = (dev: string, heldout: string): Shown => ({
  dev: outcomes(dev, 'dev'),
  heldout: outcomes(heldout),
});
/** Fails on dev; is kept but not shown better; is better. */
const history = [
  shown('llllbbbnnn', 'llllbbbnnn'),
  shown('wwwwwbbnnn', 'wwwllbbnnn'),
  shown('wwwwwwwwwn', 'wwwwwwwwbn'),
];
const line = examinedLine(usual, history);

describe('a history under another gate', () => {
  it('is the recorded one under the same gate', async () => {
    const rows = await whatIf(line.events, line.lookup, usual);
    expect(rows).toMatchObject([
      { recorded: 'discard', other: 'discard', level: null, isCertain: true },
      { recorded: 'inconclusive', other: 'inconclusive', level: null, isCertain: true },
      { recorded: 'promote', other: 'promote', level: '1/60', isCertain: true },
    ]);
  });
  it('says what a stricter level would have changed, and is not certain of what comes after', async () => {
    const stricter = gateDefinition({ ...plain, alpha: '1/1000' });
    const rows = await whatIf(line.events, line.lookup, stricter);
    expect(rows.at(-1)).toMatchObject({
      ...{ recorded: 'promote', other: 'inconclusive', level: null, isCertain: true },
      why: expect.stringContaining('no held-out item is spent on it'),
    });
    const lower = gateDefinition({ ...plain, dev: { entryLevel: '1/1000' } });
    expect(
      (await whatIf(line.events, line.lookup, lower)).map(({ other, isCertain }) => [other, isCertain]),
    ).toEqual([
      ['discard', true],
      ['discard', true],
      ['discard', false],
    ]);
  });
  it('does not know what was never recorded', async () => {
    const everyone = gateDefinition({ ...plain, policy: 'every-candidate' });
    const rows = await whatIf(line.events, line.lookup, everyone);
    // Only the last was tested: eight wins of eight have p = 1/256, and the level is alpha/50.
    expect(rows.map(({ other, isCertain }) => [other, isCertain])).toEqual([
      ['unknown', true],
      ['unknown', false],
      ['discard', false],
    ]);
    expect(rows[0]).toMatchObject({ why: 'Nothing was recorded of held-out items for it.', level: '1/1000' });
  });
  it('knows nothing of a gate with other items', async () => {
    const rows = await whatIf(line.events, line.lookup, gateDefinition({ ...plain, tag: '-2' }));
    expect(new Set(rows.map(({ other }) => other))).toEqual(new Set(['unknown']));
  });
  it('knows nothing of a slice that nobody asked for', async () => {
    const guarded = gateDefinition({ ...plain, guardrails: [{ tag: 'kind', value: 'loop' }] });
    expect((await whatIf(line.events, line.lookup, guarded)).at(-1)).toMatchObject({
      ...{ other: 'unknown', isCertain: true },
      why: 'Nothing was recorded of which items are in the slice kind=loop.',
    });
  });
});
