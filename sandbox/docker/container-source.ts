import type { Language } from '../../src/events/task-view.ts';
import { isPawlError, PawlError } from '../../src/kernel/pawl-error.ts';
import type { Agent } from './agents/agent.ts';
import { claimOf } from './claim-of.ts';
import type { ContainerSpec, RunningContainer } from './container/container.ts';
import type { ContainerSource } from './execute-in-container.ts';
import { SupervisedContainer } from './line/supervised-container.ts';
import type { DockerSettings } from './settings.ts';

export interface SourceParts {
  readonly settings: DockerSettings;
  readonly agents: Readonly<Partial<Record<Language, Agent>>>;
  /** The ID of the image for a language. */
  imageOf(language: Language): Promise<string>;
  /** A started container of this kind, from those made ahead where there are any. */
  takeContainer(spec: ContainerSpec, signal: AbortSignal | undefined): Promise<RunningContainer>;
  /** Warm containers that are kept while nobody uses them, of all kinds together. */
  readonly idleMax: number;
}

/** Real time from the start of a container until its supervisor takes an order, milliseconds. */
const readyMsMax = 30_000;
/** Containers that are tried before the image is taken for the reason that none gets ready. */
const readyAttemptsMax = 2;
/** Executions after which a warm container is replaced, so that nothing slow can gather in it. */
const executionsMax = 1_000;
/** Users of executions in one container, from the first on: none is used twice while its container lives. */
const firstUser = 20_000;

/** For a container that executes nothing. */
const smallLimits = { wallMs: 0, steps: null, memoryBytes: 128 * 1024 * 1024, outputBytes: 0 };

/** Hands out containers that are ready, and takes warm ones back (`batch`). */
export interface ReadyContainers extends ContainerSource {
  /** Version of the interpreter in the language's image. */
  versionOf(language: Language): Promise<string>;
  /** Destroys what is warm. */
  close(): Promise<void>;
}

export function readyContainers({
  settings,
  agents,
  imageOf,
  takeContainer,
  idleMax,
}: SourceParts): ReadyContainers {
  const claim = claimOf(settings);
  /** The one that has been idle longest first. */
  let idle: readonly SupervisedContainer[] = [];
  const keys = new WeakMap<SupervisedContainer, string>();
  const ending = new Set<Promise<void>>();
  let users = 0;
  let closed = false;

  const destroy = (container: SupervisedContainer): void => {
    const gone = container.container.destroy().catch(() => {}); // the sweep finds what the engine kept
    ending.add(gone);
    void gone.finally(() => ending.delete(gone));
  };
  const specOf = async (language: Language, memoryBytes: number): Promise<ContainerSpec> => {
    const agent = agents[language];
    if (agent === undefined) {
      throw new PawlError('SANDBOX_LANGUAGE', `This sandbox does not run ${language}.`, {
        context: { language },
      });
    }
    return {
      image: await imageOf(language),
      command: agent.command(settings.isolation, memoryBytes),
      isolation: settings.isolation,
      memoryBytes,
      workIsExecutable: false,
    };
  };
  const start = async (
    spec: ContainerSpec,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<SupervisedContainer> => {
    for (let attempt = 1; ; attempt += 1) {
      const container = new SupervisedContainer(await takeContainer(spec, signal));
      try {
        await container.ready(readyMsMax);
        keys.set(container, key);
        return container;
      } catch (error) {
        destroy(container);
        // One that ended too soon may have been taken from outside; an image that lacks something lacks it again.
        if (attempt === readyAttemptsMax || !isPawlError(error, 'IMAGE_UNUSABLE')) throw error;
      }
    }
  };
  /** One that is warm, and has cleaned up after the execution before. */
  const takeIdle = async (key: string): Promise<SupervisedContainer | null> => {
    for (;;) {
      const container = idle.find((one) => keys.get(one) === key);
      if (container === undefined) return null;
      idle = idle.filter((one) => one !== container);
      const ready = await container.ready(readyMsMax).then(
        () => true,
        () => false,
      );
      if (ready && container.isUsable) return container;
      destroy(container);
    }
  };
  return {
    versionOf: async (language) => {
      const container = await start(await specOf(language, claim({ limits: smallLimits })), '', undefined);
      const { version } = await container.ready(readyMsMax);
      destroy(container);
      return version;
    },
    take: async (request, signal) => {
      const spec = await specOf(request.language, claim(request));
      const key = `${request.language} ${spec.memoryBytes}`;
      return (await takeIdle(key)) ?? start(spec, key, signal);
    },
    giveBack: (container, done) => {
      const again =
        settings.isolation === 'batch' && done?.clean === true && container.executions < executionsMax;
      if (!again || closed) {
        destroy(container);
        return;
      }
      idle = [...idle, container];
      for (const oldest of idle.slice(0, Math.max(0, idle.length - idleMax))) destroy(oldest);
      idle = idle.slice(-idleMax);
    },
    nextUser: () => {
      if (settings.isolation === 'execution') return null;
      users += 1;
      return firstUser + (users % 40_000);
    },
    close: async () => {
      closed = true;
      for (const container of idle) destroy(container);
      idle = [];
      await Promise.all(ending);
    },
  };
}
