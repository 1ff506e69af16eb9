"""codemeta.json, from pyproject.toml and CITATION.cff: what catalogues of software read."""

import json
import tomllib
from pathlib import Path
from typing import Any

from yaml12 import read_yaml

from rumbo.files.code import __version__

ROOT = Path(__file__).parents[2]
FILE = ROOT / "codemeta.json"
LANGUAGES = ("en", "es")


def content() -> str:
    """Return the whole file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = read_yaml(ROOT / "CITATION.cff")
    about = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": project["name"],
        "description": " ".join(cited["abstract"].split()),
        "version": __version__,
        **({"datePublished": str(cited["date-released"])} if "date-released" in cited else {}),
        "license": f"https://spdx.org/licenses/{project['license']}",
        "author": [_author(one) for one in cited["authors"]],
        "keywords": sorted({*project["keywords"], *cited["keywords"]}),
        "programmingLanguage": f"Python {project['requires-python']}",
        "operatingSystem": "any",
        "inLanguage": list(LANGUAGES),
        "developmentStatus": "wip",
        "softwareRequirements": [line.replace(" ", "") for line in project["dependencies"]],
        "softwareHelp": "docs/tutorial.md",
        "readme": "README.md",
    }
    return json.dumps(about, indent=2, ensure_ascii=False) + "\n"


def _author(one: dict[str, Any]) -> dict[str, str]:
    """Return an author as codemeta says it: a group, or a person."""
    if "name" in one:
        return {"@type": "Organization", "name": one["name"]}
    return {
        "@type": "Person",
        "givenName": one["given-names"],
        "familyName": one["family-names"],
    }
