import type { Execution, ExecutionRequest, Sandbox } from '../../../../sandbox/sandbox.ts';
import { engineSpecs } from '../../../../sandbox/wasm/wasm-sandbox.ts';
import { createWorkerPool } from '../../../../sandbox/wasm/worker-pool.ts';
import { PawlError } from '../../../../src/kernel/pawl-error.ts';
import { type SupervisedContainer, startSupervised } from './supervised.ts';

const languages = ['javascript'] as const;

/** The tests in this process, the candidates in one warm container, one after the other. */
export function createRemoteSandbox(): Sandbox {
  const pool = createWorkerPool(1, { javascript: engineSpecs.javascript });
  let container: SupervisedContainer | null = null;
  let user = 20_000;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  const destroy = (): void => {
    container?.destroy();
    container = null;
  };
  const refuseClosed = (): void => {
    if (isClosed) throw new PawlError('SANDBOX_CLOSED', 'The sandbox has been closed.');
  };
  const refuse = (language: string): void => {
    refuseClosed();
    if (language !== 'javascript') throw new PawlError('SANDBOX_LANGUAGE', `There is no ${language} here.`);
  };

  const executeNow = async (request: ExecutionRequest, signal?: AbortSignal): Promise<Execution> => {
    signal?.throwIfAborted();
    refuseClosed();
    container ??= startSupervised('batch', request.limits.memoryBytes + 160 * 1024 * 1024);
    await container.ready();
    user += 1;
    const { outputBytes } = request.limits;
    const supervised = container.start({ user, outputBytesMax: outputBytes });
    const onAbort = (): void => destroy();
    signal?.addEventListener('abort', onAbort, { once: true });
    const execution = await pool.execute(request, signal, supervised.line).finally(() => {
      signal?.removeEventListener('abort', onAbort);
    });
    refuseClosed();
    const { result } = execution;
    if (result.error?.type === 'TimeLimitExceeded') destroy();
    else if (!(await supervised.end()).clean) destroy();
    const output = (text: string): Execution['result']['stdout'] => ({
      text: text.slice(0, outputBytes),
      bytesTotal: Buffer.byteLength(text),
      truncated: Buffer.byteLength(text) > outputBytes,
    });
    return {
      ...execution,
      result: { ...result, stdout: output(supervised.stdout()), stderr: output(supervised.stderr()) },
    };
  };
  return {
    languages,
    fingerprint: async (language) => {
      refuse(language);
      return pool.fingerprint(language);
    },
    execute: async (request, signal) => {
      refuse(request.language);
      const execution = last.then(() => executeNow(request, signal));
      last = execution.catch(() => {});
      return execution;
    },
    close: async () => {
      isClosed = true;
      destroy();
      await pool.close();
    },
  };
}
