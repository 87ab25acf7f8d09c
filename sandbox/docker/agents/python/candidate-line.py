"""In the candidate's process: runs the program and answers for its functions and objects, message by message.

All of it can be changed by the program that runs beside it. It promises nothing about what it answers: it only has to be
right for honest programs, and the tests' side believes no more of it than that the candidate said so.
"""

import builtins as _builtins
import json as _json
import opcode as _opcode
import os as _os
import random as _random
import resource as _resource
import struct as _struct
import sys as _sys
import types as _types

CANDIDATE = "<candidate>"
MESSAGE_BYTES_MAX = 16 * 1024 * 1024
MESSAGE_TEXT_MAX = 100_000
RESERVE_BYTES = 32 * 1024 * 1024
TOOL = 3
_FUNCTIONS = (_types.FunctionType, _types.BuiltinFunctionType, _types.MethodType, type(len), type)
_RESUME = _opcode.opmap["RESUME"]
# Without aliases, as `IOError` is one.
_BUILTIN_NAMES = {id(value): name for name, value in vars(_builtins).items() if getattr(value, "__name__", "") == name}


# Written in C from end to end: the library's functions around them use built-in functions that a candidate may replace.
_scan = _json.JSONDecoder().scan_once
_write_parts = _json.encoder.c_make_encoder(
    None, None, _json.encoder.encode_basestring_ascii, None, ":", ",", False, False, True
)


def _dumps(value):
    return "".join(_write_parts(value, 0))


class Ended(BaseException):
    """The line to the tests is gone."""


class Line:
    """Messages over two descriptors, each with its length in front."""

    def __init__(self, receiving, sending):
        self.receiving, self.sending = receiving, sending

    def receive(self):
        (size,) = _struct.unpack(">I", self._read(4))
        return _scan(self._read(size).decode(), 0)[0]

    def _read(self, size):
        data = bytearray()
        while len(data) < size:
            chunk = _os.read(self.receiving, min(size - len(data), 1 << 20))
            if not chunk:
                raise Ended
            data += chunk
        return bytes(data)

    def send(self, payload):
        data = memoryview(_struct.pack(">I", len(payload)) + payload)
        while data:
            data = data[_os.write(self.sending, data) :]


class Counter:
    """Steps as the embedded interpreter counts them: lines, jumps and calls of the candidate's own code."""

    def __init__(self):
        self.read = lambda: 0
        self.lines = set()

    def start(self, limit, with_lines, stop):
        steps = 0
        limit = limit if limit is not None else 1 << 62
        reach = self.lines.add

        def other(code, offset, destination=None):
            nonlocal steps
            steps += 1
            if steps > limit:
                stop()

        def line(code, number):
            nonlocal steps
            steps += 1
            if steps > limit:
                stop()
            reach(number)

        self.read = lambda: steps
        monitoring = _sys.monitoring
        events = monitoring.events
        monitoring.use_tool_id(TOOL, "steps")
        monitoring.register_callback(TOOL, events.LINE, line if with_lines else other)
        monitoring.register_callback(TOOL, events.JUMP, other)
        monitoring.register_callback(TOOL, events.PY_START, other)
        return monitoring

    @staticmethod
    def watch(monitoring, code):
        events = monitoring.events
        monitoring.set_local_events(TOOL, code, events.LINE | events.JUMP | events.PY_START)
        for constant in code.co_consts:
            if type(constant) is _types.CodeType:
                Counter.watch(monitoring, constant)

    def header(self):
        lines = " ".join(map(str, sorted(self.lines)))
        self.lines.clear()
        return f"{self.read()} {lines}".strip() + "\n"
