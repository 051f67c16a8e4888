"""What the fixed values of the notifier's fields are called (代码表); those of plan files are named beside these.

The levels of a ladder are a plan's own, with their names: GET /v1/plans/{code} has them.
"""

from typing import Final

from services.kit.codes import CodeLists, code_list
from services.kit.trail import ORDERS
from services.notifier.deliveries.schemas import AddressedAs, AttemptResult, DeliveryKind, DeliveryState
from services.notifier.digests.schemas import NotSent
from services.notifier.letters.rules import HANDED_OVER
from services.notifier.notices.schemas import DecisionAct, DecisionCause, DecisionReason, NoticeState, StepAct
from services.plan_file import codes as plan_file

LIGHTS: Final = {f"light_{code}": (each.zh, each.en) for code, each in plan_file.LIGHTS.codes.items()}
STATES: Final = code_list(
    "notice-states",
    "督办件状态",
    "states of notices",
    {
        "open": ("在办", "open"),
        "acknowledged": ("已签收", "acknowledged"),
        "awaiting_verification": ("待核实", "awaiting verification", "its light has left red; a person verifies"),
        "closed": ("已办结", "closed"),
    },
    NoticeState,
)
ACTS: Final = code_list(
    "notice-acts",
    "督办事件",
    "what is decided about a notice or happens to it",
    {
        "opened": ("立项", "opened"),
        "raised": ("升级", "raised"),
        "reopened": ("重新督办", "reopened"),
        "acknowledged": ("签收", "acknowledged"),
        "awaiting_verification": ("待核实", "awaiting verification"),
        "carried_on": ("承接续办", "carried on", "by the unit that took over"),
        "limit_moved": ("限办日期调整", "limit moved", "by a new notice of working days"),
        "kept": ("维持", "kept"),
        "closed": ("办结", "closed"),
        "none": ("无需督办", "none", "nothing is due"),
    },
    DecisionAct,
    StepAct,
)
REASONS: Final = code_list(
    "decision-reasons",
    "督办原因",
    "why something was decided",
    {
        **LIGHTS,
        **plan_file.LIGHT_REASONS.codes,
        "handed_over": (HANDED_OVER, "handed over"),
        "no_owner": ("无责任单位", "no owner", "nobody answers for the matter"),
        "no_ladder": ("无督办阶梯", "no ladder", "the plan has no ladder in force"),
        "reorganised": ("机构调整", "reorganised", "the unit that took over carries it on"),
    },
    DecisionReason,
)
DELIVERY_STATES: Final = code_list(
    "delivery-states",
    "投递状态",
    "states of deliveries",
    {
        "pending": ("待发送", "pending"),
        "leased": ("准备发送", "leased", "a process has taken it"),
        "sending": ("发送中", "sending"),
        "accepted": ("已接收", "accepted", "by the next system; only an acknowledgement (签收) proves receipt"),
        "confirmed": ("已确认", "confirmed"),
        "retry_wait": ("等待重试", "waiting to be tried again"),
        "rejected": ("被退回", "rejected", "for good"),
        "unknown": ("结果不明", "unknown", "it may have been taken: never sent again by itself"),
        "dead": ("发送失败", "dead", "tried as often as is tried"),
        "cancelled": ("已取消", "cancelled"),
    },
    DeliveryState,
)
CODES: Final = CodeLists(
    plan_file.LIGHTS,
    plan_file.LIGHT_REASONS,
    STATES,
    ACTS,
    REASONS,
    code_list(
        "decision-causes",
        "督办起因",
        "what made something be decided",
        {"light": ("亮灯变化", "a change of light"), "owner": ("责任分工变化", "a change of responsibility")},
        DecisionCause,
    ),
    code_list(
        "delivery-kinds",
        "消息类型",
        "kinds of messages",
        {"notice": ("督办通知单", "notice"), "digest": ("督办提示", "digest")},
        DeliveryKind,
    ),
    DELIVERY_STATES,
    code_list(
        "attempt-results",
        "发送结果",
        "results of attempts",
        {
            "accepted": (DELIVERY_STATES.codes["accepted"].zh, "accepted"),
            "retry": ("暂未接收", "retry", "certainly not taken, for now"),
            "rejected": (DELIVERY_STATES.codes["rejected"].zh, "rejected"),
            "unknown": (DELIVERY_STATES.codes["unknown"].zh, "unknown"),
        },
        AttemptResult,
    ),
    code_list(
        "addressed-as",
        "收件方式",
        "how a person is addressed",
        {"to": ("主送", "to"), "cc": ("抄送", "cc")},
        AddressedAs,
    ),
    code_list(
        "not-sent-reasons",
        "未发原因",
        "why a digest was not sent",
        {"nothing_open": ("无在办事项", "nothing open")},
        NotSent,
    ),
    plan_file.ASKS,
    plan_file.CHANNELS,
    plan_file.CONTACT_ROLES,
    plan_file.WEEKDAYS,
    plan_file.CHANGES,
    ORDERS,
)
"""All lists."""
