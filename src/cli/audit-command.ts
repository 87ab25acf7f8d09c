import { Command, Option } from 'commander';
import type { RunsState } from '../../projections/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import { auditRuns } from '../loop/audit-runs.ts';
import { recordFindings } from '../loop/record-findings.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findWholeRun } from './find-run.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { readRuns } from './read-projections.ts';
import { reportAudit } from './report-audit.ts';

interface AuditOptions extends CommonOptions {
  readonly group?: boolean;
  readonly all?: boolean;
  readonly record?: boolean;
  readonly failOn?: 'warning' | 'problem';
}

export function auditCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('audit')
    .summary('what a reviewer of a run would look for, with the events that prove it')
    .description(
      'Looks in runs for what a reviewer would look for, and names the events that prove what it finds; shows how many tasks were solved by which iteration. Findings are no errors. docs/reference/findings.md says what each means.',
    )
    .argument('[runs...]', 'runs (the id or the end of it); several are compared as arms', ['latest'])
    .option('--group', 'also the runs that were started together with them, as arms')
    .option('--all', 'every case of every finding, not only the first ones')
    .option('--record', 'write the findings into the ledger')
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 when something of this level or above is found').choices([
        'warning',
        'problem',
      ]),
    )
    .action(async (names: readonly string[], options: AuditOptions) => {
      const output = processOutput(options.json === true);
      const purpose = options.record === true ? 'write' : 'read';
      const { ledger, writer } = await openForCli(ledgerAddress(options.ledger), purpose);
      try {
        const state = await readRuns(ledger);
        const named = [...new Set(names.map((name) => findWholeRun(state, name)))];
        const group = withGroup(state, named);
        const runs = options.group === true ? group : named;
        const audit = await auditRuns(ledger, runs);
        reportAudit(audit, state, options.all === true, output);
        if (group.length > runs.length) {
          const others = group.length - runs.length;
          const command = hint(`audit ${names.join(' ')} --group`, options);
          const what = others === 1 ? '1 other run was' : `${others} other runs were`;
          output.note(`\n${what} started together with this. Compare: ${command}`);
        }
        if (options.record === true) {
          const recorded = await recordFindings(ledger, audit.reports, writer);
          output.record({ type: 'recorded', findings: recorded });
          output.text(`\nRecorded ${recorded} findings.`);
        }
        const found = audit.reports.filter((report) => report.found.count > 0);
        const failing = found.some(({ finding: { level } }) => isFailing(level, options.failOn));
        finish(failing ? exitCodes.error : exitCodes.ok);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl audit': 'the last run',
    'pawl audit 7XK2QD --group': 'a run and those it is compared with',
    'pawl audit --fail-on problem': 'for a script that must not go on with a tainted run',
  });
}

function withGroup({ runs }: RunsState, named: readonly StreamName[]): readonly StreamName[] {
  const groups = new Set(named.map((run) => runs[run]?.group));
  const others = (Object.keys(runs) as StreamName[]).filter((run) => groups.has(runs[run]?.group));
  return [...new Set([...named, ...others])];
}

function isFailing(level: string, failOn: AuditOptions['failOn']): boolean {
  return failOn !== undefined && (level === 'problem' || level === failOn);
}
