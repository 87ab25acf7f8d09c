import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Digest } from '../../src/kernel/brand.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { examine } from '../../src/loop/improve/examine/examine.ts';
import { force } from '../support/forced-line.ts';
import { neverStops } from '../support/toy-improvement.ts';
import { openToyLine, proposeContent, skilled, toyGate } from '../support/toy-line.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';

const directory = sharedDirectory();

it('a rollback that was forced into a ledger file is found by verify, and deploys nothing', async () => {
  const path = join(directory, 'pawl.db');
  const services = toyGate(await openSqliteStore({ path, mode: 'write', create: true }), 'one');
  const line = await openToyLine(services);
  const id = await proposeContent(line, services, { content: skilled('skill:1') });
  expect(await examine(line, services, id, neverStops)).toBe('promoted');
  const from = line.state.certified.generator as Digest;
  const to = 'f'.repeat(64) as Digest;
  const data = { slot: 'generator', from, to, reason: 'Back.', by: 'person:ada' } as const;
  const revision = await force(services.ledger, line, [{ type: 'ChampionRolledBack', data }]);
  await services.ledger.close();
  const ledger = ['--ledger', `sqlite:${path}`];
  const verified = await pawl(directory, ['verify', ...ledger]);
  expect(verified.exitCode).toBe(120);
  expect(verified.stdout + verified.stderr).toContain(
    `ChampionRolledBack in improvement-toy, revision ${revision}, breaks the rule rollback-known`,
  );
  const got = await pawl(directory, ['champion', 'get', 'generator', '--json', ...ledger]);
  expect(jsonLines(got.stdout)[0]).toMatchObject({ type: 'champion', champion: from });
}, 60_000);
