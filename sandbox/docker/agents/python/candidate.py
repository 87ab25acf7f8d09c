"""In the candidate's process: runs the program and answers for its functions and objects, message by message.

All of it can be changed by the program that runs beside it. It promises nothing about what it answers: it only has to be
right for honest programs, and the tests' side believes no more of it than that the candidate said so.
"""

import builtins as _builtins
import json as _json
import opcode as _opcode
import os as _os
import random as _random
import resource as _resource
import struct as _struct
import sys as _sys
import types as _types

CANDIDATE = "<candidate>"
MESSAGE_BYTES_MAX = 16 * 1024 * 1024
MESSAGE_TEXT_MAX = 100_000
RESERVE_BYTES = 32 * 1024 * 1024
TOOL = 3
_FUNCTIONS = (_types.FunctionType, _types.BuiltinFunctionType, _types.MethodType, type(len), type)
_RESUME = _opcode.opmap["RESUME"]
_BUILTIN_NAMES = {id(value): name for name, value in vars(_builtins).items() if getattr(value, "__name__", None) == name}


class Ended(BaseException):
    """The line to the tests is gone."""


class Line:
    """Messages over two descriptors, each with its length in front."""

    def __init__(self, receiving, sending):
        self.receiving, self.sending = receiving, sending

    def receive(self):
        (size,) = _struct.unpack(">I", self._read(4))
        return _json.loads(self._read(size))

    def _read(self, size):
        data = bytearray()
        while len(data) < size:
            chunk = _os.read(self.receiving, min(size - len(data), 1 << 20))
            if not chunk:
                raise Ended
            data += chunk
        return bytes(data)

    def send(self, payload):
        data = memoryview(_struct.pack(">I", len(payload)) + payload)
        while data:
            data = data[_os.write(self.sending, data) :]


class Counter:
    """Steps as the embedded interpreter counts them: lines, jumps and calls of the candidate's own code."""

    def __init__(self):
        self.read = lambda: 0
        self.lines = set()

    def start(self, limit, with_lines, stop):
        steps = 0
        limit = limit if limit is not None else 1 << 62
        reach = self.lines.add

        def other(code, offset, destination=None):
            nonlocal steps
            steps += 1
            if steps > limit:
                stop()

        def line(code, number):
            nonlocal steps
            steps += 1
            if steps > limit:
                stop()
            reach(number)

        self.read = lambda: steps
        monitoring = _sys.monitoring
        events = monitoring.events
        monitoring.use_tool_id(TOOL, "steps")
        monitoring.register_callback(TOOL, events.LINE, line if with_lines else other)
        monitoring.register_callback(TOOL, events.JUMP, other)
        monitoring.register_callback(TOOL, events.PY_START, other)
        return monitoring

    @staticmethod
    def watch(monitoring, code):
        events = monitoring.events
        monitoring.set_local_events(TOOL, code, events.LINE | events.JUMP | events.PY_START)
        for constant in code.co_consts:
            if type(constant) is _types.CodeType:
                Counter.watch(monitoring, constant)

    def header(self):
        lines = " ".join(map(str, sorted(self.lines)))
        self.lines.clear()
        return f"{self.read()} {lines}".strip() + "\n"


class Callback:
    """Something of the tests that the candidate was given. What it can do is decided on the tests' side."""

    def __init__(self, agent, number, kind, name):
        self.__dict__.update(_agent=agent, _number=number, _kind=kind, __name__=name, __qualname__=name)

    def __call__(self, *args, **kwargs):
        return self._agent.ask("call", self, args, kwargs)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self._agent.ask("getattr", self, name)

    def __repr__(self):
        return f"<{self._kind} {self.__name__}>"


def _forwarded(operation):
    return lambda self, *args: self._agent.ask(operation, self, *args)


class CallbackIterator(Callback):
    def __iter__(self):
        return self

    __next__ = _forwarded("next")


class CallbackObject(Callback):
    def __setattr__(self, name, value):
        self._agent.ask("setattr", self, name, value)

    def __hash__(self):
        return self._agent.ask("hash", self)

    def __contains__(self, item):
        return bool(self._agent.ask("contains", self, item))


for _name in ("len", "iter", "getitem", "setitem", "delitem", "bool", "str", "repr", "eq", "lt", "le", "gt", "ge", "add", "sub"):
    setattr(CallbackObject, f"__{_name}__", _forwarded(_name))
_CALLBACKS = {"iterator": CallbackIterator, "instance": CallbackObject}
_OPAQUE.update((Callback, CallbackIterator, CallbackObject))


def _std_name(value):
    """Module and name of what the standard library offers under that name, or None."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if type(module) is not str or type(name) is not str or module.partition(".")[0] not in _sys.stdlib_module_names:
        return None
    if getattr(_sys.modules.get(module), name, None) is not value or module in ("__main__", "builtins"):
        return None
    return [module, name]


def kind_of(value):
    if isinstance(value, type):
        return "class"
    return "function" if isinstance(value, _FUNCTIONS) else "module" if type(value) is _types.ModuleType else "instance"


class Agent:
    def __init__(self, line):
        self.line = line
        self.counter = Counter()
        self.owned = []
        self.numbers = {}
        self.callbacks = {}
        self.main = _types.ModuleType("__main__")
        self.operations = {
            "call": lambda function, args, kwargs: function(*args, **kwargs),
            "global": lambda name: self.main.__dict__[name],
            "enter": lambda value: type(value).__enter__(value),
            "exit": lambda value, problem: type(value).__exit__(value, problem and type(problem), problem, None),
            "round": round, "getattr": getattr, "setattr": setattr, "delattr": delattr, "dir": dir,
            "len": len, "iter": iter, "next": next, "repr": repr, "str": str, "bool": bool, "hash": hash, "int": int,
            "float": float, "format": format, "isinstance": isinstance, "issubclass": issubclass, "divmod": divmod,
            "reversed": reversed, "copy": lambda value: _copy(value, False), "deepcopy": lambda value: _copy(value, True),
        }  # fmt: skip
        for name in """eq ne lt le gt ge add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift neg pos
                invert abs index getitem setitem delitem""".split():
            self.operations[name] = getattr(_operator, name)

    # ---- values ----

    def export(self, value):
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.owned)
            self.owned.append(value)
        return number

    def write(self, value):
        if isinstance(value, Callback):
            return ["p", value._number]
        if isinstance(value, type):
            if _TYPE_NAMES.get(value) is not None:
                return ["b", _TYPE_NAMES[value]]
            if issubclass(value, BaseException):
                return ["z", *self.lineage(value)]
        elif isinstance(value, BaseException):
            message, line = describe(value)
            return ["Z", *self.lineage(type(value)), message, self.arguments(value), line]
        return ["o", self.export(value), kind_of(value), type(value).__name__]

    def arguments(self, problem):
        """A graph of their own: an exception is made from them before anything that holds it is complete."""
        args = problem.args
        if isinstance(problem, OSError) and problem.filename is not None:
            args = (problem.errno, problem.strerror, problem.filename)
        encoder = Encoder(self.write)
        encoder.part(tuple(args))
        return encoder.rest(0)

    def lineage(self, kind):
        """The nearest built-in class, and the classes between: name, number here, module and name in the library."""
        between = []
        for base in kind.__mro__:
            if _BUILTIN_NAMES.get(id(base)) is not None:
                return [_BUILTIN_NAMES[id(base)], between]
            between.append([base.__name__, self.export(base), _std_name(base)])
        return ["BaseException", between]

    def read(self, part, tag, *rest):
        if tag == "p":
            return self.owned[rest[0]]
        if tag == "o":
            number, kind, name = rest
            if number not in self.callbacks:
                self.callbacks[number] = _CALLBACKS.get(kind, Callback)(self, number, kind, name)
            return self.callbacks[number]
        if tag == "g":
            value = __import__(rest[0], fromlist=["_"])
            return getattr(value, rest[1]) if rest[1] is not None else value
        if tag == "Z":
            name, message, args = rest
            kind = getattr(_builtins, name, Exception)
            return kind(*Decoder(args, (), self.read).part([0]))
        raise Malformed(tag)

    # ---- messages ----

    def send(self, answer):
        text = self.counter.header() + _json.dumps(answer, separators=(",", ":"))
        payload = text.encode()
        if len(payload) > MESSAGE_BYTES_MAX:
            raise OverflowError("a value of more than 16 MiB cannot be sent")
        self.line.send(payload)

    def answer(self, kind, value, known=(), nodes=()):
        """What a call gave, and which of its arguments it changed (of those that `nodes` tells how they were)."""
        encoder = Encoder(self.write, known)
        part = encoder.part(value)
        changed = {}
        for number, (one, node) in enumerate(zip(known, nodes)):
            if mutable(one):
                now = encoder.node(one)
                if now != node or _json.dumps(now) != _json.dumps(node):
                    changed[number] = now
        return {"k": kind, "p": part, "n": encoder.rest(len(known)), "c": changed}

    def ask(self, operation, *args):
        """A question to the tests' side, in the middle of a call from there."""
        self.send(self.answer("callback", (operation, *args)))
        while True:
            request = self.line.receive()
            if request["f"] in ("return", "raise"):
                (value,) = Decoder(request["n"], (), self.read).objects[0]
                if request["f"] == "raise":
                    raise value
                return value
            self.handle(request)

    def handle(self, request):
        nodes = request.get("n", [])
        known = []
        usual = _sys.getrecursionlimit()
        # As deep as the candidate could go if the tests' frames were below it, not ours; and one for the counter's own.
        deeper = usual + _frames() + 2 - request.get("d", 0)
        _sys.setrecursionlimit(deeper)
        try:
            if request["f"] == "load":
                kind, value = "value", self.load(request)
            else:
                known = Decoder(nodes, (), self.read).objects
                kind, value = "value", self.operations[request["f"]](*known[0])
        except Ended:
            raise
        except BaseException as problem:
            kind, value = "raise", problem
            if isinstance(problem, MemoryError):
                use_reserve()
        finally:
            if _sys.getrecursionlimit() == deeper:
                _sys.setrecursionlimit(usual)
        try:
            answer = self.answer(kind, value, known, nodes)
            self.send(answer)
        except Ended:
            raise
        except BaseException as problem:
            answer = value = None
            if isinstance(problem, MemoryError):
                use_reserve()
            self.send(self.answer("raise", problem.with_traceback(None), known))

    def load(self, request):
        limit_memory(request["memory"])
        _random.seed(request["seed"])
        names = self.main.__dict__
        names["__builtins__"] = _builtins
        _sys.modules["__main__"] = self.main
        prelude = compile(request["prelude"], "<prelude>", "exec", 0, True)
        code = compile(request["program"], CANDIDATE, "exec", 0, True)
        monitoring = self.counter.start(request["steps"], request["lines"], self.stop)
        self.counter.watch(monitoring, code)
        _sys.modules.pop("sys.monitoring", None)
        del _sys.monitoring
        exec(prelude, names)
        before = dict(names)
        exec(code, names)
        return [[name, *self.bound(value)] for name, value in list(names.items())
                if type(name) is str and (name not in before or before[name] is not value)]  # fmt: skip

    @staticmethod
    def bound(value):
        if isinstance(value, (type, *_FUNCTIONS)):
            return ["object", value, _std_name(value)]
        if type(value) is _types.ModuleType:
            return ["module", value, value.__name__]
        return ["data", None, None]

    def stop(self):
        self.line.send(f"stop {self.counter.header()}".encode())
        _os._exit(0)

    def serve(self):
        while True:
            self.handle(self.line.receive())


def _frames():
    """How many frames are below the caller's, with its own."""
    frame = _sys._getframe(1)
    count = 0
    while frame is not None:
        count += 1
        frame = frame.f_back
    return count


def describe(problem):
    """Message and line of the candidate where it came from, as the tests' side describes its own exceptions."""
    try:
        message = str(problem)
    except BaseException as second:
        message = f"<{type(problem).__name__} without a message: {type(second).__name__}>"
    line = 0
    trace = problem.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        # Where the stack ends, a call can be refused just after its beginning, because the counter has no room.
        if code.co_filename == CANDIDATE and code.co_code[trace.tb_lasti] != _RESUME:
            line = trace.tb_lineno or line
        trace = trace.tb_next
    if line == 0 and isinstance(problem, SyntaxError) and problem.filename == CANDIDATE:
        line = problem.lineno or 0
    if len(message) > MESSAGE_TEXT_MAX:
        message = message[:MESSAGE_TEXT_MAX]
    return message.encode("utf-8", "backslashreplace").decode(), line


def _copy(value, deep):
    import copy

    return copy.deepcopy(value) if deep else copy.copy(value)


def limit_memory(size):
    """So that Python meets a MemoryError before the kernel ends the process."""
    with open("/proc/self/statm") as file:
        data_pages = int(file.read().split()[5])
    base = data_pages * _resource.getpagesize() + size
    _resource.setrlimit(_resource.RLIMIT_DATA, (base, base + RESERVE_BYTES))


def use_reserve():
    """What happened where memory ran out has to be told."""
    most = _resource.getrlimit(_resource.RLIMIT_DATA)[1]
    _resource.setrlimit(_resource.RLIMIT_DATA, (most, most))


def run_candidate(receiving, sending):
    """Never returns."""
    import io

    def text(descriptor, errors):
        raw = io.FileIO(descriptor, "w", closefd=False)
        return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, newline="\n", write_through=True)

    _sys.stdout = _sys.__stdout__ = text(1, "strict")
    _sys.stderr = _sys.__stderr__ = text(2, "backslashreplace")
    _sys.stdin = _sys.__stdin__ = open(0, encoding="utf-8", closefd=False)
    _sys.argv, _sys.orig_argv = ["candidate.py"], ["python3"]
    try:
        Agent(Line(receiving, sending)).serve()
    except Ended:
        pass
    except BaseException:
        _os._exit(70)
    _os._exit(0)
