import type { StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Environment } from '../loop/current-environment.ts';

/**
 * What the sessions of a run executed on, each environment once; none for runs of other tools and of older versions.
 *
 * @param at nothing from after the record at this position; null for all there is
 */
export async function runEnvironments(
  ledger: Ledger,
  run: StreamName,
  at: number | null,
): Promise<readonly Environment[]> {
  const found = new Map<string, Environment>();
  for await (const event of ledger.readStream(run)) {
    if (at !== null && event.position > at) break;
    if (event.type === 'EnvironmentCaptured') found.set(canonicalJson(event.data), event.data);
  }
  return [...found.values()];
}

/** In one line, for example `pawl 0.2.0, node 24.21.0, linux x64; javascript by quickjs-emscripten 0.32.0`. */
export function environmentLine({ pawl, node, platform, arch, sandbox }: Environment): string {
  const interpreters = sandbox.map((print) => `${print.language} by ${print.package} ${print.version}`);
  return [`pawl ${pawl}, node ${node}, ${platform} ${arch}`, ...interpreters].join('; ');
}
