"""The globals of the tests when the candidate is elsewhere."""

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
