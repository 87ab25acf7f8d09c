import type { ContainerFingerprint } from '../../src/events/container.ts';
import type { Language } from '../../src/events/task-view.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { connectEngine, type Engine } from './engine/engine.ts';
import { type EngineFacts, engineFacts } from './engine/engine-facts.ts';
import { type ResolvedImage, requireImage } from './engine/resolve-image.ts';
import { until } from './engine/until.ts';
import { chosenProfile } from './seccomp/chosen-profile.ts';
import type { DockerSettings } from './settings.ts';

/** An engine that has been spoken to, and the images of it that are used. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly facts: EngineFacts;
  imageOf(language: Language): Promise<ResolvedImage>;
}

/** Names under which `pawl sandbox build` leaves the images of this project. */
export const builtImages: Readonly<Record<Language, string>> = {
  python: 'pawl-python:latest',
  javascript: 'pawl-javascript:latest',
  command: 'pawl-command:latest',
};

/**
 * @param end aborted: no call to the engine goes on
 * @throws PawlError `ENGINE_UNREACHABLE`, `ENGINE_REFUSED`, `SANDBOX_SETTINGS` when the engine lacks what is set
 */
export async function openEngine(settings: DockerSettings, end: AbortSignal): Promise<OpenedEngine> {
  const engine = until(connectEngine(settings.host, process.env), end);
  const facts = await engineFacts(engine);
  const { runtime } = settings;
  if (runtime !== null && !facts.runtimes.includes(runtime)) {
    throw new PawlError(
      'SANDBOX_SETTINGS',
      `The engine at ${engine.at} has no runtime ${runtime}; it has ${facts.runtimes.join(', ')}.`,
      { context: { setting: 'runtime' } },
    );
  }
  const images = new Map<Language, Promise<ResolvedImage>>();
  return {
    engine,
    facts,
    imageOf: (language) => {
      const known =
        images.get(language) ?? requireImage(engine, settings.images[language] ?? builtImages[language]);
      images.set(language, known);
      known.catch(() => images.delete(language)); // it may be built or pulled meanwhile
      return known;
    },
  };
}

/**
 * How containers are made here, as it is recorded.
 *
 * @param examiner module digest of the interpreter outside that runs the tests, or null where none does
 */
export function describeContainers(
  { facts }: OpenedEngine,
  image: ResolvedImage,
  settings: DockerSettings,
  examiner: Digest | null,
): ContainerFingerprint {
  const { isolation, runtime, cpus, overheadBytes, processesMax, workBytes, workFilesMax } = settings;
  const { fileBytesMax, openFilesMax, cpuMsMax } = settings;
  const profile = chosenProfile(settings);
  return {
    isolation,
    image: image.repoDigests[0] ?? image.reference,
    runtime: runtime ?? facts.defaultRuntime,
    engine: `${facts.name === 'docker' ? 'Docker' : 'Podman'} ${facts.version}`,
    seccomp: profile === null ? 'default' : sha256Hex(profile),
    limits: {
      cpus,
      overheadBytes,
      processesMax,
      workBytes,
      workFilesMax,
      fileBytesMax,
      openFilesMax,
      cpuMsMax,
    },
    examiner,
  };
}
