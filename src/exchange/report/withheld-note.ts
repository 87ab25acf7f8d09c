import { type Html, html } from './html.ts';

export type WhyWithheld = 'redacted' | 'erased' | 'outside' | 'missing';

/** Where a text would stand that the bundle does not have. */
export function withheldNote(what: string, why: WhyWithheld): Html {
  const reason = {
    redacted: 'was redacted: the bundle has its digest alone',
    erased: 'was erased from the ledger: its digest is left',
    outside: 'belongs to the examination of another proposal: the bundle has its digest alone',
    missing: 'is not in the bundle',
  }[why];
  return html`<p class="withheld">${what} ${reason}.</p>\n`;
}
