import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { HiddenTests } from '../../src/tasks/hidden-tests.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import { type SplitPlan, splitNames, splitSuite } from '../../src/tasks/split.ts';
import type { Suite } from '../../src/tasks/suite.ts';

interface Sketch {
  readonly group: string;
  readonly level: string;
}

function suiteOf(sketches: readonly Sketch[], name = 'sketch'): Suite {
  const tasks = sketches.map(({ group, level }, index) => ({
    view: {
      id: `${name}/${index}`,
      language: 'javascript' as const,
      entryPoint: 'f',
      statement: '',
      prelude: '',
      givenProgram: null,
      publicTests: { kind: 'cases' as const, cases: [] },
      limits: { wallMs: 1, steps: null, memoryBytes: 1, outputBytes: 1 },
      tags: { group, level },
    },
    hidden: new HiddenTests({ kind: 'asserts', source: 'x', invoke: null }),
    reference: null,
  }));
  return makeSuite(name, 'native', tasks);
}

const plain: SplitPlan = {
  seed: 's',
  fractions: { optimize: 0.4, select: 0.2, heldout: 0.3, final: 0.1 },
  groupBy: null,
  stratifyBy: null,
};
const many = (count: number, sketch: (index: number) => Sketch): Sketch[] =>
  Array.from({ length: count }, (_, index) => sketch(index));

const sketches = fc.array(
  fc.record({ group: fc.constantFrom('p', 'q', 'r', 's', 't', 'u'), level: fc.constantFrom('easy', 'hard') }),
  { minLength: 40, maxLength: 120 },
);
const fractions = fc
  .tuple(...splitNames.map(() => fc.integer({ min: 1, max: 9 })))
  .map(([a = 1, b = 1, c = 1, d = 1]) => {
    const total = a + b + c + d;
    return { optimize: a / total, select: b / total, heldout: c / total, final: d / total };
  });

describe('splits', () => {
  test('are disjoint, complete, in suite order and within one task of their shares', () => {
    fc.assert(
      fc.property(sketches, fc.string(), fractions, fc.boolean(), (list, seed, shares, stratify) => {
        const suite = suiteOf(list);
        const plan = { ...plain, seed, fractions: shares, stratifyBy: stratify ? 'level' : null };
        const { parts } = splitSuite(suite, plan);
        const ids = suite.tasks.map(({ view }) => view.id);
        const all = splitNames.flatMap((name) => parts[name]);
        expect(all.toSorted()).toEqual(ids.toSorted());
        for (const name of splitNames) {
          expect(parts[name]).toEqual(ids.filter((id) => parts[name].includes(id)));
          expect(Math.abs(parts[name].length - shares[name] * list.length)).toBeLessThan(1);
        }
      }),
    );
  });

  test('spread every stratum in proportion', () => {
    fc.assert(
      fc.property(sketches, fc.string(), (list, seed) => {
        const suite = suiteOf(list);
        const { parts } = splitSuite(suite, { ...plain, seed, stratifyBy: 'level' });
        const easy = new Set(
          suite.tasks.filter(({ view }) => view.tags['level'] === 'easy').map(({ view }) => view.id),
        );
        for (const name of splitNames) {
          const count = parts[name].filter((id) => easy.has(id)).length;
          expect(Math.abs(count - plain.fractions[name] * easy.size)).toBeLessThan(1);
        }
      }),
    );
  });

  test('keep groups whole', () => {
    fc.assert(
      fc.property(sketches, fc.string(), (list, seed) => {
        const shares = { optimize: 0.5, select: 0, heldout: 0.5, final: 0 };
        const suite = suiteOf([...list, { group: 'v', level: 'easy' }]);
        const { parts } = splitSuite(suite, { ...plain, seed, fractions: shares, groupBy: 'group' });
        const groupOf = new Map(suite.tasks.map(({ view }) => [view.id, view.tags['group']]));
        const [optimize, heldout] = [parts.optimize, parts.heldout].map(
          (ids) => new Set(ids.map((id) => groupOf.get(id))),
        );
        expect(optimize?.isDisjointFrom(heldout ?? new Set())).toBe(true);
        expect([parts.select, parts.final]).toEqual([[], []]);
        expect(parts.optimize.length + parts.heldout.length).toBe(suite.tasks.length);
      }),
    );
  });

  test('are the same for the same suite, seed and shares, on every machine', () => {
    const suite = suiteOf(many(10, (index) => ({ group: String(index), level: 'easy' })));
    const { parts } = splitSuite(suite, plain);
    expect(
      splitSuite(suiteOf(many(10, (index) => ({ group: String(index), level: 'easy' }))), plain).parts,
    ).toEqual(parts);
    expect(parts).toMatchInlineSnapshot(`
      {
        "final": [
          "sketch/4",
        ],
        "heldout": [
          "sketch/1",
          "sketch/3",
          "sketch/6",
        ],
        "optimize": [
          "sketch/0",
          "sketch/2",
          "sketch/8",
          "sketch/9",
        ],
        "select": [
          "sketch/5",
          "sketch/7",
        ],
      }
    `);
  });

  test('differ for another seed and for another suite', () => {
    const list = many(60, (index) => ({ group: String(index), level: 'easy' }));
    const { parts } = splitSuite(suiteOf(list), plain);
    expect(splitSuite(suiteOf(list), { ...plain, seed: 't' }).parts).not.toEqual(parts);
    const others = splitSuite(suiteOf(list, 'other'), plain).parts.optimize.map((id) => id.split('/')[1]);
    expect(others).not.toEqual(parts.optimize.map((id) => id.split('/')[1]));
  });

  test('cannot be changed', () => {
    const splits = splitSuite(suiteOf(many(20, () => ({ group: 'g', level: 'easy' }))), plain);
    expect([splits, splits.parts, splits.parts.final].every(Object.isFrozen)).toBe(true);
  });
});

describe('a split that is not usable', () => {
  const suite = suiteOf(
    many(8, (index) => ({ group: String(index % 2), level: index < 4 ? 'easy' : 'hard' })),
  );
  const shares = (optimize: number, select: number, heldout: number, final: number): Partial<SplitPlan> => ({
    fractions: { optimize, select, heldout, final },
  });

  test.each<[string, Partial<SplitPlan>, string]>([
    [
      'a negative share',
      shares(1.2, -0.2, 0, 0),
      'The share of "optimize" is 1.2; shares lie between 0 and 1.',
    ],
    [
      'a share that is no number',
      shares(0.5, Number.NaN, 0.5, 0),
      'The share of "select" is NaN; shares lie between 0 and 1.',
    ],
    [
      'shares that are not all',
      shares(0.5, 0.25, 0, 0),
      'The shares of the parts add up to 0.75; they must add up to 1.',
    ],
    ['a tag nobody has', { groupBy: 'colour' }, 'The task "sketch/0" has no tag "colour" to split by.'],
    [
      'a group in two strata',
      { groupBy: 'group', stratifyBy: 'level' },
      'The group "0" (tag "group") holds "easy" and "hard" of the tag "level"; a group must lie in one stratum.',
    ],
    [
      'a part that stays empty',
      { groupBy: 'group' },
      'The part "select" would be empty: the suite "sketch" is too small for these shares. Use fewer parts (share 0), larger shares or a larger suite.',
    ],
  ])('%s is refused', (_, change, message) => {
    let error: unknown = null;
    try {
      splitSuite(suite, { ...plain, ...change });
    } catch (thrown) {
      error = thrown;
    }
    expect(isPawlError(error, 'SPLIT_INVALID') && error.message).toBe(message);
  });
});
