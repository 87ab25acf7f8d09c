import { type Html, html } from './html.ts';

/** Where a text would stand that the bundle does not have. */
export function withheldNote(what: string, why: 'redacted' | 'erased' | 'missing'): Html {
  const reason = {
    redacted: 'was redacted: the bundle has its digest alone',
    erased: 'was erased from the ledger: its digest is left',
    missing: 'is not in the bundle',
  }[why];
  return html`<p class="withheld">${what} ${reason}.</p>\n`;
}
