"""Applying the indicators' part of a plan file: the difference becomes versions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from services.indicators.clients.registry import ChangeRequest
from services.indicators.definitions import versions as indicators
from services.indicators.definitions.tables import Plan
from services.indicators.directory import store as directory
from services.indicators.directory.rules import stands
from services.indicators.directory.tables import Audit
from services.indicators.lights import versions as policies
from services.indicators.targets import versions as targets
from services.indicators.targets.schemas import Applying, PlanAnswer, TargetChanged
from services.indicators.targets.survivors.rules import of_survivors
from services.kit import audit
from services.kit.auth import Caller, Forbidden
from services.kit.db import Session
from services.kit.errors import Conflict, Faulty, NotFound, Refused
from services.plan_file.approvals import check_takes_back_nothing
from services.plan_file.difference import (
    Applied,
    Approved,
    ApprovedField,
    ApprovedFields,
    Change,
    FieldChange,
    Objects,
    difference,
    objects,
    with_approvals,
)
from services.plan_file.parts import IndicatorsPart
from services.plan_file.rules import check_part


class BadPart(Refused):
    """The part cannot be used as it is."""

    code = "plan-part"


class OtherPlan(Conflict):
    """Something that another plan's file declares."""

    code = "declared-by-another-plan"


class NotApproved(Conflict):
    """A change request that is not approved, or is about something else."""

    code = "not-approved"


class MovedOn(Conflict):
    """A target that is no longer what an approved change was made for."""

    code = "moved-on"


class KnownFromFixed(Conflict):
    """`known_from` of a plan that is not in set-up any more."""

    code = "known-from-fixed"


async def apply(
    session: Session,
    caller: Caller,
    plan: str,
    part: IndicatorsPart,
    *,
    how: Applying,
    approved: Sequence[ChangeRequest] = (),
) -> Applied:
    """Bring what is in force to what the part says, or with `dry_run` only tell the difference.

    What one of the `approved` change requests made is taken back only where `how` says so.

    While the plan is in set-up what changes is replaced and counts from the file's `known_from`; from its activation on
    every change is a version of the instant at which it is made, an end too.
    """
    if caller.unit_path:
        raise Forbidden("a plan is the whole region's; a unit cannot apply it", zh="方案属于全区，单位账号不能应用方案")
    _check(caller, plan, part)
    listed = _listed(part)
    part = _in_order(of_survivors(part, await directory.survivors(session, caller.region)))
    state = await directory.plan_state(session, caller.region, plan)
    if state == "closed":
        raise Conflict("the plan is closed: nothing of it changes", zh="方案已关闭，不能再更改")
    at = part.header.known_from if how.dry_run else await directory.stamp(session, caller.region)
    row = await indicators.plan_in_force(session, caller.region, plan)
    moved = row is not None and row.known_from != part.header.known_from
    if moved and stands(state):
        raise KnownFromFixed(f"{plan} is {state}: known_from stays as it was", zh=f"{plan} 已启用，known_from 不能再改")
    await _not_of_another_plan(session, caller.region, plan, part)
    before: Objects = await held(session, caller.region, plan)
    after = objects(part)
    changes = with_approvals(difference(before, after, prune=how.prune), _made(approved))
    if not how.dry_run:
        if not how.take_back:
            places = {each.code: place for place, each in enumerate(part.targets)}
            check_takes_back_nothing(changes, lambda _, code: f"/targets/{places[code]}")
        at = at if stands(state) else part.header.known_from
        rewritten = list(after) if moved else [(change.kind, change.code) for change in changes]
        await _write(session, caller, part, rewritten, changes, at=at, keep=stands(state))
        await _note(session, caller, part, row, changes, at=at, state=state, listed=listed)
    return Applied(plan=plan, version=part.header.version, dry_run=how.dry_run, changes=changes)


def _made(approved: Sequence[ChangeRequest]) -> ApprovedFields:
    """What approved change requests made of targets, those that were not taken over yet too: no field is so yet."""
    found: dict[tuple[str, str], list[ApprovedField]] = {}
    for request in approved:
        by = Approved(request=request.code, approval=request.approval or "-")
        found.setdefault(("target", request.target or ""), []).extend(
            ApprovedField(name, value, by) for name, value in request.changes.items()
        )
    return found


def _listed(part: IndicatorsPart) -> dict[str, list[str]]:
    """The order of the file, which means nothing but to those who read it."""
    return {
        "indicator": [each.code for each in part.indicators],
        "policy": [each.code for each in part.policies],
    } | {
        bureaus_of(each.code): [one.subject for one in each.bureau_by_subject]
        for each in part.indicators
        if each.bureau_by_subject
    }


def bureaus_of(indicator: str) -> str:
    """Under what name the order of an indicator's bureaus is noted."""
    return f"bureaus of {indicator}"


def _in_order(part: IndicatorsPart) -> IndicatorsPart:
    """Bureaus of subjects in the order of the subjects: theirs in the file means nothing."""
    ordered = [
        each.model_copy(update={"bureau_by_subject": sorted(each.bureau_by_subject, key=lambda one: one.subject)})
        for each in part.indicators
    ]
    return part.model_copy(update={"indicators": ordered})


def _check(caller: Caller, plan: str, part: IndicatorsPart) -> None:
    if part.header.plan != plan:
        raise BadPart(
            f"the part is of {part.header.plan}, not of {plan}",
            zh=f"内容属于方案 {part.header.plan}，不是 {plan}",
            pointer="/header/plan",
        )
    if part.header.region != caller.region:
        raise BadPart(
            f"the plan is run by {part.header.region}, you act for {caller.region}",
            zh=f"方案属于 {part.header.region}，而调用方属于 {caller.region}",
            pointer="/header/region",
        )
    found = [
        Faulty(
            "/" + "/".join(str(step) for step in fault.path),
            fault.code.replace("_", "-"),
            fault.sentence("en"),
            fault.sentence("zh"),
        )
        for fault in check_part(part)
    ]
    if found:
        raise BadPart(f"{len(found)} fault(s) in the plan's part", zh=f"方案内容有 {len(found)} 处错误", faults=found)


async def _not_of_another_plan(session: Session, region: str, plan: str, part: IndicatorsPart) -> None:
    there = await indicators.indicators_in_force(session, region)
    others = {("indicators", row.code): row.plan for row in there if row.plan != plan}
    others |= {("policies", row.code): row.plan for row in await policies.in_force(session, region) if row.plan != plan}
    faults = [
        Faulty(
            f"/{section}/{index}/code",
            OtherPlan.code,
            f"{item.code} is declared by {others[section, item.code]}; give it another code",
            f"{item.code} 已由方案 {others[section, item.code]} 定义，请换一个代码",
        )
        for section in ("indicators", "policies")
        for index, item in enumerate(getattr(part, section))
        if (section, item.code) in others
    ]
    if faults:
        raise OtherPlan("codes are declared by another plan", zh="代码已由其他方案定义", faults=faults)


async def held(session: Session, region: str, plan: str) -> Objects:
    """What is in force of a plan, as its file writes it."""
    return {
        **await indicators.held(session, region, plan),
        **await policies.held(session, region, plan),
        **await targets.held(session, region, plan),
    }


async def _write(
    session: Session,
    caller: Caller,
    part: IndicatorsPart,
    rewritten: list[tuple[str, str]],
    changes: list[Change],
    *,
    at: datetime,
    keep: bool,
) -> None:
    region, plan, touched = caller.region, part.header.plan, set(rewritten)
    ended: dict[str, list[str]] = {"indicator": [], "policy": [], "target": []}
    for change in changes:
        if change.change == "delete":
            ended[change.kind].append(change.code)
    await targets.end(session, region, plan, ended["target"], at=at, keep=keep)
    await policies.end(session, region, ended["policy"], at=at, keep=keep)
    await indicators.end(session, region, ended["indicator"], at=at, keep=keep)
    fresh = [each for each in part.indicators if ("indicator", each.code) in touched]
    await indicators.put(session, region, plan, fresh, at=at, keep=keep)
    lights = [each for each in part.policies if ("policy", each.code) in touched]
    await policies.put(session, region, plan, lights, at=at, keep=keep)
    chosen = [each for each in part.targets if ("target", each.code) in touched]
    pairs = {(each.indicator, each.subject) for each in chosen if each.indicator is not None}
    series = await indicators.series_of(session, region, pairs)
    await targets.put(session, region, plan, chosen, series=series, at=at, keep=keep)


async def _note(
    session: Session,
    caller: Caller,
    part: IndicatorsPart,
    held: Plan | None,
    changes: list[Change],
    *,
    at: datetime,
    state: str,
    listed: dict[str, list[str]],
) -> None:
    """The plan itself as a version, and who applied it, where anything is new."""
    header = part.header
    row = Plan(
        region=caller.region,
        code=header.plan,
        recorded_at=at,
        name=header.name,
        known_from=header.known_from,
        start=header.start,
        ends_on=header.end,
        time_zone=header.time_zone,
        state=state,
        applied=header.version,
        listed=listed,
    )
    of_file = {"recorded_at", "applied", "listed", "state"}  # the registry says the state; a version, what it was then
    if held is not None and not changes and row.model_dump(exclude=of_file) == held.model_dump(exclude=of_file):
        if (held.applied, held.listed) == (row.applied, row.listed):
            return
        held.applied, held.listed = row.applied, row.listed  # another file that says the same: no version
        await indicators.put_noted(session, held)
    else:
        await indicators.put_plan(session, row, keep=stands(state))
    await audit.record(
        session,
        Audit,
        caller,
        "plans.apply",
        subject=f"plan:{header.plan}",
        file=header.version,
        **audit.wrote([change.told(header.plan) for change in changes]),
    )


async def take_over(session: Session, caller: Caller, plan: str, code: str, request: ChangeRequest) -> TargetChanged:
    """Make an approved change of a target its next version. Taken over again it changes nothing.

    The whole part is checked as an apply checks it. From the plan's activation on it counts from the instant of the call.
    """
    _check_request(caller, plan, code, request)
    state = await directory.plan_state(session, caller.region, plan)
    if state == "closed":
        raise Conflict("the plan is closed: nothing of it changes", zh="方案已关闭，不能再更改")
    at = await directory.stamp(session, caller.region)
    kept = await indicators.plan_in_force(session, caller.region, plan)
    there = await held(session, caller.region, plan)
    if kept is None or ("target", code) not in there:
        raise NotFound("target", f"{plan}/{code}")
    answer = _told(plan, code, request, there["target", code])
    if not answer.changed:
        return answer
    part = _changed(caller.region, kept, there, code, request)
    _check(caller, plan, part)
    (target,) = (each for each in part.targets if each.code == code)
    pairs = {(target.indicator, target.subject)} if target.indicator is not None else set()
    series = await indicators.series_of(session, caller.region, pairs)
    keep = stands(state)
    from_ = at if keep else kept.known_from
    await targets.put(session, caller.region, plan, [target], series=series, at=from_, keep=keep)
    await audit.record(
        session,
        Audit,
        caller,
        "targets.change",
        subject=f"target:{plan}/{code}",
        request=request.code,
        approval=request.approval,
        changes=audit.differences({name: there["target", code][name] for name in request.changes}, request.changes),
    )
    return answer


def _told(plan: str, code: str, request: ChangeRequest, present: Mapping[str, JsonValue]) -> TargetChanged:
    fields = [
        FieldChange(field=name, before=present[name], after=value) for name, value in sorted(request.changes.items())
    ]
    return TargetChanged(
        plan=plan,
        target=code,
        request=request.code,
        approval=request.approval or "",
        changed=any(field.before != field.after for field in fields),
        fields=fields,
    )


def _check_request(caller: Caller, plan: str, code: str, request: ChangeRequest) -> None:
    """Refuse callers of a unit, and a request that is not an approved one about this target."""
    if caller.unit_path:
        raise Forbidden("a plan is the whole region's; a unit cannot change it", zh="方案属于全区，单位账号不能更改")
    if (request.plan, request.target) != (plan, code):
        about = "a project" if request.target is None else f"{request.plan}/{request.target}"
        raise NotApproved(f"{request.code} is about {about}", zh=f"变更申请 {request.code} 的对象不是 {plan}/{code}")
    if request.state != "approved":
        raise NotApproved(
            f"{request.code} is {request.state}; it must be approved first", zh=f"变更申请 {request.code} 尚未批准"
        )


def _changed(region: str, kept: Plan, held: Objects, code: str, request: ChangeRequest) -> IndicatorsPart:
    """What is in force with the change, as a plan file's part says it; refused where the target has moved on."""
    present = held["target", code]
    moved = {name: present[name] for name, value in request.before.items() if present[name] != value}
    if moved:
        said = "; ".join(f"{name} is {value}, not {request.before[name]}" for name, value in moved.items())
        raise MovedOn(
            f"the target is not what {request.code} was made for: {said}",
            zh=f"目标已不是申请 {request.code} 所述内容：{'、'.join(moved)}",
        )
    header = {
        "plan": kept.code,
        "version": kept.applied,
        "name": kept.name,
        "region": region,
        "time_zone": kept.time_zone,
        "start": kept.start,
        "end": kept.ends_on,
        "known_from": kept.known_from,
    }
    documents = {**held, ("target", code): {**present, **request.changes}}
    sections = {"indicators": "indicator", "policies": "policy", "targets": "target"}
    lists = {
        section: [document for (kind, _), document in documents.items() if kind == of]
        for section, of in sections.items()
    }
    return IndicatorsPart.model_validate({"header": header, **lists})


async def shown(session: Session, caller: Caller, plan: str) -> PlanAnswer:
    """The plan as indicators has it."""
    held = await indicators.plan_in_force(session, caller.region, plan)
    if held is None:
        raise NotFound("plan", plan)
    states = {each.code: each for each in await directory.plan_states(session, caller.region)}
    known = states.get(plan)
    declared = [row for row in await indicators.indicators_in_force(session, caller.region) if row.plan == plan]
    return PlanAnswer(
        plan=plan,
        version=held.applied,
        name=held.name,
        state=known.state if known else "set-up",
        known_from=held.known_from,
        activated_at=known.activated_at if known else None,
        start=held.start,
        end=held.ends_on,
        time_zone=held.time_zone,
        indicators=len(declared),
        targets=len(await targets.in_force(session, caller.region, plan)),
    )
