import { points } from '../../../../gates/checks/wording.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { diffView } from '../diff-view.ts';
import { block, code, facts, inline, section, table } from '../elements.ts';
import { type Html, html } from '../html.ts';
import { contentOf } from '../report-model.ts';
import { withheldNote } from '../withheld-note.ts';
import { shortDigest, time } from '../words.ts';
import type { ProposalModel } from './proposal-model.ts';

/** What was to be changed, why, and what would have proved it wrong; and the change itself. */
export async function contractSection(model: ProposalModel): Promise<Html> {
  const { at, data } = model.change;
  const { author, hypothesis, targetFailure, predictedGain, falsifiedBy, usage } = data;
  const contract = facts([
    ['author', html`${inline(author)}, ${time(at)}`],
    ['hypothesis', inline(hypothesis, 2000)],
    ['target failure', inline(targetFailure)],
    ['predicted gain', html`${points(predictedGain)} per item, as the proposer believed`],
    ['falsified by', inline(falsifiedBy, 2000)],
    ['what making it took', html`${usage.inputTokens} tokens in, ${usage.outputTokens} out`],
  ]);
  return section('contract', 'The change', [
    contract,
    html`<p>The challenger, as a change to what the slot held when it was made:</p>\n`,
    await changeView(model, data.parent, data.challenger),
    configurations(model),
  ]);
}

async function changeView(model: ProposalModel, parent: Digest, challenger: Digest): Promise<Html> {
  const after = await contentOf(model, challenger);
  if ('withheld' in after) return withheldNote('The challenger', after.withheld);
  const before = await contentOf(model, parent);
  const text = readable(after.text);
  return 'withheld' in before ? block(text) : diffView(readable(before.text), text);
}

/** Canonical JSON stands on one line; a template is shown as the text it is. */
function readable(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value === 'object' &&
      value !== null &&
      'template' in value &&
      typeof value.template === 'string'
    )
      return ended(value.template);
    return `${JSON.stringify(value, null, 2)}\n`;
  } catch {
    return ended(text);
  }
}

/** A comparison by lines makes a remark of each text that does not end with one. */
function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Which contents stood against which. */
function configurations({ examined, state, line }: ProposalModel): Html {
  if (examined === null) return html``;
  const { slots, configuration, working, certified } = examined.data;
  const known = new Map<string, Readonly<Record<string, string>>>([[configuration, slots]]);
  known.set(state.digests.baseline, state.baseline);
  for (const { type, data } of line) {
    if (type === 'ChallengerPromoted') known.set(data.configuration, data.slots);
    if (type === 'EvaluationRequested' || type === 'HeldOutUsed') known.set(data.configuration, data.slots);
  }
  const names = (['strategy', 'generator', 'prompt', 'scorer'] as const).filter(
    (slot) => slots[slot] !== undefined,
  );
  const columns = [{ title: 'configuration' }, ...names.map((title) => ({ title }))];
  const row = (title: string, digest: string): readonly Html[] => [
    html`${title} ${code(shortDigest(digest))}`,
    ...names.map((slot) => {
      const content = known.get(digest)?.[slot];
      return content === undefined ? html`not named here` : code(shortDigest(content));
    }),
  ];
  return table('What was compared, by the digests of what each slot holds', columns, [
    row('examined', configuration),
    row('working champion, on dev', working),
    row('certified champion, on held-out items', certified),
  ]);
}
