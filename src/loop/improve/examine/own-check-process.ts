import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { resolve } from 'node:path';
import {
  type OwnCheckRequest,
  type OwnCheckReturn,
  readOwnReturn,
} from '../../../../gates/checks/own-check.ts';
import type { OwnCheck } from '../../../../gates/definition/gate-definition.ts';
import { sha256Hex } from '../../../kernel/digest.ts';
import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';

/** A check that takes longer has not found out anything. */
export const ownCheckMsMax = 60_000;
const answerBytesMax = 1024 * 1024;

/**
 * Source of a check, when it is the one that the gate's definition pins.
 *
 * @throws PawlError `GATE_CHECK_INVALID` when the file is missing or has changed
 */
export async function readOwnCheck({ name, file, digest }: OwnCheck, directory: string): Promise<string> {
  const path = resolve(directory, file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    const message = `The check "${name}" cannot be read from ${path}: ${messageOf(cause)}. Put the file there: paths of checks count from the gate's file, or from where the command is given.`;
    throw new PawlError('GATE_CHECK_INVALID', message, { context: { check: name }, cause });
  });
  const found = sha256Hex(bytes);
  if (found !== digest) {
    throw new PawlError(
      'GATE_CHECK_INVALID',
      `The check "${name}" in ${path} is not the one that the gate was registered with: its SHA-256 is ${found}, not ${digest}. Restore the file, or propose a gate with the new one (\`pawl gate propose\`).`,
      { context: { check: name } },
    );
  }
  const source = bytes.toString('utf8');
  return file.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
}

/** Runs inside the child: reads source and request from its input, answers with one line of JSON. */
const childScript = `
let text = '';
for await (const part of process.stdin) text += part;
const { source, request } = JSON.parse(text);
const module = await import('data:text/javascript;base64,' + Buffer.from(source).toString('base64'));
const returned = await module.check(request);
process.stdout.write('\\n' + JSON.stringify({ returned }) + '\\n', () => process.exit(0));
`;

/**
 * Runs a check in a process of its own that may not read or write any file, nor start another process, with no environment, and
 * with a time limit. What goes wrong in it is `inconclusive`, and says why.
 */
export async function runOwnCheck(
  source: string,
  request: OwnCheckRequest,
  limits: { readonly wallMs: number },
  signal: AbortSignal,
): Promise<OwnCheckReturn> {
  const answer = await askChild(JSON.stringify({ source, request }), limits.wallMs, signal);
  if ('why' in answer) return unknown(answer.why);
  const last = answer.text.trimEnd().split('\n').at(-1) ?? '';
  const read = readOwnReturn(parsed(last));
  return read.returned ?? unknown(`it answered with something else than a verdict (${read.why})`);
}

function unknown(why: string): OwnCheckReturn {
  const sentence = `The check came to no answer: ${why}.`.slice(0, 2000);
  return { verdict: 'inconclusive', sentence, numbers: {} };
}

function parsed(line: string): unknown {
  try {
    return (JSON.parse(line) as { readonly returned?: unknown }).returned;
  } catch {
    return null;
  }
}

function askChild(
  input: string,
  wallMs: number,
  signal: AbortSignal,
): Promise<{ readonly text: string } | { readonly why: string }> {
  const {
    promise,
    resolve: answer,
    reject,
  } = Promise.withResolvers<{ readonly text: string } | { readonly why: string }>();
  const child = spawn(process.execPath, ['--permission', '--input-type=module', '--eval', childScript], {
    env: {},
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let [text, said] = ['', ''];
  let ended: string | null = null;
  const end = (why: string): void => {
    ended ??= why;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => end(`it did not end within ${wallMs / 1000} s`), wallMs);
  const stop = (): void => end('it was stopped');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (text.length > answerBytesMax) end('it wrote too much');
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said = (said + part).slice(0, 4000);
  });
  // A child that ended early does not read its input; how it ended says more.
  child.stdin.on('error', () => undefined).end(input);
  child.on('error', (error) => end(messageOf(error)));
  child.on('close', (code) => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    if (signal.aborted) return reject(signal.reason);
    if (ended !== null) return answer({ why: ended });
    answer(code === 0 ? { text } : { why: `it failed: ${firstError(said)}` });
  });
  return promise;
}

/** The line of a stack trace that names the error. */
function firstError(said: string): string {
  return said.split('\n').find((line) => /^\w*Error\b/.test(line)) ?? said.trim().split('\n').at(-1) ?? '';
}
