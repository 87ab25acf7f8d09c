import type { EpisodeEvent } from '../events/episode.ts';
import type { TestSet } from '../events/execution.ts';
import type { Fingerprint } from '../events/run.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { Digest } from '../kernel/brand.ts';
import { invariant } from '../kernel/pawl-error.ts';
import type { Scorer } from '../scorers/scorer.ts';
import type { Command } from '../strategies/strategy.ts';
import { type HiddenTests, openForGrading } from '../tasks/hidden-tests.ts';
import { composeFeedback } from './compose-feedback.ts';
import type { Contents } from './contents.ts';
import type { EpisodeCommand } from './episode-decide.ts';
import type { EpisodeState } from './episode-state.ts';
import { executionInputDigest, executionRequest } from './execution-input.ts';
import { generationInputDigest, type PromptContext, promptFor } from './generation-input.ts';

/** What turning a command into events may look at; all of it is recorded, so that replay can issue the same again. */
export interface IssueContext extends PromptContext {
  readonly contents: Contents;
  readonly scorer: Scorer;
  readonly fingerprint: Fingerprint;
  readonly hidden: HiddenTests;
}

/**
 * The events a command is recorded as: *requested* events for effects, the facts themselves for what is computed at once.
 * Deterministic in the state and the recorded contents; replay calls it and compares.
 */
export async function issueCommand(
  command: EpisodeCommand,
  state: EpisodeState,
  context: IssueContext,
): Promise<readonly EpisodeEvent[]> {
  switch (command.kind) {
    case 'adopt':
      return [adopt(state, context)];
    case 'generate':
      return generate(command, state, context);
    case 'execute':
      return [await requestExecution(command.candidate, 'public', state, context)];
    case 'execute-hidden':
      return [await requestExecution(command.candidate, 'hidden', state, context)];
    case 'retry':
      return [retry(command)];
    case 'score':
      return [score(command, state, context)];
    case 'compose-feedback':
      return [await compose(command, state, context)];
    case 'exhaust': {
      const { budget, limit, spent } = command;
      return [{ type: 'BudgetExhausted', data: { kind: budget, limit, spent } }];
    }
    case 'finish': {
      const { candidate, publicPass, reason } = command;
      return [{ type: 'FinalPicked', data: { candidate, publicPass, reason } }];
    }
    case 'grade':
      return [grade(state)];
    case 'close':
      return [close(state)];
  }
}

type CommandOf<Kind extends EpisodeCommand['kind']> = Extract<EpisodeCommand, { kind: Kind }>;

function adopt(state: EpisodeState, { contents }: IssueContext): EpisodeEvent {
  const program = state.view.givenProgram;
  invariant(program !== null, 'only a program that the task hands out can be adopted');
  const ref = contents.add(program);
  return {
    type: 'CandidateGenerated',
    data: {
      key: null,
      origin: 'given',
      candidate: ref.digest,
      program: ref,
      parent: null,
      note: 'the program the task hands out',
      completion: null,
      usage: { inputTokens: 0, outputTokens: 0 },
      volatile: { wallMs: 0 },
    },
  };
}

async function generate(
  command: Extract<Command, { kind: 'generate' }>,
  state: EpisodeState,
  context: IssueContext,
): Promise<readonly EpisodeEvent[]> {
  const { parent, dialogue } = command;
  const prompt = await promptFor(dialogue, state, context);
  return Array.from({ length: command.count }, (_, occurrence) => {
    const key = { ordinal: state.nextOrdinal, occurrence, attempt: 0 };
    const sample = state.generationsRequested + occurrence;
    const input = generationInputDigest(state, { key, sample, parent, dialogue, prompt }, context);
    return {
      type: 'GenerationRequested',
      data: { key, sample, input, prompt, parent, dialogue: [...dialogue] },
    };
  });
}

async function requestExecution(
  candidate: Digest,
  tests: TestSet,
  state: EpisodeState,
  context: IssueContext,
): Promise<EpisodeEvent> {
  const request = await requestFor(candidate, tests, state, context);
  const key = { ordinal: state.nextOrdinal, occurrence: 0, attempt: 0 };
  const input = executionInputDigest(request, context.fingerprint);
  return { type: 'ExecutionRequested', data: { key, candidate, tests, input } };
}

/** What the sandbox is asked for; coverage only where the loop may learn from it. */
export async function requestFor(
  candidate: Digest,
  tests: TestSet,
  state: EpisodeState,
  { contents, hidden }: Pick<IssueContext, 'contents' | 'hidden'>,
) {
  const known = state.candidates[candidate];
  invariant(known !== undefined, 'an executed candidate was generated before');
  const program = await contents.text(known.program.digest);
  const { view, started } = state;
  if (tests === 'hidden') return executionRequest(view, program, openForGrading(hidden), false);
  const steps = lowerLimit(view.limits.steps, started.budget.stepsPerExecution);
  const searched = { ...view, limits: { ...view.limits, steps } };
  return executionRequest(searched, program, view.publicTests, true);
}

function lowerLimit(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}

function retry({ effect, key }: CommandOf<'retry'>): EpisodeEvent {
  return effect.kind === 'generation'
    ? { type: 'GenerationRequested', data: { ...effect.request, key } }
    : { type: 'ExecutionRequested', data: { ...effect.request, key } };
}

function score(command: CommandOf<'score'>, state: EpisodeState, { scorer }: IssueContext): EpisodeEvent {
  const execution = state.executions[effectKeyText(command.execution)];
  invariant(execution !== undefined, 'a score is given to a finished public execution');
  const { value, components } = scorer.score(execution);
  return {
    type: 'CandidateScored',
    data: {
      candidate: command.candidate,
      execution: command.execution,
      scorer: scorer.name,
      scorerVersion: scorer.version,
      value,
      components: { ...components },
    },
  };
}

async function compose(
  command: CommandOf<'compose-feedback'>,
  state: EpisodeState,
  { contents }: IssueContext,
): Promise<EpisodeEvent> {
  const execution = state.executions[effectKeyText(command.execution)];
  invariant(execution !== undefined, 'feedback tells of a finished public execution');
  const text = contents.add(composeFeedback(await contents.result(execution.result.digest), command.level));
  const { candidate, level } = command;
  return {
    type: 'FeedbackComposed',
    data: { candidate, execution: command.execution, tests: 'public', level, text },
  };
}

function grade({ grading }: EpisodeState): EpisodeEvent {
  invariant(
    grading !== null && grading !== 'failed',
    'grading needs a finished execution against hidden tests',
  );
  const { candidate, key, outcome, passed, total } = grading;
  return {
    type: 'FinalGraded',
    data: { candidate, execution: key, outcome, passed, total, hiddenPass: outcome === 'passed' },
  };
}

function close(state: EpisodeState): EpisodeEvent {
  const { picked, grading, graded, spent } = state;
  const status = graded !== null ? 'graded' : grading === 'failed' ? 'grading_failed' : 'nothing_to_grade';
  return {
    type: 'EpisodeFinished',
    data: {
      status,
      publicPass: picked?.publicPass ?? false,
      hiddenPass: graded?.hiddenPass ?? false,
      ...spent,
    },
  };
}
