import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { isPawlError, PawlError } from '../../../src/kernel/pawl-error.ts';
import type { Engine, EngineCall } from '../engine/engine.ts';
import type { EngineSight } from '../engine/engine-watch.ts';
import { understood } from '../engine/understood.ts';
import type { ContainerSpec, EndFacts, OutputChunk, RunningContainer } from './container.ts';
import { readOutput } from './output-reader.ts';

const deadlineMs = 30_000;
/** How long the engine may take to notice that a container has ended whose streams have, milliseconds. */
const endedMsMax = 5_000;

const stateSchema = z.object({
  State: z.object({
    Running: z.boolean(),
    ExitCode: z.int(),
    OOMKilled: z.boolean().default(false),
    Pid: z.int().default(0),
  }),
});
const statsSchema = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number().nonnegative() }) }),
});

export interface ContainerParts {
  readonly engine: Engine;
  readonly id: string;
  readonly spec: ContainerSpec;
  /** Attached to its streams. */
  readonly connection: Duplex;
  /** Tells an end of the container from one of the engine. */
  readonly sight: EngineSight;
  /** Removes it, as often as the engine has to be asked. */
  readonly remove: () => Promise<void>;
}

export function runningContainer(parts: ContainerParts): RunningContainer {
  const { engine, id, connection, sight } = parts;
  let destroying: Promise<void> | null = null;

  /**
   * A connection ends with the container, or with the engine, or something between here and there cut it: only the first is no
   * error. Its streams are held open by its init process, so whatever the program inside does, a container whose streams have
   * ended has ended too, or is about to.
   */
  const explain = async (error: unknown): Promise<Error | null> => {
    if (destroying !== null) return null;
    if (isPawlError(error)) return error;
    const cause = error ?? undefined;
    if (!(await sight.isUnbroken())) {
      const message = `The engine at ${engine.at} went away from a running container.`;
      return new PawlError('ENGINE_UNREACHABLE', message, { cause });
    }
    try {
      await awaitEnd(endedMsMax);
      return null;
    } catch (failure) {
      if (destroying !== null) return null;
      if (!isPawlError(failure, 'ENGINE_UNREACHABLE')) return failure as Error;
      const message = `The connection to a container of the engine at ${engine.at} broke, and the container did not end.`;
      // Not an engine that is away for everybody: that must not be for a program to bring about.
      return new PawlError('SANDBOX_FAILED', message, { cause: cause ?? failure });
    }
  };
  const reader = readOutput(connection, explain);
  const ask = (
    call: Pick<EngineCall, 'method' | 'path' | 'purpose' | 'query'>,
    msMax = deadlineMs,
  ): Promise<unknown> =>
    engine.request({
      ...call,
      path: `/containers/${id}${call.path}`,
      deadlineMs: msMax,
      askedFor: 'container',
    });
  const awaitEnd = (msMax: number): Promise<unknown> =>
    ask({ method: 'POST', path: '/wait', purpose: 'wait for the end of a container' }, msMax);

  const facts = async (): Promise<EndFacts> => {
    const json = await ask({ method: 'GET', path: '/json', purpose: 'look at a container' });
    const { State } = understood(engine, 'a container', stateSchema, json);
    const exitCode = State.Running ? null : State.ExitCode;
    const pid = State.Running && State.Pid > 0 ? State.Pid : null;
    return { running: State.Running, exitCode, outOfMemory: State.OOMKilled, pid };
  };
  return {
    id,
    memoryBytes: parts.spec.memoryBytes,
    output: { [Symbol.asyncIterator]: () => ({ next: async () => toResult(await reader.next()) }) },
    isOver: () => destroying !== null || reader.hasEnded(),
    write: async (bytes) => {
      const error = await writeTo(connection, bytes);
      const reason = error === null ? null : await explain(error);
      if (reason !== null) throw reason;
    },
    cpuMs: async () => {
      const query = { stream: 'false', 'one-shot': 'true' };
      const json = await ask({
        method: 'GET',
        path: '/stats',
        query,
        purpose: 'read the time of a container',
      });
      return understood(engine, 'a container', statsSchema, json).cpu_stats.cpu_usage.total_usage / 1e6;
    },
    facts,
    kill: async () => {
      try {
        const query = { signal: 'SIGKILL' };
        await ask({ method: 'POST', path: '/kill', query, purpose: 'kill a container' });
      } catch (error) {
        // It had ended already: 409 says so, but not every Podman says 409.
        if (!hasStatus(error, 409) && (!hasStatus(error, 500) || (await facts()).running)) throw error;
      }
      await awaitEnd(deadlineMs);
      return facts();
    },
    destroy: () => {
      destroying ??= parts.remove();
      connection.destroy();
      return destroying;
    },
  };
}

/** True for an answer of the engine with this HTTP status. */
export function hasStatus(error: unknown, status: number): boolean {
  return isPawlError(error) && error.context['status'] === status;
}

const toResult = (chunk: OutputChunk | null): IteratorResult<OutputChunk, undefined> =>
  chunk === null ? { done: true, value: undefined } : { done: false, value: chunk };

function writeTo(connection: Duplex, bytes: Uint8Array): Promise<Error | null> {
  const { promise, resolve } = Promise.withResolvers<Error | null>();
  connection.write(bytes, (error) => resolve(error ?? null));
  return promise;
}
