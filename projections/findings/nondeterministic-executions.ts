import type { Trial } from './episode-trail.ts';
import { type AuditedEpisode, type Evidence, type Finding, type FindingCase, shareText } from './finding.ts';

interface Showing extends Evidence {
  readonly task: string;
  readonly showed: string;
}

/** The same program against the same tests must show the same; otherwise no figure of the run can be repeated. */
export const nondeterministicExecutions: Finding = {
  name: 'nondeterministic-executions',
  version: 1,
  level: 'problem',
  title: 'the same execution came out differently',
  scope: 'arms',
  find: (arms) => {
    const showings = new Map<string, Showing[]>();
    for (const episode of arms.flatMap(({ episodes }) => episodes)) {
      for (const trial of episode.trail.trials) {
        if (trial.ended === null) continue;
        const same = inputOf(episode, trial);
        const showing = { stream: episode.stream, revision: trial.ended, task: episode.trail.task };
        showings.set(same, [...(showings.get(same) ?? []), { ...showing, showed: showed(trial) }]);
      }
    }
    const repeated = [...showings.values()].filter(({ length }) => length > 1);
    const cases = repeated.flatMap(differing);
    const message = `${shareText(cases.length, repeated.length)} executions that were made more than once came out differently`;
    return { count: cases.length, of: repeated.length, message, figures: {}, cases };
  },
};

/** The recorded digest of all inputs; where another tool recorded none, what is known of them. */
function inputOf({ trail }: AuditedEpisode, { input, candidate, tests }: Trial): string {
  return input ?? `${candidate} ${tests} ${trail.view}`;
}

function showed({ outcome, passed, total, result }: Trial): string {
  return JSON.stringify([outcome, passed, total, result]);
}

/** The first of them, and one for each other thing that was shown. */
function differing(showings: readonly Showing[]): readonly FindingCase[] {
  const distinct = [...new Map(showings.toReversed().map((showing) => [showing.showed, showing])).values()];
  if (distinct.length < 2) return [];
  const evidence = distinct.toReversed().map(({ stream, revision }) => ({ stream, revision }));
  return [{ about: showings[0]?.task ?? '', evidence }];
}
