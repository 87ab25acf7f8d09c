import type { Fingerprint } from '../../events/run.ts';
import type { RunData } from '../run-state.ts';

/** What a run needs of whoever works on it, ascending: `sandbox:wasm`, `language:python`, `model:NAME`. */
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

/** What a worker can do by itself: the drivers and languages of its sandbox. */
export function interpreterCapabilities(sandbox: readonly Fingerprint[]): readonly string[] {
  return sorted(sandbox.flatMap(({ driver, language }) => [`sandbox:${driver}`, `language:${language}`]));
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
