import type { StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { replayImprovementStream } from './improve/replay-improvement.ts';
import { replayAuditStream } from './replay-audit.ts';
import { type ReplayOptions, replayEpisodeStream } from './replay-episode.ts';
import { replayQueueStream } from './replay-queue.ts';
import { ReplayReads } from './replay-reads.ts';
import { replayRunStream } from './replay-run.ts';
import { replaySuiteStream } from './replay-suite.ts';
import { ReplaySums, type ReplayTotals } from './replay-sums.ts';
import type { ReplayedKind, StreamReplay } from './replay-verdict.ts';
import { replayWorkerStream } from './replay-work.ts';

/** Replays streams of one ledger, whatever they tell of. Nothing is performed and nothing can be written. */
export class LedgerReplay {
  readonly #reads: ReplayReads;

  constructor(ledger: Ledger, { rederive }: ReplayOptions) {
    this.#reads = new ReplayReads(ledger, rederive);
  }

  /** @throws PawlError whatever the ledger throws: a ledger that cannot be read has no verdict */
  async stream(stream: StreamName): Promise<StreamReplay> {
    const kind = kindOf(stream);
    switch (kind) {
      case 'suite':
        return { stream, kind, ...(await replaySuiteStream(this.#reads, stream)) };
      case 'run':
        return { stream, kind, ...(await replayRunStream(this.#reads, stream)) };
      case 'episode':
        return { stream, kind, ...(await replayEpisodeStream(this.#reads, stream)) };
      case 'improvement':
        return { stream, kind, ...(await replayImprovementStream(this.#reads, stream)) };
      case 'audit':
        return { stream, kind, ...(await replayAuditStream(this.#reads, stream)) };
      case 'queue':
        return { stream, kind, ...(await replayQueueStream(this.#reads, stream)) };
      case 'worker':
        return { stream, kind, ...(await replayWorkerStream(this.#reads, stream)) };
      case 'other': {
        const { length } = await this.#reads.events(stream);
        const missing = `what ${stream} is; this build writes no such stream`;
        return { stream, kind, verdict: 'inconclusive', events: length, missing };
      }
    }
  }
}

/** What a whole replay came to: one verdict, and every stream that did not pass, in the order of the streams. */
export interface LedgerReplayReport extends ReplayTotals {
  readonly failures: readonly StreamReplay[];
}

/**
 * Replays streams one after the other, those that `replayScope` chose or any others.
 *
 * @param onStream told of each as it is done
 */
export async function replayLedger(
  ledger: Ledger,
  streams: readonly StreamName[],
  options: ReplayOptions,
  onStream: (replay: StreamReplay) => void = () => undefined,
): Promise<LedgerReplayReport> {
  const replay = new LedgerReplay(ledger, options);
  const sums = new ReplaySums();
  const failures: StreamReplay[] = [];
  for (const stream of streams) {
    const done = await replay.stream(stream);
    sums.add(done);
    if (done.verdict !== 'pass') failures.push(done);
    onStream(done);
  }
  return { ...sums.totals(), failures };
}

const kinds: readonly ReplayedKind[] = ['suite', 'run', 'episode', 'improvement', 'audit', 'queue', 'worker'];

export function kindOf(stream: StreamName): ReplayedKind {
  const category = stream.slice(0, stream.indexOf('-'));
  return kinds.find((kind) => kind === category) ?? 'other';
}
