import { expect, it } from 'vitest';
import { forkReport } from '../../src/cli/fork-report.ts';
import type { Output } from '../../src/cli/output.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { forkRun } from '../../src/loop/fork-run.ts';
import { forkServices, strategyWith } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const strategy = 'best-of-n';
const tasks = [toyTask('near', 1), toyTask('far', 3)];

async function otherVerdicts(ledger: Ledger, run: StreamName): Promise<unknown> {
  const records: Record<string, unknown>[] = [];
  const ignore = (): void => undefined;
  const record: Output['record'] = (told) => void records.push(told);
  await forkReport(ledger, run, { json: true, interactive: false, text: ignore, note: ignore, record });
  return records[0]?.['otherVerdict'];
}

it('a task that a stopped branch has not ended is no other verdict, one that came out otherwise is', async () => {
  const ledger = toyLedger(openMemoryStore(), 'parent');
  const parent = await startToyRun(ledger, { strategy, params: { candidates: 4 }, tasks });
  await workOn(ledger, parent, {});
  const changes = { strategy: strategyWith(strategy, { candidates: 2 }) };
  const { run } = await forkRun({ run: parent, ...changes }, forkServices(ledger, 'branch'));
  expect(await otherVerdicts(ledger, run)).toBe(0);
  await workOn(ledger, run, {});
  expect(await otherVerdicts(ledger, run)).toBe(1);
});
