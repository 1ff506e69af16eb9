"""What guided ways need beside their links: a price for every one of them."""

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector
from rumbo.scenario.network import GUIDED
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.selectors import Selectors, UnknownSelector
from rumbo.scenario.smuggling.rows import PRICE


def check_prices(settings: pd.DataFrame, selectors: Selectors, faults: Collector) -> None:
    """Note guided links that have no price for some group.

    Parameters
    ----------
    settings
        All settings.
    selectors
        What their places and groups mean.
    faults
        Where faults are noted.
    """
    links, parameter = selectors.network.links, PARAMETERS[PRICE]
    priced = np.zeros((len(links), len(selectors.groups)), dtype=np.bool_)
    told = settings[(settings["parameter"] == PRICE) & (settings["operation"] != "multiply")]
    for row in told.itertuples():
        try:
            priced[selectors.cells(parameter, str(row.at), str(row.group))] = True
        except UnknownSelector:
            return  # noted where settings are checked
    for link in np.flatnonzero((links["mode"] == GUIDED).to_numpy() & ~priced.all(axis=1)):
        group = selectors.groups["id"].iloc[int(np.argmin(priced[link]))]
        message = f"the guided link '{links['id'].iloc[link]}' has no price for '{group}'"
        cure = f"Add a row of {PRICE} to settings.csv, at mode:{GUIDED} or for this link"
        faults.add("links.csv", 0, message, cure, "prices of guided links")
