"""What a test gave to the candidate and the candidate uses: only what its kind needs, never a way into the test."""

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
