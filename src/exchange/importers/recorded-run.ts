import { basename } from 'node:path';
import type { EpisodeEvent } from '../../events/episode.ts';
import type { BlobRef, EffectKey } from '../../events/shapes.ts';
import type { TaskView } from '../../events/task-view.ts';
import type { Digest } from '../../kernel/brand.ts';
import { isPawlError, PawlError } from '../../kernel/pawl-error.ts';
import { newBlob } from '../../ledger/ledger.ts';
import type { ImportedEpisode, ImportedFile, ImportedRow, Importer } from './importer.ts';
import { readImportLines, refusal } from './read-import-lines.ts';
import { parseRecordedRunRow, type RecordedRunRow } from './recorded-run-row.ts';

/**
 * Refinement episodes as LDB writes them (Zhong et al., 2024, arXiv:2402.16906): JSON lines, a row for each task, with every
 * program the model wrote, the public tests each failed, and the verdict on the last.
 */
export const recordedRunImporter: Importer = {
  name: 'recorded-run',
  version: 1,
  summary: 'refinement episodes as LDB records them: MODEL.results.jsonl, plain or .gz',
  suiteFormat: 'recorded',
  read,
  episodeOf: (row, task) => {
    const parsed = parseRecordedRunRow(row);
    checkTask(parsed, task);
    return episodeOf(parsed);
  },
};

async function read(path: string): Promise<ImportedFile> {
  const { digest, lines } = await readImportLines(path);
  const lineOf = new Map<string, number>();
  const rows = lines.map(({ line, text }): ImportedRow => {
    const task = taskOf(path, line, text);
    const before = lineOf.get(task);
    if (before !== undefined) {
      throw refusal(path, line, `"task_id": the task "${task}" is already on line ${before}.`);
    }
    lineOf.set(task, line);
    return { line, text, task };
  });
  const name = basename(path);
  const model = name.replace(/(\.(results|seed))?\.jsonl(\.gz)?$/, '');
  const generator = { name: 'recorded', version: 1, config: { model, file: digest } };
  return { name, digest, generator, rows };
}

function taskOf(path: string, line: number, text: string): string {
  try {
    return parseRecordedRunRow(text).task_id;
  } catch (error) {
    if (isPawlError(error, 'IMPORT_INVALID')) throw refusal(path, line, error.message, error);
    throw error;
  }
}

/** A verdict means nothing for other tests than those it was about. */
function checkTask({ task_id, entry_point, given_tests }: RecordedRunRow, task: TaskView): void {
  const differs = (member: string, what: string): PawlError =>
    new PawlError('IMPORT_INVALID', `"${member}": ${what} Import with the tasks that the run was about.`);
  if (task_id !== task.id) throw differs('task_id', `it is about "${task_id}", not about "${task.id}".`);
  if (entry_point !== undefined && entry_point !== task.entryPoint) {
    throw differs(
      'entry_point',
      `"${entry_point}", but the task "${task.id}" asks for "${task.entryPoint}".`,
    );
  }
  if (given_tests === undefined || task.publicTests.kind !== 'asserts') return;
  if (given_tests.map((test) => `${test}\n`).join('') !== task.publicTests.source) {
    throw differs('given_tests', `they are not the public tests of the task "${task.id}".`);
  }
}

function episodeOf(row: RecordedRunRow): ImportedEpisode {
  const texts: string[] = [];
  const keep = (text: string): BlobRef => {
    texts.push(text);
    return newBlob(text).ref;
  };
  const programs = programsOf(row);
  const tokens = tokenShares(row.token_nums ?? 0, programs.length);
  const known = new Set<Digest>();
  const events: EpisodeEvent[] = [];
  let parent: Digest | null = null;
  for (const [index, program] of programs.entries()) {
    const ref = keep(program);
    const candidate = ref.digest;
    // As in an episode of our own: each proposal is a command with an effect, and so is each execution.
    const key = keyAt(2 * index);
    const usage = { inputTokens: 0, outputTokens: tokens[index] ?? 0 };
    if (known.has(candidate)) {
      // The same program again is the same candidate. It was proposed, paid for and executed, and all of that is kept.
      events.push({
        type: 'CandidateRejected',
        data: { key, candidate, reason: 'duplicate', program: ref, completion: null, usage },
      });
    } else {
      known.add(candidate);
      const note = `recorded program ${index + 1} of ${programs.length}`;
      const data = { key, origin: 'generated', candidate, program: ref, parent, note, usage } as const;
      events.push({
        type: 'CandidateGenerated',
        data: { ...data, completion: null, volatile: { wallMs: 0 } },
      });
    }
    parent = candidate;
    const failures = row.test_feedback[index];
    if (failures === undefined) continue;
    const execution = keyAt(2 * index + 1);
    const outcome = failures.length === 0 ? 'passed' : 'failed';
    const verdict = {
      key: execution,
      candidate,
      tests: 'public',
      outcome,
      ...counts(row, failures.length),
    } as const;
    events.push({ type: 'VerdictRecorded', data: verdict });
    if (failures.length === 0 || index === programs.length - 1) continue;
    const text = keep(failures.join('\n'));
    events.push({
      type: 'FeedbackComposed',
      data: { candidate, execution, tests: 'public', level: 'full', text },
    });
  }
  return { events: [...events, ...ending(row, programs)], texts };
}

/** The answer is a program of its own only where it is none of those that were executed. */
function programsOf({ implementations, solution }: RecordedRunRow): readonly string[] {
  const isAnother = solution !== '' && !implementations.includes(solution);
  return isAnother ? [...implementations, solution] : implementations;
}

/** Equal shares; the first takes what is left over, so that they add up to what was recorded. */
function tokenShares(total: number, programs: number): readonly number[] {
  const share = programs === 0 ? 0 : Math.floor(total / programs);
  return Array.from({ length: programs }, (_, index) =>
    index === 0 ? total - share * (programs - 1) : share,
  );
}

/** Every line of feedback is one failing test among those that were executed. */
function counts({ generated_test, given_tests }: RecordedRunRow, failing: number) {
  const total = (generated_test ?? given_tests)?.length;
  if (total === undefined || failing > total) return { passed: null, total: null };
  return { passed: total - failing, total };
}

function ending(row: RecordedRunRow, programs: readonly string[]): readonly EpisodeEvent[] {
  const { is_passing, is_solved, solution, test_feedback, token_nums } = row;
  const spent = {
    candidates: programs.length,
    executions: test_feedback.length,
    tokens: token_nums ?? 0,
    steps: 0,
  };
  if (solution === '') {
    const reason = programs.length === 0 ? 'no_candidate' : 'budget';
    const end = { status: 'nothing_to_grade', publicPass: false, hiddenPass: false, ...spent } as const;
    return [
      { type: 'FinalPicked', data: { candidate: null, publicPass: false, reason } },
      { type: 'EpisodeFinished', data: end },
    ];
  }
  const candidate = newBlob(solution).ref.digest;
  const key = keyAt(2 * programs.length);
  const outcome = is_solved ? 'passed' : 'failed';
  // The tool goes on until a program passes or its iterations are used up.
  const reason = is_passing ? 'public_pass' : 'budget';
  const verdict = { key, candidate, tests: 'hidden', outcome, passed: null, total: null } as const;
  // How many hidden tests there were was not recorded: they are graded as one.
  const grade = { candidate, execution: key, outcome, passed: is_solved ? 1 : 0, total: 1 } as const;
  const end = { status: 'graded', publicPass: is_passing, hiddenPass: is_solved, ...spent } as const;
  return [
    { type: 'FinalPicked', data: { candidate, publicPass: is_passing, reason } },
    { type: 'VerdictRecorded', data: verdict },
    { type: 'FinalGraded', data: { ...grade, hiddenPass: is_solved } },
    { type: 'EpisodeFinished', data: end },
  ];
}

function keyAt(ordinal: number): EffectKey {
  return { ordinal, occurrence: 0, attempt: 0 };
}
