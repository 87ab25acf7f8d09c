import type { Evidence, FindingCase } from '../../projections/findings/finding.ts';
import type { RunsState } from '../../projections/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Audit, FindingReport, RunCurve } from '../loop/audit-runs.ts';
import { shortId } from './find-run.ts';
import type { Output } from './output.ts';
import { percent } from './summary.ts';
import { table } from './table.ts';

const casesShown = 3;
const chartColumns = 40;
/** A longer curve is shown where it rises, and at its ends. */
const pointsMax = 24;

/** The curves, then what was found, the gravest first, then what was looked for and not found. */
export function reportAudit(audit: Audit, state: RunsState, all: boolean, output: Output): void {
  for (const curve of audit.curves) reportCurve(curve, state, output);
  const several = audit.curves.length > 1;
  const found = audit.reports.filter((report) => report.found.count > 0);
  output.text(found.length === 0 ? '\nNothing was found.' : '\nfindings');
  for (const report of found) reportFinding(report, several, all, output);
  const others = audit.reports.filter((report) => report.found.count === 0);
  if (others.length > 0) {
    const names = others.map((report) => `${nameOf(report, several)} (0 of ${report.found.of})`);
    output.text(`\nlooked for and not found: ${names.join(', ')}`);
  }
  if (audit.unreadable > 0) {
    output.note(
      `${audit.unreadable} of ${audit.programs} programs are erased or missing and were not compared.`,
    );
  }
  for (const { finding, run, found: result } of audit.reports) {
    const { name, version, level, title } = finding;
    output.record({
      type: 'finding',
      run,
      finding: name,
      version,
      level,
      title,
      ...result,
    } as unknown as JsonObject);
  }
  const { programs, unreadable } = audit;
  output.record({ type: 'audit', runs: audit.curves.length, findings: found.length, programs, unreadable });
}

function reportCurve({ run, imported, episodes, points }: RunCurve, state: RunsState, output: Output): void {
  output.record({ type: 'curve', run, imported, episodes, points: points.map((point) => ({ ...point })) });
  const strategy = state.runs[run]?.strategy.name ?? '';
  output.text(`\nrun ${shortId(run)} (${strategy}): solved by iteration, of ${episodes} finished tasks`);
  if (imported !== null) {
    const { name, format, formatVersion, file } = imported;
    output.text(`imported from ${name} (SHA-256 ${file}) by ${format} version ${formatVersion}`);
  }
  output.text('');
  const rows = pointsShown(points).map(({ iteration, publicPass, hiddenPass }) => [
    iteration,
    percent(publicPass, episodes),
    percent(hiddenPass, episodes),
    bar(hiddenPass, publicPass, episodes),
  ]);
  output.text(table(['iteration', 'public', 'hidden', '█ hidden, ░ public only'], rows));
}

function pointsShown(points: RunCurve['points']): RunCurve['points'] {
  if (points.length <= pointsMax) return points;
  return points.filter(({ publicPass, hiddenPass }, index) => {
    const before = points[index - 1];
    const rises = before === undefined || before.publicPass < publicPass || before.hiddenPass < hiddenPass;
    return rises || index === points.length - 1;
  });
}

function bar(hidden: number, shown: number, whole: number): string {
  const columns = (count: number): number => Math.round((count / Math.max(1, whole)) * chartColumns);
  return '█'.repeat(columns(hidden)) + '░'.repeat(Math.max(0, columns(shown) - columns(hidden)));
}

function reportFinding(report: FindingReport, several: boolean, all: boolean, output: Output): void {
  const { finding, found } = report;
  output.text(`\n  ${finding.level.padEnd(8)} ${nameOf(report, several)}: ${found.message}`);
  const shown = all ? found.cases : found.cases.slice(0, casesShown);
  for (const each of shown) output.text(`           ${caseText(each)}`);
  const left = found.cases.length - shown.length;
  if (left > 0) output.text(`           … and ${left} more (--all lists them)`);
}

function nameOf({ finding, run }: FindingReport, several: boolean): string {
  return several && finding.scope === 'run' ? `${finding.name} in ${shortId(run)}` : finding.name;
}

const eventsShown = 6;

/** `HumanEval/3: XP7MXE.3 at 7, 9`: what it is about, and in which stream the events that prove it stand. */
function caseText({ about, evidence }: FindingCase): string {
  const revisions = new Map<StreamName, number[]>();
  for (const { stream, revision } of evidence.slice(0, eventsShown)) {
    revisions.set(stream, [...(revisions.get(stream) ?? []), revision]);
  }
  const places = [...revisions].map(([stream, at]) => `${placeOf(stream)} at ${at.join(', ')}`);
  return `${about}: ${places.join('; ')}${moreThan(evidence, eventsShown)}`;
}

function moreThan(evidence: readonly Evidence[], shown: number): string {
  return evidence.length > shown ? ` and ${evidence.length - shown} more events` : '';
}

/** As `pawl show` takes it. */
function placeOf(stream: StreamName): string {
  const [, run = stream, index = ''] = /^(?:run|episode)-([^.]*)(\.\d+)?$/.exec(stream) ?? [];
  return `${run.slice(-6)}${index}`;
}
