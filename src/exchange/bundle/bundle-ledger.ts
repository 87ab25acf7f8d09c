import { steppingClock } from '../../kernel/clock.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { Bundle } from './bundle.ts';
import { BundleStore } from './bundle-store.ts';

/** A bundle's events, typed. Nothing is ever written to it, so its time stands still and it has no ids to give. */
export function bundleLedger(bundle: Bundle): Ledger {
  const ids = {
    next: (): never => {
      throw new PawlError('LEDGER_READ_ONLY', 'A bundle takes no events; it is evidence.');
    },
  };
  return new Ledger(new BundleStore(bundle), steppingClock(0, 0), ids);
}
