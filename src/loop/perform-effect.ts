import { setTimeout } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { EpisodeEvent } from '../events/episode.ts';
import type { RecordedError } from '../events/shapes.ts';
import type { Generator } from '../generators/generator.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Clock } from '../kernel/clock.ts';
import { isPawlError, messageOf, PawlError } from '../kernel/pawl-error.ts';
import type { HiddenTests } from '../tasks/hidden-tests.ts';
import type { Contents } from './contents.ts';
import type { EpisodeState, PendingEffect } from './episode-state.ts';
import { generatorDialogue } from './generator-dialogue.ts';
import { generationSeed, requestFor } from './issue-command.ts';

/** An effect is tried this often before its failure is final. */
export const attemptsMax = 3;
const programBytesMax = 256 * 1024;

export interface EffectContext {
  readonly generator: Generator;
  readonly sandbox: Sandbox;
  readonly contents: Contents;
  readonly hidden: HiddenTests;
  readonly clock: Clock;
}

/**
 * Performs one pending effect and gives the event that records its outcome. Failures of the infrastructure become events
 * too; only an abort (the operator stopped the run) rejects, and leaves the request open for a later resume.
 */
export async function performEffect(
  effect: PendingEffect,
  state: EpisodeState,
  context: EffectContext,
  signal: AbortSignal,
): Promise<EpisodeEvent> {
  const startMs = context.clock.monotonic();
  const elapsed = () => ({
    wallMs: Math.max(0, Math.round((context.clock.monotonic() - startMs) * 1000) / 1000),
  });
  try {
    return effect.kind === 'generation'
      ? await generate(effect, state, context, signal, elapsed)
      : await execute(effect, state, context, signal);
  } catch (error) {
    signal.throwIfAborted();
    const recorded = recordedError(error);
    const final = !recorded.retryable || effect.request.key.attempt + 1 >= attemptsMax;
    const { key } = effect.request;
    if (effect.kind === 'generation') {
      return { type: 'GenerationFailed', data: { key, error: recorded, final, volatile: elapsed() } };
    }
    const { candidate, tests } = effect.request;
    return {
      type: 'ExecutionFailed',
      data: { key, candidate, tests, error: recorded, final, volatile: elapsed() },
    };
  }
}

async function generate(
  { request }: Extract<PendingEffect, { kind: 'generation' }>,
  state: EpisodeState,
  { generator, contents }: EffectContext,
  signal: AbortSignal,
  elapsed: () => { wallMs: number },
): Promise<EpisodeEvent> {
  const { key, parent, sample } = request;
  await backOff(key.attempt, signal);
  const generated = await generator.generate(
    {
      task: state.view,
      seed: generationSeed(state, key),
      episodeSeed: state.started.seed,
      sample,
      parent,
      dialogue: await generatorDialogue(request.dialogue, state, contents),
    },
    signal,
  );
  // A lone surrogate cannot be stored as UTF-8; replacing it here keeps candidate, digest and blob the same thing.
  const text = generated.program.toWellFormed();
  const program = contents.add(text.slice(0, programBytesMax));
  const candidate = program.digest;
  const reason = rejection(text);
  if (reason !== null) return { type: 'CandidateRejected', data: { key, candidate, reason, program } };
  return {
    type: 'CandidateGenerated',
    data: {
      key,
      origin: 'generated',
      candidate,
      program,
      parent,
      note: generated.note.toWellFormed().slice(0, 500),
      usage: generated.usage,
      volatile: elapsed(),
    },
  };
}

function rejection(text: string): 'empty' | 'too_large' | null {
  if (text.trim() === '') return 'empty';
  return Buffer.byteLength(text) > programBytesMax ? 'too_large' : null;
}

/** Longer before every further attempt, so that a service in trouble is left alone for a while. */
async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  if (attempt > 0) await setTimeout(200 * 2 ** attempt, undefined, { signal });
}

async function execute(
  { request }: Extract<PendingEffect, { kind: 'execution' }>,
  state: EpisodeState,
  { sandbox, contents, hidden }: EffectContext,
  signal: AbortSignal,
): Promise<EpisodeEvent> {
  const { key, candidate, tests } = request;
  const { result, wallMs } = await sandbox.execute(
    await requestFor(candidate, tests, state, { contents, hidden }),
    signal,
  );
  if (result.outcome === 'sandbox_error') {
    throw new PawlError('SANDBOX_FAILED', result.error?.message ?? 'The sandbox failed without saying why.');
  }
  const passed = result.tests.filter(({ status }) => status === 'passed').length;
  return {
    type: 'ExecutionFinished',
    data: {
      key,
      candidate,
      tests,
      outcome: result.outcome,
      passed,
      total: result.tests.length,
      steps: result.steps,
      result: contents.add(canonicalJson(result)),
      volatile: { wallMs },
    },
  };
}

function recordedError(error: unknown): RecordedError {
  const message = messageOf(error).toWellFormed().slice(0, 4000);
  if (isPawlError(error)) return { code: error.code, message, retryable: error.entry.retryable };
  return { code: 'INTERNAL', message, retryable: false };
}
