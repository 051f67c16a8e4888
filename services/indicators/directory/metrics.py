"""The directory as SQL: which version of a unit, a subject, an owner an answer shows."""

NOW = "'infinity'::timestamptz"


def _in_force(table: str, key: str, region: str, known_at: str) -> str:
    """By key, the latest version recorded up to `known_at`."""
    return (
        f"SELECT DISTINCT ON ({key}) * FROM {table} WHERE region = {region} AND recorded_at <= {known_at} "
        f"ORDER BY {key}, recorded_at DESC"
    )


def subjects(region: str, known_at: str = NOW) -> str:
    """Units, industries, carriers, enterprises, projects in force."""
    return _in_force("indicators.directory_subject", "kind, code", region, known_at)


def merged(region: str) -> str:
    """Enterprises that were merged, as subjects: under which one (`old`) goes on under which other (`heir`), since when."""
    return (
        f"SELECT kind || ':' || code AS old, kind || ':' || successors[1] AS heir, recorded_at "
        f"FROM ({subjects(region)}) AS subject WHERE kind = 'enterprise' AND ended AND successors <> '{{}}'"
    )


def units(region: str, known_at: str = NOW) -> str:
    """Units in force."""
    return (
        f"SELECT code, name, path, successors, ended FROM ({subjects(region, known_at)}) AS subject WHERE kind = 'unit'"
    )


def named(region: str) -> str:
    """Codes of units by what they are called: `rank` 0 by code, 1 by name, 2 by the name of one that was dissolved,
    3 by a name of before.
    """
    return (
        f"SELECT code AS named, code, path, 0 AS rank FROM ({units(region)}) AS unit WHERE NOT ended UNION ALL "
        "SELECT name, code, path, CASE WHEN successors = '{}' THEN 1 ELSE 2 END "
        f"FROM ({units(region)}) AS unit WHERE NOT ended UNION ALL "
        "SELECT before.name, unit.code, unit.path, 3 FROM indicators.directory_subject AS before "
        f"JOIN ({units(region)}) AS unit ON unit.code = before.code AND NOT unit.ended "
        f"WHERE before.region = {region} AND before.kind = 'unit' AND before.name <> unit.name"
    )


def heirs(region: str) -> str:
    """By each unit (`old`), itself and everyone who took over from it, and from those who did (`heir`)."""
    return f"""
WITH RECURSIVE unit AS MATERIALIZED (SELECT code, successors FROM ({units(region)}) AS known),
line AS (SELECT code AS old, code AS heir, successors FROM unit
         UNION SELECT line.old, unit.code, unit.successors FROM line JOIN unit ON unit.code = ANY (line.successors))
SELECT old, heir FROM line"""


def owners(region: str, known_at: str = NOW) -> str:
    """Who answers for each matter of each plan."""
    return _in_force("indicators.directory_owner", "plan, matter", region, known_at)


def below(path: str, unit: str) -> str:
    """Whether a unit's path is the other's or below it; below '' is everything."""
    return f"({unit} = '' OR starts_with({path} || '.', {unit} || '.'))"
