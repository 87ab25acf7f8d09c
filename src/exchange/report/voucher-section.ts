import { isPawlError } from '../../kernel/pawl-error.ts';
import { openCheckpoint } from '../../ledger/audit/checkpoint.ts';
import type { BundleHeader } from '../bundle/bundle-format.ts';
import { block, code, facts } from './elements.ts';
import { type Html, html } from './html.ts';
import { count, plural } from './words.ts';

/** Who vouches for the records, and what to type to find out whether it is so. */
export function voucherSection(header: BundleHeader): Html {
  return html`<section aria-labelledby="voucher">
<h2 id="voucher">Who vouches for it, and how to check</h2>
${header.checkpoint === null ? unsigned(header) : signed(header, header.checkpoint)}<p>Nothing on this page proves anything by itself: it could have been edited. The data behind it is in this file, and one command checks the data, re-derives every decision in it, and renders this page again to compare:</p>
${block(command(header))}<p>It needs no ledger and no network. Put the name of this file for <code>FILE</code>.${header.checkpoint === null ? null : html` The key in the command came with this file, so <strong>compare it with the key that the owner of the ledger publishes</strong>: whoever forges a bundle can sign it with a key of their own.`}</p>
</section>
`;
}

function command({ checkpoint }: BundleHeader): string {
  const key =
    checkpoint === null ? '' : ` \\\n  --verifier-key '${checkpoint.verifierKey.replaceAll("'", "'\\''")}'`;
  return `pawl verify --bundle FILE${key}`;
}

function unsigned({ size, root }: BundleHeader): Html {
  return html`<div class="notice bad"><p><strong>Nobody vouches for this bundle.</strong> The ledger it comes from has no signing key. What can be checked is that the records fit together and that the decisions follow from them, not that they are those that were written at the time.</p></div>
${facts([
  ['records', html`${count(size)} in the ledger when this was written`],
  ['root', code(root)],
])}`;
}

function signed(
  { size, root }: BundleHeader,
  { note, verifierKey }: NonNullable<BundleHeader['checkpoint']>,
): Html {
  const [name = ''] = verifierKey.split('+');
  return html`<div class="notice"><p>This file says that <strong>${name}</strong> signed a checkpoint over the first ${plural(size, 'record')} of the ledger, and that every record in here is one of these.${holds(note, verifierKey) ? '' : ' The signature does not hold.'}</p></div>
${facts([
  ['key', code(verifierKey, 400)],
  ['records signed', html`${count(size)}`],
  ['root', code(root)],
])}<details><summary>The checkpoint, as it was signed (a C2SP signed note)</summary>
${block(note)}</details>
`;
}

function holds(note: string, verifierKey: string): boolean {
  try {
    openCheckpoint(note, verifierKey);
    return true;
  } catch (error) {
    if (isPawlError(error)) return false;
    throw error;
  }
}
