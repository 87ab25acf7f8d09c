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
# Without aliases, as `IOError` is one.
_BUILTIN_NAMES = {id(value): name for name, value in vars(builtins).items() if getattr(value, "__name__", "") == name}
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


for _name in """len iter next repr str bool hash int float index getitem setitem delitem enter neg pos invert abs round
        reversed copy format""".split():
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
