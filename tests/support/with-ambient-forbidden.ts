import { AmbientAccess } from './ambient-access.ts';
import { closeDoors } from './ambient-doors.ts';

const forbid = (what: string): (() => never) => {
  return () => {
    throw new AmbientAccess(what);
  };
};

/** For objects that are ambient whatever is asked of them. */
const forbidAll = (what: string): object => {
  const refuse = forbid(what);
  return new Proxy(function standIn() {}, {
    get: refuse,
    has: refuse,
    apply: refuse,
    construct: refuse,
    ownKeys: refuse,
  });
};

/** `new Date(0)` and `new Date(text)` are arithmetic; asking for the present, or for the machine's time zone, is forbidden. */
const timelessDate = new Proxy(Date, {
  construct(target, parameters, newTarget) {
    if (parameters.length === 0) throw new AmbientAccess('new Date()');
    if (parameters.length > 1) throw new AmbientAccess('new Date(year, month, …)');
    return Reflect.construct(target, parameters, newTarget);
  },
  apply() {
    throw new AmbientAccess('Date()');
  },
});

type Replacement = readonly [owner: object, name: string, standIn: unknown];

const methods = (owner: object, label: string, names: readonly string[]): readonly Replacement[] =>
  names.filter((name) => name in owner).map((name) => [owner, name, forbid(`${label}.${name}`)]);

const local = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];
const toLocale = ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'];

const replacements: readonly Replacement[] = [
  [Date, 'now', forbid('Date.now')],
  [globalThis, 'Date', timelessDate],
  ...methods(
    Date.prototype,
    'Date',
    local.flatMap((part) => [`get${part}`, `set${part}`]),
  ),
  ...methods(Date.prototype, 'Date', ['getTimezoneOffset', 'toString', 'toDateString', 'toTimeString']),
  ...methods(Date.prototype, 'Date', toLocale),
  [globalThis, 'Intl', forbidAll('Intl')],
  ...methods(String.prototype, 'String', ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase']),
  ...[Number, BigInt, Array].flatMap(({ prototype, name }) => methods(prototype, name, toLocale)),
  [Math, 'random', forbid('Math.random')],
  ...methods(performance, 'performance', ['now', 'mark', 'measure', 'toJSON', 'eventLoopUtilization']),
  ...methods(crypto, 'crypto', ['randomUUID', 'getRandomValues']),
  [process, 'hrtime', forbidAll('process.hrtime')],
  ...['env', 'argv', 'pid', 'ppid', 'stdin', 'stdout', 'stderr'].map(
    (name): Replacement => [process, name, forbidAll(`process.${name}`)],
  ),
  ...methods(process, 'process', ['cwd', 'chdir', 'uptime', 'memoryUsage', 'cpuUsage', 'resourceUsage']),
  ...methods(process, 'process', ['nextTick', 'exit', 'kill', 'emitWarning', 'getBuiltinModule']),
  ...methods(console, 'console', ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table']),
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch'].map(
    (name): Replacement => [globalThis, name, forbid(name)],
  ),
  ...[
    'WebSocket',
    'EventSource',
    'BroadcastChannel',
    'MessageChannel',
    'WeakRef',
    'FinalizationRegistry',
  ].map((name): Replacement => [globalThis, name, forbidAll(name)]),
];

/**
 * Runs `body` while clock, time zone, locale, chance, timers, environment, console, files, processes and network throw, and puts
 * them back however it ends. The body is synchronous, as every pure function is: a promise would run on after the fence is
 * gone, so it is refused.
 *
 * @throws AmbientAccess when the body reaches for ambient state
 */
export function withAmbientForbidden<Result>(body: () => Result): Result {
  const lower = raiseFence();
  try {
    const result = body();
    if (result instanceof Promise) throw new AmbientAccess('a promise');
    return result;
  } finally {
    lower();
  }
}

/**
 * The same for code that awaits, as the pure parts of the loop do when they read contents. Everything it awaits has to be there
 * already (in memory): what waits for the outside cannot be reached, so the body ends before anything else has its turn.
 */
export async function withAmbientForbiddenAsync<Result>(body: () => Promise<Result>): Promise<Result> {
  const lower = raiseFence();
  try {
    return await body();
  } finally {
    lower();
  }
}

function raiseFence(): () => void {
  const restore: (() => void)[] = [];
  const lower = (): void => {
    for (const undo of restore.reverse()) undo();
  };
  try {
    restore.push(closeDoors());
    for (const [owner, name, standIn] of replacements) restore.push(replace(owner, name, standIn));
    return lower;
  } catch (error) {
    lower();
    throw error;
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
