import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ExecutionException, ExecutionResult } from '../../../src/events/execution-result.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { messageOf } from '../../../src/kernel/pawl-error.ts';
import { unfinishedResult } from '../../result/unfinished-result.ts';
import type { ExecutionRequest } from '../../sandbox.ts';
import type { BootEngine } from '../engine.ts';
import { LineEnded, type RemoteLine } from '../remote-line.ts';
import { guestSource, harnessKeys } from './guest-source.ts';
import { type InstrumentedProgram, instrument } from './instrument.ts';
import { type Breakdown, makeResult } from './make-result.ts';
import { parseProgram } from './parse-program.ts';
import { createQuickjsImage, type QuickjsImage } from './quickjs-image.ts';
import { runProgram, UnusableTests } from './run-program.ts';
import { type SeedWords, seedWords } from './seed-words.ts';
import { GuestFailure, newSessionState, openSession, type SessionState, Stopped } from './session.ts';

const decoder = new TextDecoder();
const packageName = 'quickjs-emscripten';

/** Memory of the tests, at least, where the program's own is elsewhere. */
const examinerBytes = 256 * 1024 * 1024;

/** The JavaScript engine: QuickJS compiled to WebAssembly, the same fresh memory image for every program. */
export const boot: BootEngine = async ({ interrupt }) => {
  const { wasm, version } = locate();
  const wasmModule = new WebAssembly.Module(wasm);
  const source = guestSource();
  let state: SessionState | null = null;
  /** After a stop the host still asks a few questions, which must not be interrupted. */
  let asking = false;
  let line: RemoteLine | null = null;
  const wallIsOver = (): boolean => Atomics.load(interrupt, 0) !== 0;

  const newImage = (): Promise<QuickjsImage> =>
    createQuickjsImage(wasmModule, source, harnessKeys, {
      nowMs: () => (state === null ? 0 : state.epochMs + state.elapsedMs),
      shouldStop: () => {
        if (asking || state === null) return false;
        if (wallIsOver()) state.stop ??= 'wall';
        return state.stop !== null;
      },
      functions: {
        write: (context, [stream, text]) => {
          if (state === null || stream === undefined || text === undefined) return context.false;
          const capture = context.getNumber(stream) === 1 ? state.stdout : state.stderr;
          return capture.write(context.getString(text)) ? context.true : context.false;
        },
        emit: (context, [json]) => {
          if (json !== undefined) state?.log.add(context.getString(json));
          return context.undefined;
        },
        stop: (context, [reason]) => {
          const text = reason === undefined ? '' : context.getString(reason);
          if (state !== null) state.stop ??= text === 'output' ? 'output' : 'steps';
          return context.undefined;
        },
        ask: (context, [text]) => {
          if (state === null || line === null || text === undefined) return context.undefined;
          try {
            return context.newString(decoder.decode(line.ask(Buffer.from(context.getString(text)))));
          } catch (error) {
            if (!(error instanceof LineEnded)) throw error;
            state.lineEnd = error.end;
            state.stop ??= wallIsOver() ? 'wall' : 'line';
            return context.undefined; // the guest waits to be interrupted
          }
        },
        advance: (context, [elapsed]) => {
          if (state !== null && elapsed !== undefined) state.elapsedMs = context.getNumber(elapsed);
          return context.undefined;
        },
      },
    });
  let image: QuickjsImage | null = await newImage();

  const run = async (
    request: ExecutionRequest,
    seed: SeedWords,
    program: InstrumentedProgram,
  ): Promise<ExecutionResult> => {
    state = null;
    asking = false;
    if (image === null || !image.restore()) image = await newImage();
    const current = image;
    state = newSessionState(request, seed.epochMs, current.memoryWasRefused, line !== null);
    const { memoryBytes } = request.limits;
    current.limitMemory(line === null ? memoryBytes : Math.max(memoryBytes, examinerBytes));
    const session = openSession(current, state, request, wallIsOver);
    let breakdown: Breakdown | null = null;
    try {
      runProgram(current, session, state, request, seed, program);
    } catch (error) {
      if (!(error instanceof Stopped)) breakdown = breakdownOf(error);
      if (!(error instanceof Stopped || error instanceof GuestFailure)) image = null; // its stack was not unwound
    }
    asking = true;
    const steps = image === null ? 0 : readSteps(current);
    return makeResult(request, state, program.statements, steps, breakdown);
  };

  return {
    fingerprint: {
      driver: 'wasm',
      language: 'javascript',
      package: packageName,
      version,
      moduleDigest: sha256Hex(wasm),
      container: null,
    },
    execute: (request, remote) => {
      line = remote;
      const parsed = parseProgram(request.program);
      if (!parsed.ok) {
        const error = { type: 'SyntaxError', message: parsed.message, line: parsed.line };
        return unfinishedResult('error', request.tests, error);
      }
      const { tests } = request;
      const testTexts =
        tests.kind === 'asserts'
          ? [tests.source, tests.invoke ?? '']
          : tests.kind === 'cases'
            ? tests.cases.flatMap((testCase) => [testCase.call, testCase.expected])
            : [];
      const seed = seedWords(request.seed, [request.program, request.prelude, ...testTexts]);
      return run(request, seed, instrument(request.program, parsed.program, seed.counter));
    },
  };
};

function readSteps({ context, harness }: QuickjsImage): number {
  const { steps } = harness;
  if (steps === undefined) return 0;
  const result = context.callFunction(steps, context.undefined);
  return result.error === undefined ? context.getNumber(result.value) : 0;
}

function breakdownOf(error: unknown): Breakdown {
  const message = messageOf(error);
  const exception = (type: string): ExecutionException => ({ type, message, line: null });
  if (error instanceof UnusableTests) return { outcome: 'sandbox_error', error: exception('UnusableTests') };
  if (message.includes('out of memory'))
    return { outcome: 'out_of_memory', error: exception('InternalError') };
  if (error instanceof RangeError && message.includes('call stack')) {
    return { outcome: 'error', error: exception('RangeError') };
  }
  return { outcome: 'sandbox_error', error: exception('SandboxError') };
}

/** The module file that is loaded, found the way the package finds it, and the version that it came with. */
function locate(): { readonly wasm: Uint8Array<ArrayBuffer>; readonly version: string } {
  const requireHere = createRequire(import.meta.url);
  const requireThere = createRequire(requireHere.resolve(packageName));
  const wasm = new Uint8Array(readFileSync(requireThere.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));
  const { version } = requireThere('@jitl/quickjs-wasmfile-release-sync/package.json') as { version: string };
  return { wasm, version };
}
