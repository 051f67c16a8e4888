"""What the platform's things are called in Chinese, where a sentence names one by its kind."""

from collections.abc import Mapping
from typing import Final

TERMS: Final[Mapping[str, str]] = {
    "activity": "招商活动",
    "breakdown": "任务分解",
    "calendar": "工作日历",
    "carrier": "载体",
    "change request": "变更申请",
    "change_request": "变更申请",
    "code_list": "代码表",
    "contact": "联系人",
    "delivery": "消息",
    "enterprise": "企业",
    "enterprise_group": "企业集团",
    "entry": "任务台账记录",
    "file": "佐证文件",
    "grant": "角色授予",
    "indicator": "指标",
    "industry": "产业",
    "instrument": "政策工具",
    "job": "后台任务",
    "key": "接口密钥",
    "leader_contact": "领导联系安排",
    "mailbox": "邮箱",
    "milestone": "里程碑",
    "notice": "督办单",
    "observation": "报数",
    "outside account": "外部账号",
    "payment": "兑现记录",
    "person": "人员",
    "plan": "行动计划",
    "problem": "问题",
    "project": "项目",
    "project_kind": "项目类型",
    "project_step": "项目步骤",
    "prospect": "招商对象",
    "publicity": "宣传记录",
    "reorganisation": "机构调整",
    "responsibility": "责任分工",
    "roster": "名册",
    "roster_item": "名册条目",
    "schedule": "倒排工期",
    "series": "序列",
    "shared_project": "共享项目",
    "stand-in": "代理安排",
    "subject": "对象",
    "succession": "计划承接",
    "suspension": "中止计时",
    "target": "目标",
    "task": "任务",
    "unit": "责任单位",
    "visit": "走访记录",
}


def term(kind: str) -> str:
    """The Chinese term of a kind, such as 责任单位 of `unit`."""
    return TERMS[kind]
