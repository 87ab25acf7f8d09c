import { describe, expect, test } from 'vitest';
import { withoutEngine } from '../../../support/container-engine.ts';
import { complaints, useRemote } from './use-remote.ts';

/** What an exception is, in a text made where it was raised or where it is looked at. */
const SHOW = `def show(e):
    return [type(e).__name__, type(e).__mro__[1].__name__, e.errno, e.strerror, e.filename, e.filename2, list(e.args), str(e)]
`;
const NAMES = `NAMES = """OSError BlockingIOError ChildProcessError ConnectionError BrokenPipeError ConnectionAbortedError
    ConnectionRefusedError ConnectionResetError FileExistsError FileNotFoundError InterruptedError IsADirectoryError
    NotADirectoryError PermissionError ProcessLookupError TimeoutError""".split()
`;

describe.skipIf(withoutEngine() !== null)(
  'an error of the operating system, which has other numbers where the tests run',
  () => {
    const { check } = useRemote(1);

    test('keeps its class, number, message and files, for every number', async () => {
      const program = `import os
${SHOW}
MORE = [(), ("a",), ("a", None, "b")]
def attempt(number, more):
    try: raise OSError(number, os.strerror(number), *MORE[more])
    except OSError as e: return e, show(e)
`;
      const script = `${SHOW}
classes = set()
for number in range(1, 134):
    for more in range(3):
        e, shown = attempt(number, more)
        assert show(e) == shown
        assert e.errno == number
        classes.add(type(e).__name__)
assert len(classes) == 15
`;
      const result = await check(program, script);
      expect(complaints(result)).toEqual([]);
      expect(result.tests).toHaveLength(133 * 3 * 2 + 1);
    });

    test('keeps its class whatever its arguments are, for every class and for those of the program', async () => {
      const program = `import builtins
${NAMES}${SHOW}
ARGS = [(), ("text",), (27, "x"), (4, "x", "file"), (2, "x", None), (32, "x", b"file", None, "to"), (1, 2, 3, 4, 5, 6)]
class Own(OSError): pass
class OwnTimeout(TimeoutError): pass
class Shown(OSError):
    def __init__(self, *args): super().__init__(*args); self.more = 1
    def __str__(self): return f"shown {self.errno}"
def kinds(): return NAMES
def attempt(name, at):
    kind = globals().get(name) or getattr(builtins, name)
    try: raise kind(*ARGS[at])
    except OSError as e: return e, show(e)
`;
      const script = `${SHOW}
for name in [*kinds(), "Own", "OwnTimeout"]:
    for at in range(7):
        e, shown = attempt(name, at)
        assert show(e) == shown
        assert isinstance(e, OSError)
for at in range(1, 6):
    e, shown = attempt("Shown", at)
    assert type(e).__name__ == "Shown" and show(e)[2:] == shown[2:]
`;
      const result = await check(program, script);
      expect(complaints(result)).toEqual([]);
      expect(result.tests).toHaveLength(18 * 7 * 2 + 5);
    });

    test('is what the tests have raised when it comes to the program', async () => {
      const program = `def call(f):
    try: f()
    except OSError as e: return [type(e).__name__, e.errno, str(e)]
`;
      const script = `${NAMES}import builtins
def thrower(name, number):
    def f():
        e = getattr(builtins, name)()
        e.errno, e.strerror, e.args = number, "x", (number, "x")
        raise e
    return f
for number in range(1, 134):
    assert call(thrower("OSError", number)) == ["OSError", number, f"[Errno {number}] x"]
for name in NAMES:
    assert call(thrower(name, 27))[0] == name
`;
      const result = await check(program, script);
      expect(complaints(result)).toEqual([]);
    });
  },
);
