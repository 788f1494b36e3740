"""The arrays of the engine, by name."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int32]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

# A whole number in a kernel, where Python's and the machine's are the same.
Count = Any
