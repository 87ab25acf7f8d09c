import type { GateReport, GateReportStep } from './gate-report.ts';
import { xmlText } from './xml-text.ts';

/**
 * A report as JUnit XML: one test case for every check, and one for the decision. What blocks is a failure, what could not be
 * completed an error, what the chain did not come to is skipped. It fits the schemas of Ant (windyroad) and of Jenkins
 * (junit-10). Times are 0: how long a test on held-out items took is not for everybody.
 *
 * @param nowMs for a report without a decision
 */
export function gateJunit(report: GateReport, nowMs: number): string {
  const { line, slot, steps, outcome, sentence } = report;
  const verdicts = { promote: 'pass', discard: 'block', inconclusive: 'inconclusive' } as const;
  const cases: readonly GateReportStep[] = [
    ...steps,
    { name: 'decision', verdict: verdicts[outcome], sentence },
  ];
  const count = (...wanted: readonly GateReportStep['verdict'][]): number =>
    cases.filter(({ verdict }) => wanted.includes(verdict)).length;
  const name = `pawl.gate.${tokenOf(line)}.${slot}`;
  const attributes = attributesOf({
    id: '0',
    package: 'pawl.gate',
    name,
    timestamp: new Date(report.decidedMs ?? nowMs).toISOString().slice(0, 19),
    hostname: 'localhost',
    tests: String(cases.length),
    failures: String(count('block')),
    errors: String(count('inconclusive')),
    skipped: String(count('skip', 'not-reached')),
    time: '0',
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite${attributes}>
<properties>
${propertiesOf(report).join('\n')}
</properties>
${cases.map((one) => testCase(name, one)).join('\n')}
<system-out>${xmlText(sentence)}</system-out>
<system-err></system-err>
</testsuite>
</testsuites>
`;
}

function propertiesOf({
  challenger,
  proposal,
  gate,
  hypothesis,
  author,
  budget,
}: GateReport): readonly string[] {
  const values = {
    challenger,
    proposal,
    gate,
    hypothesis,
    author,
    budgetBefore: budget?.before,
    budgetAfter: budget?.after,
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`<property${attributesOf({ name, value })}/>`],
  );
}

function testCase(classname: string, { name, verdict, sentence }: GateReportStep): string {
  const attributes = attributesOf({ name: tokenOf(name), classname, time: '0' });
  const told = (element: string, type: string): string =>
    `<testcase${attributes}><${element}${attributesOf({ type, message: sentence })}>${xmlText(sentence)}</${element}></testcase>`;
  if (verdict === 'pass') return `<testcase${attributes}/>`;
  if (verdict === 'block') return told('failure', 'block');
  if (verdict === 'inconclusive') return told('error', 'inconclusive');
  return `<testcase${attributes}><skipped${attributesOf({ message: sentence })}/></testcase>`;
}

function attributesOf(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join('');
}

/** A name without blanks at its ends or twice in a row, as `xs:token` wants it. */
function tokenOf(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim() || '-';
}
