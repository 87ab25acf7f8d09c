import { type Bundle, isProposalBundle } from '../bundle/bundle.ts';
import { code, facts, folded, section, table } from './elements.ts';
import { type Html, html } from './html.ts';
import { count } from './words.ts';

const streamsShownMax = 500;

/** What the embedded data holds. */
export function contentsSection({ bundle }: { readonly bundle: Bundle }): Html {
  const what = isProposalBundle(bundle) ? 'those about what is in here' : 'those about this run';
  const { header, blobs } = bundle;
  const stored = [...blobs.values()].filter(({ standing }) => standing === 'stored');
  const bytes = stored.reduce((sum, blob) => sum + blob.bytes, 0);
  const shown = header.streams.slice(0, streamsShownMax);
  const rest = header.streams.length - shown.length;
  const streams = table(
    'Streams in this file',
    [{ title: 'stream' }, { title: 'records', numeric: true }, { title: 'how much of it' }],
    shown.map(({ name, records, part }) => [
      code(name),
      html`${count(records)}`,
      html`${part === 'whole' ? 'all, from the first to the last under the checkpoint' : what}`,
    ]),
  );
  const more =
    rest === 0
      ? null
      : html`<p class="more">${count(rest)} more streams are in the bundle and not listed here.</p>\n`;
  return section('contents', 'What is in this file', [
    facts([
      ['format', html`pawl bundle, version ${header.format}; report version ${header.report}`],
      [
        'records',
        html`${count(header.records)} of the ledger’s ${count(header.size)}, each byte for byte with its position`,
      ],
      [
        'texts',
        html`${count(stored.length)} of ${count(header.blobs)} that the records refer to, ${count(bytes)} bytes`,
      ],
      [
        'proof',
        html`one RFC 6962 proof that all of these records stand in the tree, ${count(bundle.proof.length)} hashes`,
      ],
    ]),
    folded(null, html`All ${count(header.streams.length)} streams`, html`${streams}${more}`),
    html`<p>The data stands at the end of this file as base 64 of zlib-compressed JSON lines; the page <code>docs/reference/bundle-format.md</code> of Pawl shows how to read it without Pawl.</p>\n`,
  ]);
}
