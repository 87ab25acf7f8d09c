import { randomUUID } from 'node:crypto';
import type { Fingerprint } from '../../src/events/run.ts';
import { digestSchema } from '../../src/events/shapes.ts';
import type { Language } from '../../src/events/task-view.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { PerfCounter } from '../profile/perf-counter.ts';
import type { Sandbox } from '../sandbox.ts';
import { engineSpecs } from '../wasm/wasm-sandbox.ts';
import { createWorkerPool, type WorkerPool } from '../wasm/worker-pool.ts';
import type { Agent } from './agents/agent.ts';
import { javascriptAgent } from './agents/javascript/javascript-agent.ts';
import { pythonAgent } from './agents/python/python-agent.ts';
import { claimOf } from './claim-of.ts';
import { engineExec } from './command/engine-exec.ts';
import { createContainerHost } from './container/container-host.ts';
import { thisOwner } from './container/owner.ts';
import { createWarmPool, type WarmPool, type WarmPoolLimits } from './container/warm-pool.ts';
import { type ReadyContainers, readyContainers } from './container-source.ts';
import { describeContainers, type OpenedEngine, openEngine } from './docker-engine.ts';
import { executeCommands } from './execute-commands.ts';
import { executeInContainer } from './execute-in-container.ts';
import { lateAfter } from './late-after.ts';
import { remembered } from './remembered.ts';
import type { DockerSettings } from './settings.ts';

export interface DriverOptions {
  readonly workers: number;
  readonly settings: DockerSettings;
  readonly languages: readonly Language[];
  readonly counter: PerfCounter | null;
  /** Aborted: a container that is still waited for comes at once or not at all. */
  readonly stop: AbortSignal;
}

/** The driver on an engine that has been spoken to; whoever uses it keeps within its bounds. */
export interface OpenedDriver extends Sandbox {
  /** Memory that containers may claim together, bytes: what the engine's machine has, less a reserve. */
  readonly memoryBytesMax: number;
}

/** Left to the engine, the machine and Pawl itself, as a share of the machine's memory. */
const reservedShare = 0.2;

type Called = Exclude<Language, 'command'>;
const agents: Readonly<Record<Called, Agent>> = { python: pythonAgent, javascript: javascriptAgent };
const isCalled = (language: Language): language is Called => language !== 'command';

/** @throws PawlError `ENGINE_UNREACHABLE`, `ENGINE_REFUSED`, `SANDBOX_SETTINGS` */
export async function openDriver({
  workers,
  settings,
  languages,
  counter,
  stop,
}: DriverOptions): Promise<OpenedDriver> {
  const ending = new AbortController();
  const opened = await openUnless(stop, ending, () => openEngine(settings, ending.signal));
  const host = createContainerHost(opened.engine, settings, thisOwner(randomUUID()));
  const called = languages.filter(isCalled);
  const examiner = createWorkerPool(
    workers,
    Object.fromEntries(called.map((language) => [language, engineSpecs[language]])),
  );
  const pool = createWarmPool(host, poolLimits(workers, settings));
  const late = lateAfter(stop);
  const take: WarmPool['take'] = (spec, signal) =>
    pool.take(spec, signal === undefined ? late : AbortSignal.any([signal, late]));
  const source = readyContainers({
    settings,
    agents,
    imageOf: async (language) => (await opened.imageOf(language)).id,
    takeContainer: take,
    idleMax: 2 * workers,
  });
  await openUnless(stop, ending, () => host.sweep());
  const claim = claimOf(settings);
  const fingerprints = remembered((language: Language) =>
    fingerprintOf({ opened, settings, examiner, source }, language),
  );
  return {
    languages,
    memoryBytesMax: Math.floor(opened.facts.memoryBytes * (1 - reservedShare)),
    fingerprint: fingerprints,
    execute: async (request, signal) => {
      if (isCalled(request.language))
        return executeInContainer({ examiner, source, settings, counter }, request, signal);
      const executor = {
        image: (await opened.imageOf('command')).id,
        memoryBytes: claim(request),
        settings,
        take,
        execOf: ({ id }: { readonly id: string }) => engineExec(opened.engine, id),
      };
      return executeCommands(executor, request, signal);
    },
    close: async () => {
      // The host first: it ends what waits for the engine, and it knows of all the containers that the others hold.
      const ends = Promise.allSettled([examiner.close(), source.close(), pool.close()]);
      try {
        await host.close();
      } finally {
        ending.abort(new PawlError('SANDBOX_CLOSED', 'The sandbox was closed.'));
        await ends;
      }
    },
  };
}

/** Until the driver is open there is nothing that would have to be cleared away: being told to stop ends it at once. */
async function openUnless<T>(stop: AbortSignal, ending: AbortController, part: () => Promise<T>): Promise<T> {
  const end = (): void => ending.abort(stop.reason);
  stop.throwIfAborted();
  stop.addEventListener('abort', end, { once: true });
  try {
    return await part();
  } catch (error) {
    ending.abort(error);
    throw error;
  } finally {
    stop.removeEventListener('abort', end);
  }
}

/** Warm containers are used again, so none has to be ahead of them; twice the workers are taken, and others are on their way. */
function poolLimits(workers: number, { isolation, warm }: DockerSettings): WarmPoolLimits {
  const ahead = isolation === 'batch' ? 0 : (warm ?? workers);
  return { warm: ahead, containersMax: 4 * workers + 2 * ahead, startsMax: 2, kindsMax: 4 };
}

interface FingerprintParts {
  readonly opened: OpenedEngine;
  readonly settings: DockerSettings;
  readonly examiner: WorkerPool;
  readonly source: ReadyContainers;
}

async function fingerprintOf(
  { opened, settings, examiner, source }: FingerprintParts,
  language: Language,
): Promise<Fingerprint> {
  const image = await opened.imageOf(language);
  const called = isCalled(language);
  const [version, examining] = called
    ? await Promise.all([source.versionOf(language), examiner.fingerprint(language)])
    : ['any', null];
  return {
    driver: 'docker',
    language,
    package: packages[language],
    version,
    moduleDigest: digestSchema.parse(image.id.slice('sha256:'.length)),
    container: describeContainers(opened, image, settings, examining?.moduleDigest ?? null),
  };
}

const packages: Readonly<Record<Language, string>> = {
  python: 'cpython',
  javascript: 'node',
  command: 'commands',
};
