"""The lists of the notifier as files: what each field is called."""

from collections.abc import Mapping
from typing import Any, Final

from services.kit.exports import Offer
from services.kit.heads import offered
from services.notifier.codes import CODES
from services.notifier.deliveries.schemas import DeliveryList
from services.notifier.digests.schemas import DigestList
from services.notifier.notices.schemas import DecisionList, NoticeList

NOTICES: Final = {
    "id": "内部编号",
    "plan": "方案",
    "matter": "事项",
    "matter_name": "事项名称",
    "unit": "责任单位",
    "unit_name": "责任单位名称",
    "written_as": "发文时单位名称",
    "level": "级别",
    "level_name": "级别名称",
    "ladder_version": "督办阶梯版本",
    "asks": "要求",
    "state": "状态",
    "overdue": "已逾期",
    "light": "灯",
    "light_reason": "亮灯原因",
    "judged_on": "依据",
    "to": "主送",
    "copy": "抄送单位",
    "own_message": "单独发送",
    "digest": "列入督办提示",
    "opened_at": "立项时间",
    "level_since": "升级时间",
    "issued_at": "发出时间",
    "red_since": "红灯起始时间",
    "limit_on": "限办日期",
    "limit_at": "限办时间",
    "limit_provisional": "限办日期暂定",
    "answered_at": "答复时间",
    "closed_at": "办结时间",
    "close_reason": "办结原因",
    "version": "版本",
}
DECISIONS: Final = {
    "id": "内部编号",
    "plan": "方案",
    "matter": "事项",
    "unit": "责任单位",
    "unit_name": "责任单位名称",
    "at": "时间",
    "cause": "起因",
    "act": "决定",
    "reason": "原因",
    "level": "级别",
    "notice": "督办件",
    "inputs": "依据",
}
DELIVERIES: Final = {
    "id": "内部编号",
    "plan": "方案",
    "unit": "单位",
    "unit_name": "单位名称",
    "kind": "类型",
    "channel": "渠道",
    "recipients": "收件人",
    "subject": "主题",
    "state": "状态",
    "reason": "原因",
    "due_at": "应发时间",
    "created_at": "创建时间",
    "accepted_at": "接收时间",
    "attempts": "尝试次数",
    "provider_reference": "对方回执号",
}
DIGESTS: Final = {
    "id": "内部编号",
    "plan": "方案",
    "kind": "类型",
    "unit": "单位",
    "unit_name": "单位名称",
    "cycle_at": "周期时间",
    "at": "生成时间",
    "reason": "未发原因",
    "delivery": "投递编号",
    "state": "投递状态",
    "lines": "在办事项",
}

OFFERS: Final[Mapping[Any, Offer]] = {
    NoticeList: offered("督办件", NoticeList, NOTICES, codes=CODES),
    DecisionList: offered("督办决定", DecisionList, DECISIONS, codes=CODES),
    DeliveryList: offered("投递", DeliveryList, DELIVERIES, codes=CODES),
    DigestList: offered("督办提示", DigestList, DIGESTS, codes=CODES),
}


def offer(response_model: object) -> Offer | None:
    """How the items of a list look as rows; None for what is no list."""
    return OFFERS.get(response_model) if isinstance(response_model, type) else None
