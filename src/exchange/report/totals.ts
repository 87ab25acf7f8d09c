import type { RunEpisode } from '../../../projections/run.ts';

/** Episodes of a report by what they came to. */
export interface Totals {
  readonly tasks: number;
  readonly finished: number;
  readonly publicPass: number;
  readonly solved: number;
  readonly overAccepted: number;
  readonly unsolved: number;
  readonly open: number;
  readonly candidates: number;
  readonly executions: number;
  readonly tokens: number;
  readonly steps: number;
}

export function totalsOf(episodes: readonly RunEpisode[]): Totals {
  const sum = (of: (episode: RunEpisode) => number | boolean): number =>
    episodes.reduce((total, episode) => total + Number(of(episode)), 0);
  const finished = sum(({ status }) => status === 'finished');
  const solved = sum(({ hiddenPass }) => hiddenPass);
  const overAccepted = sum(({ publicPass, hiddenPass }) => publicPass && !hiddenPass);
  return {
    tasks: episodes.length,
    finished,
    publicPass: sum(({ publicPass }) => publicPass),
    solved,
    overAccepted,
    unsolved: finished - solved - overAccepted,
    open: episodes.length - finished,
    candidates: sum(({ candidates }) => candidates),
    executions: sum(({ executions }) => executions),
    tokens: sum(({ tokens }) => tokens),
    steps: sum(({ steps }) => steps),
  };
}
