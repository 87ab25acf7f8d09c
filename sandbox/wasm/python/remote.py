"""Runs beside the harness when the candidate is elsewhere: its functions and objects, as the tests see them.

`ask` sends one message and gives the answer; `malformed` ends the execution. What comes back is made into plain data
before a test sees it, and a test's own values are never given to the candidate to be compared.
"""

import ast
import builtins
import json
import operator
import sys

_MODULES = set("""abc array base64 binascii bisect calendar cmath collections collections.abc copy dataclasses datetime decimal
    enum fractions functools hashlib heapq itertools json math numbers operator random re statistics string struct textwrap
    time types typing unicodedata uuid zlib""".split())
_BUILTIN_NAMES = {id(value): name for name, value in vars(builtins).items() if getattr(value, "__name__", None) == name}
_builtin = dict(vars(builtins))
_loads, _dumps = json.loads, json.JSONEncoder(separators=(",", ":")).encode
_function_types = (type(lambda: 0), type(len), type([].append), type(_Deque.append))

_MALFORMED = (Malformed, KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError)
_ask = _malformed = None
_proxies = {}
_classes = {}
_owned = []
_owned_numbers = {}
_lines = {}


def use_line(ask, malformed):
    global _ask, _malformed
    _ask, _malformed = ask, malformed


# ---- asking ----------------------------------------------------------------------------------------------------------


def _transact(request):
    answer = _loads(_ask(_dumps(request)))
    while answer["k"] == "callback":
        answer = _loads(_ask(_dumps(_serve(answer))))
    return answer


def _encode(*args):
    encoder = Encoder(_write)
    encoder.part(args)
    return encoder.rest(0), encoder.kept


def _apply(operation, *args):
    nodes, kept = _encode(*args)
    request = {"f": operation, "n": nodes, "d": _frames()}
    try:
        answer = _transact(request)
        decoder = Decoder(answer["n"], kept, _read)
        value = decoder.part(answer["p"])
        for number, node in answer["c"].items():
            target = kept[int(number)]
            if not mutable(target):
                raise Malformed("no container")
            decoder.fill(target, node, True)
        kind = answer["k"]
        if kind == "raise" and not isinstance(value, BaseException):
            raise Malformed("no exception")
    except _MALFORMED as problem:
        _malformed(str(problem))
    if kind == "raise":
        raise value
    return value


def _frames():
    """How many frames of the tests are below an operation on something of the candidate."""
    frame = sys._getframe(3)
    count = 0
    while frame is not None:
        count += 1
        frame = frame.f_back
    return count


# ---- what the candidate's process owns -------------------------------------------------------------------------------


class Remote:
    """Something of the candidate. Operations on it happen there; comparing it with anything of the tests happens here."""

    __slots__ = ("_number",)

    def __getattribute__(self, name):
        if name == "__class__" or name == "__deepcopy__":
            return object.__getattribute__(self, name)
        return _apply("getattr", self, name)

    def __setattr__(self, name, value):
        _apply("setattr", self, name, value)

    def __delattr__(self, name):
        _apply("delattr", self, name)

    def __call__(self, *args, **kwargs):
        return _apply("call", self, args, kwargs)

    def __contains__(self, item):
        return any(one is item or one == item for one in self)

    def __instancecheck__(self, value):
        return _type(value) in _OPAQUE and _apply("isinstance", value, self)

    def __subclasscheck__(self, value):
        return _type(value) in _OPAQUE and _apply("issubclass", value, self)

    def __exit__(self, kind, problem, trace):
        return _apply("exit", self, problem)

    def __deepcopy__(self, memo):
        return _apply("deepcopy", self)

    def __dir__(self):
        return _apply("dir", self)


_type = type
_number_of = Remote.__dict__["_number"].__get__
_set_number = Remote.__dict__["_number"].__set__


def _forward(name, operation):
    def method(self, *args):
        return _apply(operation, self, *args)

    setattr(Remote, name, method)


def _between(name, operation):
    """With another object of the candidate only: else Python takes the two for unequal, or raises a TypeError."""

    def method(self, other):
        return _apply(operation, self, other) if _type(other) in _OPAQUE else NotImplemented

    setattr(Remote, name, method)


for _name in "len iter next repr str bool hash int float index getitem setitem delitem enter neg pos invert abs round reversed copy format".split():
    _forward(f"__{_name}__", _name)
for _name in "eq ne lt le gt ge add sub mul truediv floordiv mod pow matmul and or xor lshift rshift divmod".split():
    _between(f"__{_name}__", {"and": "and_", "or": "or_"}.get(_name, _name))

_kinds = {}


def _proxy(number, kind, name):
    if type(number) is not int or type(kind) is not str or type(name) is not str:
        raise Malformed("no object")
    if number not in _proxies:
        if name not in _kinds:
            _kinds[name] = type(name[:200].replace("\0", ""), (Remote,), {"__slots__": ()})
            _OPAQUE.add(_kinds[name])
        _proxies[number] = object.__new__(_kinds[name])
        _set_number(_proxies[number], number)
    return _proxies[number]


def _class_of(base, between):
    kind = _builtin.get(base)
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        raise Malformed("no class of exceptions")
    for name, number, known in reversed(between):
        if known is not None:
            found = getattr(sys.modules.get(known[0]), known[1], None)
            if isinstance(found, type) and issubclass(found, BaseException):
                kind = found
                continue
        if number not in _classes:
            _classes[number] = type(str(name), (kind,), {"__str__": _message_of, "__module__": "__main__"})
        kind = _classes[number]
    return kind


_messages = {}


def _message_of(self):
    known = _messages.get(id(self))
    return known[1] if known is not None else BaseException.__str__(self)


def _exception(base, between, message, args, line):
    kind = _class_of(base, between)
    args = Decoder(args, (), _read).part([0])
    if type(message) is not str or type(line) is not int or type(args) is not tuple:
        raise Malformed("no exception")
    try:
        problem = kind(*args)
        shown = str(problem)
    except Exception:
        problem, shown = None, None
    if shown != message:
        problem = _bare(kind, args)
        _messages[id(problem)] = (problem, message)
    _lines[id(problem)] = (problem, line)
    return problem


def _bare(kind, args):
    """Made without what its class does with the arguments; a class of our own says what it said there."""
    members = {"__str__": _message_of, "__init__": _no_init}
    for base in (kind, Exception):
        shown = type(kind.__name__, (base,), members)
        for given in (args, ()):
            try:
                problem = shown.__new__(shown, *given)
                problem.args = args
                return problem
            except TypeError:
                continue
    raise Malformed("no exception")


def _no_init(self, *args):
    pass


def _read(part, tag, *rest):
    if tag == "o":
        return _proxy(*rest)
    if tag == "p":
        return _owned[rest[0]]
    if tag == "z":
        return _class_of(*rest)
    if tag == "Z":
        return _exception(*rest)
    raise Malformed("an unknown kind of value")


def line_of(problem):
    """The candidate's line that an exception of its came from; 0 where it is not of the candidate."""
    known = _lines.get(id(problem))
    return 0 if known is None else known[1]


# ---- what the tests own ----------------------------------------------------------------------------------------------


def _write(value):
    kind = type(value)
    if kind in _OPAQUE:
        return ["p", _number_of(value)]
    if isinstance(value, type):
        if value in _TYPE_NAMES:
            return ["b", _TYPE_NAMES[value]]
        for number, known in _classes.items():
            if known is value and type(number) is int:
                return ["p", number]
    if isinstance(value, BaseException):
        name = next(_BUILTIN_NAMES[id(base)] for base in kind.__mro__ if id(base) in _BUILTIN_NAMES)
        return ["Z", name, str(value), _encode(*value.args)[0]]
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if kind is type(sys):
        return ["g", value.__name__, None]
    if isinstance(value, (type, *_function_types)) and type(module) is str and type(name) is str:
        if (module == "builtins" or module in _MODULES) and getattr(sys.modules.get(module), name, None) is value:
            return ["g", module, name]
    if id(value) not in _owned_numbers:
        _owned_numbers[id(value)] = len(_owned)
        _owned.append(value)
    return ["o", _owned_numbers[id(value)], _kind_of(value), getattr(value, "__name__", kind.__name__)]


def _kind_of(value):
    if isinstance(value, (type, *_function_types)) or type(value).__name__ in ("method", "partial", "builtin_function_or_method"):
        return "function"
    return "iterator" if hasattr(type(value), "__next__") else "instance"


def _own_attribute(value, name):
    if _kind_of(value) != "instance" or type(name) is not str or name.startswith("_"):
        raise AttributeError(name)
    found = getattr(value, name)
    if type(found).__name__ in ("frame", "code", "module", "traceback"):
        raise AttributeError(name)
    return found


def _own_set(value, name, new):
    if _kind_of(value) != "instance" or type(name) is not str or name.startswith("_"):
        raise AttributeError(name)
    setattr(value, name, new)


_SERVED = {"call": lambda value, args, kwargs: value(*args, **kwargs), "next": next, "iter": iter, "len": len,
           "getattr": _own_attribute, "setattr": _own_set, "bool": bool, "hash": hash, "str": str, "repr": repr,
           "contains": operator.contains, "getitem": operator.getitem, "setitem": operator.setitem,
           "delitem": operator.delitem, "eq": operator.eq, "lt": operator.lt, "le": operator.le, "gt": operator.gt,
           "ge": operator.ge, "add": operator.add, "sub": operator.sub}  # fmt: skip


def _serve(answer):
    """A question of the candidate about something that a test gave it."""
    try:
        operation, target, *args = Decoder(answer["n"], (), _read).part(answer["p"])
        if id(target) not in _owned_numbers or operation not in _SERVED:
            raise Malformed("no question")
    except (KeyError, TypeError, ValueError) as problem:
        raise Malformed(str(problem)) from None
    kind = "return"
    try:
        value = _SERVED[operation](target, *args)
    except Exception as problem:
        kind, value = "raise", problem
    return {"f": kind, "n": _encode(value)[0]}


# ---- the names of the tests ------------------------------------------------------------------------------------------


class Names(dict):
    """The globals of the tests; data that the candidate keeps under a name is asked for each time."""

    def __missing__(self, name):
        if name in _lazy:
            return _apply("global", name)
        raise KeyError(name)


_lazy = set()


def new_names(main):
    return Names(main)


def run_prelude(source, names):
    """Statement by statement, because a package may be there for the candidate that is not here."""
    for statement in ast.parse(source).body:
        try:
            exec(compile(ast.Module([statement], []), "<prelude>", "exec", 0, True), names)
        except ImportError:
            pass


def load(names, order):
    """Loads the candidate's program, as `order` says (JSON), and binds its names."""
    order = _loads(order)
    tests = order.pop("tests")
    try:
        answer = _transact({"f": "load", **order})
        decoder = Decoder(answer["n"], (), _read)
        value = decoder.part(answer["p"])
        if answer["k"] != "raise":
            found = {name: (kind, own, known) for name, kind, own, known in value}
    except _MALFORMED as problem:
        _malformed(str(problem))
    if isinstance(value, BaseException):
        raise value
    tested = _tested(tests, {name for name in found if type(name) is str and name not in _builtin})
    for name, (kind, own, known) in found.items():
        if name in _builtin and name not in tested:
            continue
        local = None if name in tested else _library(name, kind, known)
        names.pop(name, None)
        if local is not None:
            names[name] = local
        elif kind == "data":
            _lazy.add(name)
        else:
            names[name] = own


def _library(name, kind, known):
    """What the standard library here has under that name: the tests' use of it is no call of the candidate."""
    if known is None or name.startswith("__"):
        return None
    if kind == "module":
        return sys.modules.get(known) if known in _MODULES else None
    if known[0] not in sys.modules or known[1] != name or known[0].lstrip("_").partition(".")[0] not in _MODULES:
        return None
    return getattr(sys.modules[known[0]], name, None)


def _tested(tests, own):
    """Which names are what is tested, also where they hide a built-in function or something of the library.

    A name is tested when the top level of a script hands it to a function, as `check(sum)` does. If the tests use no name
    that only the candidate can have given (`own`), so is what they call on a side of a comparison (a case's whole call
    counts as one): in `sum(10, 15) == 6` that is `sum`. In `sorted(f(3)) == [1, 2]` it is not `sorted`, but `f`.
    """
    handed, compared, used = set(), set(), set()

    def side(node):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            compared.add(node.func.id)

    for kind, source in tests:
        try:
            tree = ast.parse(source.strip())
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                used.add(node.id)
            elif isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare):
                for one in (node.test.left, *node.test.comparators):
                    side(one)
        for node in tree.body:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                if kind == "case":
                    side(node.value)
                else:
                    handed.update(one.id for one in node.value.args if isinstance(one, ast.Name))
    return handed if used & own else handed | compared
