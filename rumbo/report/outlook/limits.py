"""What an outlook cannot say, and the command that makes it again."""

from rumbo.report.read.outlook import OutlookTable

LIMITS = (
    "outlook.limit.policy",
    "outlook.limit.sizes",
    "outlook.limit.turning",
    "outlook.limit.entries",
    "outlook.limit.hindsight",
    "scorecard.limit.delays",
    "forecast.limit.minds",
    "limit.shelter",
    "limit.observed",
    "limit.coarse",
)


def command_of(told: OutlookTable) -> str:
    """Return the command that makes an outlook again."""
    about = told.about
    asked = f"--as-of {about['as_of']} --months {len(about['months'])} --place {about['place']}"
    if (about["beds"] or {}).get("given"):
        asked += f" --beds {about['place']}={about['beds']['value']:g}"
    size = f"--members {about['members']} --seed {about['seed']}"
    return f"rumbo outlook {about['corridor']} {asked} {size}"
