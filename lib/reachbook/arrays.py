"""Names for NumPy arrays by what they hold; shapes stand in docstrings."""

import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]
type Flags = npt.NDArray[np.bool_]
type Indices = npt.NDArray[np.intp]
