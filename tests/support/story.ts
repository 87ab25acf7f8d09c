import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { effectKeyText } from '../../src/events/shapes.ts';
import type { StreamName } from '../../src/kernel/brand.ts';

/** The stream of a run's first episode, or of another one. */
export const episodeOf = (run: StreamName, index = 0) =>
  `episode-${run.slice('run-'.length)}.${index}` as StreamName;

/** An event in one line: type, key, and what distinguishes it. Candidates are named by the order they came in. */
export function story(events: readonly AnyRecordedEvent[]): string[] {
  const names = new Map<string, string>();
  const named = (digest: string | null) => (digest === null ? 'none' : (names.get(digest) ?? 'unknown'));
  return events.map(({ type, data }) => {
    const key = 'key' in data && data.key !== null ? ` ${effectKeyText(data.key)}` : '';
    switch (type) {
      case 'GenerationRequested': {
        const shown = data.dialogue.map(
          ({ candidate, feedback }) => `${named(candidate)}${feedback ? '+' : '-'}`,
        );
        return `${type}${key} sample ${data.sample} after ${named(data.parent)} showing [${shown}]`;
      }
      case 'CandidateGenerated':
        names.set(data.candidate, `#${names.size}`);
        return `${type}${key} ${data.origin} ${named(data.candidate)}`;
      case 'CandidateRejected':
        return `${type}${key} ${data.reason}`;
      case 'ExecutionRequested':
        return `${type}${key} ${data.tests} ${named(data.candidate)}`;
      case 'ExecutionFinished':
        return `${type}${key} ${data.tests} ${data.outcome} ${data.passed}/${data.total}`;
      case 'ExecutionFailed':
        return `${type}${key} ${data.tests} ${data.error.code} final ${data.final}`;
      case 'GenerationFailed':
        return `${type}${key} ${data.error.code} final ${data.final}`;
      case 'CandidateScored':
        return `${type} ${named(data.candidate)} ${data.value} by ${effectKeyText(data.execution)}`;
      case 'FeedbackComposed':
        return `${type} ${named(data.candidate)} ${data.level} of ${effectKeyText(data.execution)}`;
      case 'FinalPicked':
        return `${type} ${named(data.candidate)} ${data.reason}`;
      case 'FinalGraded':
        return `${type} ${named(data.candidate)} ${data.passed}/${data.total} by ${effectKeyText(data.execution)}`;
      case 'EpisodeFinished':
        return `${type} ${data.status} public ${data.publicPass} hidden ${data.hiddenPass} spent ${data.candidates} ${data.executions}`;
      case 'BudgetExhausted':
        return `${type} ${data.kind} ${data.spent} of ${data.limit}`;
      default:
        return type;
    }
  });
}
