import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { EpisodeCandidate } from '../../projections/episode.ts';
import type { TaskView } from '../events/task-view.ts';
import type { StreamName } from '../kernel/brand.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { loadSuite } from '../tasks/registry.ts';
import { parseTaskView } from '../tasks/serialize.ts';
import { findRun } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { readEpisodes, readRuns } from './read-projections.ts';

/** A program to be measured, under the name that the person gave. */
export interface NamedProgram {
  readonly name: string;
  readonly source: string;
}

export interface ProfileSubject {
  readonly view: TaskView;
  /** In the order of their names. */
  readonly programs: readonly NamedProgram[];
}

/** Digits of a candidate's digest that are enough to mean one. */
const shortestDigest = 6;
const digestPattern = new RegExp(`^[0-9a-f]{${shortestDigest},64}$`);

/**
 * What `pawl sandbox profile` measures. Where one of the programs is named by a digest, the task is an episode of the ledger,
 * and it is measured with what that run asked of it; otherwise it is a task of a suite, and the programs are files.
 *
 * @throws PawlError `USAGE` for a program that is neither a file nor a candidate; `TASK_NOT_FOUND`, `RUN_NOT_FOUND`,
 * `HELD_OUT_SEALED` and those of suites and ledgers
 */
export async function profileSubject(
  task: string,
  programs: readonly string[],
  options: { readonly suite: string; readonly ledger?: string },
): Promise<ProfileSubject> {
  if (programs.some((name) => !existsSync(name) && digestPattern.test(name))) {
    const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
    try {
      return await subjectInLedger(ledger, task, programs);
    } finally {
      await ledger.close();
    }
  }
  const suite = await loadSuite(options.suite);
  const found = suite.tasks.find(({ view }) => view.id === task);
  if (found === undefined) {
    const example = suite.tasks[0]?.view.id ?? '';
    throw new PawlError(
      'TASK_NOT_FOUND',
      `The suite ${suite.name} has no task "${task}"; one it has is "${example}".`,
      { context: { task } },
    );
  }
  return { view: found.view, programs: await Promise.all(programs.map(readProgram)) };
}

async function subjectInLedger(
  ledger: Ledger,
  name: string,
  programs: readonly string[],
): Promise<ProfileSubject> {
  const found = findRun(await readRuns(ledger), name);
  if (found.kind === 'run') {
    const message = `"${name}" is a run; a candidate belongs to one of its episodes, such as ${name}.0.`;
    throw new PawlError('USAGE', message);
  }
  const { episodes } = await readEpisodes(ledger, [found.episode]);
  const candidates = episodes[found.episode]?.candidates ?? [];
  const sources = programs.map(async (text) => {
    if (existsSync(text)) return readProgram(text);
    const { program } = candidateNamed(candidates, text, name);
    return { name: text, source: await ledger.getText(program.digest) };
  });
  return { view: await viewOf(ledger, found.episode), programs: await Promise.all(sources) };
}

function candidateNamed(
  candidates: readonly EpisodeCandidate[],
  text: string,
  episode: string,
): EpisodeCandidate {
  const fitting = candidates.filter(({ candidate }) => candidate.startsWith(text));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const what =
    fitting.length > 1
      ? `fits ${fitting.length} candidates; give more of it`
      : 'is neither a file nor a candidate';
  throw new PawlError('USAGE', `"${text}" ${what}. \`pawl show ${episode}\` lists the candidates.`);
}

async function viewOf(ledger: Ledger, episode: StreamName): Promise<TaskView> {
  for await (const event of ledger.readStream(episode)) {
    if (event.type === 'EpisodeStarted') return parseTaskView(await ledger.getBlob(event.data.view.digest));
  }
  throw new PawlError('RUN_NOT_FOUND', `The episode ${episode} has not started yet.`);
}

async function readProgram(path: string): Promise<NamedProgram> {
  try {
    return { name: path, source: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)) };
  } catch (cause) {
    const message = `The program ${path} cannot be read: ${messageOf(cause)}. Name a file of UTF-8 text, or a candidate of an episode by the first ${shortestDigest} digits of its digest or more.`;
    throw new PawlError('USAGE', message, { context: { path }, cause });
  }
}
