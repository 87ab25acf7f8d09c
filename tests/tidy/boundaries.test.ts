import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';
import config, { owners, rooms } from '../../dependency-cruiser.config.mjs';
import { type Planting, plantSources } from '../support/plant-sources.ts';
import { repositoryRoot } from '../support/repository-root.ts';

/** `rule: from -> to` for everything that the fence finds in these files, sorted. */
async function violations(files: Planting): Promise<readonly string[]> {
  using planted = plantSources(files);
  const { output } = await cruise(Object.keys(files), {
    ...config.options,
    baseDir: planted.root,
    validate: true,
    ruleSet: { forbidden: config.forbidden } as IFlattenedRuleSet,
  });
  const { summary } = output as ICruiseResult;
  return summary.violations
    .map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to.replace(/^.*node_modules\//, '')}`)
    .sort();
}

/** Names of the rules that fire when `at` holds `source`, beside files it may import. */
async function rulesFor(at: string, source: string, others: Planting = {}): Promise<readonly string[]> {
  const found = await violations({ [at]: source, ...others });
  return [...new Set(found.map((line) => line.slice(0, line.indexOf(':'))))].filter(
    (name) => name !== 'no-orphans',
  );
}

const constant = 'export const here = 1;\n';
const roomNames = Object.keys(rooms);

describe('the rooms', () => {
  it('list only rooms as allowed neighbours, and the fence covers every directory of product code', () => {
    for (const room of Object.values(rooms))
      expect(roomNames).toEqual(expect.arrayContaining(room.mayImport));
    const scripts = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')).scripts;
    for (const place of ['src', 'projections', 'gates', 'sandbox']) {
      if (existsSync(join(repositoryRoot, place))) expect(scripts.check).toContain(` ${place}`);
    }
  });

  it('have no circle of permissions', () => {
    const visit = (name: string, path: readonly string[]): void => {
      expect(path, `${[...path, name].join(' -> ')}`).not.toContain(name);
      for (const next of rooms[name]?.mayImport ?? []) visit(next, [...path, name]);
    };
    for (const name of roomNames) visit(name, []);
  });

  it.each(roomNames)('%s imports its permitted neighbours and nothing else, types included', async (name) => {
    const room = rooms[name];
    if (room === undefined) throw new Error(name);
    const targets = roomNames.filter((other) => other !== name);
    const files: Record<string, string> = {};
    for (const other of targets) files[`${rooms[other]?.at}/target.ts`] = constant;
    for (const other of targets) {
      const up = '../'.repeat(room.at.split('/').length);
      files[`${room.at}/to-${other}.ts`] =
        `import type { here } from '${up}${rooms[other]?.at}/target.ts';\nexport type There = typeof here;\n`;
    }
    const expected = targets
      .filter((other) => !room.mayImport.includes(other))
      .map((other) => `room-${name}: ${room.at}/to-${other}.ts -> ${rooms[other]?.at}/target.ts`)
      .sort();
    const found = await violations(files);
    expect(found.filter((line) => line.startsWith('room-'))).toEqual(expected);
  });
});

describe('pure rooms', () => {
  const pure = roomNames.filter((name) => rooms[name]?.builtins === false);

  it('are events, projections, strategies, scorers and gate policy', () => {
    expect(pure).toEqual(['events', 'projections', 'strategies', 'scorers', 'policy']);
  });

  it.each(pure)('%s cannot import a builtin, with or without its prefix', async (name) => {
    const at = `${rooms[name]?.at}/planted.ts`;
    expect(await rulesFor(at, "import { readFileSync } from 'node:fs';\nreadFileSync('x');\n")).toEqual([
      `pure-${name}`,
    ]);
    expect(await rulesFor(at, "void import('crypto');\n")).toEqual([`pure-${name}`]);
  });

  it.each(pure)('%s takes zod and no other package', async (name) => {
    const at = `${rooms[name]?.at}/planted.ts`;
    expect(await rulesFor(at, "import { z } from 'zod';\nexport const s = z.string();\n")).toEqual([]);
    expect(await rulesFor(at, "import { parse } from 'acorn';\nparse('');\n")).toEqual([`npm-${name}`]);
  });
});

describe('what one place owns', () => {
  it.each([
    ['node:sqlite', 'src/ledger/stores/sqlite/store.ts', 'src/ledger/stores/memory.ts', 'node-sqlite'],
    ['pyodide', 'sandbox/wasm/python/engine.ts', 'sandbox/wasm/pool.ts', 'pyodide'],
    ['quickjs-emscripten', 'sandbox/wasm/javascript/engine.ts', 'sandbox/wasm/pool.ts', 'quickjs-emscripten'],
    ['commander', 'src/cli/main.ts', 'src/loop/runtime.ts', 'commander'],
    ['ai', 'src/generators/model/client.ts', 'src/generators/client.ts', 'ai'],
    [
      ...['@ai-sdk/openai-compatible', 'src/generators/model/client.ts'],
      ...['src/loop/proposer.ts', 'ai-sdk-openai-compatible'],
    ],
  ])('%s is imported by %s and not by %s', async (module, owner, other, rule) => {
    const source = `void import('${module}');\n`;
    expect(Object.keys(owners)).toContain(module);
    expect(await rulesFor(owner, source)).toEqual([]);
    expect(await rulesFor(other, source)).toEqual([`owner-of-${rule}`]);
  });
});

describe('the fence', () => {
  it.each(['strategies', 'generators', 'scorers', 'projections'])(
    'keeps gates out of the sight of %s, also through another file',
    async (name) => {
      const at = rooms[name]?.at ?? '';
      const up = '../'.repeat(at.split('/').length);
      const found = await violations({
        [`${at}/innocent.ts`]: "import { here } from './middle.ts';\nexport const it = here;\n",
        [`${at}/middle.ts`]: `export { here } from '${up}gates/exam.ts';\n`,
        'gates/exam.ts': constant,
      });
      expect(found).toContain(`exam-stays-unseen: ${at}/innocent.ts -> gates/exam.ts`);
      expect(found).toContain(`room-${name}: ${at}/middle.ts -> gates/exam.ts`);
    },
  );

  it('lets only tasks and the loop open hidden tests', async () => {
    const hidden = { 'src/tasks/hidden-tests.ts': constant };
    const source = "export { here } from '../tasks/hidden-tests.ts';\n";
    expect(await rulesFor('src/loop/grade.ts', source, hidden)).toEqual([]);
    expect(await rulesFor('src/tasks/reader.ts', source, hidden)).toEqual([]);
    expect(await rulesFor('src/cli/show.ts', source, hidden)).toEqual(['hidden-tests-stay-hidden']);
    expect(await rulesFor('src/strategies/cheat.ts', source, hidden)).toEqual([
      'hidden-tests-stay-hidden',
      'room-strategies',
    ]);
  });

  it('lets nothing import the command line', async () => {
    const cli = { 'src/cli/main.ts': constant };
    expect(await rulesFor('src/planted.ts', "export { here } from './cli/main.ts';\n", cli)).toEqual([
      'cli-is-a-leaf',
    ]);
  });

  it('refuses a second barrel and an import of the first', async () => {
    const barrel = { 'src/index.ts': constant, 'src/kernel/index.ts': constant };
    expect(
      await rulesFor('src/events/planted.ts', "export { here } from '../kernel/index.ts';\n", barrel),
    ).toEqual(['barrel-is-for-outsiders']);
    expect(await rulesFor('src/loop/planted.ts', "export { here } from '../index.ts';\n", barrel)).toEqual([
      'barrel-is-for-outsiders',
    ]);
  });

  it('refuses test code, development dependencies, undeclared packages and imports that lead nowhere', async () => {
    const at = 'src/ledger/planted.ts';
    const rule = (source: string): Promise<readonly string[]> =>
      rulesFor(at, source, { 'tests/aid.ts': constant });
    expect(await rule("export { here } from '../../tests/aid.ts';\n")).toEqual(['tests-stay-outside']);
    expect(await rule("void import('fast-check');\n")).toEqual(['only-declared-dependencies']);
    expect(await rule("void import('vite');\n")).toEqual(['only-declared-dependencies']);
    expect(await rule("void import('./nowhere.ts');\n")).toEqual(['imports-resolve']);
  });

  it('refuses a circle of imports even when only types go round', async () => {
    const found = await violations({
      'src/kernel/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;\n",
      'src/kernel/b.ts': "import type { A } from './a.ts';\nexport type B = A | 2;\n",
    });
    expect(found).toEqual(['no-cycles: src/kernel/a.ts -> src/kernel/b.ts']);
  });

  it('finds a file that nothing knows', async () => {
    expect(await violations({ 'src/kernel/forgotten.ts': constant })).toEqual([
      'no-orphans: src/kernel/forgotten.ts -> src/kernel/forgotten.ts',
    ]);
  });
});
