"""Targets as they are read. Speaks SQL."""

from typing import Any

from sqlalchemy import String as Varchar
from sqlalchemy import and_, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlmodel import col

from services.indicators.definitions.lists import REGION, about, exact, latest_indicators, visible
from services.indicators.definitions.tables import Plan
from services.indicators.directory.tables import Owner, PlanState
from services.indicators.targets.tables import Checkpoint, Target
from services.kit.paging import holds
from services.kit.reads import One, Page

_target: Any = (
    select(Target)
    .where(col(Target.region) == REGION)
    .ext(distinct_on(col(Target.plan), col(Target.code)))
    .order_by(col(Target.plan), col(Target.code), col(Target.recorded_at).desc())
    .subquery("latest_target")
)
_owner: Any = (
    select(Owner)
    .where(col(Owner.region) == REGION)
    .ext(distinct_on(col(Owner.plan), col(Owner.matter)))
    .order_by(col(Owner.plan), col(Owner.matter), col(Owner.recorded_at).desc())
    .subquery("latest_owner")
)
_t = _target.c
_checkpoint = func.json_build_object("date", col(Checkpoint.due_on), "value", exact(col(Checkpoint.value)))
_checkpoints = (
    select(func.json_agg(aggregate_order_by(_checkpoint, col(Checkpoint.due_on))))
    .where(
        col(Checkpoint.region) == _t.region,
        col(Checkpoint.plan) == _t.plan,
        col(Checkpoint.target) == _t.code,
        col(Checkpoint.recorded_at) == _t.recorded_at,
    )
    .scalar_subquery()
)

targets = Page(
    select(
        _t.plan,
        _t.code,
        _t.ordinal,
        _t.name,
        _t.name_en,
        _t.subject,
        _t.indicator,
        _t.measure,
        _t.operator,
        exact(_t.baseline).label("baseline"),
        _t.baseline_basis,
        _t.start,
        exact(_t.goal).label("goal"),
        exact(_t.upper).label("upper"),
        _t.goal_on,
        _checkpoints.label("checkpoints"),
        _t.trajectory,
        _t.policy,
        _t.state,
        _t.nature,
        _t.clause,
        _t.phrase,
        _owner.c.lead,
        _owner.c.support,
        _t.recorded_at,
    )
    .outerjoin(_owner, and_(_owner.c.plan == _t.plan, _owner.c.matter == _t.code))
    .where(
        ~_t.withdrawn,
        visible(_owner.c.lead, among=_owner.c.support),
    ),
    sort=_t.plan + func.to_char(_t.ordinal, literal_column("'/FM000000000'")),
    identity=_t.plan + literal_column("'/'") + _t.code,
    sorts={
        **{name: _t[name] for name in ("code", "name", "plan", "subject", "indicator", "measure")},
        **{name: _t[name] for name in ("goal", "goal_on", "recorded_at")},
        "lead": _owner.c.lead,
    },
    filters={
        "plan": _t.plan == bindparam("plan", type_=Varchar),
        "indicator": _t.indicator == bindparam("indicator", type_=Varchar),
        "subject": about(_t.subject),
        "measure": _t.measure == bindparam("measure", type_=Varchar),
        "sought": holds(_t.code, _t.name, _t.phrase, _t.name_en),
    },
)
"""The targets in force, in the order of their plan files."""
one_target = One(
    targets.select.where(_t.plan == bindparam("plan", type_=Varchar), _t.code == bindparam("target", type_=Varchar)),
    what="target",
)

_plan: Any = (
    select(Plan)
    .where(col(Plan.region) == REGION)
    .ext(distinct_on(col(Plan.code)))
    .order_by(col(Plan.code), col(Plan.recorded_at).desc())
    .subquery("latest_plan")
)
_p = _plan.c
_indicator = latest_indicators()
_state: Any = func.coalesce(col(PlanState.state), literal_column("'set-up'"))
plans = Page(
    select(
        _p.code.label("plan"),
        _p.applied.label("version"),
        _p.name,
        _state.label("state"),
        _p.known_from,
        col(PlanState.activated_at),
        _p.start,
        _p.ends_on.label("end"),
        _p.time_zone,
        select(func.count())
        .select_from(_indicator)
        .where(_indicator.c.plan == _p.code, ~_indicator.c.withdrawn)
        .scalar_subquery()
        .label("indicators"),
        select(func.count())
        .select_from(_target)
        .where(_t.plan == _p.code, ~_t.withdrawn)
        .scalar_subquery()
        .label("targets"),
    )
    .select_from(_plan)
    .outerjoin(PlanState, and_(col(PlanState.region) == _p.region, col(PlanState.code) == _p.code)),
    sort=_p.code,
    identity=_p.code,
    sorts={
        "plan": _p.code,
        "name": _p.name,
        "state": _state,
        "start": _p.start,
        "end": _p.ends_on,
        "known_from": _p.known_from,
    },
    filters={"sought": holds(_p.code, _p.name), "state": _state == bindparam("state", type_=Varchar)},
)
"""The plans as indicators has them."""
