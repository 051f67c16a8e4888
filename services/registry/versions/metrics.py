"""What filters of the registry's lists name, and how each is looked for."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, bindparam, column, func, select, table

from services.kit.names import ASKED, Named
from services.kit.reads import Compiled

LISTS: Final[Mapping[str, str]] = {
    "unit": "units",
    "industry": "industries",
    "carrier": "carriers",
    "enterprise": "enterprises",
    "project": "projects",
    "plan": "plans",
    "project_kind": "project-kinds",
    "task": "tasks",
    "instrument": "instruments",
}
"""Kinds of objects that everybody sees who reads the registry, and where they are listed."""
SUBJECTS: Final = ("plan", "industry", "carrier", "project", "enterprise", "unit")


def of_kind(kind: str) -> Named:
    """An object of a kind by its code; one that was ended, merged or dissolved is still spoken of."""
    sql = f"SELECT FROM registry.{kind} WHERE region = $1 AND code = $2"
    return Named(kind, f"/registry/v1/{LISTS[kind]}", Compiled(sql, ("region", ASKED), {}))


def _of_units(kind: str, listed: str, unit: str) -> Named:
    """An object that the caller sees by one of the units that keep it."""
    sql = f"""
SELECT FROM registry.{kind} AS thing WHERE thing.region = $1 AND thing.code = $2 AND ($3::text = '' OR EXISTS (
    SELECT FROM registry.unit AS u
    WHERE u.region = thing.region AND u.code = {unit} AND u.path <@ ($3::text)::ltree))"""
    return Named(kind, f"/registry/v1/{listed}", Compiled(sql, ("region", ASKED, "unit_path"), {}))


UNIT: Final = Named(
    "unit",
    "/registry/v1/units",
    Compiled(
        "SELECT FROM registry.unit WHERE region = $1 AND (code = $2 OR names @> ARRAY[$2::text])", ("region", ASKED), {}
    ),
    by="name",
)
"""By code or name, also one of before."""

_KINDS: Final = " OR ".join(
    f"split_part($2, ':', 1) = '{kind}' AND EXISTS ("
    f"SELECT FROM registry.{kind} WHERE region = $1 AND code = split_part($2, ':', 2))"
    for kind in SUBJECTS
)
SUBJECT: Final = Named(
    "subject",
    ", ".join(f"/registry/v1/{LISTS[kind]}" for kind in SUBJECTS),
    Compiled(f"SELECT WHERE $2::text = 'plan' OR starts_with($2, 'region:') OR {_KINDS}", ("region", ASKED), {}),
    by="typed",
)
"""What matters are about: `project:P01`; the plan and the region are always there."""

GROUP: Final = Named(
    "enterprise_group",
    "/registry/v1/enterprise-groups",
    Compiled(
        """
SELECT FROM registry.enterprise_group WHERE region = $1 AND (code = $2 OR names @> ARRAY[$3::text])
UNION ALL SELECT FROM registry.enterprise WHERE region = $1 AND group_name = $3
UNION ALL SELECT FROM registry.project
WHERE region = $1 AND lower(normalize(content ->> 'enterprise_group', NFKC)) = $3""",
        ("region", ASKED, "group_folded"),
        {},
    ),
    by="name",
)
"""By code or name; many are but named by an enterprise or a project."""

NAMES: Final[Mapping[str, Named]] = {
    **{kind: of_kind(kind) for kind in ("industry", "carrier", "enterprise", "project", "plan", "task", "instrument")},
    **{name: of_kind("unit") for name in ("leader", "reviewer", "of_unit")},
    "unit": UNIT,
    "subject": SUBJECT,
    "thing": SUBJECT,
    "group": GROUP,
    "prospect": _of_units("prospect", "prospects", "thing.unit"),
    "activity": _of_units("activity", "activities", "ANY (thing.units)"),
}
"""By filter, as far as one means the same in every list."""

ENTERPRISES = table(
    "enterprise", *(column(name, Text) for name in ("region", "code", "merged_into")), schema="registry"
)


def standing(name: str) -> ColumnElement[str]:
    """The enterprise that a filter names by code: of one that was merged, the one that stands for it."""
    return _standing(bindparam(name, type_=Text), ENTERPRISES.c.code, ENTERPRISES.c.merged_into)


def subject_standing(name: str) -> ColumnElement[str]:
    """The subject that a filter names: of an enterprise that was merged, the one that stands for it."""
    columns = ENTERPRISES.c
    return _standing(
        bindparam(name, type_=Text),
        func.concat("enterprise:", columns.code),
        func.concat("enterprise:", columns.merged_into),
    )


def _standing(asked: Any, own: Any, heir: Any) -> ColumnElement[str]:  # noqa: ANN401 - columns and values of text
    columns = ENTERPRISES.c
    into = select(heir).where(columns.region == bindparam("region"), own == asked, columns.merged_into.is_not(None))
    return func.coalesce(into.scalar_subquery(), asked)
