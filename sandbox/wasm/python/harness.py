"""Runs inside the interpreter: compiles tests so that every assertion reports, and describes values and exceptions.

Loaded once, before the memory image is taken. Its globals hold their own copy of the builtins, and it needs no module
after a candidate has run, so that a candidate that patches either changes nothing here. It holds no way to report a
result: the callables that do are handed to `compile_asserts` and live in the constants of the test code alone.
"""

import ast
import random
import sys
import types
import warnings

CANDIDATE = "<candidate>"
TEST = "<test>"
TEXT_MAX = 2000
TOOL = 3  # any id that debugger, coverage, profiler and optimizer (0, 1, 2, 5) leave free

_monitoring = sys.monitoring
_EVENTS = _monitoring.events
_STEPS = _EVENTS.LINE | _EVENTS.JUMP | _EVENTS.PY_START
_Code = types.CodeType
_seed = random.seed
_OPERATORS = {
    ast.Lt: 0, ast.LtE: 1, ast.Eq: 2, ast.NotEq: 3, ast.Gt: 4, ast.GtE: 5,
    ast.In: 6, ast.NotIn: 7, ast.Is: 8, ast.IsNot: 9,
}  # fmt: skip
_BEGIN, _COMPARE, _CHECK, _TRUTH = ("\0begin", "\0compare", "\0check", "\0truth")
_HOLD, _HELD, _MESSAGE, _ERROR = ("\0hold", "\0held", "\0message", "\0error")


def use_counter(on_line, on_other):
    """A step is a line, a jump (a loop may stand on one line) or a call of the candidate's code."""
    _monitoring.use_tool_id(TOOL, "steps")
    _monitoring.register_callback(TOOL, _EVENTS.LINE, on_line)
    _monitoring.register_callback(TOOL, _EVENTS.JUMP, on_other)
    _monitoring.register_callback(TOOL, _EVENTS.PY_START, on_other)


def _count_steps(code):
    _monitoring.set_local_events(TOOL, code, _STEPS)
    for constant in code.co_consts:
        if type(constant) is _Code:
            _count_steps(constant)


def seed_random(seed):
    _seed(seed)


def compile_plain(source, filename):
    return compile(source, filename, "exec", 0, True)


def compile_candidate(source):
    code = compile(source, CANDIDATE, "exec", 0, True)
    _count_steps(code)
    return code


def compile_expression(source):
    return compile(source.strip(), TEST, "eval", 0, True)


def statements(source):
    """Where every statement is: `line column end_line end_column own_end_line`, columns in UTF-8 bytes.

    The last number ends the lines that belong to the statement itself and not to its body.
    """
    numbers = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            own_end = node.end_lineno
            body = getattr(node, "body", None) or getattr(node, "cases", None)
            if body:
                first = body[0] if isinstance(body[0], ast.stmt) else body[0].pattern
                own_end = max(node.lineno, min(first.lineno - 1, node.end_lineno))
            numbers += [node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, own_end]
    return " ".join(map(str, numbers))


# ---- assertions ------------------------------------------------------------------------------------------------------


def compile_asserts(source, first, *reporters):
    """Code of the test script in which each assertion reports under its index, counted from `first`.

    Returns the code, all code objects in it, and `line column end_line end_column` of what each assertion tests.
    """
    tree = ast.parse(source)
    places = []
    # A script that can catch an AssertionError must see it as plain Python would.
    catches = any(isinstance(node, (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)) for node in ast.walk(tree))
    _rewrite(tree.body, first, places, False, catches)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the compiler finds it odd to call a constant
        code = compile(tree, TEST, "exec", 0, True)
    names = (_BEGIN, _COMPARE, _CHECK, _HOLD, _HELD, _TRUTH, _MESSAGE, _ERROR)
    callables = dict(zip(names, reporters, strict=True))
    codes = []
    return _link(code, callables, codes), tuple(codes), " ".join(map(str, places))


def _rewrite(body, first, places, guarded, catches):
    for index, node in enumerate(body):
        if type(node) is ast.Assert:
            body[index] = _report(node, first + len(places) // 4, places, guarded)
            continue
        inside = guarded
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = catches
        elif isinstance(node, (ast.Try, ast.TryStar, ast.With, ast.AsyncWith)):
            inside = True
        for field in ("body", "orelse", "finalbody"):
            nested = getattr(node, field, None)
            if type(nested) is list:
                _rewrite(nested, first, places, inside, catches)
        for part in getattr(node, "handlers", None) or getattr(node, "cases", None) or ():
            _rewrite(part.body, first, places, inside, catches)


def _report(node, index, places, guarded):
    """`assert a == b, m` becomes `try: compare(begin(i), 2, a, b) or message(i, m)` / `except: error(i)`.

    Where the script could catch the AssertionError, the statement stays and only its test reports, under ~i.
    """
    test = node.test
    begun = _call(test, _BEGIN, ast.Constant(~index if guarded else index))
    if type(test) is ast.Compare and len(test.ops) == 1:
        shown = test.left
        operator = ast.Constant(_OPERATORS[type(test.ops[0])])
        outcome = _call(test, _COMPARE, begun, operator, test.left, test.comparators[0])
    else:
        shown = test
        outcome = _call(test, _TRUTH, begun, _check(test, True))
    places += [shown.lineno, shown.col_offset, shown.end_lineno, shown.end_col_offset]
    if guarded:
        node.test = ast.fix_missing_locations(outcome)
        return node
    if node.msg is not None:
        outcome = ast.BoolOp(ast.Or(), [outcome, _call(node.msg, _MESSAGE, ast.Constant(index), node.msg)])
    failed = ast.Expr(_call(test, _ERROR, ast.Constant(index)))
    handler = ast.ExceptHandler(None, None, [failed])
    replaced = ast.Try([ast.Expr(outcome)], [handler], [], [])
    return ast.fix_missing_locations(ast.copy_location(replaced, node))


def _check(test, wanted):
    """Comparisons that an assertion is put together from: each is made by us, and its answer looked at if it is `wanted`.

    In `a < b < c`, b is evaluated once: it is held between the two comparisons.
    """
    if type(test) is ast.BoolOp:
        test.values = [_check(value, wanted) for value in test.values]
    elif type(test) is ast.UnaryOp and type(test.op) is ast.Not:
        test.operand = _check(test.operand, not wanted)
    elif type(test) is ast.Compare:
        site = ast.Constant(test.lineno << 20 | test.col_offset)
        left, parts = test.left, []
        for at, right in enumerate(test.comparators, 1):
            more = at < len(test.ops)
            operator = ast.Constant(_OPERATORS[type(test.ops[at - 1])])
            held = _call(right, _HOLD, site, right) if more else right
            parts.append(_call(test, _CHECK, ast.Constant(wanted), operator, left, held))
            left = _call(right, _HELD, site)
        return parts[0] if len(parts) == 1 else ast.copy_location(ast.BoolOp(ast.And(), parts), test)
    return test


def _call(place, name, *arguments):
    return ast.copy_location(ast.Call(ast.Constant(name), list(arguments), []), place)


def _link(code, callables, codes):
    constants = []
    for constant in code.co_consts:
        if type(constant) is _Code:
            constant = _link(constant, callables, codes)
        elif type(constant) is str:
            constant = callables.get(constant, constant)
        constants.append(constant)
    linked = code.replace(co_consts=tuple(constants))
    codes.append(linked)
    return linked


# ---- after the candidate has run: nothing below may use a module -----------------------------------------------------

_type_name = type.__dict__["__name__"].__get__
_traceback = BaseException.__dict__["__traceback__"].__get__
_syntax_line = SyntaxError.__dict__["lineno"].__get__
_syntax_file = SyntaxError.__dict__["filename"].__get__
_encode = str.encode


def _text(value):
    """At most TEXT_MAX characters that are valid UTF-8, and a mark where more was cut off."""
    length = len(value)
    kept = value[:TEXT_MAX] if length > TEXT_MAX else value
    kept = _encode(kept, "utf-8", "backslashreplace").decode()
    return f"{kept}… [{length - TEXT_MAX} more characters]" if length > TEXT_MAX else kept


def message_text(value):
    try:
        return _text(str(value))
    except BaseException as problem:
        return f"<{_type_name(type(value))} without a message: {_type_name(type(problem))}>"


def render(value):
    # Also where memory runs out: a value too large to show says nothing about the program.
    try:
        return _text(repr(value))
    except BaseException as problem:
        return f"<{_type_name(type(value))} without a repr: {_type_name(type(problem))}>"


def describe(problem):
    """Type, message and the line of the candidate where it came from (0 when nowhere in the candidate)."""
    message = message_text(problem)
    line = 0
    trace = _traceback(problem)
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == CANDIDATE:
            line = trace.tb_lineno or line
        trace = trace.tb_next
    if line == 0 and isinstance(problem, SyntaxError) and _syntax_file(problem) == CANDIDATE:
        line = _syntax_line(problem) or 0
    return _text(_type_name(type(problem))), message, line
