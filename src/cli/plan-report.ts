import type { Plan } from '../../gates/planner/plan.ts';
import type { PlanStage } from '../../gates/planner/plan-stages.ts';
import { levelText, short, signed } from '../../gates/planner/plan-wording.ts';
import { testsLeftMax } from '../../gates/planner/tests-left.ts';
import type { JsonObject } from '../kernel/json.ts';
import { table } from './table.ts';

/** A plan as people read it: the table, what is left, what it costs, the verdict, and what would help. */
export function planReport({ question, stages, testsLeft, cost, reasons, advice, sentence }: Plan): string {
  const { discordances, effect, effectMax, power } = question;
  const share = `${short(100 * power)} %`;
  const head = [
    'test',
    'level',
    ...discordances.map((discordance) => `needs, d=${short(discordance)}`),
    ...discordances.map((discordance) => `finds, d=${short(discordance)}`),
  ];
  const rows = stages.map((stage) => [
    stageName(stage),
    stage.level === '0' ? 'none' : levelText(stage.level),
    ...stage.itemsNeeded.map((items) => (items === null ? '-' : String(items))),
    ...stage.detectable.map((smallest) => (smallest === null ? '-' : signed(smallest))),
  ]);
  return [
    `${question.items} held-out items, ${signed(effect)} hoped for, ${share} power; d is the share of items on which the two sides differ`,
    table(head, rows),
    `If every test ends in a discard: ${tests(testsLeft.findingEffect)} with ${share} power for ${signed(effect)}, ${tests(testsLeft.untilRetired)} until nothing below ${signed(effectMax)} is found and the items are retired.`,
    `A test takes at most ${cost.challengerPerTest} episodes of the challenger, and ${cost.perChampion} of the certified champion once for each that comes to be one.`,
    sentence,
    ...reasons.map((reason) => `  because ${reason}`),
    ...advice.map((help) => `  what helps: ${help.sentence}`),
  ].join('\n');
}

/** A plan for programs. */
export function planRecord(line: string | null, plan: Plan): JsonObject {
  const { question, verdict, stages, testsLeft, cost, reasons, advice, sentence } = plan;
  return {
    type: 'plan',
    line,
    ...question,
    verdict,
    sentence,
    stages: stages.map((stage) => ({ ...stage, after: { ...stage.after } })),
    testsLeft: { ...testsLeft },
    cost: { ...cost },
    reasons,
    advice: advice.map((help) => ({ ...help })),
  };
}

function stageName({ after: { promotions, discards } }: PlanStage): string {
  if (promotions === 0 && discards === 0) return 'the next';
  const [count, noun] = promotions > 0 ? [promotions, 'promotion'] : [discards, 'discard'];
  return `after ${count} ${noun}${count === 1 ? '' : 's'}`;
}

function tests(count: number): string {
  return `${count}${count >= testsLeftMax ? ' or more' : ''} test${count === 1 ? '' : 's'}`;
}
