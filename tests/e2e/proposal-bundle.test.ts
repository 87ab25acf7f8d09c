import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { auditStreams } from '../../src/ledger/audit/audit-streams.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';

const msMax = 240_000;
const directory = sharedDirectory();
let key = '';

/** Every challenger meets the held-out items, so that one proposal reads them. */
beforeAll(async () => {
  key =
    /example\.com\/lab\+\S+/.exec(
      (await pawl(directory, ['init', '--origin', 'example.com/lab'])).stdout,
    )?.[0] ?? '';
  writeFileSync(join(directory, 'gate.json'), '{"mde": 0.2, "mdeMax": 0.5}');
  await pawl(directory, [
    ...['improve', '--policy', 'every-candidate', '--shares', '6:10:10:74', '--sealed', 'none'],
    ...['--gate', 'gate.json', '--strategy', 'unary-retry', '--candidates', '3'],
    ...['--proposer', 'tuner:strategy', '--proposals', '1'],
  ]);
}, msMax);

const bundle = (...args: readonly string[]) => pawl(directory, ['export', 'bundle', ...args]);

async function exportsWritten(): Promise<readonly string[]> {
  const clock = steppingClock(0, 0);
  const ids = seededIdSource(clock, seededRandom('unused'));
  const ledger = await openLedger(`sqlite:${join(directory, 'pawl.db')}`, {
    mode: 'read',
    create: false,
    clock,
    ids,
  });
  const scopes: string[] = [];
  for await (const event of ledger.readStream(auditStreams.exports))
    if (event.type === 'ExportWritten') scopes.push(event.data.scope);
  await ledger.close();
  return scopes;
}

describe('pawl export bundle --proposal', { timeout: msMax }, () => {
  it('gives results on held-out items that are in use to nobody who is not named', async () => {
    const refused = await bundle('--proposal', 'latest', '--out', 'refused.html');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('HELD_OUT_SEALED');
    expect(refused.stderr).toContain('keep it from everybody and everything that proposes');
    expect(() => readFileSync(join(directory, 'refused.html'))).toThrow('ENOENT');
    expect(await exportsWritten()).toEqual([]);
  });

  it('gives them to somebody who is, writes that down, and the file verifies anywhere', async () => {
    const made = await bundle(
      '--proposal',
      'latest',
      '--for',
      'person:auditor',
      '--out',
      'sent.html',
      '--json',
    );
    const [told] = jsonLines(made.stdout) as readonly { improvement: string; proposal: string }[];
    expect(told).toMatchObject({
      type: 'export',
      improvement: 'improvement-main',
      redacted: 0,
      verifierKey: key,
    });
    expect(await exportsWritten()).toEqual([`improvement-main/${told?.proposal} for person:auditor`]);
    const checked = await pawl(directory, [
      'verify',
      '--bundle',
      'sent.html',
      '--verifier-key',
      key,
      '--json',
    ]);
    expect(checked.exitCode).toBe(0);
    expect(jsonLines(checked.stdout)[0]).toMatchObject({
      ...{ type: 'bundle', outcome: 'ok', proposal: told?.proposal },
      reDecided: { verdict: 'yes' },
    });
    const page = readFileSync(join(directory, 'sent.html'), 'utf8');
    writeFileSync(join(directory, 'edited.html'), page.replace('What is claimed', 'What is proved'));
    const edited = await pawl(directory, ['verify', '--bundle', 'edited.html', '--verifier-key', key]);
    expect(edited.exitCode).toBe(120);
  });

  it.each([
    [['--proposal', 'latest', '--run', 'latest'], 2, 'leave out --run and --episode'],
    [['--for', 'person:auditor'], 2, '--for goes with --proposal'],
    [['--line', 'main'], 2, '--line goes with --proposal'],
    [['--proposal', 'latest', '--for', 'the auditor'], 2, 'person:auditor'],
    [['--proposal', 'ZZZZZZ'], 1, 'PROPOSAL_NOT_FOUND'],
    [['--proposal', 'latest', '--line', 'other'], 1, 'IMPROVEMENT_NOT_FOUND'],
  ])('%j is refused', async (args, exitCode, words) => {
    const refused = await bundle(...args);
    expect(refused.stderr).toContain(words);
    expect(refused.exitCode).toBe(exitCode);
  });
});
