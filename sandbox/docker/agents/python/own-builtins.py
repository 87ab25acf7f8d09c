"""Functions that are defined from here on have built-in functions of their own, which no candidate replaces by accident."""

import builtins

__builtins__ = dict(vars(builtins))
