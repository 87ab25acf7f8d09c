"""What the tests gave to the candidate, as the candidate sees it."""

class Callback:
    """Something of the tests that the candidate was given. What it can do is decided on the tests' side."""

    def __init__(self, agent, number, kind, name):
        self.__dict__.update(_agent=agent, _number=number, _kind=kind, __name__=name, __qualname__=name)

    def __call__(self, *args, **kwargs):
        return self._agent.ask("call", self, args, kwargs)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self._agent.ask("getattr", self, name)

    def __repr__(self):
        return f"<{self._kind} {self.__name__}>"


def _forwarded(operation):
    return lambda self, *args: self._agent.ask(operation, self, *args)


class CallbackIterator(Callback):
    def __iter__(self):
        return self

    __next__ = _forwarded("next")


class CallbackObject(Callback):
    def __setattr__(self, name, value):
        self._agent.ask("setattr", self, name, value)

    def __hash__(self):
        return self._agent.ask("hash", self)

    def __contains__(self, item):
        return bool(self._agent.ask("contains", self, item))


for _name in "len iter getitem setitem delitem bool str repr eq lt le gt ge add sub".split():
    setattr(CallbackObject, f"__{_name}__", _forwarded(_name))
_CALLBACKS = {"iterator": CallbackIterator, "instance": CallbackObject}
_OPAQUE.update((Callback, CallbackIterator, CallbackObject))
