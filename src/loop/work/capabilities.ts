import type { Fingerprint } from '../../events/run.ts';
import type { RunData } from '../run-state.ts';

/**
 * What a run needs of whoever works on it, ascending: `sandbox:wasm`, `language:python`, `model:NAME`; and where it was begun
 * in containers `sandbox:docker`, `isolation:batch`, `image:` with the first digits of an image's ID.
 */
export function needsOf({
  sandbox,
  generator,
}: Pick<RunData<'RunStarted'>, 'sandbox' | 'generator'>): readonly string[] {
  const model = generator.name === 'model' ? generator.config['model'] : undefined;
  return sorted([
    ...interpreterCapabilities(sandbox),
    ...(typeof model === 'string' ? [modelCapability(model)] : []),
  ]);
}

/** What a worker can do by itself: the drivers and languages of its sandbox, and how and from what it makes containers. */
export function interpreterCapabilities(sandbox: readonly Fingerprint[]): readonly string[] {
  return sorted(
    sandbox.flatMap(({ driver, language, container, moduleDigest }) => [
      ...[`sandbox:${driver}`, `language:${language}`],
      ...(container === null
        ? []
        : [`isolation:${container.isolation}`, `image:${moduleDigest.slice(0, 12)}`]),
    ]),
  );
}

/** Models may be called anything; a capability holds no blanks and at most 200 characters after its colon. */
export function modelCapability(model: string): string {
  return `model:${model.replaceAll(/\s/g, '_').slice(0, 200)}`;
}

/** What is needed and not there. */
export function unmetNeeds(needs: readonly string[], capabilities: readonly string[]): readonly string[] {
  return needs.filter((need) => !capabilities.includes(need));
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
