import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { standardTaxonomy } from '../../../src/loop/improve/failures/standard-taxonomy.ts';
import { loadTaxonomy, taxonomyNamed } from '../../../src/loop/improve/failures/taxonomies.ts';
import { replayLedger } from '../../../src/loop/replay-ledger.ts';
import { sit, ToyProposer } from '../../support/toy-improvement.ts';
import { openToyLine, toyGate } from '../../support/toy-line.ts';

const own = `export const taxonomy = {
  name: 'parity', version: 1, classes: ['odd', 'even'],
  classify: ({ task, events }) => {
    const ended = events.at(-1);
    if (ended.data.hiddenPass) return null;
    const isOdd = Number(task.id.split('-')[1]) % 2 === 1;
    return { class: isOdd ? 'odd' : 'even', why: 'by its number', evidence: [ended.revision] };
  },
};
`;

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pawl-taxonomy-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a taxonomy', () => {
  it('is one of the build by its name and version', async () => {
    expect(await loadTaxonomy('standard')).toBe(standardTaxonomy);
    expect(taxonomyNamed('standard', 1)).toBe(standardTaxonomy);
    expect(taxonomyNamed('standard', 99)).toBeUndefined();
    await expect(loadTaxonomy('colours')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('of one’s own sorts failures, steers the loop, and is named by its source', async () => {
    const path = join(directory, 'parity.mjs');
    await writeFile(path, own);
    const taxonomy = await loadTaxonomy(path);
    expect(taxonomy.name).toMatch(/^parity#[0-9a-f]{12}$/);
    const services = toyGate(openMemoryStore(), 'one');
    const line = await openToyLine(services);
    const proposer = new ToyProposer(['skill:1']);
    await sit(line, services, { proposers: [proposer], taxonomy, proposals: 1 });
    expect(proposer.views[0]?.classes).toEqual([
      { name: 'odd', count: 2 },
      { name: 'even', count: 1 },
    ]);
    expect(proposer.views[0]?.cases.map(({ task }) => task)).toEqual([
      ...['optimize-1', 'optimize-3', 'optimize-2'],
    ]);
    const replay = await replayLedger(services.ledger, [line.stream], { rederive: null });
    expect(replay.failures).toMatchObject([
      {
        verdict: 'inconclusive',
        missing: `the taxonomy ${taxonomy.name} version 1, which this build does not have`,
      },
    ]);
  });

  it('that cannot be used is refused before anything is done', async () => {
    const path = join(directory, 'empty.mjs');
    await writeFile(path, 'export const nothing = 1;\n');
    await expect(loadTaxonomy(path)).rejects.toMatchObject({
      code: 'USAGE',
      message: `The taxonomy ${path} cannot be used: it does not export \`taxonomy\`.`,
    });
    await expect(loadTaxonomy(join(directory, 'missing.mjs'))).rejects.toMatchObject({ code: 'USAGE' });
  });
});
