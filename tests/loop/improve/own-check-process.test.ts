import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { examine } from '../../../src/loop/improve/examine/examine.ts';
import { readOwnCheck, runOwnCheck } from '../../../src/loop/improve/examine/own-check-process.ts';
import { eventsOfLine, openToyLine, proposeContent, skilled, toyGate } from '../../support/toy-line.ts';

const never = { pause: new AbortController().signal, abort: new AbortController().signal };
const limits = { wallMs: 20_000 };
const request = {
  ...({ slot: 'generator', challenger: { spec: 'new' }, parent: { spec: 'old' } } as const),
  config: { longest: 3 },
};

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'own-check-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function written(file: string, source: string) {
  await writeFile(join(directory, file), source);
  return { name: 'short', file, digest: sha256Hex(source), config: { longest: 3 } };
}

const short = `
export function check({ challenger, config }: { challenger: { spec: string }; config: { longest: number } }) {
  const length = challenger.spec.length;
  const verdict = length <= config.longest ? 'pass' : 'block';
  return { verdict, sentence: \`Its specification has \${length} characters.\`, numbers: { length } };
}
`;

describe("a check of one's own", () => {
  it('decides from the change and its settings', async () => {
    const source = await readOwnCheck(await written('short.ts', short), directory);
    expect(await runOwnCheck(source, request, limits, never.abort)).toEqual({
      verdict: 'pass',
      sentence: 'Its specification has 3 characters.',
      numbers: { length: 3 },
    });
  });

  it('is refused when its file has changed since, or is gone', async () => {
    const pinned = await written('changed.ts', short);
    await writeFile(join(directory, 'changed.ts'), `${short}// changed\n`);
    await expect(readOwnCheck(pinned, directory)).rejects.toMatchObject({ code: 'GATE_CHECK_INVALID' });
    const gone = { ...pinned, file: 'gone.ts' };
    await expect(readOwnCheck(gone, directory)).rejects.toMatchObject({ code: 'GATE_CHECK_INVALID' });
  });

  it.each([
    ['throws', 'export const check = () => { throw new RangeError("no") }', 'it failed: RangeError: no'],
    [
      'answers with something else',
      'export const check = () => ({ verdict: "yes" })',
      'it answered with something else',
    ],
    [
      'reads files',
      'import { readFileSync } from "node:fs"; export const check = () => readFileSync("/etc/hostname", "utf8")',
      'Access to this API has been restricted',
    ],
    [
      'starts processes',
      'import { execSync } from "node:child_process"; export const check = () => execSync("id")',
      'Access to this API has been restricted',
    ],
    ['ends its process', 'export const check = () => process.exit(0)', 'it answered with something else'],
  ])('that %s has found out nothing', async (_, source, why) => {
    const { verdict, sentence } = await runOwnCheck(source, request, limits, never.abort);
    expect(verdict).toBe('inconclusive');
    expect(sentence).toContain(why);
  });

  it('that does not end is ended', async () => {
    const endless = 'export const check = () => { for (;;); }';
    const { verdict, sentence } = await runOwnCheck(endless, request, { wallMs: 1000 }, never.abort);
    expect(verdict).toBe('inconclusive');
    expect(sentence).toBe('The check came to no answer: it did not end within 1 s.');
  });

  it('sees no environment of the process that runs it', async () => {
    const source =
      'export const check = () => ({ verdict: "pass", sentence: Object.keys(process.env).join() || "none", numbers: {} })';
    expect((await runOwnCheck(source, request, limits, never.abort)).sentence).toBe('none');
  });
});

describe("a gate with a check of one's own", () => {
  it('asks it after the static check, and a block ends the examination', async () => {
    const check = await written('gate.ts', short);
    const services = { ...toyGate(openMemoryStore(), 'one'), checksDirectory: directory };
    const line = await openToyLine(services, { gate: { checks: [check] } });
    const id = await proposeContent(line, services, { content: skilled('skill:1') });
    expect(await examine(line, services, id, never)).toBe('discarded');
    expect(services.told.map(({ check: name, verdict }) => [name, verdict])).toEqual([
      ['static', 'pass'],
      ['short', 'block'],
    ]);
    expect(line.state.proposals[id]?.decision).toMatchObject({ verdict: 'discard', decidedBy: 'short' });
  });

  it('begins nothing while its file is not the one that was registered', async () => {
    const check = await written('later.ts', short);
    const services = { ...toyGate(openMemoryStore(), 'one'), checksDirectory: directory };
    const line = await openToyLine(services, { gate: { checks: [check] } });
    const id = await proposeContent(line, services, { content: skilled('skill:1') });
    await writeFile(join(directory, 'later.ts'), 'export const check = () => ({ verdict: "pass" })');
    await expect(examine(line, services, id, never)).rejects.toMatchObject({ code: 'GATE_CHECK_INVALID' });
    expect((await eventsOfLine(services, line)).at(-1)?.type).toBe('ChangeProposed');
  });
});
