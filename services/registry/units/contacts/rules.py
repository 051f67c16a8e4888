"""Who holds a contact's role on a day, who stands in, and how much of an address is shown."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from services.kit.errors import Faulty
from services.registry.versions.rules import HENCEFORTH, Content, Reference

OF_ITS_OWN: Final[Content] = {"since": None, "next": [], "stand_ins": [], "superseded": {}}
"""What the registry keeps of a contact beside what a plan file says of it, as it is at first."""

PERSON: Final = ("person", "email")


def columns(contact: Content) -> dict[str, object]:
    """The columns of a contact's row of today."""
    return {"unit": contact["unit"], "role": contact["role"]}


def contact_code(unit: str, role: str) -> str:
    """A contact's code: `jingxin/liaison`."""
    return f"{unit}/{role}"


def references(contact: Content, at: str = "/body") -> Iterator[Reference]:
    """The unit of a contact, which must be there."""
    yield Reference(f"{at}/unit", "unit", contact["unit"], HENCEFORTH)


def masked(address: str) -> str:
    """An address of which no more is shown than that there is one: `l***@***`."""
    return f"{address[:1]}***@***"


def with_addresses(contact: Content, change: Callable[[str], str]) -> Content:
    """The contact with every address in it changed."""
    return {
        **contact,
        "email": change(contact["email"]),
        **{
            name: [{**one, "email": change(one["email"])} for one in contact[name]]
            for name in ("next", "stand_ins")
            if contact.get(name)
        },
    }


def on(contact: Content, day: date) -> Content:
    """The contact as it is on a day: who took over by then holds the role, and `acting` is who stands in."""
    due = [one for one in contact["next"] if one["valid_from"] <= day.isoformat()]
    held = contact
    if due:
        held = {**contact, **{name: due[-1][name] for name in PERSON}, "since": due[-1]["valid_from"]}
        held["next"] = contact["next"][len(due) :]
    inside = (one for one in contact["stand_ins"] if one["valid_from"] <= day.isoformat() <= one["valid_to"])
    return {**held, "acting": next(inside, None)}


def settled(contact: Content, today: date) -> Content:
    """The contact with what became due by today: what is written next begins from there."""
    shown = on(contact, today)
    del shown["acting"]
    if shown["since"] == contact["since"]:
        return shown
    return {**shown, "superseded": superseded(contact)}


def superseded(contact: Content) -> Content:
    """The persons whom acts of the registry replaced, with this one: a plan file that still names one brings none back."""
    before = contact["superseded"]
    return {name: [*before.get(name, []), contact[name]] for name in PERSON}


def handed_over(contact: Content, act: Content, today: date) -> Content:
    """The contact with a hand-over (交接): at once, or on its day where that is yet to come."""
    term = {name: act[name] for name in (*PERSON, "valid_from", "reason")}
    return settled({**contact, "next": [*contact["next"], term]}, today)


def hand_over_faults(contact: Content, act: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is unclear about a hand-over."""
    last = contact["next"][-1] if contact["next"] else {"person": contact["person"], "valid_from": contact["since"]}
    if act["old"] != last["person"]:
        yield Faulty(
            f"{at}/old",
            "other-person",
            f"{last['person']} holds the role; who hands over must be named",
            f"现任为 {last['person']}，请填写实际交出人",
        )
    if last["valid_from"] is not None and act["valid_from"] <= last["valid_from"]:
        yield Faulty(
            f"{at}/valid_from",
            "before-predecessor",
            f"{last['person']} took over on {last['valid_from']}; the next hand-over is later",
            f"{last['person']} 于 {last['valid_from']} 接任，下一次交接应晚于该日",
        )


def stand_in_faults(contact: Content, stand_in: Content, at: str = "/body") -> Iterator[Faulty]:
    """What is wrong with a stand-in: its days are reversed, or one of them has a stand-in already."""
    first, last = stand_in["valid_from"], stand_in["valid_to"]
    if last < first:
        yield Faulty(
            f"{at}/valid_to",
            "dates-reversed",
            f"it ends on {last}, before it begins on {first}",
            f"终止日期 {last} 早于起始日期 {first}",
        )
    for other in contact["stand_ins"]:
        if first <= other["valid_to"] and other["valid_from"] <= last:
            yield Faulty(
                f"{at}/valid_from",
                "overlap",
                f"{other['person']} stands in from {other['valid_from']} to {other['valid_to']}",
                f"{other['valid_from']} 至 {other['valid_to']} 已由 {other['person']} 代理",
            )


def stood_in(contact: Content, stand_in: Content) -> Content:
    """The contact with one more stand-in (代理), in order of days."""
    return {**contact, "stand_ins": sorted([*contact["stand_ins"], stand_in], key=lambda one: one["valid_from"])}


def recalled(contact: Content, first: str, last_day: str) -> Content | None:
    """The contact whose stand-in from `first` ends on `last_day`, or never begins; None where there is no such one."""
    kept = [one for one in contact["stand_ins"] if one["valid_from"] != first]
    if len(kept) == len(contact["stand_ins"]):
        return None
    found = next(one for one in contact["stand_ins"] if one["valid_from"] == first)
    if first > last_day:
        return {**contact, "stand_ins": kept}
    return stood_in({**contact, "stand_ins": kept}, {**found, "valid_to": min(last_day, found["valid_to"])})
