import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { endedByMachine } from '../../src/loop/ended-by-machine.ts';
import { verdictPart } from '../../src/loop/rerun-comparable.ts';
import { publishedRuns } from '../exchange/published-runs.ts';
import { testSandbox } from '../sandbox/docker/test-settings.ts';
import { withoutEngine } from '../support/container-engine.ts';
import { publicDataExists, publicDataMessage } from '../tasks/public-data.ts';
import { type PublishedResults, publishedResults } from './published-results.ts';

const reason = withoutEngine();
if (reason !== null) console.warn(`Skipped: ${reason}.`);
const long = process.env['PAWL_LONG'] === '1';

/** Tasks of each run in a quick test, with all their programs: some forty. The one that is known to differ is always there. */
const sample = 12;
const seed = 'elsewhere-1';
const known = 'MBPP/488';

/** Verdicts compared, and how many differ between the drivers. */
const expected: Readonly<
  Record<string, { readonly sampled: readonly number[]; readonly all: readonly number[] }>
> = {
  'humaneval gpt-3.5-turbo-0613': { sampled: [40, 0], all: [577, 0] },
  'humaneval codellama': { sampled: [69, 0], all: [878, 0] },
  'mbpp gpt-3.5-turbo-0613': { sampled: [46, 0], all: [1658, 0] },
  'mbpp codellama': { sampled: [83, 2], all: [2308, 2] },
};

/** The last digit of a float that a program computes with `tan`, of which each C library has its own. */
const explained = [
  `${known} hidden 4: diverged, pass in containers`,
  `${known} public 2: diverged, pass in containers`,
];

function pick(tasks: readonly string[]): readonly string[] {
  return long ? tasks : [known, ...seededRandom(seed).shuffle(tasks).slice(0, sample)];
}

/** Where the drivers do not agree: the verdict over what was recorded, how the execution ended, or how many tests passed. */
function differing(wasm: PublishedResults, docker: PublishedResults): readonly string[] {
  return [...wasm.checks].flatMap(([name, here]) => {
    const there = docker.checks.get(name);
    // How far a program came when a clock ended it is the machine's doing: then the verdict alone is compared.
    const byClock = [here, there].some((check) => check?.here?.outcome === 'timeout');
    const [ours, theirs] = [here, there].map((check) => {
      const { outcome = '', passed = 0, total = 0 } = (byClock ? null : check?.here) ?? {};
      return canonicalJson({ verdict: check?.verdict ?? 'none', outcome, passed, total });
    });
    return ours === theirs ? [] : [`${name}: ${here.verdict}, ${there?.verdict} in containers`];
  });
}

describe.skipIf(!publicDataExists || reason !== null)(
  `two drivers, one verdict (tasks by the seed ${seed})${publicDataMessage}`,
  () => {
    let wasm: Sandbox;
    let docker: Sandbox;
    beforeAll(() => {
      wasm = createWasmSandbox({ workers: 2, languages: ['python'] });
      docker = testSandbox('batch', ['python']);
    });
    afterAll(() => Promise.all([wasm, docker].map((sandbox) => sandbox.close())));

    it.each(publishedRuns)(
      '$suite by $model: in containers every program comes to what it comes to in WebAssembly',
      { timeout: long ? 3_600_000 : 600_000 },
      async (published) => {
        const there = await publishedResults(published, docker, pick);
        const here = await publishedResults(published, wasm, pick);
        const name = `${published.suite} ${published.model}`;
        expect([...there.checks.keys()]).toEqual([...here.checks.keys()]);
        const others = differing(here, there);
        expect(others.toSorted()).toEqual(name === 'mbpp codellama' ? explained : []);
        expect([here.checks.size, others.length]).toEqual(expected[name]?.[long ? 'all' : 'sampled']);
        // Each test of each program: the same status.
        const statuses = [...here.results].filter(([key, result]) => {
          const other = there.results.get(key);
          if (other === undefined) return true;
          if (endedByMachine(result) !== null || endedByMachine(other) !== null) return false;
          return canonicalJson(verdictPart(result)) !== canonicalJson(verdictPart(other));
        });
        expect([there.results.size, statuses.length]).toEqual([here.results.size, others.length]);
      },
    );
  },
);
