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
