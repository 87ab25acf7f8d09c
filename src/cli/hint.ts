import { hidePassword } from '../ledger/stores/hide-password.ts';
import type { CommonOptions } from './common-options.ts';

/** A command to go on with, ready to be copied: it names the ledger when this command did, but for a password in its address. */
export function hint(command: string, { ledger: given }: Pick<CommonOptions, 'ledger'>): string {
  const ledger = given === undefined ? undefined : hidePassword(given);
  if (ledger === undefined) return `npx pawl ${command}`;
  const plain = /^[\w@%+=:,./-]+$/.test(ledger);
  return `npx pawl ${command} --ledger ${plain ? ledger : `'${ledger.replaceAll("'", "'\\''")}'`}`;
}
