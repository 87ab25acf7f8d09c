import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { BlobRef, EffectKey } from '../../src/events/shapes.ts';
import type { TaskView } from '../../src/events/task-view.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import type { DialogueTurn } from '../../src/strategies/strategy.ts';

/** Events of an episode in few words, for sentences about strategies and folds. Names stand for contents. */

export const digest = (name: string): Digest => sha256Hex(name);
const blob = (name: string): BlobRef => ({ digest: digest(name), bytes: Buffer.byteLength(name) });
export const key = (ordinal: number, occurrence = 0, attempt = 0): EffectKey => ({
  ordinal,
  occurrence,
  attempt,
});

export const blankTask: TaskView = {
  ...{ id: 'double', language: 'javascript', entryPoint: 'double', statement: 'Double it.', prelude: '' },
  givenProgram: null,
  publicTests: { kind: 'cases', cases: [{ id: '1', call: 'double(2)', expected: '4' }] },
  limits: { wallMs: 1000, steps: 1000, memoryBytes: 1_000_000, outputBytes: 1000 },
  tags: {},
};
export const repairTask: TaskView = { ...blankTask, givenProgram: 'given' };

const usage = { inputTokens: 0, outputTokens: 0 };
const volatile = { wallMs: 1 };
const error = (final: boolean, code: string) => ({ code, message: 'as scripted', retryable: !final });

export const adopted = (name: string): EpisodeEvent => ({
  type: 'CandidateGenerated',
  data: {
    ...{ key: null, origin: 'given', candidate: digest(name), program: blob(name), parent: null },
    ...{ note: 'the program the task hands out', usage, completion: null, volatile: { wallMs: 0 } },
  },
});

export const askedToGenerate = (
  at: EffectKey,
  dialogue: readonly DialogueTurn[] = [],
  parent: Digest | null = null,
): EpisodeEvent => ({
  type: 'GenerationRequested',
  data: {
    ...{ key: at, sample: at.occurrence, input: digest('input'), prompt: blob('prompt'), parent },
    dialogue: [...dialogue],
  },
});

export const generated = (
  at: EffectKey,
  name: string,
  more: { readonly parent?: string; readonly tokens?: number } = {},
): EpisodeEvent => ({
  type: 'CandidateGenerated',
  data: {
    ...{ key: at, origin: 'generated', candidate: digest(name), program: blob(name), volatile },
    parent: more.parent === undefined ? null : digest(more.parent),
    note: `wrote ${name}`,
    completion: null,
    usage: { inputTokens: more.tokens ?? 0, outputTokens: more.tokens ?? 0 },
  },
});

export const rejected = (at: EffectKey, name: string): EpisodeEvent => ({
  type: 'CandidateRejected',
  data: {
    ...{ key: at, candidate: digest(name), reason: 'duplicate', program: blob(name), completion: null },
    usage: { inputTokens: 0, outputTokens: 0 },
  },
});

export const generationFailed = (
  at: EffectKey,
  final: boolean,
  code = final ? 'GENERATOR_EXHAUSTED' : 'GENERATOR_FAILED',
): EpisodeEvent => ({
  type: 'GenerationFailed',
  data: { key: at, error: error(final, code), final, volatile },
});

export const askedToExecute = (
  at: EffectKey,
  name: string,
  tests: 'public' | 'hidden' = 'public',
): EpisodeEvent => ({
  type: 'ExecutionRequested',
  data: { key: at, candidate: digest(name), tests, input: digest(`${name} ${tests}`) },
});

export const executed = (
  at: EffectKey,
  name: string,
  passed: number,
  total: number,
  tests: 'public' | 'hidden' = 'public',
): EpisodeEvent => ({
  type: 'ExecutionFinished',
  data: {
    ...{ key: at, candidate: digest(name), tests, passed, total, steps: 10 * total, volatile },
    outcome: passed === total && total > 0 ? 'passed' : 'failed',
    result: blob(`${name} ${tests} result`),
  },
});

export const executionFailed = (at: EffectKey, name: string, final: boolean): EpisodeEvent => ({
  type: 'ExecutionFailed',
  data: {
    ...{ key: at, candidate: digest(name), tests: 'public', final, volatile },
    error: error(final, 'SANDBOX_FAILED'),
  },
});

export const scored = (at: EffectKey, name: string, value: number): EpisodeEvent => ({
  type: 'CandidateScored',
  data: {
    ...{ candidate: digest(name), execution: at, scorer: 'tests', scorerVersion: 1, value },
    components: {},
  },
});

export const told = (
  at: EffectKey,
  name: string,
  text: string,
  level: 'full' | 'verdict' = 'full',
): EpisodeEvent => ({
  type: 'FeedbackComposed',
  data: { candidate: digest(name), execution: at, tests: 'public', level, text: blob(text) },
});

export const exhausted = (
  kind: 'candidates' | 'executions' | 'tokens' | 'wallTime',
  limit = 1,
  spent = 1,
): EpisodeEvent => ({ type: 'BudgetExhausted', data: { kind, limit, spent } });

export const picked = (
  name: string | null,
  publicPass: boolean,
  reason: Extract<EpisodeEvent, { type: 'FinalPicked' }>['data']['reason'],
): EpisodeEvent => ({
  type: 'FinalPicked',
  data: { candidate: name === null ? null : digest(name), publicPass, reason },
});

/** Requested, finished and scored in one go. */
export const tried = (at: EffectKey, name: string, passed: number, total: number): EpisodeEvent[] => [
  askedToExecute(at, name),
  executed(at, name, passed, total),
  scored(at, name, passed / total),
];
