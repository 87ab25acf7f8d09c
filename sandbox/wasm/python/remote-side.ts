import type { RemoteLine } from '../remote-line.ts';
import { LineEnded } from '../remote-line.ts';
import { type PythonApi, PythonRaised } from './c-api.ts';
import { lookUp } from './harness.ts';
import { readPythonFile } from './interpreter.ts';
import { nativeFunction } from './native-functions.ts';
import { Stop } from './stop.ts';

/** What one execution with its candidate elsewhere works with. */
interface Use {
  readonly line: RemoteLine;
  readonly stepsMax: number | null;
  readonly onLine: (line: number) => void;
}

/** The Python side of a candidate that is elsewhere; like the harness it is loaded once and holds after every restore. */
export interface RemoteSide {
  call(name: RemoteFunction, ...args: readonly number[]): number;
  /** Null: there is no candidate elsewhere, and whoever asks for it ends the execution. */
  use(use: Use | null): void;
  /** Steps that the candidate says it has taken. */
  readonly steps: number;
}

/** One module, in the order that its parts need each other; how values are written is shared with the candidate's side. */
const FILES = [
  './write-values.py',
  './read-values.py',
  './remote.py',
  './remote-exceptions.py',
  './remote-callbacks.py',
  './remote-names.py',
] as const;
const NAMES = ['use_line', 'new_names', 'run_prelude', 'load', 'line_of'] as const;
type RemoteFunction = (typeof NAMES)[number];

const NEWLINE = 10;
const HEADER_CHARS_MAX = 1_000_000;

const malformed = (why: string): Stop =>
  new Stop('error', 'ProtocolError', `the program's process answered with what is no answer: ${why}`);

export function remoteSide(api: PythonApi, load: (source: string, filename: string) => number): RemoteSide {
  const source = FILES.map(readPythonFile).join('\n');
  const namespace = load(source, '<remote>');
  const functions = Object.fromEntries(NAMES.map((name) => [name, lookUp(api, namespace, name)])) as Record<
    RemoteFunction,
    number
  >;
  let used: Use | null = null;
  let steps = 0;

  /** An answer begins with a line of its own: the steps so far, and the lines that ran since the last answer. */
  const readHeader = (header: string, { stepsMax, onLine }: Use): void => {
    const words = header.split(' ');
    const stopped = words[0] === 'stop';
    const [count = Number.NaN, ...lines] = words.slice(stopped ? 1 : 0).map(Number);
    if (![count, ...lines].every((number) => Number.isSafeInteger(number) && number >= 0)) {
      throw malformed('its header is not made of numbers');
    }
    steps = Math.max(steps, count);
    for (const line of lines) onLine(line);
    if (stopped || (stepsMax !== null && steps > stepsMax)) {
      throw new Stop('timeout', 'StepLimitExceeded', 'the program took more steps than it may');
    }
  };
  const ask = nativeFunction(api, 'ask', (_self, args) => {
    if (used === null) throw new Stop('error', 'PermissionError', 'there is no candidate elsewhere');
    const bytes = exchange(used.line, api.utf8(api.view.getUint32(args, true)));
    const end = bytes.indexOf(NEWLINE);
    if (end < 0 || end > HEADER_CHARS_MAX) throw malformed('it has no header');
    readHeader(Buffer.from(bytes.subarray(0, end)).toString('latin1'), used);
    try {
      return api.stringOf(bytes.subarray(end + 1));
    } catch (thrown) {
      throw thrown instanceof PythonRaised ? malformed('it is not UTF-8') : thrown;
    }
  });
  const refuse = nativeFunction(api, 'refuse', (_self, args) => {
    throw malformed(api.text(api.view.getUint32(args, true)));
  });
  api.call(functions.use_line, ask, refuse);
  return {
    call: (name, ...args) => api.call(functions[name], ...args),
    use: (next) => {
      used = next;
      steps = 0;
    },
    get steps() {
      return steps;
    },
  };
}

function exchange(line: RemoteLine, message: Uint8Array): Uint8Array {
  try {
    return line.ask(message);
  } catch (thrown) {
    if (!(thrown instanceof LineEnded)) throw thrown;
    throw new Stop(thrown.end.outcome, thrown.end.type, thrown.end.message);
  }
}
