"""One execution: the candidate's process, the pipes to it, and its end."""

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
