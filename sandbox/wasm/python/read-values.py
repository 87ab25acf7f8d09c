"""The other half of `write-values.py`, which stands before it: objects from nodes."""

# How a mutable object is made, filled, and emptied first when it exists already.
_MUTABLE = {"l": list, "d": dict, "S": set, "Y": bytearray, "C": _Counter, "O": _Ordered, "X": _Default, "Q": _Deque}
_CLEAR = {"l": list.clear, "d": dict.clear, "S": set.clear, "Y": bytearray.clear, "C": dict.clear, "O": _Ordered.clear,
          "X": dict.clear, "Q": _Deque.clear}  # fmt: skip


def mutable(value):
    return isinstance(value, (list, dict, set, bytearray, _Deque))


class Decoder:
    """Makes the objects of new nodes; parts may also name objects that both sides know already (`known`)."""

    def __init__(self, nodes, known=(), other=None):
        if type(nodes) is not list:
            raise Malformed("no nodes")
        self.first = len(known)
        self.objects = [*known, *([_MISSING] * len(nodes))]
        self.nodes = nodes
        self.other = other
        try:
            for offset, node in enumerate(nodes):
                if node[0] in _MUTABLE:
                    self.objects[self.first + offset] = _shell(node)
            for number in range(self.first, len(self.objects)):
                if self.objects[number] is _MISSING:
                    self._build(number)
            for offset, node in enumerate(nodes):
                if node[0] in _MUTABLE:
                    self.fill(self.objects[self.first + offset], node)
        except (IndexError, KeyError, TypeError, ValueError, OverflowError, AttributeError, ArithmeticError) as problem:
            raise Malformed(f"{_name_of(type(problem))}: {problem}") from None

    def part(self, part):
        if type(part) is not list:
            if part is None or type(part) in _INLINE:
                return part
            raise Malformed("no part")
        (number,) = part
        value = self.objects[_natural(number)]
        if value is _MISSING:
            raise Malformed("an unfinished object")
        return value

    def _build(self, number):
        """Immutable objects need their parts first; a list of what waits, because a chain of them may be long."""
        waiting = [number]
        under_way = set()
        while waiting:
            top = waiting[-1]
            node = self.nodes[top - self.first]
            missing = [part[0] for part in node[1:] if type(part) is list and len(part) == 1
                       and type(part[0]) is int and self.objects[part[0]] is _MISSING]  # fmt: skip
            if missing:
                if top in under_way:
                    raise Malformed("an immutable object that contains itself")
                under_way.add(top)
                waiting += missing
                continue
            if self.objects[top] is _MISSING:
                read = _READERS.get(node[0])
                self.objects[top] = read(self.part, *node[1:]) if read is not None else self.other(self.part, *node)
            waiting.pop()

    def fill(self, value, node, clear=False):
        tag, *parts = node
        if tag not in _MUTABLE:
            raise Malformed("no container")
        if tag == "Y":
            value[:] = bytes.fromhex(parts[0])
            return
        if tag == "X" or tag == "Q":
            parts = parts[1:]
        values = [self.part(one) for one in parts]
        if clear:
            _CLEAR[tag](value)
        if tag == "l":
            list.extend(value, values)
        elif tag == "Q":
            _Deque.extend(value, values)
        elif tag == "S":
            set.update(value, values)
            if len(values) > 4 and not all(map(_is, set.__iter__(value), values)):
                # The order of a set depends on how it came to its size: adding one by one makes it larger than a union.
                set.clear(value)
                set.update(value, frozenset(values))
        else:
            store = _Ordered.__setitem__ if tag == "O" else dict.__setitem__
            for at in range(0, len(values), 2):
                store(value, values[at], values[at + 1])


def new_exception(kind, args):
    """An OSError chooses its class by its number, and the same number names another error where the tests run."""
    if kind is not OSError or not 2 <= len(args) <= 5:
        return kind(*args)
    problem = OSError()
    problem.args = args
    problem.errno, problem.strerror = args[:2]
    if len(args) > 2 and args[2] is not None:
        problem.args, problem.filename = args[:2], args[2]
    if len(args) == 5 and args[4] is not None:
        problem.filename2 = args[4]
    return problem


_MISSING = _new_object(object)
_is = _operator.is_
_INLINE = {bool, int, float, str}


def _natural(number):
    if type(number) is not int or number < 0:
        raise Malformed("no number of an object")
    return number


def _shell(node):
    if node[0] == "X":
        return _Default(None if node[1] is None else _BUILTIN_TYPES[node[1]])
    if node[0] == "Q":
        return _Deque((), node[1])
    return _MUTABLE[node[0]]()


def _read_named(part, name, fields, *items):
    return _tuple_type(str(name), tuple(fields))._make(map(part, items))


def _frozen(values):
    value = frozenset(values)
    if len(values) > 4 and not all(map(_is, value, values)):
        return frozenset(set().union(value))
    return value


_tuple_types = {}


def _tuple_type(name, fields):
    key = (name, fields)
    if key not in _tuple_types:
        _tuple_types[key] = _namedtuple(name, fields)
    return _tuple_types[key]


def _items(part, parts):
    values = [part(one) for one in parts]
    return dict(zip(values[::2], values[1::2], strict=True))


def _read_zone(part, offset):
    offset = part(offset)
    return None if offset is None else _datetime.timezone(offset)


_READERS = {
    "v": lambda part, value: part(value),
    "i": lambda part, text: int(text, 16),
    "u": lambda part, *points: "".join(map(chr, points)),
    "c": lambda part, real, imag: complex(real, imag),
    "y": lambda part, text: bytes.fromhex(text),
    "t": lambda part, *items: tuple(map(part, items)),
    "F": lambda part, *items: _frozen([*map(part, items)]),
    "n": _read_named,
    "r": lambda part, *bounds: range(*map(part, bounds)),
    ":": lambda part, *bounds: slice(*map(part, bounds)),
    "e": lambda part: ...,
    "N": lambda part: NotImplemented,
    "D": lambda part, text: _decimal.Decimal(text),
    "q": lambda part, over, under: _fractions.Fraction(int(over, 16), int(under, 16)),
    "T": lambda part, zone, *numbers: _datetime.datetime(*numbers[:7], tzinfo=_read_zone(part, zone), fold=numbers[7]),
    "j": lambda part, *numbers: _datetime.date(*numbers),
    "m": lambda part, zone, *numbers: _datetime.time(*numbers[:4], tzinfo=_read_zone(part, zone), fold=numbers[4]),
    "x": lambda part, *numbers: _datetime.timedelta(*numbers),
    "k": lambda part, *items: dict.fromkeys(map(part, items)).keys(),
    "w": lambda part, *items: dict(enumerate(map(part, items))).values(),
    "I": lambda part, *items: _items(part, items).items(),
    "b": lambda part, name: _BUILTIN_TYPES[name],
}
