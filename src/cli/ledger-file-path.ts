import { PawlError } from '../kernel/pawl-error.ts';
import { hidePassword } from '../ledger/stores/hide-password.ts';

/**
 * The path of a ledger that is a file on this machine.
 *
 * @param doing what is to be done with it, for the message
 * @throws PawlError `USAGE` for any other ledger, with what to do instead
 */
export function ledgerFilePath(address: string, doing: 'back up' | 'restore'): string {
  if (/^(esdb|kurrentdb)(\+discover)?:/i.test(address)) {
    const shown = hidePassword(address);
    const instead =
      doing === 'back up'
        ? `\`pawl copy "${shown}" copy.db\` makes a portable copy of this ledger alone`
        : `\`pawl copy copy.db "${shown}"\` writes a portable copy down in it, under a prefix where no ledger is`;
    const message = `${shown} is on a cluster, and to ${doing} that is the work of the cluster's own backup, which covers all that is in it. ${instead}.`;
    throw new PawlError('USAGE', message, { context: { address: shown } });
  }
  if (address === 'memory:')
    throw new PawlError('USAGE', 'A ledger in memory has no file; name one with --ledger.');
  return address.replace(/^sqlite:/, '');
}
