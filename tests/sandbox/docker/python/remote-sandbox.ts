import type { RunningContainer } from '../../../../sandbox/docker/container/container.ts';
import { executeInContainer } from '../../../../sandbox/docker/execute-in-container.ts';
import { SupervisedContainer } from '../../../../sandbox/docker/line/supervised-container.ts';
import { dockerSettingsSchema, type Isolation } from '../../../../sandbox/docker/settings.ts';
import type { Execution, ExecutionRequest } from '../../../../sandbox/sandbox.ts';
import { engineSpecs } from '../../../../sandbox/wasm/wasm-sandbox.ts';
import { createWorkerPool } from '../../../../sandbox/wasm/worker-pool.ts';
import { startContainer } from './docker-run.ts';

/** Executions of Python with the tests here and the candidate in a container that `docker run` made. */
export interface RemoteSandbox {
  execute(request: ExecutionRequest): Promise<Execution>;
  /** Containers that were started. */
  readonly started: readonly RunningContainer[];
  close(): Promise<void>;
}

export function createRemoteSandbox(isolation: Isolation, workers: number): RemoteSandbox {
  const examiner = createWorkerPool(workers, { python: engineSpecs.python });
  const idle: SupervisedContainer[] = [];
  const started: RunningContainer[] = [];
  let users = 20_000;
  const source = {
    take: async () => {
      const known = idle.pop();
      if (known?.isUsable === true) return known;
      const container = startContainer(isolation);
      started.push(container);
      const supervised = new SupervisedContainer(container);
      await supervised.ready(30_000);
      return supervised;
    },
    giveBack: (container: SupervisedContainer, done: { readonly clean: boolean } | null) => {
      if (isolation === 'batch' && done?.clean === true) {
        container.ready(30_000).then(
          () => idle.push(container),
          () => container.container.destroy(),
        );
      } else void container.container.destroy();
    },
    nextUser: () => {
      users += 1;
      return isolation === 'batch' ? users : null;
    },
  };
  const settings = dockerSettingsSchema.parse({ isolation });
  return {
    execute: (request) => executeInContainer({ examiner, source, settings, counter: null }, request),
    started,
    close: async () => {
      await examiner.close();
      await Promise.all(started.map((container) => container.destroy()));
    },
  };
}
