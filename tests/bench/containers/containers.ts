import { withoutEngine } from '../../support/container-engine.ts';
import type { BenchRow } from '../bench-row.ts';
import { benchBatch } from './batch.ts';
import { benchExecutions } from './executions.ts';
import { benchLeftovers } from './leftovers.ts';
import { benchOutputMemory } from './output-memory.ts';

/** Executions in containers; needs an engine with the test image. */
export async function benchContainers(): Promise<BenchRow[]> {
  const reason = withoutEngine();
  if (reason !== null) {
    return [
      {
        name: 'containers',
        value: 0,
        unit: '',
        target: 'an engine',
        met: false,
        detail: `not measured: ${reason}`,
      },
    ];
  }
  return [
    ...(await benchBatch()),
    ...(await benchExecutions()),
    ...(await benchOutputMemory()),
    ...(await benchLeftovers()),
  ];
}
