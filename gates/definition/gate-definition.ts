import { z } from 'zod';
import { rationalSchema } from '../../src/events/held-out.ts';
import { partySchema } from '../../src/events/party.ts';
import { budgetSchema, digestSchema } from '../../src/events/shapes.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { compare, one, parseRational, zero } from '../policy/math/rational.ts';
import { checkKinds } from './check-kinds.ts';

/** A fraction strictly between 0 and 1, as `1/20`. */
const shareSchema = rationalSchema.refine((text) => {
  const share = parseRational(text);
  return compare(share, zero) > 0 && compare(share, one) < 0;
}, 'a fraction between 0 and 1, as 1/20');
const probabilitySchema = z.number().min(0).max(1);

/** Some items of a suite, fixed: the digest is that of the canonical JSON list of their ids in this order. */
const itemsSchema = z.strictObject({
  split: z.string().min(1).max(100),
  items: digestSchema,
  count: z.int().positive(),
});

/** Part of the held-out items that must not get worse, whatever the mean says: those with this value of a task tag. */
const guardrailSchema = z.strictObject({
  tag: z.string().min(1).max(100),
  value: z.string().min(1).max(200),
  /** `veto` blocks what looks harmful; `prove` blocks what is not shown harmless, and needs many items. */
  mode: z.enum(['veto', 'prove']).default('veto'),
  /** Loss that is tolerated, in score units. */
  margin: probabilitySchema.default(0.05),
  /** Level of the test of harm (veto), or of the proof of harmlessness (prove). */
  level: shareSchema.default('1/10'),
  /** Fewer items than this, and the slice says nothing. */
  itemsMin: z.int().positive().default(10),
});
export type Guardrail = z.infer<typeof guardrailSchema>;

/** A resource that may grow only so much: upper bound of the ratio of means per item, challenger to working champion. */
const resourceSchema = z.strictObject({
  unit: z.enum(['candidates', 'executions', 'tokens', 'steps', 'wallMs']),
  ratioMax: z.number().positive(),
  /** Confidence of the bound, one-sided. */
  confidence: z.number().gt(0.5).lt(1).default(0.95),
  resamples: z.int().min(100).max(20_000).default(2000),
});

/** A check of one's own: a module whose source is pinned by digest. */
const ownCheckSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/),
  /** Path of the module, relative to the file of the definition. */
  file: z.string().min(1).max(500),
  digest: digestSchema,
  config: z.record(z.string(), z.json()).default({}),
});
export type OwnCheck = z.infer<typeof ownCheckSchema>;

export const gateDefinitionSchema = z
  .strictObject({
    format: z.literal(1).default(1),
    name: z.string().min(1).max(100),
    policy: z.enum(['certified', 'every-candidate', 'explore', 'fresh-shard']).default('certified'),
    /** Probability of any false promotion per epoch (`explore`: false discovery rate that is aimed at, without proof). */
    alpha: shareSchema.default('1/20'),
    /**
     * What alpha later epochs get: the same each (and the claim is per epoch), or a half, a quarter … so that all together keep
     * it.
     */
    epochs: z.enum(['same', 'halving']).default('same'),
    /** Prior share of held-out tests that promote: the level of a test is this times the budget. */
    promoteShare: shareSchema.default('1/3'),
    /** Number of tests that the budget is shared among, for `every-candidate` and `fresh-shard`. */
    tests: z.int().positive().max(100_000).default(50),
    metric: z.enum(['pass-fail', 'graded', 'graded-repeats']).default('pass-fail'),
    /** Episodes per item, for `graded-repeats`. */
    repeats: z.int().min(1).max(100).default(1),
    test: z.enum(['mcnemar-exact', 'deadline-bet', 'grid-mixture']).default('mcnemar-exact'),
    bet: z
      .strictObject({ cap: z.number().gt(0).lt(1), priorItems: z.int().positive() })
      .default({ cap: 0.9, priorItems: 50 }),
    dev: z.strictObject({ entryLevel: shareSchema }).default({ entryLevel: '1/5' }),
    trigger: z
      .strictObject({ powerMin: probabilitySchema, shrink: z.number().gt(0).max(1) })
      .default({ powerMin: 0.5, shrink: 0.75 }),
    /** The effect that is hoped for, in score units; and the one that is too large to be the smallest detectable. */
    mde: z.number().gt(0).lt(1).default(0.05),
    mdeMax: z.number().gt(0).lt(1).default(0.15),
    futility: z
      .strictObject({ looks: z.int().min(1).max(100), conditionalPowerMin: probabilitySchema })
      .default({ looks: 10, conditionalPowerMin: 0.05 }),
    guardrails: z.array(guardrailSchema).max(20).default([]),
    cost: resourceSchema
      .nullable()
      .default({ unit: 'candidates', ratioMax: 1.1, confidence: 0.95, resamples: 2000 }),
    /**
     * One execution follows another, so their number stands for the wait; it is the same on every machine, and an endless loop
     * that runs into its limit counts once.
     */
    latency: resourceSchema
      .nullable()
      .default({ unit: 'executions', ratioMax: 1.2, confidence: 0.95, resamples: 2000 }),
    /** Task tag that names families of items: a family counts as one item. */
    cluster: z.string().min(1).max(100).nullable().default(null),
    sealed: z.strictObject({ alpha: shareSchema }).default({ alpha: '1/20' }),
    checks: z.array(ownCheckSchema).max(20).default([]),
    approvals: z
      .strictObject({ required: z.int().min(0).max(100), from: z.array(partySchema).max(1000) })
      .refine(
        ({ required, from }) => from.length === 0 || required <= from.length,
        'more approvals than people',
      )
      .default({ required: 0, from: [] }),
    /** What is measured, and how: another suite, split, scorer or budget is another gate, and compares anew. */
    evaluation: z.strictObject({
      suite: digestSchema,
      scorer: z.strictObject({ name: z.string().min(1), version: z.int().positive() }),
      seed: z.string().min(1).max(200),
      budget: budgetSchema,
      optimize: itemsSchema,
      dev: itemsSchema,
      /** In the order in which items are read. */
      heldout: itemsSchema,
      sealed: itemsSchema.nullable(),
    }),
  })
  .refine(
    ({ metric, test }) => (metric === 'pass-fail') === (test === 'mcnemar-exact'),
    'pass/fail items are compared with mcnemar-exact, graded ones with deadline-bet or grid-mixture',
  )
  .refine(
    ({ checks }) =>
      new Set([...checks.map(({ name }) => name), ...checkKinds]).size === checks.length + checkKinds.length,
    'own checks have names of their own, each another',
  )
  .refine(
    ({ evaluation: { optimize, dev, heldout, sealed } }) =>
      ![optimize.items, dev.items].includes(heldout.items) &&
      (sealed === null || ![optimize.items, dev.items, heldout.items].includes(sealed.items)),
    'held-out and sealed items must be apart from the others',
  );

/** A gate: everything that decides about a promotion, fixed before anything is evaluated. */
export type GateDefinition = z.infer<typeof gateDefinitionSchema>;
export type GateDefinitionInput = z.input<typeof gateDefinitionSchema>;

/** Names a definition for ever: SHA-256 of its canonical JSON, with every default filled in. */
export function gateDigest(definition: GateDefinition): Digest {
  return digestOf(definition);
}

/** @throws PawlError `GATE_INVALID` saying which field is not usable */
export function parseGateDefinition(value: unknown): GateDefinition {
  const parsed = gateDefinitionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PawlError(
    'GATE_INVALID',
    `The gate's definition is not usable:\n${z.prettifyError(parsed.error)}`,
  );
}
