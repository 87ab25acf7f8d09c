import { sandboxLabel } from '../../sandbox/docker/container/labels.ts';
import { listContainers } from '../../sandbox/docker/container/list-containers.ts';
import { requireLimits } from '../../sandbox/docker/container/require-limits.ts';
import { builtImages } from '../../sandbox/docker/docker-engine.ts';
import { connectEngine, type Engine } from '../../sandbox/docker/engine/engine.ts';
import { type EngineFacts, engineFacts } from '../../sandbox/docker/engine/engine-facts.ts';
import { resolveImage } from '../../sandbox/docker/engine/resolve-image.ts';
import { type DockerSettings, dockerSettingsSchema } from '../../sandbox/docker/settings.ts';
import { type Language, languageSchema } from '../events/task-view.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import { sandboxChoice } from './sandbox-choice.ts';
import type { SandboxOptions } from './sandbox-options.ts';

/** An engine as the options name it. Loaded only where it is used, because it takes longer to load than all the rest. */
export interface EngineDesk {
  readonly engine: Engine;
  readonly settings: DockerSettings;
}

/** @throws PawlError `SANDBOX_SETTINGS`, `USAGE`, `ENGINE_UNREACHABLE` where no engine is named and none is found */
export async function engineDesk(options: Partial<SandboxOptions>): Promise<EngineDesk> {
  const settings = dockerSettingsSchema.parse((await sandboxChoice(options)).settings);
  return { engine: connectEngine(settings.host, process.env), settings };
}

export interface ImageStanding {
  readonly language: Language;
  readonly reference: string;
  /** Null where the engine does not have it. */
  readonly id: string | null;
  readonly repoDigests: readonly string[];
}

export interface SandboxStanding {
  readonly at: string;
  readonly facts: EngineFacts;
  /** Why containers cannot be made here as they are wanted; null where they can. */
  readonly refusal: string | null;
  readonly images: readonly ImageStanding[];
  /** Containers of any Pawl that are there now. */
  readonly containers: number;
}

/** @throws PawlError what the engine throws */
export async function sandboxStanding({ engine, settings }: EngineDesk): Promise<SandboxStanding> {
  const facts = await engineFacts(engine);
  const images: ImageStanding[] = [];
  for (const language of languageSchema.options) {
    const reference = settings.images[language] ?? builtImages[language];
    const found = await resolveImage(engine, reference);
    images.push({ language, reference, id: found?.id ?? null, repoDigests: found?.repoDigests ?? [] });
  }
  const containers = (await listContainers(engine, `${sandboxLabel}=1`)).length;
  return { at: engine.at, facts, refusal: refusalOf(facts, settings, engine.at), images, containers };
}

function refusalOf(facts: EngineFacts, settings: DockerSettings, at: string): string | null {
  try {
    requireLimits(facts, settings, at);
    return null;
  } catch (error) {
    if (isPawlError(error)) return error.message;
    throw error;
  }
}
