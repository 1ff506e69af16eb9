"""Arrays of the engine by what they hold.

Letters of shapes used everywhere: ``R`` members, ``G`` groups, ``C`` compartments, ``M``
transitions, ``P`` places, ``L`` links, ``E`` entries from outside, ``F`` factors, ``K`` kinds of
groups whose factors may differ, ``Q`` limits, ``J`` factors of the room left at places, ``S`` paces
beside that of what has none.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Small = NDArray[np.int32]
Flags = NDArray[np.bool_]
Keys = NDArray[np.uint64]
"""Names of random streams."""
