"""What the candidate's side tells about its objects and exceptions, and how it bounds its memory."""

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


def _depth():
    """How deep the interpreter believes that the caller is. It may be one more than there are frames, so it has to say it."""
    try:
        _sys.setrecursionlimit(1)
    except RecursionError as refused:
        digits = str(refused).rpartition("depth ")[2].partition(":")[0]
        return int(digits) - 1 if digits.isdigit() else 8
    return 8


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
