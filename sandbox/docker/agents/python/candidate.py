"""Serves the candidate: loads the program, and does with its objects what the tests ask for."""

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
            if problem.filename2 is not None:
                args += (None, problem.filename2)
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
            return new_exception(kind, Decoder(args, (), self.read).part([0]))
        raise Malformed(tag)

    # ---- messages ----

    def send(self, answer):
        text = self.counter.header() + _dumps(answer)
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
                if now != node or _dumps(now) != _dumps(node):
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
        deeper = usual + _depth() + 2 - request.get("d", 0)
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
