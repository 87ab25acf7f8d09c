import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { WasmImports, WasmMemory } from './web-assembly.ts';

type ImportFunction = (...args: number[]) => unknown;

/** What the interpreter gets instead of this machine's. */
export interface IsolatedMachine {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Whether WebAssembly memory may grow to this size. */
  mayGrowTo(bytes: number): boolean;
}

/**
 * Replaces what the interpreter's glue code would take from this machine: the clock, the time zone, the local time, and
 * memory without bound (this build of QuickJS counts allocations as empty, so its own limit holds none back). The names
 * are minified, so each is known by what its text does, and a build where one is missing or ambiguous is refused.
 */
export function isolateImports(imports: WasmImports, memory: WasmMemory, machine: IsolatedMachine): void {
  const table = imports['a'] as Record<string, ImportFunction>;
  const replaceWhere = (
    marks: readonly string[],
    replace: (original: ImportFunction) => ImportFunction,
  ): void => {
    const found = Object.entries(table).filter(
      ([, value]) => typeof value === 'function' && marks.every((mark) => String(value).includes(mark)),
    );
    const [only] = found;
    if (only === undefined || found.length > 1) {
      const text = marks.join(' ');
      throw new PawlError(
        'SANDBOX_FAILED',
        `The interpreter's import ${text} was found ${found.length} times.`,
      );
    }
    table[only[0]] = replace(only[1]);
  };
  replaceWhere(['Date.now()'], () => () => machine.nowMs());
  replaceWhere(['getTimezoneOffset', 'padStart'], () => setTimeZone(memory));
  replaceWhere(['getTimezoneOffset', 'getSeconds'], () => localTime(memory));
  // The original also renews the glue code's views, so it is asked after the limit was.
  replaceWhere(
    ['2147483648<', '.grow('],
    (grow) =>
      (bytes = 0) =>
        machine.mayGrowTo(bytes >>> 0) ? grow(bytes) : 0,
  );
}

/** `tzset` in UTC: no offset, no daylight saving, and the zone's two names. */
function setTimeZone(memory: WasmMemory): ImportFunction {
  return (zone = 0, daylight = 0, standardName = 0, daylightName = 0) => {
    const words = new Int32Array(memory.buffer);
    words[zone >> 2] = 0;
    words[daylight >> 2] = 0;
    const bytes = new Uint8Array(memory.buffer);
    for (const at of [standardName, daylightName]) bytes.set([0x55, 0x54, 0x43, 0], at); // "UTC"
  };
}

/** `localtime` in UTC: fills the C library's `struct tm` at the given address. */
function localTime(memory: WasmMemory): ImportFunction {
  return (seconds = 0, at = 0) => {
    const date = new Date(Number(seconds) * 1000); // a BigInt when it comes from the module
    const year = date.getUTCFullYear();
    const midnightMs = Date.UTC(year, date.getUTCMonth(), date.getUTCDate());
    const fields = [
      date.getUTCSeconds(),
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth(),
      year - 1900,
      date.getUTCDay(),
      Math.floor((midnightMs - Date.UTC(year, 0, 1)) / 86_400_000),
      0, // daylight saving
      0, // seconds east of UTC
    ];
    new Int32Array(memory.buffer).set(fields, at >> 2);
  };
}
