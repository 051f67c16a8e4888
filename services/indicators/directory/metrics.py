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


def units(region: str, known_at: str = NOW) -> str:
    """Units in force."""
    return f"SELECT code, name, path, ended FROM ({subjects(region, known_at)}) AS subject WHERE kind = 'unit'"


def owners(region: str, known_at: str = NOW) -> str:
    """Who answers for each matter of each plan."""
    return _in_force("indicators.directory_owner", "plan, matter", region, known_at)


def below(path: str, unit: str) -> str:
    """Whether a unit's path is the other's or below it; below '' is everything."""
    return f"({unit} = '' OR starts_with({path} || '.', {unit} || '.'))"
