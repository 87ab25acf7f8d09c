import { type DockerSettings, dockerSettingsSchema } from '../../sandbox/docker/settings.ts';
import type { PerfCounter } from '../../sandbox/profile/perf-counter.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import type { Fingerprint } from '../events/run.ts';
import { languageSchema } from '../events/task-view.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { systemClock } from '../kernel/clock.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import { environmentDiffers } from '../loop/environment-differs.ts';
import type { Output } from './output.ts';
import { recordedSettings } from './recorded-settings.ts';
import { sandboxChoice } from './sandbox-choice.ts';
import type { SandboxDriver, SandboxOptions } from './sandbox-options.ts';

/** The sandboxes of one command: made when they are first asked for, and closed together. */
export interface Sandboxes {
  /** For what has no past: as the command or the environment says, else WebAssembly. */
  asked(): Promise<Sandbox>;
  /** For a run that was begun with these interpreters: the same kind, unless the command says otherwise. */
  like(recorded: readonly Fingerprint[]): Promise<Sandbox>;
  /** From now on told what is waited for, such as an engine that does not answer, and null when it goes on. */
  tellWaits(listener: (why: string | null) => void): void;
  /** Aborted: what waits for an engine is given up, so that who is told to stop need not wait for one that is away. */
  heed(stop: AbortSignal): void;
  close(): Promise<void>;
}

interface ContainerOptions {
  readonly workers: number;
  readonly settings: DockerSettings;
  readonly stop: AbortSignal;
  readonly counter: PerfCounter | undefined;
}

interface Opened {
  readonly driver: SandboxDriver;
  readonly key: string;
  readonly sandbox: Promise<Sandbox>;
}

/**
 * Everything that is wrong with the options is found here; an engine is not looked for yet.
 *
 * @param counter counts from outside what is executed in containers
 * @throws PawlError `SANDBOX_SETTINGS`, `USAGE`
 */
export async function openSandboxes(
  options: Partial<SandboxOptions>,
  output: Output,
  counter?: PerfCounter,
): Promise<Sandboxes> {
  const { told, usual, settings } = await sandboxChoice(options);
  const opened: Opened[] = [];
  const stopping = new AbortController();
  let onWait = (why: string | null): void => {
    if (why !== null) output.note(why);
  };
  const said = new Set<string>();
  const say = (text: string): void => {
    if (!said.has(text)) output.note(text);
    said.add(text);
  };
  const tellWait = (why: string | null): void => onWait(why);
  const open = (driver: SandboxDriver, given: Partial<DockerSettings>): Promise<Sandbox> => {
    const whole = dockerSettingsSchema.parse(given);
    const key = driver === 'wasm' ? driver : canonicalJson(whole);
    const known = opened.find((one) => one.key === key);
    if (known !== undefined) return known.sandbox;
    const workers = options.jobs ?? 1;
    const sandbox =
      driver === 'wasm'
        ? Promise.resolve(createWasmSandbox({ workers }))
        : inContainers({ workers, settings: whole, stop: stopping.signal, counter }, tellWait);
    opened.push({ driver, key, sandbox });
    return sandbox;
  };
  return {
    asked: async () => open(told ?? usual, settings),
    like: async (recorded) => {
      const begun = driverOf(recorded);
      const driver = told ?? begun ?? usual;
      // What was asked for may be what it was begun with, in other words.
      for (const known of driver === 'docker' ? opened : []) {
        if (known.driver === driver && (await isSame(await known.sandbox, recorded))) return known.sandbox;
      }
      if (told === null && begun !== null && begun !== usual) say(asItWasBegun(recorded));
      return open(driver, { ...recordedSettings(recorded), ...settings });
    },
    tellWaits: (listener) => {
      onWait = listener;
    },
    heed: (stop) => {
      if (stop.aborted) stopping.abort();
      else stop.addEventListener('abort', () => stopping.abort(), { once: true });
    },
    close: async () => {
      for (const { sandbox } of opened) {
        // What came of the command has been decided: an engine that is away now changes nothing about it.
        await (await sandbox).close().catch((error: unknown) => {
          if (!isPawlError(error)) throw error;
          output.note(
            `Containers may have been left: ${error.message} The next command in containers removes them.`,
          );
        });
      }
    },
  };
}

/** Loaded only where it is used: what talks to an engine takes longer to load than all the rest. */
async function inContainers(
  { workers, settings, stop, counter }: ContainerOptions,
  tellWait: (why: string | null) => void,
): Promise<Sandbox> {
  const { createDockerSandbox } = await import('../../sandbox/docker/docker-sandbox.ts');
  return createDockerSandbox({
    ...{ workers, settings, clock: systemClock, stop },
    onWait: ({ reason }) => tellWait(`Waiting for the container engine: ${reason.message}`),
    onResume: () => tellWait(null),
    ...(counter === undefined ? {} : { counter }),
  });
}

function driverOf(recorded: readonly Fingerprint[]): SandboxDriver | null {
  if (recorded.length === 0) return null;
  return recorded.some(({ container }) => container !== null) ? 'docker' : 'wasm';
}

async function isSame(sandbox: Sandbox, recorded: readonly Fingerprint[]): Promise<boolean> {
  for (const known of recorded) {
    const language = languageSchema.safeParse(known.language);
    if (!language.success || !sandbox.languages.includes(language.data)) return false;
    try {
      const here = await sandbox.fingerprint(language.data);
      if (environmentDiffers(known, here) !== null) return false;
    } catch (error) {
      if (isPawlError(error, 'IMAGE_MISSING')) return false;
      throw error;
    }
  }
  return true;
}

function asItWasBegun(recorded: readonly Fingerprint[]): string {
  const container = recorded.find((known) => known.container !== null)?.container ?? null;
  const where = container === null ? 'in WebAssembly' : `in containers (${container.isolation})`;
  return `Executing ${where}, as it was begun.`;
}
