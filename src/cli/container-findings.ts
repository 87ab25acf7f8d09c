import { isPawlError, messageOf } from '../kernel/pawl-error.ts';
import type { SandboxStanding } from './engine-desk.ts';
import type { SandboxOptions } from './sandbox-options.ts';

export interface ContainerFinding {
  readonly check: string;
  /** Null where nothing is wrong that anybody needs. */
  readonly ok: boolean | null;
  readonly detail: string;
}

/**
 * What is there for executing in containers, and what to do about what is missing.
 *
 * @param wanted whether anybody wants containers here; where nobody does, nothing of this is a failure
 */
export async function containerFindings(
  options: Partial<SandboxOptions>,
  wanted: boolean,
): Promise<readonly ContainerFinding[]> {
  const missing = wanted ? false : null;
  try {
    const { engineDesk, sandboxStanding } = await import('./engine-desk.ts');
    return standingFindings(await sandboxStanding(await engineDesk(options)), missing);
  } catch (error) {
    if (!isPawlError(error)) throw error;
    const advice = wanted ? '' : ' Only --sandbox docker needs one.';
    return [{ check: 'engine', ok: missing, detail: `${messageOf(error)}${advice}` }];
  }
}

function standingFindings(
  { at, facts, refusal, images }: SandboxStanding,
  missing: false | null,
): readonly ContainerFinding[] {
  const name = `${facts.name === 'docker' ? 'Docker' : 'Podman'} ${facts.version} at ${at}`;
  const engine = { check: 'engine', ok: refusal === null ? true : missing, detail: refusal ?? name };
  const own = facts.runtimes.filter((runtime) => runtime.startsWith('runsc'));
  const kernel =
    own.length > 0
      ? `gVisor is there: --runtime ${own[0]}`
      : 'programs share the kernel of the machine; gVisor (runsc) would give them one of their own';
  const users = facts.rootless
    ? 'the engine runs without root'
    : facts.mapsUsers
      ? 'users are mapped'
      : 'users of containers are users of the machine; the engine can map them (userns-remap)';
  const there = images.filter(({ id }) => id !== null);
  const absent = images.filter(({ id }) => id === null).map(({ language }) => language);
  const have = there.map(({ language, reference }) => `${language} (${reference})`).join(', ');
  const lack = `none for ${absent.join(', ')}: pawl sandbox build ${absent.join(' ')}`;
  const detail = [have, absent.length === 0 ? '' : lack].filter((part) => part !== '').join('; ');
  return [
    engine,
    { check: 'images', ok: there.length > 0 ? true : missing, detail },
    { check: 'isolation', ok: null, detail: `${kernel}; ${users}` },
  ];
}
