"""Types of what kernels take."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Curves = npt.NDArray[np.float64] | npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]
