"""Comparisons that a candidate's object must not decide: those with plain data of the tests.

Where one side is made of exact built-in types in all its depth and the other is not, the two are compared again as plain
copies, read by the built-in types' own functions. No function of the candidate is called here, nor anything that a class or
its metaclass can replace: types are known by their address. The comparison of the copies is made by the caller.
"""

import collections
import datetime
import decimal
import fractions

_type, _id = type, id
_mro_of = type.__dict__["__mro__"].__get__
_over, _under = (fractions.Fraction.__dict__[name].__get__ for name in ("_numerator", "_denominator"))
_Deque, _Decimal, _Zone = collections.deque, decimal.Decimal, datetime.timezone
_KEYS, _ITEMS = type({}.keys()), type({}.items())
_MAX_DEPTH = 200


def _ids(*kinds):
    return frozenset(map(id, kinds))


_LEAVES = _ids(type(None), bool, int, float, complex, str, bytes, bytearray, range, type(...), type(NotImplemented),
               type, _Decimal, datetime.date, datetime.timedelta)  # fmt: skip
_LINEAR = _ids(list, tuple, set, frozenset, _Deque, _KEYS)
_PAIRS = _ids(dict, collections.OrderedDict, collections.defaultdict)
_PATCHABLE = _ids(collections.Counter)
_ZONED = {id(kind): kind.__dict__["tzinfo"].__get__ for kind in (datetime.datetime, datetime.time)}
_ZONES = _ids(type(None), _Zone)
_RATIO = id(fractions.Fraction)
_DICT, _PAIR_VIEW = id(dict), id(_ITEMS)
PLAIN, LIBRARY, FOREIGN = range(3)


def _level(value):
    """FOREIGN with anything of a candidate's class in it, LIBRARY with an object whose class can be changed."""
    level = PLAIN
    waiting = [value]
    seen = set()
    while waiting:
        one = waiting.pop()
        kind = _id(_type(one))
        if kind in _LEAVES or _id(one) in seen:
            continue
        seen.add(_id(one))
        if kind in _LINEAR:
            if not _LEAVES.issuperset(map(_id, map(_type, one))):
                waiting += one
        elif kind in _PAIRS or kind in _PATCHABLE:
            if kind in _PATCHABLE:
                level = LIBRARY
            if not _LEAVES.issuperset(map(_id, map(_type, dict.keys(one)))):
                waiting += dict.keys(one)
            if not _LEAVES.issuperset(map(_id, map(_type, dict.values(one)))):
                waiting += dict.values(one)
        elif kind == _RATIO:
            level = LIBRARY
        elif kind in _ZONED:
            if _id(_type(_ZONED[kind](one))) not in _ZONES:
                return FOREIGN
        else:
            return FOREIGN
    return level


class _Ratio:
    """A fraction that compares as one, with functions that nobody else has."""

    __slots__ = ("over", "under")

    def __init__(self, over, under):
        self.over, self.under = over, under

    def as_integer_ratio(self):
        return self.over, self.under

    def __hash__(self):
        near = self.over / self.under
        return hash(near) if near.as_integer_ratio() == (self.over, self.under) else hash((self.over, self.under))


def _across(compare):
    def method(self, other):
        try:
            over, under = other.as_integer_ratio()
        except (AttributeError, ValueError, OverflowError):
            return NotImplemented
        return compare(self.over * under, over * self.under)

    return method


for _name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
    setattr(_Ratio, _name, _across(getattr(int, _name)))


def _ratio(value):
    over, under = _over(value), _under(value)
    if _type(over) is not int or _type(under) is not int or under <= 0:
        return object()
    return over if under == 1 else _Ratio(over, under)


def _whole(kind):
    return lambda value: kind.__getitem__(value, slice(None))


def _built(kind, *names):
    getters = [getattr(kind, name).__get__ for name in names]
    return lambda value: kind(*(get(value) for get in getters))


def _zoned(kind, *names):
    build, zone = _built(kind, *names), kind.__dict__["tzinfo"].__get__
    return lambda value: build(value) if _id(_type(zone(value))) in _ZONES else object()


_TIME = ("hour", "minute", "second", "microsecond", "tzinfo")
_COPIES = {id(kind): copy for kind, copy in {
    int: int.__pos__, float: float.__pos__, complex: complex.__pos__, str: str.__str__, bytes: _whole(bytes),
    bytearray: _whole(bytearray), _Decimal: _Decimal, fractions.Fraction: _ratio,
    datetime.datetime: _zoned(datetime.datetime, "year", "month", "day", *_TIME),
    datetime.date: _built(datetime.date, "year", "month", "day"), datetime.time: _zoned(datetime.time, *_TIME),
    datetime.timedelta: _built(datetime.timedelta, "days", "seconds", "microseconds"),
}.items()}  # fmt: skip
_LINEAR_COPIES = {
    id(kind): (kind.__iter__, made)
    for kind, made in [(list, list), (tuple, tuple), (set, set), (frozenset, frozenset), (_Deque, _Deque), (_KEYS, set)]
}


def _plain(value, known, depth):
    """A copy of exact built-in types; what is no data becomes an object that equals nothing."""
    if _id(_type(value)) in _LEAVES:
        return value
    if _id(value) in known:
        return known[_id(value)]
    if depth > _MAX_DEPTH:
        raise RecursionError("a value of a class of the program is too deep to be compared")
    for base in _mro_of(_type(value)):
        base = _id(base)
        if base in _COPIES:
            return _COPIES[base](value)
        if base in _LINEAR_COPIES:
            read, made = _LINEAR_COPIES[base]
            if made is not list:
                return made([_plain(one, known, depth + 1) for one in read(value)])
            copy = known[_id(value)] = []
            copy.extend([_plain(one, known, depth + 1) for one in read(value)])
            return copy
        if base == _DICT:
            copy = known[_id(value)] = {}
            for key, one in dict.items(value):
                copy[_plain(key, known, depth + 1)] = _plain(one, known, depth + 1)
            return copy
        if base == _PAIR_VIEW:
            return {(_plain(key, known, depth + 1), _plain(one, known, depth + 1)) for key, one in _ITEMS.__iter__(value)}
    return object()


def decide(left, right, inside):
    """None where the objects themselves decide, else the two to compare instead. A container may say what is `inside` it."""
    if inside and _id(_type(right)) not in _LEAVES | _LINEAR | _PAIRS | _PATCHABLE:
        return None
    left_level, right_level = _level(left), _level(right)
    if left_level == right_level:
        return None
    known = {}
    return _plain(left, known, 0), _plain(right, known, 0)


def same(left, right):
    """Whether two values that are not equal differ in nothing but NaN, which no value equals."""
    return _same(*(decide(left, right, False) or (left, right)))


def _same(left, right):
    kind = type(left)
    if kind is not type(right):
        return False
    if kind is float:
        return left == right or (left != left and right != right)
    if kind is list or kind is tuple:
        return len(left) == len(right) and all(map(_same, left, right))
    if kind is dict:
        return len(left) == len(right) and all(key in right and _same(value, right[key]) for key, value in left.items())
    return bool(left == right)
