import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../support/repository-root.ts';
import { methods, type Vector } from './methods.ts';

const file = resolve(repositoryRoot, '../shared/gate-vectors.json');
const there = existsSync(file);
const vectors: readonly Vector[] = there ? JSON.parse(readFileSync(file, 'utf8')).vectors : [];

describe.skipIf(!there)('the published vectors (skipped where ../shared is absent)', () => {
  it('are of methods that all exist', () => {
    expect([...new Set(vectors.map(({ method }) => method))].filter((name) => !(name in methods))).toEqual(
      [],
    );
  });

  it.each(vectors.map((vector, index) => [`${vector.method} #${index}`, vector] as const))(
    '%s',
    (_, vector) => {
      const got = methods[vector.method]?.(vector.params, vector.input);
      expectClose(got, vector.expected, vector.method);
    },
  );
});

/** Numbers to a relative 1e-9, everything else exactly; what we give beyond the expected is not looked at. */
function expectClose(got: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number' && typeof got === 'number') {
    const tolerance = Math.max(1e-12, Math.abs(expected) * 1e-9);
    expect(Math.abs(got - expected), `${path}: ${got} against ${expected}`).toBeLessThanOrEqual(tolerance);
    return;
  }
  if (Array.isArray(expected)) {
    expect(Array.isArray(got) ? got.length : -1, `${path} length`).toBe(expected.length);
    for (const [index, item] of expected.entries()) {
      expectClose((got as unknown[])[index], item, `${path}[${index}]`);
    }
    return;
  }
  if (typeof expected === 'object' && expected !== null) {
    for (const [name, value] of Object.entries(expected)) {
      expectClose((got as Record<string, unknown>)[name], value, `${path}.${name}`);
    }
    return;
  }
  expect(got, path).toEqual(expected);
}
