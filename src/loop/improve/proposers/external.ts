import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type SlotKind, slotKinds } from '../../../events/slots.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import type { Json } from '../../../kernel/json.ts';
import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';
import { cutText } from '../../cut-text.ts';
import type { ChangeContract, Proposer } from './proposer.ts';

const outputBytesMax = 1_000_000;
const errorCharactersMax = 1000;
/** All that a program is told of the environment; keys and tokens stay here. */
const environmentNames = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'SYSTEMROOT'];

/** What a program may spend on one proposal. */
export interface ExternalLimits {
  readonly secondsMax: number;
}

const countSchema = z.int().nonnegative();
const contractSchema = z.strictObject({
  content: z.json(),
  hypothesis: z.string().min(1).max(2000),
  predictedGain: z.number().min(-1).max(1),
  falsifiedBy: z.string().min(1).max(2000),
  usage: z
    .strictObject({ inputTokens: countSchema, outputTokens: countSchema })
    .default({ inputTokens: 0, outputTokens: 0 }),
});

/**
 * Any program as a proposer. It gets one line of JSON on stdin, `{"format":1,"seed":…,"view":…}`, and answers with one JSON
 * object on stdout: `content`, `hypothesis`, `predictedGain`, `falsifiedBy` and, where it has any, `usage`. It runs in a
 * directory of its own that is gone afterwards, without a shell, with a few harmless variables of the environment, and until its
 * time is over. Nothing of held-out items is in what it gets; that it does not open the ledger by itself is for whoever chose it
 * to see to.
 *
 * Rejects with `PROPOSER_FAILED` (`context.kind`: `crash` or `timeout`) or `PROPOSAL_INVALID`.
 */
export function createExternalProposer(command: readonly string[], limits: ExternalLimits): Proposer {
  const [program = '', ...args] = command;
  const name = cutText(`program:${program.split('/').at(-1)}`, 100);
  return {
    name,
    version: 1,
    config: { command: [...command] },
    slots: slotKinds.filter((slot): slot is SlotKind => slot !== 'gate' && slot !== 'scorer'),
    deterministic: false,
    party: name.replaceAll(/[\s:]+/g, ':'),
    propose: async (view, seed, signal) => {
      const directory = await mkdtemp(join(tmpdir(), 'pawl-proposer-'));
      try {
        const input = `${canonicalJson({ format: 1, seed, view: view as unknown as Json })}\n`;
        return parseContract(await runProgram({ program, args, directory, input, ...limits }, signal));
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    close: async () => {},
  };
}

interface Call extends ExternalLimits {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly input: string;
}

async function runProgram(call: Call, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const { program, args, directory, secondsMax } = call;
  // A group of its own: what it starts ends with it.
  const child = spawn(program, [...args], { cwd: directory, env: environment(directory), detached: true });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const end = (error: PawlError | Error): void => {
    killGroup(child);
    reject(error);
  };
  const chunks: Buffer[] = [];
  let bytes = 0;
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > outputBytesMax) end(invalid(`it wrote more than ${outputBytesMax} bytes`));
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-errorCharactersMax);
  });
  child.on('error', (cause) => reject(failed('crash', `It cannot be started: ${messageOf(cause)}.`, cause)));
  child.on('close', (code, killedBy) => {
    if (code === 0) return resolve(Buffer.concat(chunks).toString('utf8'));
    const how = code === null ? `was ended by ${killedBy}` : `ended with exit code ${code}`;
    reject(failed('crash', `It ${how}${said.trim() === '' ? '' : `: ${said.trim()}`}.`));
  });
  // Who does not read what it is given may still answer.
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.input);
  const onAbort = (): void => end(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(
    () => end(failed('timeout', `It did not answer within ${secondsMax} s.`)),
    secondsMax * 1000,
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    killGroup(child);
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function environment(directory: string): NodeJS.ProcessEnv {
  const known = environmentNames.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(known), HOME: directory, TMPDIR: directory };
}

function parseContract(text: string): ChangeContract {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(`it answered no JSON: ${cutText(text.trim(), 200) || 'nothing'}`);
  }
  const parsed = contractSchema.safeParse(value);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  return parsed.data as ChangeContract;
}

function invalid(why: string): PawlError {
  return new PawlError('PROPOSAL_INVALID', `What the program proposed is not usable: ${why}`);
}

function failed(kind: 'crash' | 'timeout', why: string, cause?: unknown): PawlError {
  return new PawlError('PROPOSER_FAILED', `The program that proposes failed. ${why}`, {
    context: { kind },
    cause,
  });
}
