import type { Execution, Sandbox } from '../../sandbox/sandbox.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import type { Json } from '../../src/kernel/json.ts';

/** Equal requests have equal results: what was executed once is not executed again. */
export function rememberingSandbox(sandbox: Sandbox): Sandbox {
  const known = new Map<string, Promise<Execution>>();
  return {
    ...sandbox,
    execute: (request) => {
      const key = sha256Hex(canonicalJson(request as unknown as Json));
      const done = known.get(key) ?? sandbox.execute(request);
      known.set(key, done);
      return done;
    },
  };
}
