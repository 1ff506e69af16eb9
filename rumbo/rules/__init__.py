"""The rules of the corridor, one for each mechanism."""

import numpy as np

from rumbo.rules.border import BORDER, REMOVAL
from rumbo.rules.custody import CLEARANCE, TRANSFERS
from rumbo.rules.form import Ground, LimitOf, Rule, Values
from rumbo.rules.staying import APPOINTMENTS, ASYLUM, ATTRITION, HARM, PAROLE
from rumbo.rules.travel import CHECKPOINTS, CONTAINMENT, DEPARTURE, ROUTE, TRAINS

ENTRIES = Rule("entries", neutral={"entries.coverage": 0.0})
SHOCKS = Rule("shocks")
CROWD = Rule("crowd", neutral={"shelter.places": np.inf})

RULES = (
    ENTRIES, PAROLE, DEPARTURE, ROUTE, CHECKPOINTS, TRANSFERS, CONTAINMENT, TRAINS, CLEARANCE,
    APPOINTMENTS, ASYLUM, BORDER, REMOVAL, ATTRITION, CROWD, HARM, SHOCKS,
)  # fmt: skip

__all__ = ["RULES", "Ground", "LimitOf", "Rule", "Values"]
