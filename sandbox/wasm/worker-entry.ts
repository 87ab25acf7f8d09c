import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../src/kernel/pawl-error.ts';
import { capResult } from '../result/cap-result.ts';
import type { BootEngine, Engine } from './engine.ts';
import { openRemoteLine } from './remote-line.ts';
import type { ExecuteMessage, WorkerMessage, WorkerSetup } from './worker-protocol.ts';

/** Runs inside the thread: boots the engine once, then executes one request after the other. */
async function serve(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new TypeError('This module only runs as a worker thread.');
  const setup = workerData as WorkerSetup;
  const post = (message: WorkerMessage): void => port.postMessage(message);
  let engine: Engine;
  try {
    const loaded = (await import(setup.engineUrl)) as { readonly boot: BootEngine };
    engine = await loaded.boot({ interrupt: setup.interrupt });
  } catch (error) {
    post({ kind: 'boot_failed', message: messageOf(error) });
    port.close();
    return;
  }
  port.on('message', async ({ ordinal, request, line }: ExecuteMessage) => {
    const startedMs = performance.now();
    try {
      const result = await engine.execute(
        request,
        line === null ? null : openRemoteLine(line.port, line.answered),
      );
      const wallMs = performance.now() - startedMs;
      post({ kind: 'finished', ordinal, result: capResult(result), wallMs });
    } catch (error) {
      const wallMs = performance.now() - startedMs;
      post({ kind: 'engine_failed', ordinal, message: messageOf(error), wallMs });
    } finally {
      line?.port.close();
    }
  });
  post({ kind: 'ready', fingerprint: engine.fingerprint });
}

await serve();
