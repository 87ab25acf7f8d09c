import type { GateReport, GateReportStep } from './gate-report.ts';
import { markdownText } from './markdown-text.ts';

const words: Readonly<Record<GateReportStep['verdict'], string>> = {
  pass: 'pass',
  block: '**block**',
  skip: 'skipped',
  inconclusive: '**inconclusive**',
  'not-reached': 'not reached',
};

/** A report as Markdown, for the summary of a CI job. */
export function gateMarkdown(report: GateReport): string {
  const { line, slot, challenger, proposal, hypothesis, author, gate, steps, outcome, sentence, budget } =
    report;
  const facts = [
    ['challenger', `\`${challenger.slice(0, 16)}\``],
    [
      'proposal',
      proposal === null
        ? 'none was needed'
        : `\`${proposal}\`${author === null ? '' : ` by ${markdownText(author)}`}`,
    ],
    ...(hypothesis === null ? [] : [['hypothesis', markdownText(hypothesis)]]),
    ...(gate === null ? [] : [['gate', `\`${gate.slice(0, 16)}\``]]),
    [
      'alpha of the held-out items',
      budget === null
        ? 'nothing was spent'
        : `${markdownText(budget.before)} before, ${markdownText(budget.after)} after`,
    ],
  ];
  const checks =
    steps.length === 0
      ? []
      : [
          '| check | verdict | |',
          '|---|---|---|',
          ...steps.map(
            (step) =>
              `| ${markdownText(step.name)} | ${words[step.verdict]} | ${markdownText(step.sentence)} |`,
          ),
          '',
        ];
  return [
    `## Gate: ${outcome} (slot ${slot}, line ${markdownText(line)})`,
    '',
    markdownText(sentence),
    '',
    ...checks,
    '| | |',
    '|---|---|',
    ...facts.map(([name, value]) => `| ${name} | ${value} |`),
    '',
  ].join('\n');
}
