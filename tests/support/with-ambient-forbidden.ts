/** Thrown by every stand-in; names what was reached for. */
export class AmbientAccess extends Error {
  override readonly name = 'AmbientAccess';

  constructor(what: string) {
    super(`${what} is ambient state: a pure room gets time, chance and effects as data`);
  }
}

const forbid = (what: string): (() => never) => {
  return () => {
    throw new AmbientAccess(what);
  };
};

/** `new Date(2026, 0, 1)` and `new Date(text)` are arithmetic; only asking for the present is forbidden. */
const timelessDate = new Proxy(Date, {
  construct(target, parameters, newTarget) {
    if (parameters.length === 0) throw new AmbientAccess('new Date()');
    return Reflect.construct(target, parameters, newTarget);
  },
  apply() {
    throw new AmbientAccess('Date()');
  },
});

const replacements: readonly (readonly [object, string, unknown])[] = [
  [Date, 'now', forbid('Date.now')],
  [globalThis, 'Date', timelessDate],
  [Math, 'random', forbid('Math.random')],
  [performance, 'now', forbid('performance.now')],
  [crypto, 'randomUUID', forbid('crypto.randomUUID')],
  [crypto, 'getRandomValues', forbid('crypto.getRandomValues')],
  [process, 'hrtime', forbid('process.hrtime')],
  [process, 'env', new Proxy({}, { get: forbid('process.env'), has: forbid('process.env') })],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch'].map(
    (name) => [globalThis, name, forbid(name)] as const,
  ),
];

/**
 * Runs `body` while clock, chance, timers, environment and network throw, and puts them back however it ends. The body is
 * synchronous, as every pure function is: a promise would run on after the fence is gone, so it is refused.
 *
 * @throws AmbientAccess when the body reaches for ambient state
 */
export function withAmbientForbidden<Result>(body: () => Result): Result {
  const restore: (() => void)[] = [];
  try {
    for (const [owner, name, standIn] of replacements) restore.push(replace(owner, name, standIn));
    const result = body();
    if (result instanceof Promise) throw new AmbientAccess('a promise');
    return result;
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}

function replace(owner: object, name: string, standIn: unknown): () => void {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value: standIn, configurable: true, writable: true });
  return () => {
    // What was inherited (`performance.now` comes from a prototype) is inherited again.
    if (original === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, original);
  };
}
