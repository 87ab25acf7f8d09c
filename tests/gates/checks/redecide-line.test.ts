import '../../support/property-seed.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceSchema } from '../../../gates/checks/evidence.ts';
import { outcomesDigest } from '../../../gates/checks/item-outcome.ts';
import { redecideLine } from '../../../gates/checks/redecide-line.ts';
import type { AnyRecordedEvent } from '../../../src/events/record.ts';
import { gateDefinition, named } from '../../support/gate-definition.ts';
import type { ImprovementHistory } from '../../support/improvement-history.ts';
import { proposalId } from '../../support/recorded-line.ts';
import { examinedLine, type Shown } from './examined-line.ts';
import { outcomes } from './outcomes.ts';

const usual = gateDefinition({ cost: null, latency: null });
const guarded = gateDefinition({ guardrails: [{ tag: 'kind', value: 'loop', itemsMin: 2 }] });
const single = gateDefinition({ policy: 'every-candidate', tests: 3, cost: null, latency: null });
const letters = (length: number) =>
  fc.string({ unit: fc.constantFrom('w', 'w', 'w', 'l', 'b', 'n'), minLength: length, maxLength: length });
const shown: fc.Arbitrary<Shown> = fc.record({
  dev: letters(10).map((text) => outcomes(text, 'dev')),
  heldout: letters(10).map((text) =>
    outcomes(text).map((outcome, index) => ({ ...outcome, slices: index % 2 === 0 ? [0] : [] })),
  ),
});
const better: Shown = { dev: outcomes('wwwwwwwwwn', 'dev'), heldout: outcomes('wwwwwwwwbn') };
const worse: Shown = { dev: outcomes('llllllllbn', 'dev'), heldout: outcomes('llllllllbn') };

/** The same history with fields of one event replaced, as somebody who can write to the ledger would. */
function altered(line: ImprovementHistory, check: string, over: object): AnyRecordedEvent[] {
  return line.events.map((event) =>
    event.type === 'CheckFinished' && event.data.check === check
      ? ({ ...event, data: { ...event.data, ...over } } as AnyRecordedEvent)
      : event,
  );
}

describe('a line that is decided again', () => {
  it('comes to what was decided, whatever the outcomes and the gate', async () => {
    let promoted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(usual, guarded, single),
        fc.array(shown, { minLength: 1, maxLength: 3, size: 'max' }),
        async (definition, all) => {
          const line = examinedLine(definition, all);
          expect(line.state.refused).toEqual([]);
          const again = await redecideLine(line.events, line.lookup);
          expect(again.disagreements).toEqual([]);
          expect(again.gaps).toEqual([]);
          expect(again.decisions).toHaveLength(all.length);
          for (const { recorded, recomputed } of again.decisions) expect(recomputed).toBe(recorded);
          promoted += again.decisions.filter(({ recorded }) => recorded === 'promote').length;
        },
      ),
      { numRuns: 60 },
    );
    expect(promoted).toBeGreaterThan(0);
  });

  it('shows a verdict that was turned round, and what follows from it', async () => {
    const line = examinedLine(single, [worse]);
    const forged = altered(line, 'heldout', { verdict: 'pass', statistic: '1/1024' });
    const again = await redecideLine(forged, line.lookup);
    expect(again.disagreements).toEqual([
      {
        proposal: proposalId('p0'),
        check: 'heldout',
        revision: expect.any(Number),
        what: 'verdict',
        recorded: '"pass"',
        recomputed: '"block"',
      },
      {
        proposal: proposalId('p0'),
        check: 'heldout',
        revision: expect.any(Number),
        what: 'statistic',
        recorded: '"1/1024"',
        recomputed: '"1"',
      },
    ]);
    expect(again.decisions, 'the decision did not follow, and its event was refused').toEqual([]);
  });

  it('shows every field that was changed', async () => {
    const line = examinedLine(usual, [better]);
    for (const [what, over] of Object.entries({
      method: { method: 'paired-t' },
      level: { level: '1/4' },
      items: { items: 9 },
      outcomes: { outcomes: named('others') },
    })) {
      const { disagreements } = await redecideLine(altered(line, 'dev', over), line.lookup);
      expect(disagreements.map((one) => [one.check, one.what])).toEqual([['dev', what]]);
    }
  });

  it('shows inputs that are not those of the history', async () => {
    const line = examinedLine(usual, [better]);
    const lying = (check: string, change: object) => (digest: Parameters<typeof line.lookup>[0]) => {
      const found = line.lookup(digest);
      if (typeof found === 'string') return found;
      const evidence = evidenceSchema.parse(found.value);
      return {
        value: evidence.check === check ? { ...evidence, input: { ...evidence.input, ...change } } : evidence,
      };
    };
    const found = async (check: string, change: object) =>
      (await redecideLine(line.events, lying(check, change))).disagreements.map(({ what }) => what);
    expect(await found('static', { parent: named('x') })).toEqual(['parent']);
    expect(await found('trigger', { heldOutUnits: 5000 })).toContain('held-out units');
    expect(await found('trigger', { certified: named('x') })).toEqual(['certified']);
    expect(await found('heldout', { variancePrior: 0.7 })).toEqual(['variance prior']);
    expect(await found('heldout', { level: '1/2' })).toEqual(['level', 'level']);
    expect(await found('heldout', { level: '7' })).not.toEqual([]);
    expect(await found('heldout', { outcomes: outcomes('wwwwwwwwbn', 'other') })).toEqual(
      expect.arrayContaining(['outcomes', 'held-out items', 'items 0 to 10']),
    );
  });

  it('is inconclusive where evidence is missing, erased or unreadable', async () => {
    const line = examinedLine(usual, [better]);
    for (const [why, answer] of [
      ['missing', 'missing'],
      ['erased', 'erased'],
      ['unreadable', { value: 7 }],
    ] as const) {
      const again = await redecideLine(line.events, () => answer);
      expect(again.disagreements).toEqual([]);
      expect(again.gaps.map((gap) => gap.why)).toEqual(
        line.events.filter(({ type }) => type === 'CheckFinished').map(() => why),
      );
      expect(again.decisions).toMatchObject([{ recorded: 'promote', recomputed: 'inconclusive' }]);
    }
  });
});

describe('the digest of outcomes', () => {
  it('changes with any outcome that is changed', () => {
    fc.assert(
      fc.property(letters(10), fc.nat({ max: 9 }), (text, place) => {
        const all = outcomes(text);
        const changed = all.map((outcome, index) =>
          index === place ? { ...outcome, challenger: 1 - (outcome.challenger ?? 0) } : outcome,
        );
        expect(outcomesDigest(changed)).not.toBe(outcomesDigest(all));
      }),
    );
  });
});
