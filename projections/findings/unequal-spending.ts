import { type AuditedRun, type Evidence, type Finding, type FindingCase, shareText } from './finding.ts';

/** Raised when an arm spends more than this many times what the thriftiest one does, over the same tasks. */
const ratioMax = 1.25;
const measures = ['candidates', 'executions', 'tokens'] as const;
type Spent = NonNullable<AuditedRun['episodes'][number]['trail']['finished']>;

/** Equal budgets may still be spent unequally; then a better figure may be bought and not earned. */
export const unequalSpending: Finding = {
  name: 'unequal-spending',
  version: 1,
  level: 'note',
  title: 'compared runs spent unequally on the same tasks',
  scope: 'arms',
  find: (arms) => {
    const spent = arms.map(spendingByTask);
    const common = [...(spent[0]?.keys() ?? [])].filter((task) => spent.every((each) => each.has(task)));
    const figures: Record<string, number> = { tasks: common.length };
    const cases: FindingCase[] = [];
    const compared = arms.length < 2 || common.length === 0 ? [] : measures;
    for (const measure of compared) {
      const means = spent.map((each) =>
        meanOf(common.flatMap((task) => each.get(task)?.finished[measure] ?? [])),
      );
      for (const [arm, mean] of means.entries()) figures[`${measure} ${arm + 1}`] = mean;
      if (Math.max(...means) <= ratioMax * Math.min(...means)) continue;
      const evidence = common.flatMap((task) => spent.flatMap((each) => each.get(task)?.evidence ?? []));
      cases.push({
        about: `${measure} for each task: ${means.map((mean) => mean.toFixed(1)).join(', ')}`,
        evidence,
      });
    }
    const what = `${shareText(cases.length, compared.length)} measures of spending`;
    const message = `${what} differ by more than a factor of ${ratioMax} between ${arms.length} runs over ${common.length} common tasks`;
    return { count: cases.length, of: compared.length, message, figures, cases };
  },
};

function spendingByTask({
  episodes,
}: AuditedRun): ReadonlyMap<string, { finished: Spent; evidence: Evidence }> {
  return new Map(
    episodes.flatMap(({ stream, trail: { task, finished } }) =>
      finished === null
        ? []
        : [[task, { finished, evidence: { stream, revision: finished.revision } }] as const],
    ),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
