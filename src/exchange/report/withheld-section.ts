import type { Bundle } from '../bundle/bundle.ts';
import { redactable, redactableMeaning } from '../bundle/redaction.ts';
import { code, inline, section, table } from './elements.ts';
import { type Html, html } from './html.ts';
import type { ReportModel } from './report-model.ts';
import { count, plural, time } from './words.ts';

const erasuresShownMax = 100;

type Withholding = Pick<ReportModel, 'erasures' | 'kinds'> & { readonly bundle: Bundle };

/** What is not in the file although records refer to it, and why. */
export function withheldSection(model: Withholding): Html {
  const { bundle, erasures } = model;
  const standings = [...bundle.blobs.values()].map(({ standing }) => standing);
  const redacted = standings.filter((standing) => standing === 'redacted').length;
  const erased = standings.filter((standing) => standing === 'erased').length;
  const outside = standings.filter((standing) => standing === 'outside').length;
  if (redacted === 0 && erased === 0 && bundle.header.redacted.length === 0) {
    return section('withheld', 'Redacted and erased', [
      outside === 0
        ? html`<p>Nothing: everything that the records refer to is in this file.</p>\n`
        : html`<p>Nothing of this proposal: everything that its records refer to is in this file.</p>\n`,
      ...apart(outside),
    ]);
  }
  const intro = html`<p>What is withheld has its digest and size in here, so whoever has the text can show that it is the one. Decisions that need it cannot be derived again from this file; the check says <em>inconclusive</em> for them, never <em>pass</em>.</p>\n`;
  return section('withheld', 'Redacted and erased', [
    intro,
    ...(bundle.header.redacted.length === 0 ? [] : [redactions(model)]),
    ...(erased === 0 ? [] : [erasureTable(erasures, erased)]),
    ...apart(outside),
  ]);
}

/** What a bundle of a proposal leaves with the others. */
function apart(outside: number): readonly Html[] {
  if (outside === 0) return [];
  return [
    html`<p>Of other proposals, ${plural(outside, 'text')} ${outside === 1 ? 'is' : 'are'} left out: what their checks decided from, and what was shown for them. Their digests are here. This proposal does not rest on them: the alpha that is left follows from what was disclosed, and that is in the records.</p>\n`,
  ];
}

function redactions({ bundle, kinds }: Withholding): Html {
  const rows = redactable
    .filter((kind) => bundle.header.redacted.includes(kind))
    .map((kind): readonly Html[] => {
      const withheld = [...bundle.blobs].filter(
        ([digest, { standing }]) => standing === 'redacted' && kinds.get(digest)?.has(kind),
      );
      const bytes = withheld.reduce((sum, [, blob]) => sum + blob.bytes, 0);
      return [
        html`${kind}`,
        html`${redactableMeaning[kind]}`,
        html`${count(withheld.length)}`,
        html`${count(bytes)}`,
      ];
    });
  const columns = [
    { title: 'kind' },
    { title: 'what it is' },
    { title: 'texts', numeric: true },
    { title: 'bytes', numeric: true },
  ];
  return table('Redacted: left out when this file was written', columns, rows);
}

function erasureTable(erasures: ReportModel['erasures'], erased: number): Html {
  const rows = erasures
    .slice(0, erasuresShownMax)
    .map(({ at, actor, data }): readonly Html[] => [
      code(data.blob.digest),
      html`${count(data.blob.bytes)}`,
      html`${time(at)}`,
      inline(actor),
      inline(data.reason, 1000),
    ]);
  const columns = [
    { title: 'SHA-256' },
    { title: 'bytes', numeric: true },
    { title: 'when' },
    { title: 'by' },
    { title: 'why' },
  ];
  const told = table('Erased from the ledger for good', columns, rows);
  if (erased <= rows.length) return told;
  return html`${told}<p class="more">${count(erased - rows.length)} more were erased; the records that say so are not shown here, or came after the checkpoint.</p>\n`;
}
