import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { proveRecord } from '../../../../src/ledger/audit/prove-from-ledger.ts';
import { openMemoryStore } from '../../../../src/ledger/stores/memory.ts';
import { repositoryRoot } from '../../../support/repository-root.ts';
import { toyLedger } from '../../../support/toy-run.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { appendEvents, registerKey, signNow } from '../signed-ledger.ts';
import { toyKey, toyOrigin } from '../toy-log.ts';
import { buildGo } from './go-program.ts';

const page = readFileSync(join(repositoryRoot, 'docs/reference/evidence-formats.md'), 'utf8');
const source = /^```go\n([\s\S]+?)^```$/m.exec(page)?.[1] ?? '';
const go = buildGo(source);
const why = 'missing' in go ? ` (skipped: ${go.missing})` : '';

test.skipIf('missing' in go)(`the Go program of the reference page checks a proof${why}`, async () => {
  const ledger = toyLedger(openMemoryStore(), 'documented');
  await registerKey(ledger);
  await appendEvents(ledger, 99);
  await signNow(ledger);
  const { text, record } = await proveRecord(ledger, 17, { withRecord: true });
  const file = join(temporaryDirectory(), 'record-17.tlog-proof');
  const check = (proof: string) => {
    writeFileSync(file, proof);
    return spawnSync('program' in go ? go.program : '', [toyKey.verifierKey, file], { encoding: 'utf8' });
  };
  expect(check(text)).toMatchObject({
    status: 0,
    stdout: `record 17 of 100 in ${toyOrigin}:\n${Buffer.from(record.bytes).toString('utf8')}\n`,
  });
  for (const bad of [
    text.replace('index 17', 'index 16'),
    text.replace('\n100\n', '\n101\n'),
    text.replace('extra ey', 'extra ez'),
  ]) {
    expect(check(bad).status).toBe(1);
  }
});
