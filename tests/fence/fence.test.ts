import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedDirectory } from '../e2e/directory.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { trackedFiles } from '../support/tracked-files.ts';
import { noAmbientState } from '../tidy/rules/syntax-rules.ts';
import { declaredFunctions } from './declared-functions.ts';
import { machineModules, pureModules } from './pure-modules.ts';
import type { FenceReport } from './run-fence.ts';

const directory = sharedDirectory();
const text = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

function runFence(...args: readonly string[]): FenceReport {
  const script = join(repositoryRoot, 'tests/fence/run-fence.ts');
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout);
}

/** Functions that a module offers and that nobody called under the fence, as `path: name`. */
function unexercised({ called }: FenceReport, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const known = new Set(called[path]);
    const source = path.startsWith('/') ? readFileSync(path, 'utf8') : text(path);
    return declaredFunctions(path, source)
      .filter((name) => !known.has(name))
      .map((name) => `${path}: ${name}`);
  });
}

describe('everything that must be pure', () => {
  let report: FenceReport;
  beforeAll(() => {
    report = runFence();
  });

  it('runs with clock, chance, timers and I/O forbidden, and reaches for none of them', () => {
    expect(report.reached).toBeNull();
  });

  it('is exercised there, every function that it offers', () => {
    expect(Object.keys(report.called)).toEqual(pureModules());
    expect(pureModules().length).toBeGreaterThan(60);
    expect(unexercised(report, pureModules())).toEqual([]);
  });
});

describe('a planted module', () => {
  const plant = (name: string, source: string): string => {
    const path = join(directory, name);
    writeFileSync(path, source);
    return path;
  };
  const projection = (evolve: string): string => `
    import { readFileSync } from 'node:fs';
    export const planted = {
      name: 'planted',
      version: 1,
      initialState: () => ({ seen: 0 }),
      evolve(state, event) { ${evolve} },
    };`;

  it.each([
    ['return { seen: Date.now() };', 'Date.now'],
    ['return { seen: Math.random() };', 'Math.random'],
    ['return { seen: performance.now() };', 'performance.now'],
    ["return { seen: readFileSync('package.json').length };", 'fs.readFileSync'],
    ['setTimeout(() => undefined, 0); return state;', 'setTimeout'],
    ["return { seen: Number(process.env['SEEN'] ?? 0) };", 'process.env'],
  ])('that does %s is stopped at the fence', (evolve, what) => {
    const { reached } = runFence('--projection', plant(`${what.replace('.', '-')}.mjs`, projection(evolve)));
    expect(reached).toBe(
      `AmbientAccess: ${what} is ambient state: a pure room gets time, chance and effects as data`,
    );
  });

  it('that folds from its events alone passes, and one that nobody calls is named', () => {
    const pure = plant('pure.mjs', projection('return { seen: state.seen + event.revision };'));
    const idle = plant('idle.mjs', 'export function neverCalled() { return Date.now(); }\n');
    const report = runFence('--projection', pure, '--module', idle);
    expect(report.reached).toBeNull();
    expect(unexercised(report, [pure, idle])).toEqual([`${idle}: neverCalled`]);
  });
});

describe('the sources', () => {
  it('of the loop name no clock, chance, timer or process, except where the machine is the business', () => {
    const loop = trackedFiles(/^src\/loop\/.*\.ts$/).filter((path) => !(path in machineModules));
    // The loop awaits; what a promise is resolved with, it gets through its ports.
    const found = loop
      .flatMap((path) => noAmbientState(path, text(path)))
      .filter((each) => !/ Promise$/.test(each));
    expect(found).toEqual([]);
  });

  it('that are excepted need it', () => {
    for (const path of Object.keys(machineModules))
      expect(noAmbientState(path, text(path)), path).not.toEqual([]);
  });
});
