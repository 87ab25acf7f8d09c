"""Runs once while booting, before the memory image is taken: makes the interpreter look like plain Python, closed.

What really keeps a candidate inside is on the other side (the imports of the WebAssembly module). This removes what
would lead nowhere, so that a program meets a usual exception instead of the end of its execution.
"""

import importlib, io, sys  # noqa: E401

COMMON = """abc argparse array ast base64 binascii bisect builtins calendar cmath codecs collections collections.abc
    contextlib copy csv dataclasses datetime decimal enum errno fractions functools gc hashlib heapq html inspect io
    itertools json keyword locale logging math numbers operator os pathlib pprint queue random re secrets shutil statistics
    string struct sys tempfile textwrap threading time traceback types typing unicodedata unittest uuid warnings weakref
    zlib""".split()
CLOSED = {"js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core", "ctypes", "_ctypes", "micropip", "webbrowser"}


def _forget_pyodide():
    import asyncio
    import asyncio.base_events
    import selectors

    class ClockSelector(selectors.BaseSelector):
        """Waiting only advances the clock: there is nothing outside that could become ready."""

        def register(self, fileobj, events, data=None):
            raise OSError("there is no input or output to wait for")

        unregister = register

        def select(self, timeout=None):
            if timeout is None:
                raise RuntimeError("the event loop waits for something that cannot happen")
            time_sleep(max(timeout, 0))
            return []

        def get_map(self):
            return {}

    class EventLoop(asyncio.base_events.BaseEventLoop):
        def __init__(self):
            super().__init__()
            self._selector = ClockSelector()

        def _process_events(self, event_list):
            pass

        def _write_to_self(self):
            pass

    class Policy(asyncio.events._BaseDefaultEventLoopPolicy):
        _loop_factory = EventLoop

    time_sleep = sys.modules["time"].sleep
    asyncio.events._set_running_loop(None)
    asyncio.events._set_event_loop_policy(Policy())
    asyncio.run = asyncio.runners.run
    asyncio.SelectorEventLoop = asyncio.DefaultEventLoop = asyncio.EventLoop = EventLoop
    for name in list(sys.modules):
        if name.partition(".")[0] in CLOSED:
            del sys.modules[name]


class ClosedFinder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in CLOSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def _standard_streams():
    def text(descriptor, name):
        raw = io.FileIO(descriptor, "w", closefd=False)
        raw.name = name
        return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace" if descriptor == 2 else "strict",
                                newline="\n", write_through=True)  # fmt: skip

    sys.stdout = sys.__stdout__ = text(1, "<stdout>")
    sys.stderr = sys.__stderr__ = text(2, "<stderr>")
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8")


def prepare(sleep, closed_builtins):
    import time

    time.sleep = sleep
    _forget_pyodide()
    for name in COMMON:
        importlib.import_module(name)
    finders = [finder for finder in sys.meta_path if type(finder) is type]
    sys.meta_path[:] = [ClosedFinder, *(f for f in finders if f.__module__.startswith("_frozen_importlib"))]
    sys.path[:] = [entry for entry in sys.path if entry.endswith(".zip")]
    sys.builtin_module_names = tuple(n for n in sys.builtin_module_names if n not in closed_builtins)
    sys.argv = ["candidate.py"]
    sys.orig_argv = ["python3"]
    sys.excepthook = sys.__excepthook__
    _standard_streams()


def hide():
    """The last step: what could undo the counting or find the harness."""
    import gc
    import types

    sys.modules.pop("sys.monitoring", None)
    del sys.monitoring
    main = types.ModuleType("__main__")
    main.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = main
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)
    gc.collect()
    # Frozen objects are invisible to gc.get_objects() and gc.get_referrers(), and cost later collections nothing.
    gc.freeze()
    del gc.unfreeze
    return main.__dict__
