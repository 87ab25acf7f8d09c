import type { SlotKind } from '../../../events/slots.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { digestOf } from '../../../kernel/digest.ts';
import type { Json } from '../../../kernel/json.ts';
import { isPawlError, PawlError } from '../../../kernel/pawl-error.ts';
import { type Random, seededRandom } from '../../../kernel/random.ts';
import {
  type Parameter,
  type ParameterSpace,
  type ParameterValue,
  type ParameterValues,
  parameterSpaceOf,
  type TunedSlot,
} from '../parameter-space.ts';
import { parameterValuesOf, withParameterValues } from '../parameter-values.ts';
import { parseSlotContent, type SlotContent } from '../slot-content.ts';
import type { ChangeContract, Proposer, ProposerView } from './proposer.ts';
import { drawValue, nearness } from './tuner-draws.ts';

export const tunedSlots: readonly TunedSlot[] = ['strategy', 'generator'];

/** New contents that are compared before one is proposed, and draws after which a space counts as used up. */
const comparedMax = 32;
const drawsMax = 256;
const changedMax = 3;

interface Draft {
  readonly content: SlotContent<TunedSlot>;
  readonly hash: Digest;
  readonly values: ParameterValues;
}

interface Known {
  readonly values: ParameterValues;
  readonly worth: number;
}

/**
 * Searches the parameters of a strategy (and which strategy) or of a generator; seeded, without a model. A pure function of the
 * view and the seed:
 *
 * 1. It draws changes of what the slot holds: mostly one parameter, at times two or three. A draw explores the whole range with
 *    probability e = max(1/8, 4 / (4 + n)) after n proposals for the slot, and otherwise steps from the current value, the
 *    more narrowly the smaller e is. Contents that were proposed before are dropped.
 * 2. Of 32 such drafts it proposes the one of the highest estimate: the mean of what became of earlier proposals, weighted by how
 *    near they are (promoted 2, kept 1, inconclusive -1/4, discarded -1, failed -1; half of it for another class of failures;
 *    with the mean difference on the dev split in units of a tenth beside it), and a bonus of at most e for how far it is from
 *    all of them.
 *
 * So it moves towards what was kept, away from what was discarded, and explores less and less. Rejects with `GENERATOR_EXHAUSTED`
 * where 256 draws bring nothing new.
 */
export function createTuner(slots: readonly TunedSlot[]): Proposer {
  return {
    name: 'tuner',
    version: 1,
    config: {},
    slots,
    deterministic: true,
    party: 'tuner',
    propose: async (view, seed, signal) => {
      signal.throwIfAborted();
      return propose(view, seed, tunedSlot(view.slot));
    },
    close: async () => {},
  };
}

async function propose(view: ProposerView, seed: string, slot: TunedSlot): Promise<ChangeContract> {
  const current = parseSlotContent(slot, view.current);
  const random = seededRandom(seed);
  const past = view.past.filter((earlier) => earlier.slot === slot);
  const exploration = Math.max(1 / 8, 4 / (4 + past.length));
  const known = past.flatMap((earlier) => knownOf(slot, earlier, view.targetFailure));
  const taken = new Set<Digest>([digestOf(view.current), ...past.map(({ content }) => digestOf(content))]);
  let best: { readonly draft: Draft; readonly estimate: number } | null = null;
  let compared = 0;
  for (let draws = 0; draws < drawsMax && compared < comparedMax; draws += 1) {
    const draft = await drawDraft(slot, current, random, exploration);
    if (draft === null || taken.has(draft.hash)) continue;
    taken.add(draft.hash);
    compared += 1;
    const estimate = estimateOf(draft, known, exploration, random);
    if (best === null || estimate > best.estimate) best = { draft, estimate };
  }
  if (best === null) {
    throw new PawlError(
      'GENERATOR_EXHAUSTED',
      `The tuner finds no ${slot} parameters that were not proposed before.`,
      { context: { slot } },
    );
  }
  return contractOf(view, parameterValuesOf(slot, current), best.draft, past);
}

async function drawDraft(
  slot: TunedSlot,
  current: SlotContent<TunedSlot>,
  random: Random,
  exploration: number,
): Promise<Draft | null> {
  const space = parameterSpaceOf(slot, current);
  const count = howMany(random);
  let names = random.shuffle(Object.keys(space)).slice(0, count);
  if (names.length === 0) return null;
  let content = current;
  try {
    // Another strategy comes first, because it brings other parameters.
    if (slot === 'strategy' && names.includes('strategy')) {
      const strategy = drawIn(space, 'strategy', parameterValuesOf(slot, current), random, exploration);
      content = await withParameterValues(slot, content, { strategy });
      const others = Object.keys(parameterSpaceOf(slot, content)).filter((name) => name !== 'strategy');
      names = random.shuffle(others).slice(0, count - 1);
    }
    const own = parameterSpaceOf(slot, content);
    const at = parameterValuesOf(slot, content);
    const changed = names.map((name) => [name, drawIn(own, name, at, random, exploration)] as const);
    if (changed.length > 0) content = await withParameterValues(slot, content, Object.fromEntries(changed));
  } catch (error) {
    // Two parameters that do not go together: another draw.
    if (isPawlError(error)) return null;
    throw error;
  }
  return { content, hash: digestOf(content), values: parameterValuesOf(slot, content) };
}

/** One with probability 5/8, two with 1/4, three with 1/8. */
function howMany(random: Random): number {
  const draw = random.int(0, 7);
  return draw < 5 ? 1 : draw < 7 ? 2 : changedMax;
}

function drawIn(
  space: ParameterSpace,
  name: string,
  at: ParameterValues,
  random: Random,
  exploration: number,
): ParameterValue {
  return drawValue(space[name] as Parameter, at[name] ?? null, random, exploration);
}

const worths: Readonly<Record<ProposerView['past'][number]['outcome'], number>> = {
  promoted: 2,
  kept: 1,
  inconclusive: -0.25,
  discarded: -1,
  crashed: -1,
  over_budget: -1,
  timeout: -1,
  invalid: -1,
  /** Nobody looked at it. */
  stale: 0,
};

function knownOf(
  slot: TunedSlot,
  { content, outcome, devGain, targetFailure }: ProposerView['past'][number],
  target: string,
): readonly Known[] {
  if (content === null) return [];
  try {
    const values = parameterValuesOf(slot, parseSlotContent(slot, content));
    const share = targetFailure === target ? 1 : 0.5;
    return [{ values, worth: share * (worths[outcome] + 10 * (devGain ?? 0)) }];
  } catch (error) {
    if (isPawlError(error)) return [];
    throw error;
  }
}

function estimateOf({ values }: Draft, known: readonly Known[], exploration: number, random: Random): number {
  let [sum, weights, nearest] = [0, 1, 0];
  for (const earlier of known) {
    const near = nearness(values, earlier.values);
    sum += near * earlier.worth;
    weights += near;
    nearest = Math.max(nearest, near);
  }
  return sum / weights + exploration * (1 - nearest) * random.float();
}

function contractOf(
  { slot, targetFailure, classes, tasks }: ProposerView,
  from: ParameterValues,
  { content, values }: Draft,
  past: ProposerView['past'],
): ChangeContract {
  const count = classes.find(({ name }) => name === targetFailure)?.count ?? 0;
  const helped = past.filter(({ outcome }) => outcome === 'promoted' || outcome === 'kept').length;
  // An eighth of the class to begin with, then the share of its proposals that helped.
  const expected = (count / Math.max(1, tasks)) * ((1 + helped) / (8 + past.length));
  const predictedGain = Math.round(expected * 10_000) / 10_000;
  const changes = Object.entries(values)
    .filter(([name, value]) => (from[name] ?? null) !== value)
    .map(([name, value]) => `${name} ${valueText(from[name])} → ${valueText(value)}`);
  return {
    content: content as Json,
    hypothesis: `${slot}: ${changes.join(', ')}. Expected to solve some of the ${count} of ${tasks} tasks that fail by ${targetFailure}.`,
    predictedGain,
    falsifiedBy: 'The dev items: not more of them are solved than with what the slot holds now.',
    usage: { inputTokens: 0, outputTokens: 0 },
  };
}

function valueText(value: ParameterValue | undefined): string {
  return value === undefined || value === null ? 'none' : String(value);
}

function tunedSlot(slot: SlotKind): TunedSlot {
  const found = tunedSlots.find((tuned) => tuned === slot);
  if (found !== undefined) return found;
  throw new PawlError('PROPOSAL_INVALID', `The tuner does not propose for the slot ${slot}.`, {
    context: { slot },
  });
}
