import type { CommonOptions } from './common-options.ts';

/** A command to go on with, ready to be copied: it names the ledger when this command did. */
export function hint(command: string, { ledger }: Pick<CommonOptions, 'ledger'>): string {
  if (ledger === undefined) return `npx pawl ${command}`;
  const plain = /^[\w@%+=:,./-]+$/.test(ledger);
  return `npx pawl ${command} --ledger ${plain ? ledger : `'${ledger.replaceAll("'", "'\\''")}'`}`;
}
