"""What people may do: rules, measures and noise, by the name that ``corridor.yaml`` gives a model.

Imports scenario and what lies below it.
"""

from rumbo.model.corridor import CORRIDOR
from rumbo.model.displacement import DISPLACEMENT
from rumbo.model.form import Arrivals, Model

MODELS = {"corridor": CORRIDOR, "displacement": DISPLACEMENT}

__all__ = ["MODELS", "Arrivals", "Model"]
