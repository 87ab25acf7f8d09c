"""Values as JSON between a test and its candidate. The same file runs on both sides.

A value is a flat graph: `nodes[n]` is `[tag, part…]`, and a part is null, a boolean, a number, a string, or `[m]` for node m.
Flat, because then depth costs no stack, and cycles and shared objects need no rule of their own. Types are exact. An
instance of a subclass of a plain type travels as its plain value, read by the plain type's own functions. What is not
plain stays where it is: the other side gets a reference, and the owner knows it by number.
"""

import collections as _collections
import datetime as _datetime
import decimal as _decimal
import fractions as _fractions
import operator as _operator

_SMALL = 1 << 53
_NODES_MAX = 4_000_000
_Deque, _Counter, _Ordered = _collections.deque, _collections.Counter, _collections.OrderedDict
_Default = _collections.defaultdict
_KEYS, _VALUES, _ITEMS = type({}.keys()), type({}.values()), type({}.items())
_Ellipsis, _NotImplemented = type(...), type(NotImplemented)
_namedtuple = _collections.namedtuple
_BUILTIN_TYPES = {
    kind.__name__: kind
    for kind in (bool, bytearray, bytes, complex, dict, float, frozenset, int, list, object, range, set, slice, str,
                 tuple, type, type(None), enumerate, filter, map, reversed, zip, property, staticmethod, classmethod, super)
}  # fmt: skip
_TYPE_NAMES = {kind: name for name, kind in _BUILTIN_TYPES.items()}
_new_object = object.__new__
_name_of = type.__dict__["__name__"].__get__
_mro_of = type.__dict__["__mro__"].__get__


class Malformed(Exception):
    """What came is no graph."""


def has_surrogate(text):
    try:
        str.encode(text)
        return False
    except UnicodeEncodeError:
        return True


class Encoder:
    """Turns values into nodes. `kept[n]` is the object of node n; `other(value)` makes the node of what is not plain."""

    def __init__(self, other, kept=()):
        self.other = other
        self.kept = list(kept)
        self.index = {id(value): number for number, value in enumerate(self.kept)}

    def part(self, value):
        kind = type(value)
        if kind is int:
            if -_SMALL < value < _SMALL:
                return value
        elif kind is str:
            if value.isascii() or not has_surrogate(value):
                return value
        elif kind is float or kind is bool or value is None:
            return value
        number = self.index.get(id(value))
        if number is None:
            number = self.index[id(value)] = len(self.kept)
            self.kept.append(value)
            if number > _NODES_MAX:
                raise OverflowError("a value of too many objects cannot be sent")
        return [number]

    def rest(self, first):
        """The nodes from `first` on; making one may add further ones."""
        nodes = []
        kept = self.kept
        while first + len(nodes) < len(kept):
            nodes.append(self.node(kept[first + len(nodes)]))
        return nodes

    def node(self, value):
        kind = type(value)
        write = _WRITERS.get(kind)
        if write is not None:
            return write(self.part, value)
        if isinstance(value, type) or kind in _OPAQUE:
            return self.other(value)
        for base in _mro_of(kind):
            if base in _WRITERS:
                if base is tuple:
                    fields = kind.__dict__.get("_fields")
                    if type(fields) is tuple and len(fields) == tuple.__len__(value) and all(type(f) is str for f in fields):
                        return ["n", _name_of(kind), [*fields], *map(self.part, tuple.__iter__(value))]
                return _WRITERS[base](self.part, value)
        return self.other(value)


_OPAQUE = set()  # types of ours that stand for an object of the other side


def _write_int(part, value):
    value = int.__pos__(value)
    return ["v", value] if -_SMALL < value < _SMALL else ["i", hex(value)]


def _write_str(part, value):
    value = str.__str__(value)
    return ["u", *map(ord, value)] if has_surrogate(value) else ["v", value]


def _pairs(part, items):
    return [part(one) for pair in items for one in pair]


def _write_default(part, value):
    factory = _Default.__dict__["default_factory"].__get__(value)
    return ["X", _TYPE_NAMES.get(factory) if isinstance(factory, type) else None, *_pairs(part, dict.items(value))]


def _write_datetime(part, value):
    numbers = [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond, value.fold]
    return ["T", part(_zone(value.tzinfo)), *numbers]


def _write_time(part, value):
    return ["m", part(_zone(value.tzinfo)), value.hour, value.minute, value.second, value.microsecond, value.fold]


def _zone(zone):
    return zone.utcoffset(None) if type(zone) is _datetime.timezone else None


_WRITERS = {
    int: _write_int,
    str: _write_str,
    float: lambda part, value: ["v", float.__pos__(value)],
    complex: lambda part, value: ["c", complex.__pos__(value).real, complex.__pos__(value).imag],
    bytes: lambda part, value: ["y", bytes.hex(value)],
    bytearray: lambda part, value: ["Y", bytearray.hex(value)],
    list: lambda part, value: ["l", *map(part, list.__iter__(value))],
    tuple: lambda part, value: ["t", *map(part, tuple.__iter__(value))],
    dict: lambda part, value: ["d", *_pairs(part, dict.items(value))],
    set: lambda part, value: ["S", *map(part, set.__iter__(value))],
    frozenset: lambda part, value: ["F", *map(part, frozenset.__iter__(value))],
    range: lambda part, value: ["r", part(value.start), part(value.stop), part(value.step)],
    slice: lambda part, value: [":", part(value.start), part(value.stop), part(value.step)],
    _Ellipsis: lambda part, value: ["e"],
    _NotImplemented: lambda part, value: ["N"],
    _decimal.Decimal: lambda part, value: ["D", _decimal.Decimal.__str__(value)],
    _fractions.Fraction: lambda part, value: ["q", hex(value._numerator), hex(value._denominator)],
    _datetime.datetime: _write_datetime,
    _datetime.date: lambda part, value: ["j", value.year, value.month, value.day],
    _datetime.time: _write_time,
    _datetime.timedelta: lambda part, value: ["x", value.days, value.seconds, value.microseconds],
    _Counter: lambda part, value: ["C", *_pairs(part, dict.items(value))],
    _Ordered: lambda part, value: ["O", *_pairs(part, _Ordered.items(value))],
    _Default: _write_default,
    _Deque: lambda part, value: ["Q", _Deque.__dict__["maxlen"].__get__(value), *map(part, _Deque.__iter__(value))],
    _KEYS: lambda part, value: ["k", *map(part, value)],
    _VALUES: lambda part, value: ["w", *map(part, value)],
    _ITEMS: lambda part, value: ["I", *_pairs(part, value)],
}
