import { rederiveImported } from '../exchange/rederive-imported.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { replayLedger } from '../loop/replay-ledger.ts';
import { ReplaySums, type ReplayTotals } from '../loop/replay-sums.ts';
import type { StreamReplay } from '../loop/replay-verdict.ts';
import type { Output } from './output.ts';
import type { Sealed } from './read-sealed.ts';
import { replayInWorkers } from './replay-in-workers.ts';

/** Below this a thread takes longer to start (it loads the product anew) than it saves. */
const streamsPerWorkerMin = 100;
const progressMs = 2000;

/**
 * Replays streams of a ledger in as many threads as are worth it, and says on stderr how far it has come.
 *
 * @param onStream told of each in the order of `streams`
 */
export async function replayStreams(
  ledger: Ledger,
  streams: readonly StreamName[],
  jobs: number,
  { clock, output, sealed }: { readonly clock: Clock; readonly output: Output; readonly sealed?: Sealed },
  onStream: (replay: StreamReplay) => void = () => undefined,
): Promise<ReplayTotals> {
  const sums = new ReplaySums();
  let done = 0;
  let saidMs = clock.monotonic();
  const told = (replay: StreamReplay): void => {
    // How much was done on held-out items is not for telling, not even in a sum.
    const isHidden = sealed?.hasStream(replay.stream) === true && replay.verdict === 'pass';
    if (!isHidden) sums.add(replay);
    onStream(replay);
    done += 1;
    if (clock.monotonic() - saidMs < progressMs) return;
    saidMs = clock.monotonic();
    output.note(`replayed ${done} of ${streams.length} streams …`);
  };
  // A ledger in memory cannot be opened twice; one on a server would send all it has to each of them.
  const possible = ledger.address.startsWith('sqlite:') ? jobs : 1;
  const workers = Math.min(possible, Math.floor(streams.length / streamsPerWorkerMin));
  if (workers > 1) await replayInWorkers(ledger.address, streams, workers, told);
  else await replayLedger(ledger, streams, { rederive: rederiveImported }, told);
  return sums.totals();
}
