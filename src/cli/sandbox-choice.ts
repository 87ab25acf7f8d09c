import type { DockerSettings } from '../../sandbox/docker/settings.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { checkedSettings, readSandboxSettings } from './read-sandbox-settings.ts';
import { type SandboxDriver, type SandboxOptions, sandboxDrivers } from './sandbox-options.ts';

/** What somebody said about where programs are to be executed. */
export interface SandboxChoice {
  /** Said with this command; null: nothing was, and what a run was begun with holds. */
  readonly told: SandboxDriver | null;
  /** Where neither the command nor a run says anything. */
  readonly usual: SandboxDriver;
  /** Settings that were given, without the defaults of the others. */
  readonly settings: Partial<DockerSettings>;
}

/**
 * Reads what the options say; an option of containers says `docker` as well.
 *
 * @throws PawlError `SANDBOX_SETTINGS`, `USAGE` for options of containers without containers, or an unknown `PAWL_SANDBOX`
 */
export async function sandboxChoice(
  options: Partial<SandboxOptions>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<SandboxChoice> {
  const { isolation, image, runtime, sandboxSettings } = options;
  const file = sandboxSettings === undefined ? {} : await readSandboxSettings(sandboxSettings);
  const named = checkedSettings(
    {
      ...(isolation === undefined ? {} : { isolation }),
      ...(image === undefined ? {} : { images: { ...file.images, ...image } }),
      ...(runtime === undefined ? {} : { runtime }),
    },
    'the options',
  );
  const isOfContainers = sandboxSettings !== undefined || Object.keys(named).length > 0;
  if (isOfContainers && options.sandbox === 'wasm')
    throw new PawlError(
      'USAGE',
      '--isolation, --image, --runtime and --sandbox-settings are for containers, not for --sandbox wasm.',
    );
  const told = options.sandbox ?? (isOfContainers ? 'docker' : null);
  return { told, usual: usualDriver(environment['PAWL_SANDBOX']), settings: { ...file, ...named } };
}

function usualDriver(name: string | undefined): SandboxDriver {
  if (name === undefined || name === '') return 'wasm';
  const driver = sandboxDrivers.find((known) => known === name);
  if (driver !== undefined) return driver;
  throw new PawlError('USAGE', `PAWL_SANDBOX is "${name}". It can be ${sandboxDrivers.join(' or ')}.`);
}
