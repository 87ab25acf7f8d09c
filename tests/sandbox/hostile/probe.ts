import type { CalledLanguage } from '../../../src/events/task-view.ts';
import type { Ending, Family, HostileProgram } from './hostile-program.ts';

interface Probe {
  readonly name: string;
  readonly family: Family;
  /** Statements of `attempt`, which give what they met, or raise it. */
  readonly body: string;
  /** Statements in front of it. */
  readonly before?: string;
  readonly limits?: HostileProgram['limits'];
  /** The answers. A text is an execution that passed with that answer. */
  readonly wasm: string | Ending;
  readonly docker: string | Ending;
  readonly batch?: string | Ending;
  /** Statements of the `attempt` of the program that is run next, which must find nothing. */
  readonly next?: { readonly body: string; readonly wasm: string; readonly docker: string };
}

/** A Python program that tries something and says what it met: `done`, or the exception and the name of its number. */
export function pythonProbe(probe: Probe): HostileProgram {
  return toProgram(probe, 'python', pythonAttempt);
}

/** The same in JavaScript: `done`, or the code or the name of the error. */
export function javascriptProbe(probe: Probe): HostileProgram {
  return toProgram(probe, 'javascript', javascriptAttempt);
}

function toProgram(
  probe: Probe,
  language: CalledLanguage,
  write: (before: string, body: string) => string,
): HostileProgram {
  const { name, family, limits, next } = probe;
  return {
    name,
    family,
    language,
    program: write(probe.before ?? '', probe.body),
    isProbe: true,
    ...(limits === undefined ? {} : { limits }),
    expected: {
      wasm: toEnding(probe.wasm),
      docker: toEnding(probe.docker),
      ...(probe.batch === undefined ? {} : { batch: toEnding(probe.batch) }),
    },
    ...(next === undefined
      ? {}
      : { next: { program: write('', next.body), wasm: next.wasm, docker: next.docker } }),
  };
}

const toEnding = (answer: string | Ending): Ending =>
  typeof answer === 'string' ? { outcome: 'passed', error: null, answer } : answer;

function pythonAttempt(before: string, body: string): string {
  return `import errno, os, sys, time
${before.trim()}
def try_it():
${indent(body)}
def attempt():
    try:
        found = try_it()
    except OSError as e:
        return f"{type(e).__name__} {errno.errorcode.get(e.errno, e.errno)}"
    except Exception as e:
        return type(e).__name__
    return "done" if found is None else str(found)
`;
}

function javascriptAttempt(before: string, body: string): string {
  return `${before.trim()}
const tryIt = async () => {
${indent(body)}
};
const attempt = async () => {
    try {
        const found = await tryIt();
        return found === undefined ? "done" : String(found);
    } catch (error) {
        return String(error.code ?? error.name);
    }
};
`;
}

const indent = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
