import type { SlotKind } from '../../../events/slots.ts';
import type { Completion, LanguageModel } from '../../../generators/model/language-model.ts';
import { digestOf } from '../../../kernel/digest.ts';
import type { Json } from '../../../kernel/json.ts';
import { isPawlError, PawlError } from '../../../kernel/pawl-error.ts';
import { seededRandom } from '../../../kernel/random.ts';
import { cutText } from '../../cut-text.ts';
import { parsePromptTemplate } from '../../prompt-template.ts';
import {
  type ParameterSpace,
  type ParameterValues,
  parameterSpaceOf,
  type TunedSlot,
} from '../parameter-space.ts';
import { withParameterValues } from '../parameter-values.ts';
import { parseSlotContent } from '../slot-content.ts';
import { contractInAnswer } from './contract-in-answer.ts';
import type { ChangeContract, Proposer, ProposerView } from './proposer.ts';
import { reflectorPrompt, reflectorRole, repairPrompt } from './reflector-prompt.ts';

export type ReflectedSlot = TunedSlot | 'prompt';
export const reflectedSlots: readonly ReflectedSlot[] = ['prompt', 'strategy', 'generator'];

/** The first question and one more, where the first answer cannot be used. */
const questionsMax = 2;
const seedMax = 2 ** 31 - 1;

export interface ReflectorOptions {
  readonly slots: readonly ReflectedSlot[];
  /** Model tokens of one proposal, in and out; null where they are not limited. */
  readonly tokensMax: number | null;
}

/**
 * A language model that reads the view (`reflector-prompt.ts`) and writes a prompt template, or new values for parameters of a
 * strategy or generator. A template is parsed, parameters are checked by their schemas, and what the slot held or was proposed
 * before does not count; the model is told what was wrong once. Tokens of both answers count.
 *
 * Rejects with `PROPOSAL_INVALID` where the second answer is not usable either, `PROPOSER_FAILED` (`context.kind`:
 * `over_budget`), `GENERATOR_EXHAUSTED` for a content without parameters, and what `LanguageModel.complete` rejects with.
 */
export function createReflector(model: LanguageModel, { slots, tokensMax }: ReflectorOptions): Proposer {
  const name = cutText(`reflector:${model.ref.config['model']}`, 100);
  return {
    name,
    version: 1,
    config: { ...model.ref.config, api: model.ref.name, apiVersion: model.ref.version },
    slots,
    deterministic: false,
    party: `model:${cutText(String(model.ref.config['model']).replaceAll(/[\s:]+/g, '-'), 100)}`,
    propose: async (view, seed, signal) => {
      const slot = reflectedSlot(view.slot);
      const space = slot === 'prompt' ? null : spaceOf(slot, view.current);
      const answers = new Answers(model, seed, tokensMax);
      const question = reflectorPrompt(view, space);
      let answer = await answers.next(question, signal);
      for (;;) {
        try {
          return { ...(await contractOf(view, slot, answer)), usage: answers.usage };
        } catch (error) {
          if (!isPawlError(error)) throw error;
          if (answers.count === questionsMax) throw notUsable(error, answers);
          answer = await answers.next(repairPrompt(question, answer, error.message), signal);
        }
      }
    },
    close: () => model.close(),
  };
}

/** Asks, counts, and stops asking where the tokens are used up. */
class Answers {
  count = 0;
  usage = { inputTokens: 0, outputTokens: 0 };
  readonly #model: LanguageModel;
  readonly #random: ReturnType<typeof seededRandom>;
  readonly #tokensMax: number | null;

  constructor(model: LanguageModel, seed: string, tokensMax: number | null) {
    this.#model = model;
    this.#random = seededRandom(seed);
    this.#tokensMax = tokensMax;
  }

  get tokens(): number {
    return this.usage.inputTokens + this.usage.outputTokens;
  }

  async next(prompt: string, signal: AbortSignal): Promise<string> {
    const seed = this.#random.int(0, seedMax);
    const { text, usage } = await this.#model.complete({ system: reflectorRole, prompt, seed }, signal);
    this.count += 1;
    this.usage = add(this.usage, usage);
    if (this.#tokensMax === null || this.tokens <= this.#tokensMax) return text;
    const message = `It took ${this.tokens} tokens; a proposal may take ${this.#tokensMax}.`;
    throw new PawlError('PROPOSER_FAILED', message, {
      context: { kind: 'over_budget', tokens: this.tokens },
    });
  }
}

function add(left: Completion['usage'], right: Completion['usage']): Completion['usage'] {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
  };
}

async function contractOf(
  view: ProposerView,
  slot: ReflectedSlot,
  answer: string,
): Promise<Omit<ChangeContract, 'usage'>> {
  const contract = contractInAnswer(answer);
  const content = await contentOf(slot, view.current, contract.content);
  const digest = digestOf(content);
  if (digest === view.parent) throw invalid('That is what the slot holds already.');
  const before = view.past.findLast((past) => past.slot === slot && digestOf(past.content) === digest);
  if (before !== undefined) throw invalid(`Exactly that was proposed before, and it was ${before.outcome}.`);
  return { ...contract, content };
}

async function contentOf(slot: ReflectedSlot, current: Json, proposed: Json): Promise<Json> {
  if (slot === 'prompt') return { template: parsePromptTemplate(templateIn(proposed)).text };
  const changed = await withParameterValues(slot, parseSlotContent(slot, current), valuesIn(proposed));
  return changed as Json;
}

/** As it is asked for, or in the form that the slot holds. */
function templateIn(proposed: Json): string {
  const template = objectOf(proposed)?.['template'] ?? proposed;
  if (typeof template === 'string' && template.trim() !== '') return template;
  throw invalid('"content" has to be the template, as one string.');
}

function valuesIn(proposed: Json): ParameterValues {
  const values = objectOf(proposed);
  if (values === null || Object.values(values).some((value) => typeof value === 'object' && value !== null))
    throw invalid('"content" has to be an object with parameters and their values.');
  return values as ParameterValues;
}

function objectOf(value: Json): Readonly<Record<string, Json>> | null {
  return value === null || typeof value !== 'object' || Array.isArray(value)
    ? null
    : (value as Readonly<Record<string, Json>>);
}

function spaceOf(slot: TunedSlot, current: Json): ParameterSpace {
  const space = parameterSpaceOf(slot, parseSlotContent(slot, current));
  if (Object.keys(space).length > 0) return space;
  throw new PawlError('GENERATOR_EXHAUSTED', `What the slot ${slot} holds has no parameters to change.`, {
    context: { slot },
  });
}

function reflectedSlot(slot: SlotKind): ReflectedSlot {
  const found = reflectedSlots.find((reflected) => reflected === slot);
  if (found !== undefined) return found;
  throw invalid(`The reflector does not propose for the slot ${slot}.`);
}

function notUsable({ message }: PawlError, { tokens }: Answers): PawlError {
  return new PawlError(
    'PROPOSAL_INVALID',
    `What the model proposed is not usable, and its second answer is not either (${tokens} tokens): ${message}`,
    { context: { tokens } },
  );
}

function invalid(why: string): PawlError {
  return new PawlError('PROPOSAL_INVALID', why);
}
