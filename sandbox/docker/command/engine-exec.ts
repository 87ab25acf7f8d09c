import { z } from 'zod';
import { messageOf, PawlError } from '../../../src/kernel/pawl-error.ts';
import { readOutput } from '../container/output-reader.ts';
import type { Engine, EngineCall } from '../engine/engine.ts';
import type { ContainerExec, ExecFacts, ExecOrder, StartedExec } from './container-exec.ts';

const deadlineMs = 30_000;
const createdSchema = z.object({ Id: z.string().regex(/^[0-9a-f]{1,128}$/) });
const factsSchema = z.object({ Running: z.boolean(), ExitCode: z.int().nullish() });

/** Commands in one container, over the engine's own interface for them. */
export function engineExec(engine: Engine, container: string): ContainerExec {
  const call = (method: 'GET' | 'POST', path: string, purpose: string, body?: object): EngineCall => ({
    ...{ method, path, purpose, deadlineMs, askedFor: 'container' },
    ...(body === undefined ? {} : { body }),
  });
  const create = async ({ argv, directory, environment, stdin }: ExecOrder): Promise<string> => {
    const attached = { AttachStdin: stdin.length > 0, AttachStdout: true, AttachStderr: true, Tty: false };
    const body = { Cmd: argv, Env: environment, WorkingDir: directory, ...attached };
    const path = `/containers/${container}/exec`;
    const answer = await engine.request(call('POST', path, 'prepare a command in a container', body));
    return understood(createdSchema, answer, engine).Id;
  };
  const facts = async (id: string): Promise<ExecFacts> => {
    const answer = await engine.request(call('GET', `/exec/${id}/json`, 'ask how a command ended'));
    const { Running: running, ExitCode: exitCode } = understood(factsSchema, answer, engine);
    return { running, exitCode: running ? null : (exitCode ?? null) };
  };
  /** An output that ends was ended by the container or by the engine; whoever asks for the facts next will know. */
  const explain = async (error: unknown, id: string): Promise<Error | null> => {
    if (error === null) return null;
    // Podman hangs up on whoever still writes to a command that has ended, where Docker reads on and drops it.
    if (isHangUp(error) && !(await facts(id)).running) return null;
    const message = `The engine at ${engine.at} broke off the output of a command: ${messageOf(error)}`;
    return new PawlError('ENGINE_UNREACHABLE', message, { cause: error });
  };
  return {
    start: async (order): Promise<StartedExec> => {
      const id = await create(order);
      const body = { Detach: false, Tty: false };
      const started = call('POST', `/exec/${id}/start`, 'start a command in a container', body);
      const connection = await engine.hijack(started);
      const reader = readOutput(connection, (error) => explain(error, id));
      // A command that does not read what it is given closes its end, and that is nobody's failure.
      if (order.stdin.length > 0) connection.end(order.stdin);
      return {
        output: reader,
        facts: () => facts(id),
        drop: () => connection.destroy(),
      };
    },
  };
}

const isHangUp = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET');

function understood<T>(schema: z.ZodType<T>, json: unknown, engine: Engine): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new PawlError('SANDBOX_FAILED', `The engine at ${engine.at} describes a command in an unknown form.`);
}
