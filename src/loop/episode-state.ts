import type { EpisodeEvent } from '../events/episode.ts';
import type { TestSet } from '../events/execution.ts';
import type { BlobRef, EffectKey } from '../events/shapes.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { TaskView } from '../events/task-view.ts';
import type { Digest } from '../kernel/brand.ts';
import { invariant } from '../kernel/pawl-error.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';

export type EpisodeData<Type extends EpisodeEvent['type']> = Extract<EpisodeEvent, { type: Type }>['data'];

/** An effect that was requested and has no outcome yet; `failed` when its last attempt may be repeated. */
export type PendingEffect =
  | {
      readonly kind: 'generation';
      readonly request: EpisodeData<'GenerationRequested'>;
      readonly failed: boolean;
    }
  | {
      readonly kind: 'execution';
      readonly request: EpisodeData<'ExecutionRequested'>;
      readonly failed: boolean;
    };

/** What the loop must remember of a candidate to show it to a generator again. */
export interface KnownCandidate {
  readonly program: BlobRef;
  /** Text of the feedback, and the execution it tells of when the strategy shows it in full. */
  readonly feedback: { readonly text: Digest; readonly result: Digest | null } | null;
}

/** Everything about an episode that decides what happens next; a pure fold of its stream. */
export interface EpisodeState {
  readonly started: EpisodeData<'EpisodeStarted'>;
  readonly view: TaskView;
  readonly strategyState: unknown;
  /** Ordinal the next command with an effect gets. */
  readonly nextOrdinal: number;
  readonly generationsRequested: number;
  readonly pending: readonly PendingEffect[];
  readonly candidates: Readonly<Record<Digest, KnownCandidate>>;
  /** Finished executions by key text. */
  readonly executions: Readonly<Record<string, EpisodeData<'ExecutionFinished'>>>;
  readonly spent: {
    readonly candidates: number;
    readonly executions: number;
    readonly tokens: number;
    readonly steps: number;
  };
  readonly exhausted: boolean;
  readonly picked: EpisodeData<'FinalPicked'> | null;
  /** The execution against hidden tests, once it ended one way or the other. */
  readonly grading: EpisodeData<'ExecutionFinished'> | 'failed' | null;
  readonly graded: EpisodeData<'FinalGraded'> | null;
  readonly finished: EpisodeData<'EpisodeFinished'> | null;
}

export function initialEpisodeState(
  started: EpisodeData<'EpisodeStarted'>,
  view: TaskView,
  strategy: AnyStrategy,
): EpisodeState {
  return {
    started,
    view,
    strategyState: strategy.initialState(view, started.strategy.params, started.seed),
    nextOrdinal: 0,
    generationsRequested: 0,
    pending: [],
    candidates: {},
    executions: {},
    spent: { candidates: 0, executions: 0, tokens: 0, steps: 0 },
    exhausted: false,
    picked: null,
    grading: null,
    graded: null,
    finished: null,
  };
}

/** The strategy sees its own side only: nothing that an execution against hidden tests showed reaches its state. */
export function evolveEpisode(state: EpisodeState, event: EpisodeEvent, strategy: AnyStrategy): EpisodeState {
  const next = evolveLoop(state, event);
  return concerns(event) === 'hidden'
    ? next
    : { ...next, strategyState: strategy.evolve(state.strategyState, event) };
}

function concerns(event: EpisodeEvent): TestSet {
  switch (event.type) {
    case 'ExecutionRequested':
    case 'ExecutionFinished':
    case 'ExecutionFailed':
    case 'VerdictRecorded':
      return event.data.tests;
    case 'FinalGraded':
    case 'EpisodeFinished':
      return 'hidden';
    default:
      return 'public';
  }
}

function evolveLoop(state: EpisodeState, event: EpisodeEvent): EpisodeState {
  switch (event.type) {
    case 'EpisodeStarted':
      return state;
    case 'GenerationRequested':
      return {
        ...requested(state, { kind: 'generation', request: event.data, failed: false }),
        generationsRequested: state.generationsRequested + (event.data.key.attempt === 0 ? 1 : 0),
      };
    case 'ExecutionRequested': {
      const next = requested(state, { kind: 'execution', request: event.data, failed: false });
      const counts = event.data.tests === 'public' && event.data.key.attempt === 0;
      return counts ? { ...next, spent: { ...next.spent, executions: next.spent.executions + 1 } } : next;
    }
    case 'CandidateGenerated': {
      const { key, candidate, program, usage } = event.data;
      invariant(!(candidate in state.candidates), 'a candidate is generated once');
      const known = { ...state.candidates, [candidate]: { program, feedback: null } };
      const next = { ...state, candidates: known };
      return key === null ? next : spentOnGeneration(settled(next, key, 'generation'), usage);
    }
    case 'CandidateRejected': {
      const { key, usage } = event.data;
      return spentOnGeneration(settled(state, key, 'generation'), usage);
    }
    case 'GenerationFailed':
    case 'ExecutionFailed':
      return failed(state, event);
    case 'ExecutionFinished': {
      const next = settled(state, event.data.key, 'execution');
      answersRequest(state, event.data);
      if (event.data.tests === 'hidden') return { ...next, grading: event.data };
      return {
        ...next,
        executions: { ...next.executions, [effectKeyText(event.data.key)]: event.data },
        spent: { ...next.spent, steps: next.spent.steps + event.data.steps },
      };
    }
    case 'CandidateScored':
    // What another tool said of an execution decides nothing here: imported episodes are not decided again.
    case 'VerdictRecorded':
      return state;
    case 'FeedbackComposed': {
      const { candidate, execution, level, text } = event.data;
      const known = state.candidates[candidate];
      const cited = state.executions[effectKeyText(execution)];
      invariant(
        known !== undefined && cited !== undefined,
        'feedback cites a candidate and a public execution of it',
      );
      const feedback = { text: text.digest, result: level === 'full' ? cited.result.digest : null };
      return { ...state, candidates: { ...state.candidates, [candidate]: { ...known, feedback } } };
    }
    case 'BudgetExhausted':
      return { ...state, exhausted: true };
    case 'FinalPicked':
      return { ...state, picked: event.data };
    case 'FinalGraded':
      invariant(state.picked !== null, 'FinalGraded never precedes FinalPicked');
      return { ...state, graded: event.data };
    case 'EpisodeFinished':
      return { ...state, finished: event.data };
  }
}

function requested(state: EpisodeState, effect: PendingEffect): EpisodeState {
  const { key } = effect.request;
  const others = state.pending.filter(({ request }) => !sameEffect(request.key, key));
  return {
    ...state,
    pending: [...others, effect],
    nextOrdinal: Math.max(state.nextOrdinal, key.ordinal + 1),
  };
}

function settled(state: EpisodeState, key: EffectKey, kind: PendingEffect['kind']): EpisodeState {
  const effect = pendingEffect(state, key, kind);
  return { ...state, pending: state.pending.filter((other) => other !== effect) };
}

/** The request an outcome answers: of this very attempt, and not one that failed already. */
function pendingEffect(state: EpisodeState, key: EffectKey, kind: PendingEffect['kind']): PendingEffect {
  const name = effectKeyText(key);
  const effect = state.pending.find(({ request, failed }) => !failed && effectKeyText(request.key) === name);
  invariant(effect?.kind === kind, `outcome ${name} answers one pending ${kind}`);
  return effect;
}

function answersRequest(
  state: EpisodeState,
  { key, candidate, tests }: EpisodeData<'ExecutionFinished'> | EpisodeData<'ExecutionFailed'>,
): void {
  const effect = pendingEffect(state, key, 'execution');
  invariant(
    effect.kind === 'execution' && effect.request.candidate === candidate && effect.request.tests === tests,
    `outcome ${effectKeyText(key)} is about the candidate and the tests of its request`,
  );
}

function failed(
  state: EpisodeState,
  event: Extract<EpisodeEvent, { type: 'GenerationFailed' | 'ExecutionFailed' }>,
): EpisodeState {
  const { key, final } = event.data;
  if (event.type === 'ExecutionFailed') answersRequest(state, event.data);
  if (!final) {
    const kind = event.type === 'ExecutionFailed' ? 'execution' : 'generation';
    const effect = pendingEffect(state, key, kind);
    const pending = state.pending.map((other) => (other === effect ? { ...other, failed: true } : other));
    return { ...state, pending };
  }
  const next = settled(state, key, event.type === 'ExecutionFailed' ? 'execution' : 'generation');
  return event.type === 'ExecutionFailed' && event.data.tests === 'hidden'
    ? { ...next, grading: 'failed' }
    : next;
}

function spentOnGeneration(
  state: EpisodeState,
  usage: EpisodeData<'CandidateRejected'>['usage'],
): EpisodeState {
  const { spent } = state;
  const tokens = usage.inputTokens + usage.outputTokens;
  return { ...state, spent: { ...spent, candidates: spent.candidates + 1, tokens: spent.tokens + tokens } };
}

/** Attempts of one effect share ordinal and occurrence. */
export function sameEffect(left: EffectKey, right: EffectKey): boolean {
  return left.ordinal === right.ordinal && left.occurrence === right.occurrence;
}
