import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/repository-root.ts';
import { trackedFiles } from '../support/tracked-files.ts';
import { documented, namedAfterItsExport, passedOn } from './rules/export-rules.ts';
import type { TidyRule } from './rules/finding.ts';
import { linksResolve } from './rules/link-rules.ts';
import { noAmbientState, noAny, noDefaultExports, noReExports } from './rules/syntax-rules.ts';
import {
  commentWidth,
  endsWithNewline,
  fileLength,
  kebabCaseName,
  noLeftovers,
  noMachinePaths,
  noRegistryHosts,
  noTabs,
  noTrailingBlanks,
} from './rules/text-rules.ts';

/** Exceptions, each with its reason. A rule with many exceptions is a wrong rule. */
const longFiles: Readonly<Record<string, string>> = {
  'src/ledger/stores/sqlite/sqlite-store.ts': 'the whole port in one class; its parts live beside it',
  'src/mutation/scopes.ts': 'one walk over every kind of declaration',
};
const otherwiseNamed: Readonly<Record<string, string>> = {
  'projections/catalogue.ts': 'each room calls its list a catalogue',
  'sandbox/wasm/javascript/engine.ts': 'what an engine module exports is fixed by the pool',
  'sandbox/wasm/python/engine.ts': 'what an engine module exports is fixed by the pool',
  'src/generators/repair/operator-priors.ts': 'the table behind the function is the point',
  'src/loop/perform-execution.ts': 'prepares an effect; one file per kind of effect to perform',
};

const code = /^(src|projections|gates|sandbox|tests)\/.*\.(ts|js|mjs|py)$|^[^/]+\.config\.(ts|mjs)$|^\.ci\//;
const product = /^(src|projections|gates|sandbox)\/.*\.ts$/;
const pure = /^(src\/(events|strategies|scorers)|projections|gates\/policy)\/.*\.ts$/;
const pages = /\.md$/;

/** Programs that are read as data follow their own taste. */
const programs = /^src\/tasks\/starter\/programs\//;
/** Inside the sandbox there is a file system of its own, with the usual names. */
const insideTheSandbox = /^(sandbox\/wasm\/python|sandbox\/docker\/agents|tests\/sandbox)\//;

interface Check {
  readonly what: string;
  readonly rule: TidyRule;
  readonly files: RegExp;
  readonly except?: RegExp;
}

const text = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const findings = (rule: TidyRule, files: RegExp, except?: RegExp): readonly string[] =>
  trackedFiles(files)
    .filter((path) => except?.test(path) !== true)
    .flatMap((path) => rule(path, text(path)));

describe('every file', () => {
  it.each<Check>([
    {
      what: 'of the product is short enough to be read in one sitting',
      rule: fileLength(longFiles),
      files: product,
    },
    { what: 'keeps its comments narrow', rule: commentWidth, files: code, except: programs },
    { what: 'has no tab', rule: noTabs, files: code },
    { what: 'has no trailing blank', rule: noTrailingBlanks, files: /\.(ts|js|mjs|py|md|json|svg)$|^\.ci\// },
    { what: 'ends with one newline', rule: endsWithNewline, files: /\.(ts|js|mjs|py|md|json|svg)$|^\.ci\// },
    {
      what: 'has no note to self',
      rule: noLeftovers,
      files: code,
      except: /^(tests\/tidy|src\/tasks\/starter\/programs)\//,
    },
    { what: 'names no place on one machine', rule: noMachinePaths, files: /./, except: insideTheSandbox },
    { what: 'names no package registry', rule: noRegistryHosts, files: /./, except: /^tests\/tidy\// },
    {
      what: 'has a kebab-case name',
      rule: kebabCaseName,
      files: /^(src|projections|gates|sandbox|tests|docs)\/.*\.(ts|js|mjs|py|svg)$/,
    },
    {
      what: 'has no default export',
      rule: noDefaultExports,
      files: /\.ts$/,
      except: /\.config\.ts$|closing-line-reporter\.ts$/,
    },
    { what: 'is typed without any', rule: noAny, files: /\.ts$/, except: /^src\/strategies\/strategy\.ts$/ },
    {
      what: 'passes nothing on, except the one barrel',
      rule: noReExports,
      files: product,
      except: /^src\/index\.ts$/,
    },
    { what: 'with one export is named after it', rule: namedAfterItsExport(otherwiseNamed), files: product },
    { what: 'of a pure room reaches for no clock, chance or effect', rule: noAmbientState, files: pure },
    {
      what: 'of the documentation links to what exists',
      rule: linksResolve(trackedFiles(/./)),
      files: pages,
    },
  ])('$what', ({ rule, files, except }) => {
    expect(findings(rule, files, except)).toEqual([]);
  });
});

describe('the public API', () => {
  const barrel = 'src/index.ts';
  const files = new Map(
    [...passedOn(barrel, text(barrel))].map(([from, names]) => [posix.join('src', from), names] as const),
  );

  it('has a docstring on every function, class and interface', () => {
    const rule = documented(
      ({ name, kind }, path) => files.get(path)?.has(name) === true && kind !== 'type' && kind !== 'value',
    );
    expect([...files.keys()].flatMap((path) => rule(path, text(path)))).toEqual([]);
  });

  it('has a docstring on everything that the ports declare', () => {
    const ports =
      /^(src\/ledger\/(event-store|ledger)|sandbox\/(sandbox|wasm\/engine)|src\/strategies\/strategy|src\/generators\/generator|src\/scorers\/scorer|src\/tasks\/(task|suite)|projections\/projection)\.ts$/;
    expect(
      findings(
        documented(({ kind }) => kind !== 'type' && kind !== 'value'),
        ports,
      ),
    ).toEqual([]);
  });
});

describe('the package', () => {
  const manifest = JSON.parse(text('package.json'));

  it('is licensed as the licence says', () => {
    expect(manifest.license).toBe('Apache-2.0');
    expect(text('LICENSE')).toContain('Apache License\n                           Version 2.0, January 2004');
  });

  it('names exact versions', () => {
    const versions = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.length).toBeGreaterThan(10);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('starts its command with Node and may be executed', () => {
    expect(text(manifest.bin.pawl).split('\n')[0]).toBe('#!/usr/bin/env node');
  });

  it('keeps the exceptions of this test alive only while they are needed', () => {
    const stale = Object.keys(longFiles).filter((path) => fileLength({})(path, text(path)).length === 0);
    const apt = Object.keys(otherwiseNamed).filter(
      (path) => namedAfterItsExport({})(path, text(path)).length === 0,
    );
    expect([...stale, ...apt]).toEqual([]);
  });
});
