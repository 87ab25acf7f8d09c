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

/**
 * Finds what a person means by `latest`, a run's id or its end (`7XK2QD`), or an episode as `RUN.INDEX` or `RUN:TASK`.
 *
 * @throws PawlError `RUN_NOT_FOUND`, also when several runs fit
 */
export function findRun(state: RunsState, text: string): Found {
  const wanted = text.replace(/^(run|episode)-/, '');
  const [, id = '', separator = '', rest = ''] = /^([^.:]+)([.:]?)(.*)$/s.exec(wanted) ?? [];
  const run = runNamed(state, id);
  if (separator === '') return { kind: 'run', run };
  const episodes = state.runs[run]?.episodes ?? [];
  const found = separator === '.' ? episodes[Number(rest)] : episodes.find(({ task }) => task === rest);
  if (found === undefined) {
    const what =
      separator === '.' ? `number ${rest}; it has 0 to ${episodes.length - 1}` : `on the task "${rest}"`;
    throw new PawlError('RUN_NOT_FOUND', `The run ${shortId(run)} has no episode ${what}.`, {
      context: { run, wanted: rest },
    });
  }
  return { kind: 'episode', run, episode: found.episode };
}

function runNamed(state: RunsState, id: string): StreamName {
  const runs = Object.keys(state.runs) as StreamName[];
  if (id === 'latest') {
    const last = runs.at(-1);
    if (last !== undefined) return last;
  }
  const fitting = runs.filter((run) => run.endsWith(id.toUpperCase()));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const message =
    fitting.length === 0
      ? `No run is called "${id}". \`pawl runs\` lists them.`
      : `"${id}" fits ${fitting.length} runs; give more of its end.`;
  throw new PawlError('RUN_NOT_FOUND', message, { context: { wanted: id, fitting: fitting.length } });
}
