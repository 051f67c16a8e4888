"""What the fixed values of the registry's fields are called (代码表); those of plan files are named beside these.

Where rules speak of values by name, the names are theirs.
"""

from typing import Final, Literal

from services.kit.codes import CodeLists, code_list
from services.kit.later.schemas import STATES as JOB_STATES
from services.kit.terms import term
from services.kit.trail import ORDERS
from services.plan_file import codes as plan_file
from services.registry.calendar import rules as calendar
from services.registry.cases import rules as case_rules
from services.registry.cases import schemas as cases
from services.registry.enterprises import schemas as enterprises
from services.registry.enterprises.names import rules as names
from services.registry.enterprises.roles import rules as recognitions
from services.registry.identity import schemas as identity
from services.registry.identity.rules import ROLES
from services.registry.industries.classes import rules as classes
from services.registry.instruments import schemas as instruments
from services.registry.leaders import schemas as leaders
from services.registry.merges import rules as merges
from services.registry.plans.rules import TaskState
from services.registry.projects.kinds import rules as kinds
from services.registry.projects.nodes import schemas as nodes
from services.registry.projects.suspensions import rules as suspensions
from services.registry.projects.suspensions.schemas import State as SuspensionState
from services.registry.prospects import rules as prospects
from services.registry.reorganisations import schemas as reorganisations
from services.registry.responsibilities import schemas as responsibilities
from services.registry.roles import schemas as roles
from services.registry.rosters import schemas as rosters
from services.registry.tasks import rules as tasks
from services.registry.tasks.schemas import EntryKind

OF_PLAN_FILES: Final = (
    plan_file.UNIT_KINDS,
    plan_file.CONTACT_ROLES,
    plan_file.RESPONSIBILITY_BASES,
    plan_file.MATTER_KINDS,
    plan_file.PLAN_STATES,
    plan_file.ROSTER_THINGS,
    plan_file.MEMBER_KINDS,
    plan_file.MENTION_KINDS,
    plan_file.COUNTED_LISTS,
    plan_file.BASELINE_BASES,
    plan_file.CHANGES,
)
OF_UNITS: Final = (
    code_list(
        "responsibility-roles",
        "责任角色",
        "roles in a responsibility",
        {"lead": ("牵头", "lead"), "support": ("配合", "support")},
        responsibilities.Part,
    ),
    code_list(
        "access-roles",
        "系统角色",
        "roles of callers",
        {role.code: (role.zh, role.en) for role in ROLES.values()},
        fields=("RoleView.code", "NewGrant.role", "GrantView.role"),
    ),
    code_list(
        "holder-kinds",
        "账号类型",
        "kinds of accounts",
        {"person": ("人员", "person"), "client": ("系统", "client")},
        roles.HolderKind,
    ),
    code_list(
        "token-errors",
        "令牌错误",
        "errors of the token endpoint",
        {
            "invalid_client": ("密钥无效", "invalid client"),
            "invalid_request": ("请求有误", "invalid request"),
            "invalid_scope": ("超出权限范围", "invalid scope"),
            "unsupported_grant_type": ("不支持的授权方式", "unsupported grant type"),
        },
        identity.OAuthError,
    ),
    code_list(
        "reorganisation-acts",
        "机构调整方式",
        "acts of reorganisations",
        {
            "rename": ("更名", "rename"),
            "move": ("划转", "move", "to another unit above"),
            "merge": ("合并", "merge", "one unit alone is succeeded"),
            "split": ("分设", "split"),
        },
        reorganisations.ActKind,
        *(Literal["rename"], Literal["move"], Literal["merge"], Literal["split"]),
    ),
    code_list(
        "unit-changes",
        "单位变动",
        "what a reorganisation does to a unit",
        {
            "founded": ("新组建", "founded"),
            "ended": ("撤销", "ended"),
            "renamed": ("更名", "renamed"),
            "moved": ("划转", "moved"),
        },
        reorganisations.UnitChange,
    ),
    code_list(
        "contact-changes",
        "联系人变动",
        "what a reorganisation does to a contact",
        {"handed_over": ("转入承接单位", "handed over"), "named": ("新指定", "named"), "ended": ("终止", "ended")},
        reorganisations.ContactChange,
    ),
    code_list(
        "duty-kinds",
        "在办职责类型",
        "what else is handed over with a unit",
        {
            "roster": (term("roster"), "roster"),
            "instrument": (term("instrument"), "instrument"),
            "prospect": (term("prospect"), "prospect"),
            "activity": (term("activity"), "activity"),
            "leader_contact": ("领导联系", "leader's contact"),
            "problem": ("上报问题", "problem"),
            "change_request": (term("change_request"), "change request"),
            "project_step": ("项目流转", "step of a project"),
        },
        reorganisations.DutyKind,
    ),
    code_list(
        "day-kinds",
        "日期类型",
        "kinds of days",
        {
            "workday": ("工作日", "working day"),
            "weekend": ("周末", "weekend"),
            "holiday": ("放假", "holiday", "a weekday that is free"),
            "worked_weekend": ("调休上班", "worked weekend"),
        },
        calendar.Kind,
    ),
)
OF_ENTERPRISES: Final = (
    code_list("enterprise-roles", "企业认定", "recognitions of enterprises", recognitions.ROLES, recognitions.Role),
    code_list("enterprise-levels", "认定级别", "levels of recognition", recognitions.LEVELS, recognitions.Level),
    code_list("class-editions", "行业分类版本", "editions of industry classes", classes.EDITIONS, classes.Edition),
    code_list(
        "name-kinds",
        "名称类型",
        "kinds of names of an enterprise",
        {
            "registered": ("登记名称", "registered name"),
            "alias": ("别名", "alias"),
            "short": ("简称", "short name"),
            "former": ("曾用名", "former name"),
            "brand": ("品牌", "brand"),
        },
        names.KnownBy,
        names.Kind,
    ),
    code_list(
        "name-matches",
        "名称匹配方式",
        "how an enterprise was found by a name",
        {
            "exact": ("登记名称相同", "the registered name"),
            "alias": ("其他名称相同", "another of its names"),
            "folded": ("简化后相同", "the same without legal form, group, brackets and province"),
            "contained": ("名称包含", "a part of a name"),
        },
        names.How,
    ),
    code_list(
        "missing-fields",
        "缺失信息",
        "what an enterprise may lack",
        {"credit_code": ("统一社会信用代码", "unified social credit code")},
        enterprises.Missing,
    ),
    code_list(
        "merge-sides",
        "合并取值",
        "whose value a merge keeps",
        {"survivor": ("保留方", "survivor"), "duplicate": ("被合并方", "duplicate")},
        merges.Side,
    ),
    code_list(
        "merge-fields",
        "合并字段",
        "fields that a merge decides",
        {
            "name": ("名称", "name"),
            "number": ("序号", "number"),
            "industry": ("产业", "industry"),
            "direction": ("培育方向", "direction"),
            "group": ("所属集团", "group"),
            "credit_code": ("统一社会信用代码", "unified social credit code"),
            "main_class": ("主行业代码", "main class"),
        },
        merges.Decidable,
    ),
    code_list(
        "roster-item-states",
        "名册条目状态",
        "states of a roster's items",
        {
            "proposed": ("拟认定", "proposed"),
            "recognised": ("已认定", "recognised"),
            "withdrawn": ("已撤销", "withdrawn"),
        },
        rosters.State,
    ),
)
OF_PROJECTS: Final = (
    code_list("project-stages", "项目阶段", "stages of a project's life", kinds.STAGES, kinds.Stage),
    code_list("step-needs", "步骤要件", "what a project's step needs", kinds.NEEDS, kinds.Need),
    code_list(
        "step-proposers",
        "提请单位",
        "who proposes a project's step",
        {
            "lead": ("牵头单位", "lead unit"),
            "unit": ("责任单位", "lead or support unit"),
            "office": (ROLES["leading_group_office"].zh, ROLES["leading_group_office"].en),
        },
        kinds.Proposer,
    ),
    code_list(
        "day-counts",
        "天数计算",
        "how days are counted",
        {"calendar": ("自然日", "calendar days"), "working": ("工作日", "working days")},
        kinds.Counted,
    ),
    code_list(
        "node-states",
        "节点状态",
        "states of a schedule's nodes",
        {
            "open": ("未到期", "open"),
            "late": ("已逾期", "late"),
            "done": ("按期完成", "done in time"),
            "done_late": ("逾期完成", "done late"),
        },
        nodes.NodeState,
    ),
    code_list(
        "proposal-states",
        "提请状态",
        "states of steps, change requests and suspensions",
        case_rules.STATES,
        SuspensionState,
        cases.CaseState,
    ),
    code_list(
        "verdicts",
        "审定结论",
        "decisions on what was proposed",
        {"approve": ("批准", "approve"), "refuse": ("不予批准", "refuse")},
        cases.Verdict,
    ),
    code_list(
        "opinions",
        "评审意见",
        "opinions of units",
        {"agree": ("同意", "agree"), "conditional": ("有条件同意", "conditional"), "object": ("不同意", "object")},
        cases.View,
    ),
    code_list("suspension-causes", "中止事由", "why a project is suspended", suspensions.CAUSES, suspensions.Cause),
    code_list(
        "contact-subjects",
        "领导联系对象",
        "with what a leader is in contact",
        {
            "project": (term("project"), "project"),
            "enterprise": (term("enterprise"), "enterprise"),
            "carrier": (term("carrier"), "carrier"),
        },
        leaders.ContactWith,
    ),
    code_list(
        "problem-states",
        "问题状态",
        "states of problems raised upward",
        case_rules.PROBLEM_STATES,
        leaders.ProblemState,
    ),
)
OF_SUPPORT: Final = (
    code_list("task-states", "任务状态", "states of tasks", tasks.NAMES, TaskState),
    code_list(
        "task-entry-kinds",
        "台账记录类型",
        "entries of a task's log",
        {"step": ("状态变更", "step"), "progress": ("进展", "progress")},
        EntryKind,
    ),
    code_list(
        "instrument-kinds",
        "政策工具类型",
        "kinds of instruments of support",
        {
            "fund": ("基金", "fund"),
            "talent": ("人才政策", "policy for talents"),
            "exhibition": ("会展", "exhibition"),
            "subsidy": ("补助", "subsidy"),
            "land": ("用地", "land"),
            "other": ("其他", "other"),
        },
        instruments.InstrumentKind,
    ),
    code_list(
        "payment-findings",
        "兑现核对结果",
        "what does not add up in payments",
        {
            "paid-more-than-committed": ("兑现超过承诺", "paid more than committed"),
            "paid-without-commitment": ("未登记承诺而兑现", "paid without commitment"),
        },
        instruments.FindingCode,
    ),
    code_list("prospect-stages", "招商阶段", "stages of prospects", prospects.STAGES, prospects.Stage),
    code_list(
        "activity-kinds",
        "招商活动类型",
        "kinds of activities",
        {
            "promotion": ("推介会", "promotion"),
            "visit": ("上门招商", "visit"),
            "summit": ("峰会", "summit"),
            "briefing": ("投资环境说明会", "briefing"),
        },
        prospects.ActivityKind,
    ),
)
CODES: Final = CodeLists(
    *OF_PLAN_FILES,
    *OF_UNITS,
    *OF_ENTERPRISES,
    *OF_PROJECTS,
    *OF_SUPPORT,
    JOB_STATES,
    ORDERS,
)
"""All lists but those of sheets, which stand on these."""
