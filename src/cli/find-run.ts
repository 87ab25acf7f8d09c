import type { RunsState } from '../../projections/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';

export type Found =
  | { readonly kind: 'run'; readonly run: StreamName }
  | { readonly kind: 'episode'; readonly run: StreamName; readonly episode: StreamName };

/** Shortest ending of a run's id that people will type; ULIDs made in one command share their beginning. */
export const shortIdLength = 6;

export function shortId(run: StreamName): string {
  return run.slice(-shortIdLength);
}

/** Runs, and which of them are sealed where that is known. */
export type FindableRuns = RunsState & { readonly sealed?: ReadonlyMap<StreamName, StreamName> };

/**
 * Finds what a person means by `latest`, a run's id or its end (`7XK2QD`), or an episode as `RUN.INDEX` or `RUN:TASK`.
 *
 * @throws PawlError `RUN_NOT_FOUND`, also when several runs fit; `HELD_OUT_SEALED`
 */
export function findRun(state: FindableRuns, text: string): Found {
  const wanted = text.replace(/^(run|episode)-/, '');
  const [, id = '', separator = '', rest = ''] = /^([^.:]*)([.:]?)(.*)$/s.exec(wanted) ?? [];
  const run = runNamed(state, id);
  if (separator === '') return { kind: 'run', run };
  const episodes = state.runs[run]?.episodes ?? [];
  const index = /^\d+$/.test(rest) ? Number(rest) : -1;
  const found = separator === '.' ? episodes[index] : episodes.find(({ task }) => task === rest);
  if (found === undefined) {
    const what =
      separator === '.' ? `number "${rest}"; it has 0 to ${episodes.length - 1}` : `on the task "${rest}"`;
    throw new PawlError(
      'RUN_NOT_FOUND',
      `The run ${shortId(run)} has no episode ${what}. \`pawl show ${shortId(run)}\` lists them.`,
      { context: { run, wanted: rest } },
    );
  }
  return { kind: 'episode', run, episode: found.episode };
}

/**
 * The same where only a whole run will do.
 *
 * @throws PawlError `USAGE` for an episode; `RUN_NOT_FOUND`
 */
export function findWholeRun(state: FindableRuns, text: string): StreamName {
  const { kind, run } = findRun(state, text);
  if (kind === 'run') return run;
  throw new PawlError('USAGE', `"${text}" is an episode; this takes a whole run, such as ${shortId(run)}.`);
}

function runNamed(state: FindableRuns, id: string): StreamName {
  const runs = Object.keys(state.runs) as StreamName[];
  if (id === 'latest') {
    const last = runs.findLast((run) => state.sealed?.has(run) !== true);
    if (last !== undefined) return last;
  }
  const fitting = id === '' ? [] : runs.filter((run) => run.endsWith(id.toUpperCase()));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) {
    mustBeOpen(only, state.sealed?.get(only));
    return only;
  }
  throw new PawlError('RUN_NOT_FOUND', notNamed(id, runs.length, fitting.length), {
    context: { wanted: id, fitting: fitting.length },
  });
}

/** What a run on held-out items shows would tell proposers, and whoever advises them, about the exam. */
function mustBeOpen(run: StreamName, line: StreamName | undefined): void {
  if (line === undefined) return;
  throw new PawlError(
    'HELD_OUT_SEALED',
    `${shortId(run)} was made by the gate of ${line} on held-out items: nobody sees its results while those items decide about proposals. \`pawl gate unseal\` gives them up for good and then shows everything.`,
    { context: { run, line } },
  );
}

function notNamed(id: string, runs: number, fitting: number): string {
  if (runs === 0) return 'The ledger has no runs yet. `pawl run` starts one.';
  if (fitting > 0) return `"${id}" fits ${fitting} runs; give more of its end.`;
  return `No run is called "${id}". \`pawl runs\` lists them.`;
}
