import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { testSandbox } from '../../sandbox/docker/test-settings.ts';
import { casesOf, requestOf } from '../../sandbox/execution-request.ts';
import type { BenchRow } from '../bench-row.ts';
import { median } from '../ledger-fixture.ts';
import { rate } from '../rate.ts';

const executions = 120;
const lanes = 2;
const perSecondMin = 3;
const latencyMsMax = 60;
const starts = 40;

const request = requestOf('python', 'def add(a, b):\n    return a + b\n', casesOf(['add(1, 2)', '3']));

/** A fresh container for every execution: how many a second, and how long one takes when a container stands ready. */
export async function benchExecutions(): Promise<BenchRow[]> {
  const sandbox = testSandbox('execution', ['python']);
  try {
    await sandbox.execute(request);
    const perSecond = await rate(Array.from({ length: executions }), lanes, () => passing(sandbox));
    const latencies = await warmLatencies(sandbox);
    const latency = median(latencies);
    return [
      {
        name: 'containers, `execution`: executions a second, a fresh container each, 2 workers',
        value: perSecond,
        unit: '/s',
        target: `≥ ${perSecondMin}`,
        met: perSecond >= perSecondMin,
        detail: `${executions} executions, containers made and destroyed in the same time included`,
      },
      {
        name: 'containers, `execution`: a whole execution in a container that stands ready, median',
        value: latency,
        unit: 'ms',
        target: `≤ ${latencyMsMax}`,
        met: latency <= latencyMsMax,
        detail: `${starts} executions one at a time, each after the pool is full again; from the call to the result; longest ${Math.max(...latencies).toFixed(0)} ms`,
      },
    ];
  } finally {
    await sandbox.close();
  }
}

async function passing(sandbox: Sandbox): Promise<void> {
  const { result } = await sandbox.execute(request);
  if (result.outcome !== 'passed') throw new Error(`An execution ended with ${JSON.stringify(result)}`);
}

async function warmLatencies(sandbox: Sandbox): Promise<number[]> {
  const latencies: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    // Time for the pool to be full again: a benchmark may wait, because it measures what follows.
    await new Promise((resolve) => setTimeout(resolve, 800));
    const startMs = performance.now();
    await passing(sandbox);
    latencies.push(performance.now() - startMs);
  }
  return latencies;
}
