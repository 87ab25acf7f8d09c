import type { QuickJSHandle } from 'quickjs-emscripten';
import type { ExecutionRequest } from '../../sandbox.ts';
import type { LineEnd } from '../candidate-line.ts';
import { createOutputCapture, type OutputCapture } from './captured-output.ts';
import { createEmittedLog, type EmittedLog } from './emitted.ts';
import type { HarnessKey } from './guest-source.ts';
import type { QuickjsImage } from './quickjs-image.ts';

/** `line`: the candidate, which is elsewhere, answers no more. */
export type StopReason = 'steps' | 'wall' | 'output' | 'line';

/** What the host keeps of the execution under way. */
export interface SessionState {
  readonly log: EmittedLog;
  readonly stdout: OutputCapture;
  readonly stderr: OutputCapture;
  readonly epochMs: number;
  /** The virtual clock: moves only when a timer fires. */
  elapsedMs: number;
  /** Set once; from then on the interpreter runs nothing more. */
  stop: StopReason | null;
  /** The candidate's top level has run to its end. */
  loaded: boolean;
  /** The candidate is at the other end of a line; why it has ended, once it has. */
  readonly isRemote: boolean;
  lineEnd: LineEnd | null;
}

export const newSessionState = (
  request: ExecutionRequest,
  epochMs: number,
  memoryWasRefused: () => boolean,
  isRemote: boolean,
): SessionState => ({
  log: createEmittedLog(memoryWasRefused, isRemote),
  stdout: createOutputCapture(request.limits.outputBytes),
  stderr: createOutputCapture(request.limits.outputBytes),
  epochMs,
  elapsedMs: 0,
  stop: null,
  loaded: false,
  isRemote,
  lineEnd: null,
});

/** The execution was stopped (`state.stop` says why): unwinds to where the result is made. */
export class Stopped extends Error {}

/** Something threw where only the candidate can have caused it; the guest described it if it could. */
export class GuestFailure extends Error {
  /** Not even the description could be made. */
  readonly text: string;
  constructor(text: string) {
    super(text);
    this.text = text;
  }
}

/** Calls into the guest, with every way out handled. */
export interface Session {
  /** Evaluates in the global scope. What it throws is reported under `where`, and null is returned. */
  evaluate(code: string, file: string, where: 'load' | 'prelude' | 'script'): QuickJSHandle | null;
  call(key: HarnessKey, ...args: (QuickJSHandle | string | number | boolean)[]): QuickJSHandle;
  isTrue(key: HarnessKey, ...args: (QuickJSHandle | string | number | boolean)[]): boolean;
  /** Runs promise jobs and timers until `settled`, or until there are none. */
  drain(settled: () => boolean): void;
}

/** Promise jobs between two looks at the clock. */
const jobsBatch = 500;
/** Given to the harness on top of the candidate's memory when that has run out. */
const reserveBytes = 16 * 1024 * 1024;

export function openSession(
  image: QuickjsImage,
  state: SessionState,
  request: ExecutionRequest,
  wallIsOver: () => boolean,
): Session {
  const { context, runtime, harness } = image;
  const checkStop = (): void => {
    if (wallIsOver()) state.stop ??= 'wall';
    if (state.stop !== null) throw new Stopped();
  };
  const toHandle = (value: QuickJSHandle | string | number | boolean): QuickJSHandle => {
    if (typeof value === 'string') return context.newString(value);
    if (typeof value === 'number') return context.newNumber(value);
    if (typeof value === 'boolean') return value ? context.true : context.false;
    return value;
  };
  const call: Session['call'] = (key, ...args) => {
    const callee = harness[key];
    if (callee === undefined) throw new TypeError(`The guest has no function ${key}.`);
    const result = context.callFunction(callee, context.undefined, ...args.map(toHandle));
    checkStop();
    if (result.error === undefined) return result.value;
    throw new GuestFailure(JSON.stringify(context.dump(result.error)));
  };
  const fail = (where: string, error: QuickJSHandle): void => {
    image.limitMemory(request.limits.memoryBytes + reserveBytes);
    call('failure', where, error);
  };
  const evaluate: Session['evaluate'] = (code, file, where) => {
    const result = context.evalCode(code, file);
    checkStop();
    if (result.error === undefined) return result.value;
    fail(where, result.error);
    return null;
  };
  const isTrue: Session['isTrue'] = (key, ...args) => context.dump(call(key, ...args)) === true;
  const drain: Session['drain'] = (settled) => {
    for (;;) {
      const ran = runtime.executePendingJobs(jobsBatch);
      checkStop();
      if (ran.error !== undefined) {
        fail('script', ran.error);
        continue;
      }
      if (ran.value > 0) continue;
      if (state.isRemote && fire('remotePump')) continue;
      if (settled()) return;
      if (!fire(state.isRemote ? 'remoteFire' : 'fireTimer')) return;
    }
  };
  /** False when no timer is left. An exception in a timer is the program's own. */
  const fire = (key: HarnessKey): boolean => {
    const callee = harness[key];
    if (callee === undefined) return false;
    const result = context.callFunction(callee, context.undefined);
    checkStop();
    if (result.error === undefined) return context.dump(result.value) === true;
    fail('script', result.error);
    return true;
  };
  return { evaluate, call, isTrue, drain };
}
