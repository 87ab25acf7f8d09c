import { interpreterIdentity } from '../events/interpreter-identity.ts';
import type { Fingerprint } from '../events/run.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Json } from '../kernel/json.ts';
import { PawlError } from '../kernel/pawl-error.ts';

/** `ENVIRONMENT_DIFFERS` where these are two interpreters, naming every member in which they differ; null where it is one. */
export function environmentDiffers(recorded: Fingerprint, here: Fingerprint): PawlError | null {
  const [then, now] = [members(interpreterIdentity(recorded)), members(interpreterIdentity(here))];
  const names = [...new Set([...then.keys(), ...now.keys()])].sort();
  const others = names.filter((name) => then.get(name) !== now.get(name));
  if (others.length === 0) return null;
  const { language } = recorded;
  const [thenName, nowName] = [nameOf(recorded), nameOf(here)];
  const finer = others.filter((name) => name.startsWith('container.'));
  const settings = finer.map(
    (name) => `${name.slice('container.'.length)} was ${then.get(name)} and is ${now.get(name)}`,
  );
  const what =
    thenName === nowName ? `here it has other settings: ${settings.join(', ')}` : `here is ${nowName}`;
  const message = `${language} was executed by ${thenName}; ${what}`;
  return new PawlError('ENVIRONMENT_DIFFERS', message, {
    context: { language, differing: others.join(' ') },
  });
}

function nameOf({ driver, package: packageName, version, moduleDigest, container }: Fingerprint): string {
  const way = container === null ? driver : `${driver}/${container.isolation}`;
  return `${packageName} ${version} (${way}, ${moduleDigest.slice(0, 12)})`;
}

/** Every value in it, by its path. */
function members(value: Json, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path, canonicalJson(value)]]);
  const inside = Object.entries(value).flatMap(([name, part]) => [
    ...members(part, path === '' ? name : `${path}.${name}`),
  ]);
  return new Map(inside);
}
