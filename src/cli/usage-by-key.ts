import type { z } from 'zod';
import type { resourceUsageSchema } from '../events/execution.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';

/**
 * What the machine spent on each execution of an episode, in words, by the execution's key: processor time and peak memory. What
 * no driver counted is not in it.
 *
 * @param at nothing from after the record at this position; null for all there is
 */
export async function usageByKey(
  ledger: Ledger,
  stream: StreamName,
  at: number | null,
): Promise<ReadonlyMap<string, string>> {
  const usages = new Map<string, string>();
  for await (const event of ledger.readStream(stream)) {
    if (at !== null && event.position > at) break;
    if (event.type !== 'ExecutionFinished' || event.data.volatile.usage === undefined) continue;
    const text = usageText(event.data.volatile.usage);
    if (text !== '') usages.set(effectKeyText(event.data.key), text);
  }
  return usages;
}

function usageText({ cpuMs, peakBytes }: z.infer<typeof resourceUsageSchema>): string {
  return [
    ...(cpuMs === null ? [] : [`${cpuMs.toFixed(0)} ms of processor time`]),
    ...(peakBytes === null ? [] : [`${(peakBytes / 2 ** 20).toFixed(0)} MiB at the peak`]),
  ].join(', ');
}
