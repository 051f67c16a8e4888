"""What an apply would change: the objects of two parts compared by kind and code. Pure; the services use it for dry_run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from pydantic import JsonValue

from services.plan_file.parts import IndicatorsPart, NotifierPart, RegistryPart
from services.plan_file.scalars import Code, Item, Text

Key = tuple[str, str]
"""Kind and code of an object."""

ChangeKind = Literal["create", "update", "delete"]

Objects = Mapping[Key, Mapping[str, JsonValue]]
"""Objects as they are written in JSON."""

KIND_OF_SECTION: Final = {
    "plan": "plan",
    "industries": "industry",
    "units": "unit",
    "contacts": "contact",
    "carriers": "carrier",
    "enterprises": "enterprise",
    "groups": "enterprise_group",
    "projects": "project",
    "rosters": "roster",
    "tasks": "task",
    "responsibilities": "responsibility",
    "indicators": "indicator",
    "policies": "policy",
    "targets": "target",
    "ladder": "ladder",
    "sending": "sending",
    "digests": "digest",
}


class Approved(Item):
    """An approved change request (变更申请) by its code, and its approval number (批准文号)."""

    request: Text
    """Code of the change request."""
    approval: Text
    """The approval number (批准文号)."""


class FieldChange(Item):
    """One field of an object, before and after; null where there is none."""

    field: Text
    """Name of the field in the plan file."""
    before: JsonValue
    """What it was; null where it was not there."""
    after: JsonValue
    """What it is now; null where it is no more."""
    takes_back: Approved | None = None
    """The approved change request that made it what it was, which this change takes back; null where there is none."""


class Change(Item):
    """What happens to one object."""

    kind: Text
    """What kind of object it is: industry, unit, target, …."""
    code: Text
    """Its code; a contact goes by unit/role, a responsibility by its matter, the hours of sending by the plan."""
    change: ChangeKind
    """create 新建, update 更新 or delete 删除."""
    fields: list[FieldChange]
    """The fields that differ, in order of their names."""

    def told(self, plan: str) -> dict[str, Any]:
        """The change as a trail says it: what changed, each field as it was and as it is. Targets are a plan's own."""
        code = f"{plan}/{self.code}" if self.kind == "target" else self.code
        fields = {field.field: [field.before, field.after] for field in self.fields}
        back = {
            one.field: f"{one.takes_back.request} {one.takes_back.approval}" for one in self.fields if one.takes_back
        }
        return {"subject": f"{self.kind}:{code}", "changes": fields} | ({"takes_back": back} if back else {})


class Applied(Item):
    """The answer to an apply, or to a dry run of one."""

    plan: Code
    """Code of the plan."""
    version: Text
    """Version of the plan file that was applied, or would have been."""
    dry_run: bool
    """Whether it was only asked what would change: then nothing was written."""
    changes: list[Change]
    """What changed or would change, object by object; empty where nothing does."""


class ApprovedField(NamedTuple):
    """What an approved change request made of a field of an object."""

    field: str
    value: JsonValue
    by: Approved


ApprovedFields = Mapping[Key, Sequence[ApprovedField]]
"""Of objects, what approved change requests made of their fields, in the order of approval."""


def with_approvals(changes: Iterable[Change], approved: ApprovedFields) -> list[Change]:
    """The changes, each field marked that an approved change request made what it is before."""
    return [
        change.model_copy(
            update={"fields": [_with_approval(one, approved[change.kind, change.code]) for one in change.fields]}
        )
        if change.change == "update" and (change.kind, change.code) in approved
        else change
        for change in changes
    ]


def _with_approval(one: FieldChange, approved: Sequence[ApprovedField]) -> FieldChange:
    by = [each.by for each in approved if (each.field, each.value) == (one.field, one.before)]
    return one.model_copy(update={"takes_back": by[-1]}) if by else one


def taken_back(changes: Iterable[Change]) -> Iterator[tuple[Change, FieldChange, Approved]]:
    """What the changes take back, field by field."""
    for change in changes:
        for field in change.fields:
            if field.takes_back is not None:
                yield change, field, field.takes_back


def objects(part: RegistryPart | IndicatorsPart | NotifierPart) -> dict[Key, dict[str, JsonValue]]:
    """Return the objects of a part by kind and code, in the order of the file.

    A contact goes by `unit/role`, a responsibility by its matter, the hours of sending by the plan.
    """
    document: dict[str, Any] = part.model_dump(mode="json", exclude={"header"})
    found: dict[Key, dict[str, JsonValue]] = {}
    for section, content in document.items():
        kind = KIND_OF_SECTION[section]
        for item in content if isinstance(content, list) else [content]:
            found[kind, _code(kind, item, part.header.plan)] = item
    return found


def difference(before: Objects, after: Objects, *, prune: bool = False) -> list[Change]:
    """Compare what there is with what there shall be: creations and updates in the order of `after`, then deletions.

    What is not in `after` is deleted only with `prune`. A field that neither has is not named; fields are in the order
    of their names.
    """
    changes = []
    for (kind, code), wanted in after.items():
        present = before.get((kind, code))
        fields = _fields({} if present is None else present, wanted)
        if present is None:
            changes.append(Change(kind=kind, code=code, change="create", fields=fields))
        elif fields:
            changes.append(Change(kind=kind, code=code, change="update", fields=fields))
    if prune:
        changes += (
            Change(kind=kind, code=code, change="delete", fields=_fields(present, {}))
            for (kind, code), present in before.items()
            if (kind, code) not in after
        )
    return changes


def _fields(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> list[FieldChange]:
    return [
        FieldChange(field=name, before=before.get(name), after=after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _code(kind: str, item: Mapping[str, str], plan: str) -> str:
    match kind:
        case "contact":
            return f"{item['unit']}/{item['role']}"
        case "responsibility":
            return item["matter"]
        case "sending":
            return plan
    return item["code"]
