"""What about a reorganisation is unclear: every fault is named, each where it stands."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from services.kit.errors import Faulty
from services.registry.leaders.rules import contact_faults, leader_faults
from services.registry.reorganisations.duties.rules import DUTIES
from services.registry.reorganisations.rules import (
    Key,
    State,
    Subject,
    children,
    duties_afterwards,
    heirs,
    named_contacts,
    named_duties,
    named_matters,
    offers,
    open_duties,
    open_matters,
    subjects,
    successors,
    taker_of,
)
from services.registry.versions.rules import Content


def faults(state: State, document: Content, *, today: date) -> list[Faulty]:
    """Everything that must be said otherwise before it can be carried out."""
    found = [*_day(document, today), *_founded(state, document)]
    seen: dict[str, str] = {unit["code"]: f"/body/units/{place}" for place, unit in enumerate(document["units"])}
    for subject in subjects(document):
        if subject.unit in seen:
            found.append(
                Faulty(
                    subject.pointer,
                    "unit-twice",
                    f"{subject.unit} stands at {seen[subject.unit]} already: one act says all that happens to a unit",
                    f"{subject.unit} 已见于 {seen[subject.unit]}：同一单位只能出现在一项调整中",
                )
            )
            continue
        seen[subject.unit] = subject.pointer
        found += _subject(state, subject, document)
    for place, act in enumerate(document["acts"]):
        found += _act(state, act, f"/body/acts/{place}", document)
    if not seen:
        found.append(Faulty("/body/acts", "nothing", "nothing happens in it", "没有任何调整内容"))
    return [*found, *_parents(document), *_contacts(state, document), *_leaders(state, document)]


def _day(document: Content, today: date) -> Iterator[Faulty]:
    if document["effective_on"] > today.isoformat():
        yield Faulty(
            "/body/effective_on",
            "in-future",
            f"it is {today.isoformat()}; enter it on its day or later, until then try it with dry_run",
            f"今天是 {today.isoformat()}；请在生效当日或之后录入，此前可用 dry_run 预演",
        )


def _founded(state: State, document: Content) -> Iterator[Faulty]:
    seen: set[str] = set()
    for place, unit in enumerate(document["units"]):
        at, code = f"/body/units/{place}/code", unit["code"]
        if code in state.units:
            yield Faulty(
                at,
                "exists",
                f"there is a unit {code}; who is founded needs a code of its own",
                f"单位代码 {code} 已存在；新组建单位须用新代码",
            )
        if code in seen:
            yield Faulty(at, "unit-twice", f"{code} is founded already", f"{code} 重复组建")
        seen.add(code)


def _subject(state: State, subject: Subject, document: Content) -> Iterator[Faulty]:
    """Whether a unit is there to be changed, and began early enough."""
    unit, day = state.units.get(subject.unit), document["effective_on"]
    if unit is None:
        yield _unknown(subject.pointer, subject.unit)
        return
    yield from _still_there(unit, subject.unit, subject.pointer, day)
    begins = unit["valid_from"]
    if begins is not None and (begins > day or (subject.ends and begins == day)):
        yield Faulty(
            "/body/effective_on",
            "before-it-began",
            f"{unit['name']} ({subject.unit}) began on {begins}; this can only be later",
            f"{unit['name']}（{subject.unit}）自 {begins} 起设立，调整日期须在其后",
        )
    if subject.act["act"] in {"rename", "move"}:
        changed = {name: subject.act[name] for name in ("name", "name_en", "parent") if name in subject.act}
        if all(unit[name] == value for name, value in changed.items()):
            yield Faulty(subject.pointer, "no-change", f"{subject.unit} is so already", f"{subject.unit} 已经如此")


def _still_there(unit: Content, code: str, at: str, day: str) -> Iterator[Faulty]:
    if unit["successors"] or (unit["valid_to"] is not None and unit["valid_to"] < day):
        yield Faulty(
            at,
            "already-ended",
            f"{unit['name']} ({code}) ended on {unit['valid_to']}",
            f"{unit['name']}（{code}）已于 {unit['valid_to']} 终止",
        )


def _unknown(at: str, code: str) -> Faulty:
    return Faulty(at, "unknown-reference", f"there is no unit {code}", f"没有代码为 {code} 的单位")


def _act(state: State, act: Content, at: str, document: Content) -> Iterator[Faulty]:
    if act["act"] == "merge":
        yield from _successor(state, act, act["into"], f"{at}/into", document)
    elif act["act"] == "split":
        for place, share in enumerate(act["into"]):
            yield from _successor(state, act, share["unit"], f"{at}/into/{place}/unit", document)
        if act["unit"] in state.units:
            yield from _split(state, act, at, document)


def _successor(state: State, act: Content, code: str, at: str, document: Content) -> Iterator[Faulty]:
    """Whether a unit can take over: it stands afterwards, and on the day itself."""
    ending = [act["unit"]] if act["act"] == "split" else act["units"]
    if code in ending:
        yield Faulty(at, "circle", f"{code} cannot take over from itself", f"{code} 不能承接自身职责")
        return
    if successors(act).count(code) > 1:
        yield Faulty(at, "unit-twice", f"{code} is named twice in this split", f"{code} 在同一分设中重复出现")
    if code in heirs(document):
        yield Faulty(
            at,
            "successor-ends",
            f"{code} ends in the same reorganisation; name who is there afterwards",
            f"{code} 在同一调整中撤销；请填写调整后存续的单位",
        )
    unit, day = state.units.get(code), document["effective_on"]
    if unit is None:
        if code not in {founded["code"] for founded in document["units"]}:
            yield _unknown(at, code)
        return
    yield from _still_there(unit, code, at, day)
    if unit["valid_from"] is not None and unit["valid_from"] > day:
        yield Faulty(
            at,
            "successor-not-begun",
            f"{code} begins on {unit['valid_from']} only",
            f"{code} 自 {unit['valid_from']} 起才设立",
        )


def _split(state: State, act: Content, at: str, document: Content) -> Iterator[Faulty]:
    """Whether everything of a split unit goes to exactly one part."""
    shares: list[Content] = act["into"]
    for place in [place for place, share in enumerate(shares) if share["rest"]][1:]:
        yield Faulty(f"{at}/into/{place}/rest", "rest-twice", "one share takes the rest", "只能有一方承接其余事项")
    yield from _matters(act, open_matters(state, act["unit"], document["effective_on"]), at)
    yield from _duties(state, act, at, document)
    yield from _children(state, act, at, document)
    for place, share in enumerate(shares):
        for nth, role in enumerate(share["contacts"]):
            if (act["unit"], role) not in state.contacts:
                yield Faulty(
                    f"{at}/into/{place}/contacts/{nth}",
                    "no-such-contact",
                    f"{act['unit']} has no {role}",
                    f"{act['unit']} 没有该角色的联系人（{role}）",
                )


def _matters(act: Content, its: Collection[Key], at: str) -> Iterator[Faulty]:
    told: dict[Key, str] = {}
    for place, share in enumerate(act["into"]):
        for nth, key in enumerate(named_matters(share)):
            pointer, name = f"{at}/into/{place}/matters/{nth}", "/".join(key)
            if key in told:
                yield Faulty(pointer, "matter-twice", f"{name} goes to {told[key]}", f"{name} 已分给 {told[key]}")
            elif key not in its:
                yield Faulty(
                    pointer,
                    "not-its-matter",
                    f"{act['unit']} neither leads nor supports {name} on that day",
                    f"{act['unit']} 在该日并未牵头或配合 {name}",
                )
            told.setdefault(key, share["unit"])
    if any(share["rest"] for share in act["into"]):
        return
    for name in ("/".join(key) for key in its if key not in told):
        yield Faulty(
            f"{at}/into",
            "matter-not-distributed",
            f"{name} goes to no part: name it in one, or let one take the rest",
            f"{name} 未分配：请列入其中一方，或指定一方承接其余事项",
        )


def _duties(state: State, act: Content, at: str, document: Content) -> Iterator[Faulty]:
    its = open_duties(state, act["unit"], document["effective_on"])
    told: dict[Key, str] = {}
    for place, share in enumerate(act["into"]):
        for nth, key in enumerate(named_duties(share)):
            pointer, (en, zh) = f"{at}/into/{place}/duties/{nth}", _called(key)
            if key in told:
                yield Faulty(pointer, "duty-twice", f"{en} goes to {told[key]}", f"{zh} 已分给 {told[key]}")
            elif key not in its:
                yield Faulty(
                    pointer,
                    "not-its-duty",
                    f"{act['unit']} has no open {en} on that day",
                    f"{act['unit']} 在该日没有未了结的{zh}",
                )
            told.setdefault(key, share["unit"])
    for key in its:
        if key not in told and taker_of(state, act, key) is None:
            en, zh = _called(key)
            yield Faulty(
                f"{at}/into",
                "duty-not-distributed",
                f"{en} goes to no part: name it in the duties of one, or let one take the rest",
                f"{zh} 未分配：请列入其中一方的 duties，或指定一方承接其余事项",
            )


def _called(key: Key) -> tuple[str, str]:
    kind, code = key
    return f"{kind} {code}", f"{DUTIES[kind].zh} {code}"


def _leaders(state: State, document: Content) -> Iterator[Faulty]:
    """A leader's contacts and problems go to a leader, who is not in contact with the same thing already."""
    changed = duties_afterwards(state, document)
    kinds = {code: unit["kind"] for code, unit in state.units.items()}
    kinds |= {unit["code"]: unit["kind"] for unit in document["units"]}
    ending = {subject.unit: subject.pointer for subject in subjects(document)}
    contacts = {key: changed.get(key, duty) for key, duty in state.duties.items() if key[0] == "leader_contact"}
    for key, duty in changed.items():
        before, after = state.duties[key].get("leader"), str(duty.get("leader"))
        if before is None or after == before:
            continue
        others = [] if key not in contacts else [one for code, one in contacts.items() if code != key]
        same = [one for one in others if (one["leader"], one["subject"]) == (after, duty["subject"])]
        found = [*leader_faults(kinds.get(after), after), *(contact_faults(duty, same) if key in contacts else ())]
        for fault in found:
            yield Faulty(ending[before], fault.code, f"{' '.join(key)}: {fault.en}", f"{_called(key)[1]}：{fault.zh}")


def _children(state: State, act: Content, at: str, document: Content) -> Iterator[Faulty]:
    its = children(state, act["unit"], document)
    told: set[str] = set()
    for place, share in enumerate(act["into"]):
        for nth, child in enumerate(share["children"]):
            pointer = f"{at}/into/{place}/children/{nth}"
            if child in told:
                yield Faulty(pointer, "unit-twice", f"{child} has a place already", f"{child} 已有归属")
            elif child not in its:
                yield Faulty(
                    pointer,
                    "not-its-child",
                    f"{child} is not below {act['unit']}, or another act says where it goes",
                    f"{child} 不是 {act['unit']} 的下级单位，或已在其他调整中",
                )
            told.add(child)
    for child in its:
        if child not in told:
            yield Faulty(
                f"{at}/into",
                "child-not-distributed",
                f"{child} is below {act['unit']}; say under which part it goes",
                f"{child} 是 {act['unit']} 的下级单位，请说明归属哪一方",
            )


def _parents(document: Content) -> Iterator[Faulty]:
    """A unit that ends has nobody below it."""
    ended = heirs(document)
    placed: Iterable[tuple[str, Content]] = [
        *((f"/body/units/{place}", unit) for place, unit in enumerate(document["units"])),
        *((f"/body/acts/{place}", act) for place, act in enumerate(document["acts"]) if act["act"] == "move"),
    ]
    for at, unit in placed:
        if unit["parent"] in ended:
            yield Faulty(
                f"{at}/parent",
                "parent-ends",
                f"{unit['parent']} ends in the same reorganisation",
                f"{unit['parent']} 在同一调整中撤销",
            )


def _contacts(state: State, document: Content) -> Iterator[Faulty]:
    """Whether each contact afterwards is one person, of a unit that stands."""
    standing = {code for code, unit in state.units.items() if not unit["successors"]} - set(heirs(document))
    standing |= {unit["code"] for unit in document["units"]}
    seen: set[Key] = set()
    for place, contact in enumerate(document["contacts"]):
        at, key = f"/body/contacts/{place}", (contact["unit"], contact["role"])
        if contact["unit"] not in standing:
            yield Faulty(
                f"{at}/unit",
                "unknown-reference",
                f"no unit {contact['unit']} stands afterwards",
                f"调整后没有单位 {contact['unit']}",
            )
        if key in seen:
            yield Faulty(at, "twice", f"{'/'.join(key)} is named already", f"{'/'.join(key)} 已列出")
        seen.add(key)
    named = named_contacts(document)
    for key, of in offers(state, document).items():
        if len(of) > 1 and key not in named and key not in state.contacts:
            yield Faulty(
                "/body/contacts",
                "contact-unclear",
                f"{' and '.join(of)} each have a {key[1]}: name the one of {key[0]}",
                f"{'、'.join(of)} 均有该角色（{key[1]}）：请指定 {key[0]} 的人选",
            )
