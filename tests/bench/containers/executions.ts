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

/** Tells when its first line was reached, by the clock that this process has too. */
const program = 'import time\nprint(time.time())\ndef add(a, b):\n    return a + b\n';
const request = requestOf('python', program, casesOf(['add(1, 2)', '3']));

interface Warm {
  readonly startMs: number;
  readonly wholeMs: number;
}

/** A fresh container for every execution: how many a second, and how long one takes when a container stands ready. */
export async function benchExecutions(): Promise<BenchRow[]> {
  const sandbox = testSandbox('execution', ['python']);
  try {
    await sandbox.execute(request);
    const perSecond = await rate([...Array(executions).keys()], lanes, async () => {
      await passing(sandbox);
    });
    const latencies = await warmLatencies(sandbox);
    const latency = median(latencies.map(({ startMs }) => startMs));
    const whole = median(latencies.map(({ wholeMs }) => wholeMs));
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
        name: 'containers, `execution`: from the call to the first line of the program, in a container that stands ready, median',
        value: latency,
        unit: 'ms',
        target: `≤ ${latencyMsMax}`,
        met: latency <= latencyMsMax,
        detail: `${starts} executions one at a time, each after the pool is full again; longest ${Math.max(...latencies.map(({ startMs }) => startMs)).toFixed(0)} ms; from the call to the result ${whole.toFixed(0)} ms at the median`,
      },
    ];
  } finally {
    await sandbox.close();
  }
}

async function passing(sandbox: Sandbox): Promise<Warm> {
  const callMs = Date.now();
  const beganMs = performance.now();
  const { result } = await sandbox.execute(request);
  if (result.outcome !== 'passed') throw new Error(`An execution ended with ${JSON.stringify(result)}`);
  return { startMs: Number(result.stdout.text) * 1000 - callMs, wholeMs: performance.now() - beganMs };
}

async function warmLatencies(sandbox: Sandbox): Promise<Warm[]> {
  const latencies: Warm[] = [];
  for (let start = 0; start < starts; start += 1) {
    // Time for the pool to be full again: a benchmark may wait, because it measures what follows.
    await new Promise((resolve) => setTimeout(resolve, 800));
    latencies.push(await passing(sandbox));
  }
  return latencies;
}
