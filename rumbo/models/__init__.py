"""Kinds of movement that can be simulated, by the name that ``corridor.yaml`` gives."""

from rumbo.models.corridor import CORRIDOR
from rumbo.models.displacement import DISPLACEMENT
from rumbo.models.form import Arrivals, Model

MODELS = {"corridor": CORRIDOR, "displacement": DISPLACEMENT}

__all__ = ["MODELS", "Arrivals", "Model"]
