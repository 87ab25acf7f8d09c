"""The container's supervisor: starts each execution as a process of its own and carries bytes between it and the host.

It waits for nothing that a candidate could hold back: every descriptor is polled, and nothing it reads is trusted.
"""

import gc
import json
import os
import resource
import select
import signal
import struct
import sys

PROTOCOL = 1
HEADER = struct.Struct(">cI")
CHUNK_BYTES = 65_536
# While this much waits for the host, nothing more is read from the candidate.
WAITING_BYTES_MAX = 262_144


class HostGone(Exception):
    pass


class Output:
    """Frames for the host, written as it takes them."""

    def __init__(self):
        os.set_blocking(1, False)
        self.waiting = bytearray()

    def put(self, kind, *parts):
        self.waiting += HEADER.pack(kind, sum(map(len, parts)))
        for part in parts:
            self.waiting += part
        self.flush()

    def flush(self):
        try:
            while self.waiting:
                del self.waiting[: os.write(1, memoryview(self.waiting)[:CHUNK_BYTES].tobytes())]
        except BlockingIOError:
            pass
        except OSError:
            raise HostGone from None

    @property
    def full(self):
        return len(self.waiting) > WAITING_BYTES_MAX

    def drain(self):
        while self.waiting:
            select.select([], [1], [])
            self.flush()


class Input:
    """Frames from the host."""

    def __init__(self):
        os.set_blocking(0, False)
        self.kept = bytearray()

    def read(self):
        try:
            chunk = os.read(0, 1 << 20)
        except BlockingIOError:
            return
        if not chunk:
            raise HostGone
        self.kept += chunk

    def next(self):
        if len(self.kept) < HEADER.size:
            return None
        kind, size = HEADER.unpack_from(self.kept)
        end = HEADER.size + size
        if len(self.kept) < end:
            return None
        payload = bytes(self.kept[HEADER.size : end])
        del self.kept[:end]
        return kind, payload


class Execution:
    """One candidate's process and the pipes to it."""

    def __init__(self, order):
        self.nonce = bytes.fromhex(order["nonce"])
        self.order = order
        self.user = order["user"]
        self.ended_for = None
        self.to_child = bytearray()
        self.from_child = bytearray()
        self.counts = {b"1": 0, b"2": 0}
        self.status = None
        self.usage = [0.0, 0, 0, 0]
        questions, self.questions = os.pipe()
        self.answers, answers = os.pipe()
        out, out_end = os.pipe()
        err, err_end = os.pipe()
        self.streams = {out: b"1", err: b"2"}
        self.over = False
        self.child = os.fork()
        if self.child == 0:
            start_child(order, questions, answers, out_end, err_end)
        for descriptor in (questions, answers, out_end, err_end):
            os.close(descriptor)
        for descriptor in (self.questions, self.answers, out, err):
            os.set_blocking(descriptor, False)

    def message(self, payload):
        self.to_child += struct.pack(">I", len(payload)) + payload
        self.write_question()

    def write_question(self):
        try:
            while self.to_child:
                del self.to_child[: os.write(self.questions, memoryview(self.to_child)[:CHUNK_BYTES].tobytes())]
        except BlockingIOError:
            pass
        except OSError:
            self.to_child.clear()  # it closed its end: its own end follows, or the host's patience

    def read_answers(self, output):
        chunk = read_some(self.answers)
        if chunk == b"":
            os.close(self.answers)
            self.answers = None
        if not chunk:
            return False
        self.from_child += chunk
        while len(self.from_child) >= 4:
            (size,) = struct.unpack_from(">I", self.from_child)
            if size > MESSAGE_BYTES_MAX:
                self.over = True
                return False
            if len(self.from_child) < 4 + size:
                break
            output.put(b"M", self.nonce, self.from_child[4 : 4 + size])
            del self.from_child[: 4 + size]
        return True

    def read_stream(self, descriptor, output):
        chunk = read_some(descriptor)
        kind = self.streams[descriptor]
        if chunk == b"":
            os.close(descriptor)
            del self.streams[descriptor]
        if not chunk:
            return False
        self.counts[kind] += len(chunk)
        output.put(kind, self.nonce, chunk)
        if self.counts[kind] > self.order["outputBytesMax"]:
            self.ended_for = self.ended_for or ("stdout" if kind == b"1" else "stderr")
            self.over = True
            os.close(descriptor)
            del self.streams[descriptor]
            return False
        return True

    def reap(self):
        try:
            while True:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid == self.child:
                    self.status = status
                    self.over = True
                seconds, peak, minor, major = self.usage
                self.usage = [seconds + usage.ru_utime + usage.ru_stime, max(peak, usage.ru_maxrss * 1024),
                              minor + usage.ru_minflt, major + usage.ru_majflt]  # fmt: skip
        except ChildProcessError:
            return

    def finish(self, output):
        """Ends what is left of it, sends what it still wrote, and reports."""
        if self.status is None:
            os.kill(self.child, signal.SIGKILL)  # it may not have its own user yet
        if self.user is None:
            gone = kill_others(self.child, self.reap)
        else:
            gone = kill_user(self.user, self.reap)
        for _ in range(1000):
            self.reap()
            if self.status is not None:
                break
            select.select([], [], [], 0.005)
        self.drain(output)
        clean = gone and self.status is not None and (self.user is None or wipe(self.user)) and nothing_left()
        seconds, peak, minor, major = self.usage
        status = self.status if self.status is not None else signal.SIGKILL
        name = None
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            name = signal.Signals(number).name if number in signal.Signals else f"SIG{number}"
        report = {
            "exitCode": os.WEXITSTATUS(status) if name is None else None, "signal": name, "endedFor": self.ended_for,
            "cpuMs": round(seconds * 1000, 3), "peakBytes": peak, "minorFaults": minor, "majorFaults": major, "clean": clean,
        }  # fmt: skip
        output.put(b"D", self.nonce, json.dumps(report).encode())
        for descriptor in (self.questions, self.answers, *self.streams):
            if descriptor is not None:
                os.close(descriptor)
        return clean

    def drain(self, output):
        """What is in the pipes now: nobody is left to add to it, and each holds little."""
        while self.answers is not None and self.read_answers(output):
            pass
        for descriptor in list(self.streams):
            while descriptor in self.streams and self.read_stream(descriptor, output):
                pass


def read_some(descriptor):
    """None when there is nothing to read now, nothing when the other end is closed."""
    try:
        return os.read(descriptor, CHUNK_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""


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
