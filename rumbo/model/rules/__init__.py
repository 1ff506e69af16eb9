"""The rules of the corridor, one for each mechanism.

Imports the engine, faults and, of a scenario, its network alone.
"""

import numpy as np

from rumbo.model.rules.border import BORDER, REMOVAL
from rumbo.model.rules.custody import CLEARANCE, TRANSFERS
from rumbo.model.rules.dispersal import DISPERSAL
from rumbo.model.rules.form import Family, LimitOf, Rule, Values
from rumbo.model.rules.gates import PRESENTING
from rumbo.model.rules.ground import Ground
from rumbo.model.rules.planning import PLANNING
from rumbo.model.rules.smuggling import GUIDES
from rumbo.model.rules.staying import APPOINTMENTS, ASYLUM, ATTRITION, HARM, PAROLE
from rumbo.model.rules.travel import CHECKPOINTS, CONTAINMENT, DEPARTURE, ROUTE, TRAINS

ENTRIES = Rule("entries", neutral={"entries.coverage": 0.0})
SHOCKS = Rule("shocks", neutral={"harm.recorded_shape": np.inf})
CROWD = Rule("crowd", neutral={"shelter.places": np.inf})
MINDS = Rule("minds", neutral={"minds.kappa": 0.0})

RULES = (
    ENTRIES, PAROLE, DEPARTURE, ROUTE, CHECKPOINTS, TRANSFERS, CONTAINMENT, TRAINS, CLEARANCE,
    DISPERSAL, PRESENTING, APPOINTMENTS, ASYLUM, BORDER, REMOVAL, ATTRITION, CROWD, HARM, SHOCKS,
    PLANNING, MINDS, GUIDES,
)  # fmt: skip

__all__ = ["RULES", "Family", "Ground", "LimitOf", "Rule", "Values"]
