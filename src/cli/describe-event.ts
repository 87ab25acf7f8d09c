import type { EpisodeEvent } from '../events/episode.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { Digest } from '../kernel/brand.ts';

/** One event of an episode in a few words, short enough to stand beside another one. */
export function describeEvent({ type, data }: EpisodeEvent): string {
  switch (type) {
    case 'EpisodeStarted':
      return `begins ${data.task} with ${data.strategy.name}`;
    case 'GenerationRequested': {
      const again = data.key.attempt === 0 ? '' : `, attempt ${data.key.attempt + 1}`;
      return `asks for sample ${data.sample} (${effectKeyText(data.key)})${again}, ${turns(data.dialogue.length)}`;
    }
    case 'CandidateGenerated':
      return `candidate ${short(data.candidate)}: ${data.origin === 'given' ? 'the given program' : data.note}`;
    case 'CandidateRejected':
      return `rejects ${short(data.candidate)}: ${data.reason}`;
    case 'GenerationFailed':
      return `no candidate: ${data.error.code}${data.final ? '' : ', will be tried again'}`;
    case 'ExecutionRequested':
      return `runs ${short(data.candidate)}, ${data.tests} tests (${effectKeyText(data.key)})`;
    case 'ExecutionFinished':
      return `${short(data.candidate)} ${data.outcome}, ${data.passed} of ${data.total} ${data.tests}`;
    case 'VerdictRecorded':
      return `${short(data.candidate)} ${data.outcome} (${data.tests}, as recorded)`;
    case 'ExecutionFailed':
      return `no execution: ${data.error.code}${data.final ? '' : ', will be tried again'}`;
    case 'CandidateScored':
      return `${short(data.candidate)} scores ${data.value.toFixed(3)}`;
    case 'FeedbackComposed':
      return `feedback on ${short(data.candidate)} (${data.level})`;
    case 'BudgetExhausted':
      return `budget of ${data.kind} exhausted: ${data.spent} of ${data.limit}`;
    case 'FinalPicked':
      return `picks ${data.candidate === null ? 'nothing' : short(data.candidate)} (${data.reason.replaceAll('_', ' ')})`;
    case 'FinalGraded':
      return `graded: ${data.outcome}, ${data.passed} of ${data.total} hidden`;
    case 'EpisodeFinished':
      return `ends ${data.status.replaceAll('_', ' ')}: ${data.candidates} candidates, ${data.executions} executions`;
  }
}

export function short(digest: Digest): string {
  return digest.slice(0, 12);
}

function turns(count: number): string {
  return count === 0 ? 'shown nothing' : `shown ${count} ${count === 1 ? 'turn' : 'turns'}`;
}
