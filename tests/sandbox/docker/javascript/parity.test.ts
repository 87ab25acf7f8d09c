import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutionRequest, Sandbox } from '../../../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../../../sandbox/wasm/wasm-sandbox.ts';
import type { ExecutionResult } from '../../../../src/events/execution-result.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { requestOf } from '../../execution-request.ts';
import { createRemoteSandbox } from './remote-sandbox.ts';
import { samePrograms } from './same-programs.ts';

const reason = withoutEngine();
if (reason !== null) console.warn(`Skipped: ${reason}.`);

describe.skipIf(reason !== null)('a program in a container has the result of the same program here', () => {
  let remote: Sandbox;
  let local: Sandbox;
  beforeAll(() => {
    remote = createRemoteSandbox();
    local = createWasmSandbox({ workers: 1, languages: ['javascript'] });
  });
  afterAll(() => Promise.all([remote.close(), local.close()]));

  const both = async (request: ExecutionRequest): Promise<readonly [ExecutionResult, ExecutionResult]> => {
    const [there, here] = await Promise.all([remote.execute(request), local.execute(request)]);
    return [wordless(there.result), wordless(here.result)];
  };
  for (const { what, prelude, program, tests } of samePrograms) {
    it(what, async () => {
      const changes = { prelude: prelude ?? '', coverage: true, limits: { wallMs: 20_000 } };
      const [there, here] = await both(requestOf('javascript', program, tests, changes));
      expect(there).toEqual(here);
    });
  }
});

/** V8 and QuickJS describe the same exception in different words. */
function wordless(result: ExecutionResult): ExecutionResult {
  return {
    ...result,
    tests: result.tests.map((test) => ({
      ...test,
      exception: test.exception === null ? null : { ...test.exception, message: '' },
    })),
  };
}
void [existsSync, readFileSync, resolve];
