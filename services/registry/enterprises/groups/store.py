"""Where groups of enterprises are kept, and who belongs to one on a day."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array

from services.plan_file.things import EnterpriseGroup as Content
from services.registry.enterprises.groups import rules
from services.registry.enterprises.groups.tables import EnterpriseGroup
from services.registry.enterprises.tables import Enterprise
from services.registry.versions.store import Shelf, search_filters

_groups = EnterpriseGroup.__table__.c  # type: ignore[attr-defined]  # SQLAlchemy adds it

GROUPS = Shelf(
    kind="enterprise_group",
    table=EnterpriseGroup,
    fields=tuple(Content.model_fields),
    columns=rules.columns,
    filters=search_filters(EnterpriseGroup),
)

_DATED = (
    "'$.memberships[*] ? (@.group == $group && (@.valid_from == null || @.valid_from <= $day)"
    " && (@.valid_to == null || @.valid_to >= $day))'::jsonpath"
)


def day_asked() -> ScalarSelect[Any]:
    """The day `:as_of` as ISO text; where none is asked for, today's by the business clock."""
    today: ColumnElement[str] = literal_column("to_char(platform.now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')")
    return select(func.coalesce(bindparam("as_of", type_=String), today)).scalar_subquery()


def _group(column: str) -> ScalarSelect[Any]:
    """A column of the group that `:group` means, by code or, folded as `:group_folded`, by a name."""
    group, by_name = bindparam("group", type_=String), cast(bindparam("group_folded", type_=String), Text)
    found = (
        select(_groups[column])
        .where(
            _groups.region == bindparam("region"),
            _groups.ended_at.is_(None),
            or_(_groups.code == group, _groups.names.contains(array([by_name]))),
        )
        .order_by((_groups.code == group).desc(), _groups.code)
        .limit(1)
    )
    return found.scalar_subquery()


def _called(text_: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of text
    """Whether a text, folded, names the group: by its code, by one of its names, or by what was asked itself."""
    return or_(
        text_ == cast(bindparam("group_folded", type_=String), Text),
        text_ == _group("code"),
        text_ == any_(func.coalesce(_group("names"), literal_column("'{}'::text[]"))),
    )


def member(table: Any = Enterprise.__table__) -> ColumnElement[bool]:  # type: ignore[attr-defined]  # noqa: ANN401 - as above
    """Whether an enterprise belongs to the group on the day: by a dated membership; where none of this group was
    recorded, by what the plan file says; or as its head.
    """
    columns = table.c
    recorded = columns.marks.contains(array([cast(func.concat("group:", _group("code")), Text)]))
    dated = func.jsonb_path_exists(
        columns.content,
        literal_column(_DATED),
        func.jsonb_build_object("group", _group("code"), "day", day_asked()),
    )
    return or_(
        and_(recorded, dated),
        and_(_called(columns.group_name), ~recorded),
        columns.code == _group("enterprise"),
    )


def carried_out_by_member(enterprise: Any, named: Any) -> ColumnElement[bool]:  # noqa: ANN401 - two columns of text
    """Whether a project's enterprise, listed by code or only named with its group, belongs to the group on the day."""
    listed = Enterprise.__table__.alias("member")  # type: ignore[attr-defined]  # as above
    members = select(listed.c.code).where(
        listed.c.region == bindparam("region"), listed.c.ended_at.is_(None), member(listed)
    )
    folded = func.lower(func.normalize(cast(named, Text), literal_column("NFKC")))
    return or_(enterprise.in_(members), _called(folded))
