"""What is sent to each call so that nothing but who asks decides on the answer. By the values of its relation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.plan_file.parts import split
from services.registry.endings.service import ENDABLE
from tests.notifier.others import sample
from tests.platform import START
from tests.registry.reforms import reform, renamed
from tests.registry.samples import enterprise, project, unit
from tests.registry.test_calendar_notices import OF_2019
from tests.roles.world import MILESTONES, OTHER_PLAN, PLAN, SERIES, UNITS, Json, Values

WORD = {"text": "经研究（样例）"}
PAYMENT = {"amount": "10", "day": "2018-03-01", "document": "样例〔2018〕1号", "receiver": "某双创团队"}
REVERSAL = {"day": "2018-04-01", "document": "样例〔2018〕2号", "reason": "重复拨付"}
APPROVED_PAUSE = {"decision": "approve", **WORD, "approved_by": "区领导小组"}
APPROVED_CHANGE = {"decision": "approve", **WORD, "approval": "样例〔2018〕12号"}
NODE = {"code": "start", "name": "开工", "name_en": "start", "days": 100, "counted": "calendar", "step": "start"}
LIAISONS = {each.unit: each.person for each in sample().contacts if each.role == "liaison"}
NAMED = {"roster": "龙头企业名册", "prospect": "某意向投资方", "activity": "某推介会", "instrument": "某子基金"}


@dataclass
class Asked:
    """A request without its path and its caller."""

    json: Any = None
    content: bytes | None = None
    files: dict[str, Any] | None = None
    params: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


Makes = Callable[[Values], Asked]
FIRST = {"If-Match": '"1"'}
ANY = {"If-Match": "*"}


def roster(code: str, of: str) -> Json:
    """A roster that a unit keeps."""
    return {"code": code, "name": f"{NAMED['roster']}（{code}）", "unit": of, "lists": "enterprise"}


ITEM: Json = {
    "code": "1",
    "name": "某企业",
    "subject": "industry:information",
    "thing": f"enterprise:{sample().enterprises[0].code}",
}


def step(reviewer: str) -> Json:
    """A project's first step, with a unit that is to review it."""
    return {"step": "enlist", "on": "2017-01-10", **WORD, "reviewers": [reviewer]}


def pause(first: str, last: str) -> Json:
    """A suspension of a project."""
    return {"first_day": first, "last_day": last, "cause": "factors", **WORD}


def change(of: str) -> Json:
    """A request to change a project."""
    return {"unit": of, **WORD, "changes": {"last_year": 2020}}


def change_of_target(of: str, goal: str) -> Json:
    """A request to change a target."""
    to = {"checkpoints": [{"date": "2019-12-31", "value": str(2 * int(goal))}]}
    return {"unit": of, **WORD, "before": {"checkpoints": [{"date": "2019-12-31", "value": goal}]}, "changes": to}


def milestone(code: str, subject: str) -> Json:
    """A milestone that counts when it is named."""
    states = [{"code": "listed", "name": "列入创建名单"}, {"code": "named", "name": "命名"}]
    usual = {"code": code, "name": "特色小镇", "subject": subject, "states": states, "counts": "named"}
    return {**usual, "due": "2018-06-30"}


def schedule() -> Json:
    """A schedule with one node."""
    return {
        "goal": "2018-07-16",
        "begin_by": "2017-12-14",
        "nodes": [{**NODE, "latest": "2018-07-16"}],
    }


def contact(leader: str, subject: str) -> Json:
    """A leader in contact with something."""
    return {"leader": leader, "subject": subject, "valid_from": "2017-01-01"}


def visit(leader: str, subject: str) -> Json:
    """A leader's visit."""
    return {"leader": leader, "subject": subject, "on": "2018-07-10", "place": "某地", "people": [], "seen": "见闻"}


def problem(of: str, subject: str) -> Json:
    """A problem that is raised."""
    return {"subject": subject, "title": "用电负荷不足", "text": "请协调增容", "leader": None, "raised_by": of}


def prospect(code: str, of: str) -> Json:
    """Somebody who may invest."""
    usual = {"name": f"{NAMED['prospect']}（{code}）", "industry": "information", "origin": "北京", "group": None}
    return {"code": code, **usual, "investment": "5000", "source": "某大会", "unit": of, "since": "2018-05-18"}


def activity(code: str, of: str) -> Json:
    """A promotion."""
    usual = {"name": f"{NAMED['activity']}（{code}）", "kind": "promotion", "day": "2018-05-18", "place": "北京"}
    return {"code": code, **usual, "units": [of], "met": []}


def instrument(code: str, of: str) -> Json:
    """An instrument of support."""
    usual = {"name": f"{NAMED['instrument']}（{code}）", "kind": "fund", "task": None, "unit": of, "committed": "100"}
    return {"plan": PLAN, "code": code, **usual}


def published(of: str) -> Json:
    """Something that was published."""
    return {"day": "2018-05-18", "medium": "某报", "title": "从蓝图到产业", "unit": of}


def stand_in() -> Json:
    """Another person who receives notices for some days."""
    days = {"valid_from": "2018-08-01", "valid_to": "2018-08-10"}
    return {"person": "代理人（样例）", "email": "stand.in@example.com", **days}


def renaming(of: str, code: str) -> Json:
    """A reorganisation that renames a unit."""
    return reform(renamed(of, f"某局（{code}）"), code=code, effective_on="2018-07-16")


def _json(body: Any, headers: dict[str, str] | None = None, **params: Any) -> Makes:  # noqa: ANN401 - JSON, a query
    return lambda _values: Asked(json=body, headers=dict(headers or {}), params=params)


def _of(made: Callable[[Values], Any], headers: dict[str, str] | None = None) -> Makes:
    return lambda values: Asked(json=made(values), headers=dict(headers or {}))


def _part(service: str) -> Makes:
    """The plan as it is, tried out only."""

    def asked(values: Values) -> Asked:
        body = getattr(split(sample()), service).model_dump(mode="json")
        body["header"]["plan"] = values.get("code", PLAN)
        if "plan" in body:
            body["plan"]["code"] = values.get("code", PLAN)
        return Asked(json=body, params={"dry_run": True})

    return asked


def _figures(values: Values) -> Asked:
    """One figure of a unit's series, tried out only; who reports is whoever asks, or the bureau of the series."""
    indicator, subject, measure = SERIES[values["=relation"]]
    report = {"indicator": indicator, "subject": subject, "period": "2018-05", "value": "3", "unit": measure}
    return Asked(json={"reports": [report]}, params={"plan": PLAN, "dry_run": True})


def _rows(heads: str, row: Callable[[Values], str], **params: Any) -> Makes:  # noqa: ANN401 - a query
    def asked(values: Values) -> Asked:
        text = f"{heads}\n{row(values)}\n"
        return Asked(content=text.encode(), params=params, headers={"Content-Type": "text/csv"})

    return asked


def _figure_row(values: Values) -> str:
    indicator, subject, measure = SERIES[values["=relation"]]
    return f"{indicator},{subject},2018-05,3,{measure},,reported,{values['=unit']},"


_CONTACTS = _rows(
    "单位,角色,姓名,电子邮箱",
    lambda values: f"{values['=unit']},principal,某人,somebody@example.com",
    dry_run=True,
)
_INDUSTRIES = _rows("code,name,name_en", lambda _values: "another,某产业,another", dry_run=True)
"""What is of no unit: a caller of one imports none of it, whatever the sheet says."""


_PROSPECTS = _rows(
    "代码,名称,产业,来源地,线索来源,洽谈单位,首次接触日期",
    lambda values: f"another,某对象（样例）,information,某地,某会,{values['=unit']},2018-06-01",
    dry_run=True,
)
_VISITS = _rows(
    "走访领导,走访对象,走访日期,走访所见",
    lambda values: f"{values['=leader']},project:P02,2018-07-10,见闻",
    dry_run=True,
)
_PAYMENTS = _rows(
    "计划,政策工具,兑现日期,兑现金额,收款方,依据文号",
    lambda values: f"{PLAN},fund-{values['=relation']},2018-03-01,10,某双创团队,样例〔2018〕3号",
    dry_run=True,
)
_PUBLICITY = _rows(
    "计划,刊发日期,媒体,标题,刊发单位",
    lambda values: f"{PLAN},2018-05-18,某报,又一篇,{values['=unit']}",
    dry_run=True,
)
_ACTIVITIES = _rows(
    "代码,名称,类型,开始日期,地点,主办单位",
    lambda values: f"another,某活动（样例）,推介会,2018-06-01,某地,{values['=unit']}",
    dry_run=True,
)


def _landing(values: Values) -> Json:
    code = f"e-{values['code']}"
    fresh = {"new_enterprise": enterprise(code, f"新企业（{code}）"), "new_project": {**project("P99"), "plan": PLAN}}
    return {"on": "2018-07-15", **fresh}


SENT: dict[str, Makes] = {
    "registry plan_apply": _part("registry"),
    "indicators plan_apply": _part("indicators"),
    "notifier plan_apply": _part("notifier"),
    "plan_set_state": _json({"state": "active"}, ANY),
    "clock_move": _json({"to": START.isoformat()}),
    "due_run": _json({"until": START.isoformat()}),
    "observations_submit": _figures,
    "observations_import": _rows(
        "indicator,subject,period,value,unit,recorded_at,status,reporter,note", _figure_row, plan=PLAN, dry_run=True
    ),
    "milestones_import": _rows(
        "target,done_on,recorded_at,evidence",
        lambda values: f"{MILESTONES[values['=relation']]},2018-06-01,,会议纪要",
        plan=PLAN,
        dry_run=True,
    ),
    "observation_reject": _json({"note": "复核有误"}),
    "notice_acknowledge": _json({"person": "某人"}),
    "roster_create": _of(lambda values: roster("new", values["=unit"])),
    "roster_count": _json(None, as_of="2018-06-30"),
    "roster_item_propose": _json(
        {**ITEM, "code": "2", "name": "某企业二", "thing": f"enterprise:{sample().enterprises[1].code}"}
    ),
    "roster_item_replace": _of(lambda values: {**ITEM, "code": values["item"]}, FIRST),
    "roster_item_recognise": _json(
        {"on": "2018-05-31", "evidence": [{"title": "认定文件", "document_number": "〔2018〕1号"}]}, ANY
    ),
    "roster_item_withdraw": _json({"on": "2018-07-01", "reason": "迁出本区"}),
    "project_create": _json({**project("P98"), "plan": PLAN}),
    "unit_create": _json(unit("another", "某局")),
    "contact_hand_over": _of(
        lambda values: {
            "old": LIAISONS.get(values["unit"], "某人"),
            "person": "接任者（样例）",
            "email": "next@example.com",
            "valid_from": "2018-07-17",
        }
    ),
    "contact_stand_in": _of(lambda _values: {**stand_in(), "valid_from": "2018-09-01", "valid_to": "2018-09-10"}),
    "contact_stand_in_end": _json(None, FIRST),
    "key_create": _of(lambda values: {"client_id": "somebody", "scopes": [], "unit": values["=unit"]}),
    "key_rotate": _json({}),
    "person_create": _of(lambda values: {"name": "somebody.new", "display_name": "某人", "unit": values["=unit"]}),
    "person_replace": _of(
        lambda values: {"display_name": "某人", "unit": UNITS.get(values["name"].rpartition(".")[2])}, ANY
    ),
    "grant_create": _of(
        lambda values: {
            "holder": f"person:somebody.{values['=relation']}",
            "role": "enterprise_reporter",
            "unit": values["=unit"],
        }
    ),
    "outside_account_link": _of(
        lambda values: {"provider": "district", "outside_id": "GO_new", "unit": values["=unit"]}
    ),
    "key_renew": _json({"key": "nothing"}),
    "session_begin": _json({"name": "nobody.{caller}", "password": "nothing"}),
    "session_refresh": _json({"refresh_token": "nothing"}),
    "session_end": _json({"refresh_token": "nothing"}),
    "password_change": _json(
        {"name": "nobody.2.{caller}", "password": "nothing", "new_password": "correct horse battery"}
    ),
    "login_begin": _json({"provider": "nobody"}),
    "login_finish": _json({"login": "nothing", "state": "nothing", "code": "nothing"}),
    "token_issue": lambda _values: Asked(),
    "file_keep": lambda _values: Asked(files={"file": ("某证明.pdf", b"%PDF-1.7 synthetic")}),
    "working_day_find": _json(None, after="2018-07-16", count=3),
    "calendar_notice_take": _json(OF_2019, FIRST),
    "enterprise_resolve": _json(None, name="万向"),
    "enterprise_merge": _json(
        {"duplicate": sample().enterprises[1].code, "duplicate_version": 1, "reason": "样例", "decisions": {}},
        FIRST,
    ),
    "project_step_propose": _of(lambda _values: step(UNITS["own"])),
    "project_step_amend": _of(lambda values: step(values["=unit"]), FIRST),
    "project_step_review": _of(lambda values: {"unit": values["=unit"], "view": "agree", **WORD}),
    "project_step_decide": _json({"decision": "approve", **WORD}, ANY),
    "project_step_withdraw": _json(WORD),
    "suspension_propose": _json(pause("2018-09-01", "2018-09-30")),
    "suspension_decide": _json(APPROVED_PAUSE, ANY),
    "suspension_end": _json({"last_day": "2018-05-20", **WORD}),
    "suspension_annul": _json(WORD),
    "suspension_withdraw": _json(WORD),
    "schedule_replace": _json(schedule(), FIRST),
    "schedule_draft": _json(None, goal="2018-07-16", node="start"),
    "project_change_request": _of(lambda values: change(values["=unit"])),
    "target_change_request": _of(lambda values: change_of_target(values["=unit"], values["=goal"])),
    "change_request_review": _of(lambda values: {"unit": values["=unit"], "view": "agree", **WORD}),
    "change_request_decide": _json(APPROVED_CHANGE, ANY),
    "change_request_withdraw": _json(WORD),
    "milestone_replace": _of(lambda values: milestone(values["code"], values["=subject"]), FIRST),
    "milestone_report": _json({"state": "named", "on": "2018-06-20", **WORD}),
    "leader_contact_create": _of(lambda values: contact(values["=leader"], "project:P02")),
    "leader_contact_replace": _of(lambda values: contact(values["=leader"], values["=subject"]), FIRST),
    "visit_record": _of(lambda values: visit(values["=leader"], "project:P02")),
    "visit_replace": _of(lambda values: visit(values["=leader"], values["=subject"]), FIRST),
    "problem_raise": _of(lambda values: problem(values["=unit"], "project:P02")),
    "problem_assign": _json({**WORD, "unit": UNITS["own"], "due": "2018-08-31"}),
    "problem_send_back": _json(WORD),
    "problem_decide": _json({**WORD, "decided_by": "某领导", "on": "2018-07-16"}, ANY),
    "problem_settle": _json({**WORD, "on": "2018-07-16"}),
    "problem_return": _json(WORD),
    "problem_reopen": _json(WORD),
    "task_step": _json({"to": "under_way", "on": "2018-06-01"}),
    "task_progress_add": _json({"on": "2018-06-01", "text": "有进展"}),
    "publicity_add": _of(lambda values: published(values["=unit"])),
    "publicity_withdraw": _json({"reason": "误登"}),
    "instrument_replace": _of(lambda values: instrument(values["code"], values["=unit"]), FIRST),
    "payment_add": _json(PAYMENT),
    "payment_reverse": _json(REVERSAL),
    "shared_project_replace": _json({"reason": "样例"}, FIRST),
    "shared_project_end": _json(None, FIRST),
    **{f"{kind}_end": _json(None, ANY) for kind in ENDABLE},
    "plan_hand_over": _json({"successor": OTHER_PLAN}, dry_run=True),
    "prospect_replace": _of(lambda values: prospect(values["code"], values["=unit"]), FIRST),
    "prospect_step": _json({"to": "contact", "on": "2018-06-01"}),
    "prospect_land": _of(_landing),
    "activity_replace": _of(lambda values: activity(values["code"], values["=unit"]), FIRST),
    "reorganisation_carry_out": _json(renaming("transport", "another"), dry_run=True),
    "objects_import": lambda values: (_CONTACTS if values["objects"] == "contacts" else _INDUSTRIES)(values),
    "visits_import": _VISITS,
    "payments_import": _PAYMENTS,
    "publicity_import": _PUBLICITY,
    "prospects_import": _PROSPECTS,
    "activities_import": _ACTIVITIES,
    "target_change": _of(lambda values: {"request": values["=request"]}),
    "breakdown_replace": _of(lambda values: {"parts": [{"unit": UNITS["own"], "value": values["=goal"]}]}, FIRST),
    "gap_explain": _json(None, plan=PLAN),
    "lights_history": _json(None, plan=PLAN),
    "plan_check": _json({}),
}
"""By operation, with the service before it where several have it. What is not here is made of what can be read."""
