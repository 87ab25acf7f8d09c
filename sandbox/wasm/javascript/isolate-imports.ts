import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { WasmImports, WasmMemory } from './web-assembly.ts';

type ImportFunction = (...args: number[]) => unknown;

/**
 * Replaces what the interpreter's glue code would take from this machine: the clock, the time zone, the local time, and
 * memory past `bytesMax` (this build of QuickJS counts allocations as empty, so its own limit holds for none). The
 * names are minified, so each is known by what its text does, and a build where one is missing or ambiguous is refused.
 */
export function isolateImports(imports: WasmImports, memory: WasmMemory, nowMs: () => number): void {
  const table = imports['a'] as Record<string, ImportFunction>;
  const replaceWhere = (
    marks: readonly string[],
    replacement: ImportFunction | ((original: ImportFunction) => ImportFunction),
    wraps = false,
  ): void => {
    const names = Object.keys(table).filter((name) => {
      const text = String(table[name]);
      return typeof table[name] === 'function' && marks.every((mark) => text.includes(mark));
    });
    const [only] = names;
    if (only === undefined || names.length > 1) {
      throw new PawlError(
        'SANDBOX_FAILED',
        `The interpreter's import ${marks.join(' ')} was found ${names.length} times.`,
      );
    }
    const original = table[only] as ImportFunction;
    table[only] = wraps
      ? (replacement as (original: ImportFunction) => ImportFunction)(original)
      : (replacement as ImportFunction);
  };
  replaceWhere(['Date.now()'], nowMs);
  replaceWhere(
    ['getTimezoneOffset', 'padStart'],
    (zone = 0, daylight = 0, standardName = 0, daylightName = 0) => {
      const words = new Int32Array(memory.buffer);
      words[zone >> 2] = 0;
      words[daylight >> 2] = 0;
      const bytes = new Uint8Array(memory.buffer);
      for (const at of [standardName, daylightName]) bytes.set([0x55, 0x54, 0x43, 0], at); // "UTC"
    },
  );
  replaceWhere(['getTimezoneOffset', 'getSeconds'], localTime(memory));
  // The original also renews the glue code's views, so it is asked after the limit was.
  replaceWhere(
    ['2147483648<', '.grow('],
    (grow: ImportFunction) =>
      (bytes = 0) =>
        bytes >>> 0 > bytesMax() ? 0 : grow(bytes),
    true,
  );
}

/** `localtime` in UTC: fills the C library's `struct tm` at the given address. */
function localTime(memory: WasmMemory): ImportFunction {
  return ((seconds: number | bigint, at: number): void => {
    const date = new Date(Number(seconds) * 1000);
    const year = date.getUTCFullYear();
    const dayOfYear = Math.floor(
      (Date.UTC(year, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(year, 0, 1)) / 86_400_000,
    );
    const fields = [
      date.getUTCSeconds(),
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth(),
      year - 1900,
      date.getUTCDay(),
      dayOfYear,
      0, // daylight saving
      0, // seconds east of UTC
    ];
    new Int32Array(memory.buffer).set(fields, at >> 2);
  }) as ImportFunction;
}
