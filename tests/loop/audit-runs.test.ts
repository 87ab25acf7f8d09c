import { describe, expect, it } from 'vitest';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { type Audit, auditRuns, type FindingReport } from '../../src/loop/audit-runs.ts';
import { recordFindings } from '../../src/loop/record-findings.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, type ToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const tasks = Array.from({ length: 12 }, (_, index) => toyTask(`t${index}`, 2 + (index % 3)));
const writer = { actor: 'test', correlation: 'test' };

async function ran(
  strategy: string,
  more: Partial<ToyRun> = {},
  ledger: Ledger = toyLedger(openMemoryStore(), strategy),
): Promise<{ readonly ledger: Ledger; readonly run: StreamName }> {
  const run = await startToyRun(ledger, { strategy, tasks, params: { candidates: 6 }, ...more });
  await workOn(ledger, run);
  return { ledger, run };
}

function reportOf({ reports }: Audit, name: string): FindingReport {
  const report = reports.find(({ finding }) => finding.name === name);
  if (report === undefined) throw new Error(`there is no finding ${name}`);
  return report;
}

const at = async (
  ledger: Ledger,
  stream: StreamName,
  revision: number,
): Promise<AnyRecordedEvent | undefined> => (await eventsOf(ledger, stream))[revision];

describe('an audit of a run of our own', () => {
  it.each(strategies.map(({ name }) => name))('raises no false alarm about %s', async (strategy) => {
    const { ledger, run } = await ran(strategy);
    const audit = await auditRuns(ledger, [run]);
    const grave = audit.reports.filter(({ finding }) => finding.level === 'problem');
    expect(grave.map(({ finding, found }) => `${finding.name} ${found.count}`)).toEqual([
      ...['hidden-before-pick 0', 'answer-misreported 0', 'nondeterministic-executions 0'],
    ]);
    expect(reportOf(audit, 'hidden-before-pick').found.of).toBe(tasks.length);
    for (const quiet of ['missing-environment', 'unfinished-episodes', 'worse-than-best', 'nothing-tested'])
      expect(reportOf(audit, quiet).found.count, quiet).toBe(0);
    expect(audit.unreadable).toBe(0);
  });

  it('counts over-acceptance as the episodes themselves say, each case with its two events', async () => {
    const { ledger, run } = await ran('sequential-feedback');
    const { found } = reportOf(await auditRuns(ledger, [run]), 'over-accepted');
    let expected = 0;
    for await (const event of ledger.readAll()) {
      if (event.type === 'EpisodeFinished' && event.data.publicPass && !event.data.hiddenPass) expected += 1;
    }
    expect(expected).toBeGreaterThan(0);
    expect([found.count, found.cases.length]).toEqual([expected, expected]);
    for (const { evidence } of found.cases) {
      const types = await Promise.all(
        evidence.map(async ({ stream, revision }) => (await at(ledger, stream, revision))?.type),
      );
      expect(types).toEqual(['FinalPicked', 'FinalGraded']);
    }
  });

  it('gives the same twice', async () => {
    const { ledger, run } = await ran('best-of-n');
    const once = await auditRuns(ledger, [run]);
    expect(await auditRuns(ledger, [run])).toEqual(once);
  });

  it('leaves erased programs out and says how many', async () => {
    const { ledger, run } = await ran('sequential-feedback');
    const before = await auditRuns(ledger, [run]);
    for await (const event of ledger.readAll()) {
      if (event.type !== 'CandidateGenerated') continue;
      await ledger.store.eraseBlob(event.data.program.digest);
      break;
    }
    const after = await auditRuns(ledger, [run]);
    expect([after.programs, after.unreadable]).toEqual([before.programs, 1]);
    expect(reportOf(after, 'repeated-candidates').found).toEqual(
      reportOf(before, 'repeated-candidates').found,
    );
  });

  it('says that a run does not exist', async () => {
    const { ledger } = await ran('best-of-n', { tasks: tasks.slice(0, 1) });
    await expect(auditRuns(ledger, ['run-NONE' as StreamName])).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });
});

describe('recorded findings', () => {
  it('name the rule, the count and at most 100 of the events that prove it, and are written once', async () => {
    const { ledger, run } = await ran('sequential-feedback');
    const { reports } = await auditRuns(ledger, [run]);
    const raised = reports.filter(({ found }) => found.count > 0);
    expect(await recordFindings(ledger, reports, writer)).toBe(raised.length);
    const events = await eventsOf(ledger, 'audit-findings' as StreamName);
    expect(events.map(({ data }) => ('finding' in data ? [data.finding, data.count] : []))).toEqual(
      raised.map(({ finding, found }) => [finding.name, found.count]),
    );
    for (const { type, data } of events) {
      if (type !== 'FindingRaised') throw new Error('no finding');
      expect(data.evidence.length).toBeGreaterThan(0);
      expect(data.evidence.length).toBeLessThanOrEqual(100);
    }
    expect(await recordFindings(ledger, (await auditRuns(ledger, [run])).reports, writer)).toBe(0);
    expect(await eventsOf(ledger, 'audit-findings' as StreamName)).toHaveLength(raised.length);
  });

  it('are cut to 100 events where there are more', async () => {
    const { ledger, run } = await ran('best-of-n', { tasks: tasks.slice(0, 1) });
    const [report] = (await auditRuns(ledger, [run])).reports;
    if (report === undefined) throw new Error('nothing was looked for');
    const evidence = Array.from({ length: 150 }, (_, revision) => ({ stream: run, revision }));
    const found = { ...report.found, count: 1, of: 1, cases: [{ about: 'all', evidence }] };
    await recordFindings(ledger, [{ ...report, found }], writer);
    const [event] = await eventsOf(ledger, 'audit-findings' as StreamName);
    expect(event?.data).toMatchObject({ count: 1, evidence: evidence.slice(0, 100) });
  });
});
