import type { JsonObject } from '../kernel/json.ts';
import type { Regenerated } from '../loop/regenerate-episode.ts';
import type { RunRegenerated } from '../loop/regenerate-runs.ts';
import { shortId } from './find-run.ts';
import type { Output } from './output.ts';

const shownMax = 10;

/** How far a run's generator strays when it is asked the same again. */
export function reportRegenerated(regenerated: RunRegenerated, output: Output): void {
  const { run, recorded, here, sameGenerator, answers, remark } = regenerated;
  for (const answer of answers)
    output.record({ type: 'regenerated', run, ...answer } as unknown as JsonObject);
  const counts = countsOf(answers);
  output.record({
    ...{ type: 'regeneration', run, recorded, here, sameGenerator, remark, ...counts },
  } as unknown as JsonObject);
  if (here === null) {
    output.text(`run ${shortId(run)}: ${remark}`);
    return;
  }
  const other = sameGenerator ? 'the recorded one' : 'not the one the run recorded';
  const { asked, identical, layout, strayed, failures, none, similarity, verdicts, sameVerdicts } = counts;
  output.text(
    `run ${shortId(run)}: ${here.name} version ${here.version} (${other}) asked ${asked} times again:`,
  );
  output.text(
    `  ${identical} identical, ${layout} but for white space, ${strayed} others, ${failures} failures as recorded, ${none} without an answer to compare`,
  );
  if (asked === 0) return;
  const near = similarity === null ? '' : `similarity ${similarity.toFixed(3)} in the mean, `;
  output.text(`  ${near}the same verdict for ${sameVerdicts} of ${verdicts} that were executed`);
  const strays = answers.filter(({ likeness }) => likeness === 'other' || likeness === 'none');
  for (const stray of strays.slice(0, shownMax)) output.text(`  ${strayLine(stray)}`);
  if (strays.length > shownMax) output.text(`  and ${strays.length - shownMax} more (--json lists all)`);
}

function strayLine({ stream, revision, likeness, similarity, remark, sameVerdict }: Regenerated): string {
  const place = `${stream}, revision ${revision}`;
  if (likeness === 'none') return `${place}: ${remark}`;
  const verdict =
    sameVerdict === null ? '' : sameVerdict ? ', the same verdict' : ', another verdict when executed';
  return `${place}: similarity ${similarity.toFixed(3)}${verdict}`;
}

function countsOf(answers: readonly Regenerated[]) {
  const count = (of: (answer: Regenerated) => boolean): number => answers.filter(of).length;
  const compared = answers.filter(({ likeness }) => likeness !== 'none' && likeness !== 'failure');
  const sum = compared.reduce((total, { similarity }) => total + similarity, 0);
  return {
    asked: answers.length,
    identical: count(({ likeness }) => likeness === 'identical'),
    layout: count(({ likeness }) => likeness === 'layout'),
    strayed: count(({ likeness }) => likeness === 'other'),
    failures: count(({ likeness }) => likeness === 'failure'),
    none: count(({ likeness }) => likeness === 'none'),
    similarity: compared.length === 0 ? null : sum / compared.length,
    verdicts: count(({ sameVerdict }) => sameVerdict !== null),
    sameVerdicts: count(({ sameVerdict }) => sameVerdict === true),
  };
}
