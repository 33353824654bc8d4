# SPDX-License-Identifier: Apache-2.0
"""The parameters of a kernel's entry: GM addresses, or values."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

_SCALARS = {
    "bool": np.bool_, "char": np.int8, "int8_t": np.int8, "uint8_t": np.uint8, "int16_t": np.int16,
    "uint16_t": np.uint16, "int": np.int32, "int32_t": np.int32, "unsigned": np.uint32, "uint32_t": np.uint32,
    "unsigned int": np.uint32, "long": np.int64, "int64_t": np.int64, "uint64_t": np.uint64,
    "size_t": np.uint64, "half": np.float16, "float": np.float32, "double": np.float64,
}  # fmt: skip


@dataclass(frozen=True)
class Parameter:
    """A parameter of a kernel.

    Attributes:
        name: Its name.
        value_type: The C++ type of a parameter that is passed by value; None for a GM address.
    """

    name: str
    value_type: str | None = None

    @classmethod
    def parse(cls, declaration: str) -> "Parameter":
        """Read a declaration such as `__gm__ uint8_t* x` or `const TilingData tiling`."""
        match = re.fullmatch(r"(.*?)\s*(\w+)", declaration.strip(), flags=re.DOTALL)
        if match is None:
            raise ValueError(f"{declaration.strip()!r} declares no parameter of a kernel")
        declared, name = match[1], match[2]
        if "*" in declared or "GM_ADDR" in declared:
            return cls(name)
        words = [word for word in declared.replace("&", " ").split() if word not in ("const", "__gm__")]
        return cls(name, " ".join(words).removeprefix("AscendC::"))

    def encode(self, value: Any) -> np.ndarray:
        """Return the bytes of what is passed for this parameter by value.

        Raises:
            ValueError: A number was passed for a type whose layout only the compiler knows.
        """
        if self.value_type in _SCALARS and isinstance(value, (bool, int, float, np.generic)):
            return np.array([value], _SCALARS[self.value_type]).view(np.uint8)
        if isinstance(value, (bool, int, float)):
            raise ValueError(
                f"{self.name} is a {self.value_type}: pass its bytes, or what bytes() makes them of "
                "(a ctypes structure, a NumPy scalar)"
            )
        return np.frombuffer(bytes(value), np.uint8).copy()
