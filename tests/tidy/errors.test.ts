import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ErrorEntry, errorTable } from '../../src/kernel/error-table.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { trackedFiles } from '../support/tracked-files.ts';

/** Codes that no code raises yet, each with the reason it is kept. A code that is raised must not stand here. */
const reservedCodes: Readonly<Record<string, string>> = {
  STREAM_NOT_FOUND:
    'reading an unknown stream gives nothing; a store that serves over a network needs to say so',
  REPLAY_DIVERGED: 'replay reports its verdict and exits with the same code; an endpoint will raise it',
};

const pagePath = 'docs/reference/errors.md';
const page = readFileSync(join(repositoryRoot, pagePath), 'utf8');

interface Documented extends ErrorEntry {
  readonly meaning: string;
  readonly advice: string;
}

const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), readSection(section)] as const),
);

function readSection(section: string): Documented | null {
  const shape =
    /^[A-Z_]+\n\n\*\*(.+)\.\*\* Exit (\d+) · HTTP (\d+) · Retry (yes|no)\n\n([\s\S]+?)\n\n\*What to do:\* ([\s\S]+?)\n*$/;
  const [, title, exit, http, retry, meaning, advice] = shape.exec(section) ?? [];
  if (title === undefined || meaning === undefined || advice === undefined) return null;
  return {
    title,
    httpStatus: Number(http),
    exitCode: Number(exit) as ErrorEntry['exitCode'],
    retryable: retry === 'yes',
    meaning,
    advice,
  };
}

describe('the error table and its page', () => {
  it('name the same codes in the same order', () => {
    expect([...sections.keys()]).toEqual(Object.keys(errorTable));
  });

  it.each(Object.entries<ErrorEntry>(errorTable))('%s is documented as it is', (code, entry) => {
    const { meaning, advice, ...documented } = sections.get(code) ?? { meaning: '', advice: '' };
    expect(documented).toEqual(entry);
    expect(meaning.length, 'what it means').toBeGreaterThan(30);
    expect(advice.length, 'what to do').toBeGreaterThan(10);
  });

  it('explain every exit code that the table uses', () => {
    const explained = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(explained).toEqual([0, 1, 2, 100, 101, 110, 120]);
    for (const { exitCode } of Object.values<ErrorEntry>(errorTable)) expect(explained).toContain(exitCode);
  });
});

describe('every code', () => {
  const product = trackedFiles(/^(src|projections|gates|sandbox)\/.*\.ts$/)
    .filter((path) => path !== 'src/kernel/error-table.ts')
    .map((path) => readFileSync(join(repositoryRoot, path), 'utf8'))
    .join('\n');
  const raised = (code: string): boolean => new RegExp(`'${code}'`).test(product);

  it('is raised somewhere, or reserved for a reason', () => {
    expect(Object.keys(errorTable).filter((code) => !raised(code) && !(code in reservedCodes))).toEqual([]);
  });

  it('is reserved only while nothing raises it', () => {
    expect(Object.keys(reservedCodes).filter((code) => raised(code) || !(code in errorTable))).toEqual([]);
  });
});
