"""Kinds of movement that can be simulated, by the name that ``corridor.yaml`` gives."""

from rumbo.model.corridor import CORRIDOR
from rumbo.model.displacement import DISPLACEMENT
from rumbo.model.form import Arrivals, Model

MODELS = {"corridor": CORRIDOR, "displacement": DISPLACEMENT}

__all__ = ["MODELS", "Arrivals", "Model"]
