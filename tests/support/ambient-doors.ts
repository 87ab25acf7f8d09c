import { syncBuiltinESMExports } from 'node:module';
import { AmbientAccess } from './ambient-access.ts';

/** Modules of which everything is an effect or ambient state. */
const whole = [
  ...['fs', 'fs/promises', 'child_process', 'cluster', 'dgram', 'dns', 'dns/promises', 'http', 'http2'],
  ...['https', 'net', 'os', 'readline', 'repl', 'timers', 'timers/promises', 'tls', 'v8', 'worker_threads'],
];
/** Of the rest, what draws numbers; digests are arithmetic. */
const parts: Readonly<Record<string, RegExp>> = {
  crypto: /^(random|generate|getRandom|pseudo|prng|rng|createDiffieHellman)/,
};

let fences = 0;

/**
 * Wraps the functions of these modules, for every importer, once: they work as they always do until a fence is up, and throw
 * then. Replacing them each time would take longer than what is fenced.
 */
function install(): void {
  for (const name of whole) wrap(name, /./);
  for (const [name, pattern] of Object.entries(parts)) wrap(name, pattern);
  syncBuiltinESMExports();
}

function wrap(name: string, pattern: RegExp): void {
  const module = process.getBuiltinModule(`node:${name}`) as unknown as Record<string, unknown>;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(module))) {
    const { value, writable, configurable } = descriptor;
    if (typeof value !== 'function' || !pattern.test(key) || !(writable || configurable)) continue;
    const closed = (): void => {
      if (fences > 0) throw new AmbientAccess(`${name}.${key}`);
    };
    const door = new Proxy(value as (...values: unknown[]) => unknown, {
      apply(target, self, values) {
        closed();
        return Reflect.apply(target, self, values);
      },
      construct(target, values, newTarget) {
        closed();
        return Reflect.construct(target, values, newTarget);
      },
    });
    Object.defineProperty(module, key, { ...descriptor, value: door });
  }
}

install();

/** Closes the doors of all modules; gives the function that opens them again. */
export function closeDoors(): () => void {
  fences += 1;
  return () => {
    fences -= 1;
  };
}
