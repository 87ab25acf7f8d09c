import type { ExecutionException } from '../../../src/events/execution-result.ts';
import type { PythonApi } from './c-api.ts';
import { readPythonFile } from './interpreter.ts';

const NAMES = [
  'use_counter',
  'compile_plain',
  'compile_candidate',
  'compile_expression',
  'compile_asserts',
  'statements',
  'render',
  'message_text',
  'describe',
  'seed_random',
] as const;
type HarnessFunction = (typeof NAMES)[number];

/**
 * The Python side of the engine: addresses of its functions, which hold after every restore. References are not given
 * back: the next restore does that.
 */
export class Harness {
  private readonly api: PythonApi;
  private readonly functions: Readonly<Record<HarnessFunction, number>>;

  constructor(api: PythonApi, load: (source: string, filename: string) => number) {
    this.api = api;
    const namespace = load(readPythonFile('./harness.py'), '<harness>');
    this.functions = Object.fromEntries(NAMES.map((name) => [name, lookUp(api, namespace, name)])) as Record<
      HarnessFunction,
      number
    >;
  }

  call(name: HarnessFunction, ...args: readonly number[]): number {
    return this.api.call(this.functions[name], ...args);
  }

  render(value: number): string {
    return this.api.text(this.call('render', value));
  }

  /** What the message of a failed assertion says. */
  message(value: number): string {
    return this.api.text(this.call('message_text', value));
  }

  describe(exception: number): ExecutionException {
    const [type = 0, message = 0, line = 0] = this.api.items(this.call('describe', exception));
    const number = this.api.exports.PyLong_AsLong(line);
    return { type: this.api.text(type), message: this.api.text(message), line: number > 0 ? number : null };
  }
}

/** A borrowed reference that the namespace keeps alive. */
export function lookUp(api: PythonApi, namespace: number, name: string): number {
  const text = api.cString(name);
  const found = api.exports.PyDict_GetItemString(namespace, text) >>> 0;
  api.exports.free(text);
  if (found === 0) throw new TypeError(`The Python side has no ${name}.`);
  return found;
}
