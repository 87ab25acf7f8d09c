import type { Execution, ExecutionRequest, Sandbox } from '../../../../sandbox/sandbox.ts';
import { engineSpecs } from '../../../../sandbox/wasm/wasm-sandbox.ts';
import { createWorkerPool } from '../../../../sandbox/wasm/worker-pool.ts';
import { type SupervisedContainer, startSupervised } from './supervised.ts';

/** The tests in this process, the candidates in one warm container, one after the other. */
export function createRemoteSandbox(): Sandbox {
  const pool = createWorkerPool(1, { javascript: engineSpecs.javascript });
  let container: SupervisedContainer | null = null;
  let user = 20_000;
  let last: Promise<unknown> = Promise.resolve();

  const executeNow = async (request: ExecutionRequest): Promise<Execution> => {
    container ??= startSupervised('batch', request.limits.memoryBytes + 160 * 1024 * 1024);
    await container.ready();
    user += 1;
    const outputBytesMax = request.limits.outputBytes;
    const supervised = container.start({ user, outputBytesMax });
    const execution = await pool.execute(request, undefined, supervised.line);
    const { result } = execution;
    if (result.outcome === 'timeout' && result.error?.type === 'TimeLimitExceeded') {
      container.process.kill('SIGKILL');
      container = null;
      return execution;
    }
    const { clean } = await supervised.end();
    if (!clean) {
      await container.close();
      container = null;
    }
    const output = (text: string): Execution['result']['stdout'] => ({
      text: text.slice(0, outputBytesMax),
      bytesTotal: Buffer.byteLength(text),
      truncated: Buffer.byteLength(text) > outputBytesMax,
    });
    return {
      ...execution,
      result: { ...result, stdout: output(supervised.stdout()), stderr: output(supervised.stderr()) },
    };
  };
  return {
    languages: ['javascript'],
    fingerprint: (language) => pool.fingerprint(language),
    execute: (request) => {
      const execution = last.then(() => executeNow(request));
      last = execution.catch(() => {});
      return execution;
    },
    close: async () => {
      await last;
      await container?.close();
      await pool.close();
    },
  };
}
