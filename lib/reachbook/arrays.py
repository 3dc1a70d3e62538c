"""Type aliases of NumPy arrays by element type; shapes are stated in docstrings."""

import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]
type Flags = npt.NDArray[np.bool_]
type Indices = npt.NDArray[np.intp]
