import { type AuditedRun, type Finding, type FindingCase, shareText } from './finding.ts';

/** Arms that may use different amounts, or work on different tasks, differ in more than their strategy. */
export const unequalBudgets: Finding = {
  name: 'unequal-budgets',
  version: 1,
  level: 'warning',
  title: 'compared runs were not given the same budget, or not the same tasks',
  scope: 'arms',
  find: (arms) => {
    const [first, ...others] = arms;
    const cases = others.flatMap((arm): FindingCase[] => {
      if (first === undefined || termsOf(arm) === termsOf(first)) return [];
      const evidence = [first, arm].map(({ run, trail }) => ({
        stream: run,
        revision: trail.granted?.revision ?? 0,
      }));
      return [{ about: `${nameOf(arm)} against ${nameOf(first)}`, evidence }];
    });
    const message = `${shareText(cases.length, others.length)} compared runs differ from the first in budget or tasks`;
    return { count: cases.length, of: others.length, message, figures: {}, cases };
  },
};

function termsOf({ trail: { suite, granted, scheduled } }: AuditedRun): string {
  const tasks = scheduled.map(({ task }) => task).sort();
  return JSON.stringify([suite, granted?.episode ?? null, granted?.runWallMs ?? null, tasks]);
}

function nameOf({ trail: { strategy, generator } }: AuditedRun): string {
  return `${strategy.name} with ${generator.name}`;
}
