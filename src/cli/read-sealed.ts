import { heldOutUseProjection, sealedRuns } from '../../projections/held-out-use.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readProjection } from '../ledger/snapshots/read-projection.ts';

/** What nobody is shown while its held-out items are in use. */
export interface Sealed {
  readonly runs: number;
  /** Whether a stream is a sealed run, or an episode of one. */
  hasStream(stream: StreamName): boolean;
  /** The same for one record; also what checks on held-out items wrote into their line. */
  hasRecord(place: { readonly stream: StreamName; readonly revision: number }): boolean;
}

/** Whether something is sealed is a matter of today, whatever moment is looked at. */
export async function readSealed(ledger: Ledger): Promise<Sealed> {
  const runs = sealedRuns(await readProjection(ledger, heldOutUseProjection));
  const checks = new Set<string>();
  for (const line of new Set(runs.values())) {
    for await (const { type, data, revision } of ledger.readStream(line))
      if (type === 'CheckFinished' && data.sealed) checks.add(`${line}/${revision}`);
  }
  const hasStream = (stream: StreamName): boolean => runs.has(runOf(stream));
  return {
    runs: runs.size,
    hasStream,
    hasRecord: ({ stream, revision }) => hasStream(stream) || checks.has(`${stream}/${revision}`),
  };
}

/** `episode-ID.3` belongs to `run-ID`. */
function runOf(stream: StreamName): StreamName {
  if (!stream.startsWith('episode-')) return stream;
  const [id = ''] = stream.slice('episode-'.length).split('.');
  return `run-${id}` as StreamName;
}
