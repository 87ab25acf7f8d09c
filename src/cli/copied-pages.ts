import type { Clock } from '../kernel/clock.ts';
import type { CopyProgress } from '../ledger/stores/sqlite/copy-snapshot.ts';
import type { Output } from './output.ts';

const sayEveryMs = 1000;
const pageBytes = 4096;

/** Says on stderr how far the copying of a ledger file is, and when its verification begins. */
export function copiedPages(output: Output, clock: Clock): CopyProgress {
  let saidMs = clock.monotonic();
  return ({ pages, of }) => {
    if (pages === of) {
      output.note(`copied ${mebibytes(of)}; verifying the copy …`);
      return;
    }
    const now = clock.monotonic();
    if (now - saidMs < sayEveryMs) return;
    saidMs = now;
    output.note(`copied ${mebibytes(pages)} of ${mebibytes(of)} …`);
  };
}

function mebibytes(pages: number): string {
  return `${((pages * pageBytes) / 2 ** 20).toFixed(1)} MiB`;
}
