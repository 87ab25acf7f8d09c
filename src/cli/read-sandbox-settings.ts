import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { engineProfile } from '../../sandbox/docker/seccomp/chosen-profile.ts';
import { type DockerSettings, dockerSettingsSchema } from '../../sandbox/docker/settings.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';

/**
 * The settings that a file holds, without the defaults of the others. A seccomp profile stands in it as JSON, as the path of a
 * file, from the directory of the settings, or as `engine`.
 *
 * @throws PawlError `SANDBOX_SETTINGS`, naming every setting that is wrong
 */
export async function readSandboxSettings(path: string): Promise<Partial<DockerSettings>> {
  const raw = await readJson(path);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw unusable(path, 'it must be a JSON object');
  const given = await withProfile(raw as Readonly<Record<string, unknown>>, path);
  return checkedSettings(given, path);
}

/** @param where what the settings come from, for the message */
export function checkedSettings(
  given: Readonly<Record<string, unknown>>,
  where: string,
): Partial<DockerSettings> {
  const parsed = dockerSettingsSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      if (issue.code === 'unrecognized_keys') {
        const names = issue.keys.map((name) => [...issue.path, name].join('.'));
        return `there is no setting ${names.join(', ')}`;
      }
      return `${issue.path.join('.')}: ${issue.message}`;
    });
    throw unusable(where, problems.join('; '));
  }
  const names = Object.keys(given) as (keyof DockerSettings)[];
  return Object.fromEntries(names.map((name) => [name, parsed.data[name]]));
}

async function withProfile(
  given: Readonly<Record<string, unknown>>,
  path: string,
): Promise<Readonly<Record<string, unknown>>> {
  const profile = given['seccompProfile'];
  if (typeof profile === 'object' && profile !== null)
    return { ...given, seccompProfile: JSON.stringify(profile) };
  if (typeof profile !== 'string' || profile === engineProfile || profile.trimStart().startsWith('{'))
    return given;
  const file = resolve(dirname(path), profile);
  return { ...given, seccompProfile: JSON.stringify(await readJson(file)) };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (cause) {
    throw unusable(path, messageOf(cause), cause);
  }
}

function unusable(where: string, why: string, cause?: unknown): PawlError {
  const message = `The sandbox settings in ${where} are not usable: ${why}.`;
  return new PawlError('SANDBOX_SETTINGS', message, cause === undefined ? {} : { cause });
}
