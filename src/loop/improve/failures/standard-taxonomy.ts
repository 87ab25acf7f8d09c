import type { ExecutionResult, TestResult } from '../../../events/execution-result.ts';
import { type FailureFacts, failureFacts } from './failure-facts.ts';
import type { ClassifiedFailure, FailureTaxonomy } from './failure-taxonomy.ts';

type Rule = (facts: FailureFacts) => Omit<ClassifiedFailure, 'class'> | null;

const whyCharactersMax = 200;
const syntaxErrors = new Set(['SyntaxError', 'IndentationError', 'TabError']);
const limitOutcomes = new Set(['timeout', 'out_of_memory', 'output_limit']);

/**
 * The classes that fit any suite. The first rule that holds is the class of the task, so the order is part of the meaning: what
 * the search itself could not see comes first, then how the answer fails to run at all, then how the search went wrong, and what
 * is left is an answer that runs and is wrong.
 */
const rules: Readonly<Record<string, Rule>> = {
  /** The loop was content with it: the public tests accept what the hidden ones refuse. */
  'over-accepted': ({ picked, finished }) =>
    picked?.publicPass === true && finished?.status === 'graded'
      ? why('the public tests accept the answer, the hidden tests refuse it', picked, finished)
      : null,
  /** A fault of ours while grading says nothing about strategy or generator. */
  ungraded: ({ finished }) =>
    finished?.status === 'grading_failed' ? why('the answer could not be graded', finished) : null,
  'generator-error': ({ picked, generatorFailed }) => {
    if (picked === null) return null;
    const reasons = ['generator_failed', 'generator_exhausted', 'no_candidate'];
    if (!reasons.includes(picked.reason)) return null;
    const message = generatorFailed?.error.message ?? 'no candidate was generated';
    return why(message, ...(generatorFailed === null ? [] : [generatorFailed]), picked);
  },
  syntax: ({ answer, picked }) => {
    const error = answer?.result?.error ?? null;
    return error !== null && syntaxErrors.has(error.type)
      ? why(errorText(error), ended(answer), picked)
      : null;
  },
  timeout: ({ answer, picked }) =>
    answer !== null && limitOutcomes.has(answer.trial.outcome ?? '')
      ? why(
          answer.result?.error?.message ?? `the execution ended by ${answer.trial.outcome}`,
          ended(answer),
          picked,
        )
      : null,
  'runtime-error': ({ answer, picked }) => {
    const thrown = answer?.result == null ? null : thrownBy(answer.result);
    return thrown === null ? null : why(thrown, ended(answer), picked);
  },
  /** At least every second proposal was a program that the episode had already. */
  repetition: ({ trail }) => {
    const proposals = trail.proposals.filter(({ kind }) => kind !== 'given');
    const repeated = proposals.filter(({ kind }) => kind === 'repeated');
    if (repeated.length < 2 || repeated.length * 2 < proposals.length) return null;
    return why(`${repeated.length} of ${proposals.length} proposals repeat an earlier one`, ...repeated);
  },
  /** The best public score still rose among the last third of what was scored, and then there was nothing left to spend. */
  budget: ({ scores, picked }) => {
    const at = lastRise(scores.map(({ value }) => value));
    if (at === null || picked === null || (scores.length - 1 - at) * 3 > scores.length - 1) return null;
    const rise = scores[at];
    const share = rise === undefined ? '' : `, to ${percent(rise.value)}`;
    return why(
      `the public score still rose with candidate ${at + 1} of ${scores.length}${share}`,
      rise,
      picked,
    );
  },
  /** Told what is wrong and asked again, the answer is a program from before the first feedback (as the finding of that name). */
  friction: ({ trail, picked, isSame }) => {
    const [first] = trail.told;
    const answered = first !== undefined && trail.proposals.some(({ revision }) => revision > first.revision);
    const answer = trail.proposals.find(({ candidate }) => candidate === picked?.candidate);
    if (!answered || answer === undefined) return null;
    const same = trail.proposals.find((earlier) => isSame(earlier, answer));
    if (same === undefined || same.revision > first.revision) return null;
    return why(`the answer did not change under feedback (given ${trail.told.length}×)`, same, first, picked);
  },
  'wrong-answer': ({ answer, picked, finished }) => {
    const test = answer?.result?.tests.find(({ status }) => status === 'failed' || status === 'error');
    return why(test === undefined ? 'the answer is wrong' : testText(test), ended(answer), picked, finished);
  },
};

/** Pure; the events of one episode alone decide. */
export const standardTaxonomy: FailureTaxonomy = {
  name: 'standard',
  version: 1,
  classes: Object.keys(rules),
  classify(episode) {
    const facts = failureFacts(episode);
    if (facts === null || facts.finished === null || facts.finished.hiddenPass) return null;
    for (const [name, rule] of Object.entries(rules)) {
      const found = rule(facts);
      if (found !== null) return { class: name, ...found };
    }
    return null;
  },
};

type Proof = { readonly revision: number } | null | undefined;

function why(text: string, ...proofs: readonly Proof[]): Omit<ClassifiedFailure, 'class'> {
  const revisions = proofs.flatMap((proof) => (proof == null ? [] : [proof.revision]));
  const evidence = [...new Set(revisions)].sort((left, right) => left - right).slice(0, 20);
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return { why: [...line].slice(0, whyCharactersMax).join(''), evidence };
}

function ended(answer: FailureFacts['answer']): Proof {
  const revision = answer?.trial.ended ?? null;
  return revision === null ? null : { revision };
}

/** What was thrown, where nothing but exceptions stands between the program and its tests. */
function thrownBy({ outcome, error, tests }: ExecutionResult): string | null {
  if (outcome === 'error') return error === null ? 'the program ended by itself' : errorText(error);
  const wrong = tests.filter(({ status }) => status === 'failed' || status === 'error');
  const [first] = wrong;
  if (first === undefined || wrong.some(({ status }) => status === 'failed')) return null;
  return testText(first);
}

function testText({ input, expected, actual, exception }: TestResult): string {
  if (exception !== null) return `${input}: ${errorText(exception)}`;
  return `${input}: expected ${expected ?? 'something else'}, got ${actual ?? 'nothing'}`;
}

function errorText({ type, message }: { readonly type: string; readonly message: string }): string {
  return message === '' ? type : `${type}: ${message}`;
}

/** Index of the last value that exceeds all before it; null where none does. */
function lastRise(values: readonly number[]): number | null {
  let best = values[0];
  let at: number | null = null;
  for (const [index, value] of values.entries()) {
    if (best === undefined || value <= best) continue;
    best = value;
    at = index;
  }
  return at;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} % of the public tests`;
}
