"""What is a value to the last bit, whatever process holds it? Numbers, tensors, code, and what it holds."""

from __future__ import annotations

import dis
import functools
import hashlib
import sys
import sysconfig
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

PLAIN = (type(None), bool, int, float, complex, str, bytes, torch.dtype, torch.device, slice, range)


def digest_of(value: Any) -> str:
    """Return the SHA-256 in hex of what decides how a value behaves.

    A function is its name and, where it is the user's own, its bytecode, what it has closed over, and what
    it uses of its module; a library's is its name. An object is its class, the code of that, and its
    attributes. Addresses don't count, nor what can't be looked into.
    """
    digest = hashlib.sha256()
    _Reader(digest.update).read(value)
    return digest.hexdigest()


def bytes_of(tensor: Tensor) -> memoryview:
    """Return the numbers of a strided tensor, on the CPU."""
    return tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data


class _Reader:
    """Feeds one digest. What is met again is told by its number, so that circles end."""

    def __init__(self, update: Callable[[Any], Any]) -> None:
        self._update = update
        self._met: dict[int, tuple[int, Any]] = {}

    def read(self, value: Any) -> None:
        if isinstance(value, PLAIN):
            return self._say(type(value).__name__, value)
        if isinstance(value, tuple | frozenset | set):
            parts = value if isinstance(value, tuple) else sorted(map(digest_of, value))
            return self._all(type(value).__name__, *parts)
        if (met := self._met.get(id(value))) is not None:
            return self._say("again", met[0])
        self._met[id(value)] = len(self._met), value
        if isinstance(value, Tensor | np.ndarray | np.generic):
            self._numbers(value)
        elif isinstance(value, types.FunctionType | type):
            self._code_of(value)
        elif isinstance(value, types.MethodType):
            self._all("method", value.__func__, value.__self__)
        elif isinstance(value, functools.partial):
            self._all("partial", value.func, value.args, value.keywords)
        elif isinstance(value, types.ModuleType | types.BuiltinFunctionType):
            self._say("name", getattr(value, "__module__", ""), value.__name__)
        elif isinstance(value, Mapping):
            self._all("mapping", *(part for entry in value.items() for part in entry))
        elif isinstance(value, list):
            self._all("list", *value)
        else:
            self._object(value)

    def _object(self, value: Any) -> None:
        self._say("object", getattr(value, "__name__", ""))
        self.read(type(value))
        held = {name: part for name, part in getattr(value, "__dict__", {}).items() if "_hooks" not in name}
        self._all("holding", *(part for name in sorted(held) for part in (name, held[name])))

    def _numbers(self, value: Tensor | np.ndarray | np.generic) -> None:
        self._say("numbers", value.dtype, tuple(value.shape))
        if isinstance(value, Tensor):
            self._update(bytes_of(value) if value.layout == torch.strided and not value.is_meta else b"")
        elif value.dtype.kind == "O":
            self._all("objects", *value.ravel().tolist())
        else:
            self._update(np.ascontiguousarray(value).tobytes())

    def _code_of(self, one: types.FunctionType | type) -> None:
        self._say("code of", one.__module__, one.__qualname__)
        if not is_users(one.__module__):
            return
        if isinstance(one, type):
            for base in one.__bases__:
                self.read(base)
            members = {name: part for name, part in vars(one).items() if isinstance(part, types.FunctionType)}
            self._all("members", *(members[name] for name in sorted(members)))
            return
        self._all("by default", one.__defaults__, one.__kwdefaults__)
        self._all("closed over", *(_inside(cell) for cell in one.__closure__ or ()))
        self._bytecode(one.__code__)
        used = {name: one.__globals__[name] for name in _names(one.__code__) if name in one.__globals__}
        self._all("using", *(part for entry in used.items() for part in entry))

    def _bytecode(self, code: types.CodeType) -> None:
        self._say("bytecode", code.co_code.hex(), code.co_names, code.co_varnames, code.co_freevars)
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self._bytecode(constant)
            else:
                self.read(constant)

    def _all(self, what: str, *values: Any) -> None:
        self._say(what, len(values))
        for value in values:
            self.read(value)

    def _say(self, *words: object) -> None:
        self._update(repr([repr(word) for word in words]).encode())


@functools.cache
def is_users(module: str | None) -> bool:
    """Tell whether a module is the user's own, and no part of Python or of what is installed."""
    file = getattr(sys.modules.get(module or ""), "__file__", None)
    if file is None:
        return module == "__main__"
    libraries = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platlib", "purelib")}
    return not libraries & set(Path(file).resolve().parents)


def _names(code: types.CodeType) -> dict[str, None]:
    """The global names that code uses, in order."""
    names = dict.fromkeys(
        step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    )
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _names(constant)
    return names


def _inside(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None
