"""Starts each execution when the host orders it, and carries bytes until it is over."""

def start_child(order, questions, answers, out, err):
    """In the new process. Never returns."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        null = os.open("/dev/null", os.O_RDONLY)
        # Above everything that is open, so that no copy falls on another.
        high = [os.dup(one) for one in (null, out, err, questions, answers)]
        base = max(high) + 1
        high = [os.dup2(one, base + index) for index, one in enumerate(high)]
        for target, one in enumerate(high):
            os.dup2(one, target, inheritable=target < 3)
        os.closerange(5, base + len(high))
        limits = (
            (resource.RLIMIT_CPU, order["cpuSecondsMax"], order["cpuSecondsMax"] + 1),
            (resource.RLIMIT_FSIZE, order["fileBytesMax"], order["fileBytesMax"]),
            (resource.RLIMIT_NOFILE, order["openFilesMax"], order["openFilesMax"]),
            (resource.RLIMIT_CORE, 0, 0),
        )
        for kind, soft, hard in limits:
            resource.setrlimit(kind, (soft, hard))
        user = order["user"]
        if user is not None:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        os.chdir(WORK)
        os.umask(0o022)
        run_candidate(3, 4)
    finally:
        os._exit(71)


def run_execution(order, host, output, wake):
    execution = Execution(order)
    poll = select.poll()
    while not execution.over:
        frame = host.next()
        if frame is not None:
            kind, payload = frame
            if kind == b"M":
                execution.message(payload)
            elif kind == b"E":
                execution.ended_for = "order"
                break
            continue
        wanted = {0: select.POLLIN, wake: select.POLLIN}
        if output.waiting:
            wanted[1] = select.POLLOUT
        if execution.to_child:
            wanted[execution.questions] = select.POLLOUT
        if not output.full:
            for descriptor in (execution.answers, *execution.streams):
                if descriptor is not None:
                    wanted[descriptor] = select.POLLIN
        ready = dict(wait_for(poll, wanted))
        if 0 in ready:
            host.read()
        if 1 in ready:
            output.flush()
        if wake in ready:
            read_some(wake)
            execution.reap()
        if execution.questions in ready:
            execution.write_question()
        if execution.answers in ready:
            execution.read_answers(output)
        for descriptor in list(execution.streams):
            if descriptor in ready and not output.full:
                execution.read_stream(descriptor, output)
    clean = execution.finish(output)
    output.drain()
    return clean


def wait_for(poll, wanted):
    for descriptor, events in wanted.items():
        poll.register(descriptor, events)
    try:
        return poll.poll()
    finally:
        for descriptor in wanted:
            poll.unregister(descriptor)


def supervise(batch):
    protect_self()
    # Some runtimes give a mount the mode of the directory that the image has in its place.
    _quietly(os.chmod, WORK, 0o1777)
    wake, wake_end = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(wake_end, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
    host, output = Input(), Output()
    version = sys.version.split()[0]
    gc.collect()
    gc.freeze()
    poll = select.poll()
    while True:
        output.put(b"R", json.dumps({"protocol": PROTOCOL, "version": version}).encode())
        output.drain()
        while (frame := host.next()) is None or frame[0] != b"S":
            if frame is None:
                wait_for(poll, {0: select.POLLIN})
                host.read()
        clean = run_execution(json.loads(frame[1]), host, output, wake)
        if not batch or not clean:
            return


def warm():
    """Imported before the first execution, so that forking is all that is left to do."""
    for name in """abc array ast bisect cmath collections.abc copy dataclasses decimal enum fractions functools heapq itertools
            math numbers operator random re statistics string textwrap time traceback types typing io unicodedata
            hashlib contextlib""".split():
        __import__(name)


try:
    warm()
    supervise(sys.argv[1] == "batch")
except HostGone:
    pass
