"""The rules by themselves: the ladder as a state machine, limits, fires, letters, what follows an attempt."""

import dataclasses
import itertools
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.kit.workdays import Calendar
from services.notifier.channels.rules import Outcome, Result
from services.notifier.deliveries.rules import DELAYS, settle
from services.notifier.directory.rules import Year, calendar, unit_path
from services.notifier.ladders.rules import Ladder, Rulebook, rulebook
from services.notifier.letters.rules import (
    SYNTHETIC,
    Facts,
    Heading,
    Line,
    civil_day,
    digest_letter,
    notice_letter,
    situation,
)
from services.notifier.notices.rules import (
    RUNNING,
    Act,
    Light,
    Running,
    State,
    Verdict,
    decide,
    hand_over,
    inputs,
    limit,
    overdue,
    replay,
)
from services.notifier.schedules.rules import Weekly, fires
from services.plan_file.parts import split
from tests.notifier.others import START, ZONE, at, official_days, sample

LIGHTS = st.builds(
    Light, st.sampled_from(["grey", "green", "yellow", "red", "done"]), st.none() | st.just("report_overdue")
)
ZONE_NAME = "Asia/Shanghai"


def book(**more: object) -> Rulebook:
    part = split(sample()).notifier.model_dump(mode="json", exclude={"header"})
    return rulebook("plan", 1, START, ZONE_NAME, {**part, **more})


LADDER = book().ladder


class OneMatter(RuleBasedStateMachine):
    """A matter whose light changes as it likes; what is decided is carried out as the service does."""

    @initialize()
    def begin(self) -> None:
        self.running: Running | None = None
        self.messages: list[tuple[int, str]] = []
        self.notices = 0
        self.now = START
        self.last: Light | None = None
        self.verdict: Verdict | None = None
        self.before: Running | None = None
        self.red_since: datetime | None = None

    @rule(light=LIGHTS, hours=st.integers(1, 200))
    def changes(self, light: Light, hours: int) -> None:
        self.now += timedelta(hours=hours)
        before, self.before = self.running, self.running
        self.verdict = verdict = decide(LADDER, before, light, led=True, at=self.now)
        given = json.loads(json.dumps(inputs(LADDER, before, light, led=True, at=self.now)))
        assert replay(LADDER, given) == verdict
        self.last = light
        if verdict.act is Act.OPENED:
            self.notices += 1
        if verdict.level is None or verdict.state is None:
            return
        messaged = before.messaged if before is not None else frozenset()
        if verdict.own_message:
            self.messages.append((self.notices, verdict.level.code))
            messaged |= {verdict.level.code}
        closed = verdict.state is State.CLOSED
        self.running = None if closed else Running(verdict.level.code, verdict.state, messaged, verdict.red_since)

    @rule()
    def acknowledged(self) -> None:
        if self.running is not None and self.running.state is State.OPEN:
            self.running = dataclasses.replace(self.running, state=State.ACKNOWLEDGED)

    @invariant()
    def no_own_message_repeats(self) -> None:
        assert len(self.messages) == len(set(self.messages))

    @invariant()
    def only_a_red_light_sends_a_message_of_its_own(self) -> None:
        if self.verdict is not None and self.verdict.own_message:
            assert self.last is not None
            assert self.last.light == "red"

    @invariant()
    def a_light_that_is_known_leaves_the_state_that_belongs_to_it(self) -> None:
        if self.last is None or self.last.light == "grey":
            return
        running = self.running
        stands = None if running is None else f"{running.level} {'runs' if running.state in RUNNING else 'waits'}"
        allowed: dict[str, list[str | None]] = {
            "red": ["orange runs"],
            "yellow": ["blue runs", "orange waits"],
            "green": [None, "orange waits"],
            "done": [None, "orange waits"],
        }
        assert stands in allowed[self.last.light]

    @invariant()
    def grey_changes_nothing(self) -> None:
        if self.last is not None and self.last.light == "grey" and self.verdict is not None:
            assert self.verdict.act in {Act.KEPT, Act.NONE}

    @invariant()
    def a_level_is_never_lowered_within_a_notice(self) -> None:
        if self.before is not None and self.running is not None:
            assert LADDER.level(self.running.level).rank >= LADDER.level(self.before.level).rank

    @invariant()
    def every_decision_has_a_reason(self) -> None:
        assert self.verdict is None or self.verdict.reason


TestOneMatter = OneMatter.TestCase
TestOneMatter.settings = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def test_the_highest_level_is_stored_and_not_decided() -> None:
    assert ([level.code for level in LADDER.levels], LADDER.raised_by("red")) == (
        ["blue", "orange", "red"],
        LADDER.level("orange"),
    )


def test_a_light_that_no_level_names_and_that_is_no_recovery_keeps_a_reminder() -> None:
    only_red = Ladder("l", 1, (dataclasses.replace(LADDER.levels[0], lights=frozenset({"red"})),))
    verdict = decide(only_red, Running("blue", State.OPEN), Light("yellow"), led=True, at=START)
    assert verdict.act is Act.KEPT


@pytest.mark.parametrize("light", ["yellow", "red"])
def test_without_an_owner_none_begins_and_the_reason_is_kept(light: str) -> None:
    assert decide(LADDER, None, Light(light), led=False, at=START) == Verdict(Act.NONE, "no_owner")


@pytest.mark.parametrize(("led", "reason"), [(True, "handed_over"), (False, "no_owner")])
def test_the_notice_of_a_former_owner_ends(led: bool, reason: str) -> None:
    verdict = hand_over(LADDER, Running("orange", State.OPEN), led=led)
    assert (verdict.act, verdict.reason, verdict.state) == (Act.CLOSED, reason, State.CLOSED)


def test_a_red_streak_counts_from_the_first_decision_and_grey_does_not_break_it() -> None:
    running = Running("orange", State.OPEN, red_since=at("2018-07-16 09:00"))
    lights = {
        name: decide(LADDER, running, Light(name), led=True, at=at("2018-08-01 09:00"))
        for name in ("red", "grey", "yellow")
    }
    assert [verdict.red_since for verdict in lights.values()] == [running.red_since, running.red_since, None]


def test_a_level_without_a_limit_has_none() -> None:
    assert limit(LADDER.level("red"), START, Calendar(), ZONE_NAME) is None


@given(st.datetimes(datetime(2018, 1, 1), datetime(2018, 11, 30)), st.integers(1, 20))  # noqa: DTZ001 - the zone is added
def test_a_limit_ends_with_a_working_day_and_holds_so_many_of_them(local: datetime, days: int) -> None:
    issued = local.replace(tzinfo=ZONE)
    level = dataclasses.replace(LADDER.levels[0], limit_days=days)
    found = limit(level, issued, HOLIDAYS, ZONE_NAME)
    assert found is not None
    between = [issued.date() + timedelta(days=n + 1) for n in range((found.on - issued.date()).days)]
    assert (sum(HOLIDAYS.works(day) for day in between), HOLIDAYS.works(found.on)) == (days, True)


@pytest.mark.parametrize(
    ("state", "limit_at", "answered_at", "expected"),
    [
        (State.OPEN, START, None, True),
        (State.ACKNOWLEDGED, START, None, True),
        (State.OPEN, START + timedelta(seconds=1), None, False),
        (State.OPEN, START, START, False),
        (State.OPEN, None, None, False),
        (State.AWAITING_VERIFICATION, START, None, False),
    ],
)
def test_overdue_is_a_limit_that_passed_unanswered(
    state: State, limit_at: datetime | None, answered_at: datetime | None, expected: bool
) -> None:
    assert overdue(state, limit_at, answered_at, START) is expected


HOLIDAYS = calendar(
    [Year(2018, published=True, exceptions=official_days(2018)), Year(2019, published=False, exceptions={})]
)
MONDAYS = Weekly(0, book().digests[0].at, ZONE_NAME)


def test_a_year_whose_notice_is_not_out_is_provisional() -> None:
    assert (HOLIDAYS.provisional(date(2018, 12, 31)), HOLIDAYS.provisional(date(2019, 1, 1))) == (False, True)


def test_fires_on_rest_days_move_and_merge() -> None:
    found = list(itertools.islice(fires(MONDAYS, HOLIDAYS, at("2018-09-17 09:00")), 3))
    assert [(fire.at, fire.days) for fire in found] == [
        (at("2018-09-25 09:00"), (date(2018, 9, 24),)),
        (at("2018-10-08 09:00"), (date(2018, 10, 1), date(2018, 10, 8))),
        (at("2018-10-15 09:00"), (date(2018, 10, 15),)),
    ]


@given(st.datetimes(datetime(2018, 2, 1), datetime(2018, 11, 30)))  # noqa: DTZ001 - the zone is added
def test_asking_for_fires_from_any_instant_gives_the_same_fires(local: datetime) -> None:
    after = local.replace(tzinfo=ZONE)
    whole = list(itertools.islice(fires(MONDAYS, HOLIDAYS, at("2018-01-01 00:00")), 60))
    assert next(fires(MONDAYS, HOLIDAYS, after)) == next(fire for fire in whole if fire.at > after)


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Result.ACCEPTED, "accepted"),
        (Result.REJECTED, "rejected"),
        (Result.UNKNOWN, "unknown"),
        (Result.RETRY, "retry_wait"),
    ],
)
def test_an_outcome_has_its_state(result: Result, state: str) -> None:
    assert settle(Outcome(result), 1, 0).state == state


def test_pauses_grow_vary_by_a_fifth_and_end() -> None:
    pauses = [settle(Outcome(Result.RETRY), n + 1, 0).again_after for n in range(len(DELAYS))]
    assert pauses == [timedelta(seconds=delay) for delay in DELAYS]
    assert settle(Outcome(Result.RETRY), 1, 1).again_after == timedelta(seconds=6)
    assert settle(Outcome(Result.RETRY), len(DELAYS) + 1, 0).state == "dead"


def test_a_pause_that_the_server_asks_for_is_kept() -> None:
    assert settle(Outcome(Result.RETRY, retry_after=90), 1, 0).again_after == timedelta(seconds=90)


def test_a_unit_stands_below_its_parent() -> None:
    assert [unit_path("a", None, {}), unit_path("b", "a", {"a": "g.a"}), unit_path("b", "a", {})] == [
        "a",
        "g.a.b",
        "a.b",
    ]


def test_only_a_level_told_by_digest_has_recipients_of_one() -> None:
    silent = [{**level, "digest": False} for level in split(sample()).notifier.ladder.model_dump(mode="json")["levels"]]
    ladder = {**split(sample()).notifier.ladder.model_dump(mode="json"), "levels": silent}
    assert (book().digest_roles(), book(ladder=ladder).digest_roles()) == (("liaison",), ())


HEADING = Heading("萧山行动计划", "区经信局", "区领导小组办公室", date(2018, 7, 16), synthetic=True)
BEHIND = Facts(
    "T08",
    "信息产业增加值增长",
    "yellow",
    measured_in="%",
    goal="30",
    actual="27.9",
    scheduled="30.0",
    gap="-2.1",
    lag_pp="2.10",
    coverage_date=date(2018, 6, 30),
)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (
            BEHIND,
            "黄灯，目标30%，实际27.9%，序时应达30.0%，差距-2.1个百分点，滞后2.10个百分点（数据截至2018年6月30日）。",
        ),
        (Facts("T", "n", "red", actual="1", scheduled="2"), "红灯，实际1，序时应达2。"),
        (
            Facts("T", "n", "red", goal_on=date(2017, 12, 31), gap="-197"),
            "红灯，应于2017年12月31日前完成，已相差197天。",
        ),
        (Facts("T", "n", "yellow", goal_on=date(2018, 8, 1)), "黄灯，应于2018年8月1日前完成。"),
        (Facts("T", "n", "yellow", reason="report_overdue"), "黄灯，暂无可比数据；原因：数据连续两期以上未报。"),
    ],
)
def test_a_letter_says_in_words_where_a_matter_stands(facts: Facts, text: str) -> None:
    assert situation(facts) == text


@pytest.mark.parametrize(
    ("limit_on", "copies", "expected"),
    [
        (
            date(2018, 7, 23),
            ["区统计局"],
            ["请于2018年7月23日前书面回复原因、整改措施和承诺完成日期。", "抄送：区统计局"],
        ),
        (None, [], ["请书面回复原因、整改措施和承诺完成日期。"]),
    ],
)
def test_a_notice_says_what_is_asked_by_when_and_who_has_a_copy(
    limit_on: date | None, copies: list[str], expected: list[str]
) -> None:
    letter = notice_letter(
        HEADING, BEHIND, level="督办通知单", asks="reply", limit_on=limit_on, copies=copies, link="http://x"
    )
    lines = letter.body.splitlines()
    assert [line for line in lines if line.startswith(("请", "抄送"))] == expected
    assert (letter.subject[:6], lines[0]) == ("督办通知单：", SYNTHETIC)


def test_a_digest_holds_every_line_with_its_limit() -> None:
    lines = [Line(BEHIND, "提示", "acknowledgement", limit_on, "http://x") for limit_on in (None, date(2018, 7, 19))]
    letter = digest_letter(dataclasses.replace(HEADING, synthetic=False), "每周督办汇总", lines)
    assert letter.subject == "督办提示：萧山行动计划每周督办汇总（2018年7月16日，2项）"
    assert [line.strip() for line in letter.body.splitlines() if "要求" in line] == [
        "要求签收。签收：http://x",
        "要求于2018年7月19日前签收。签收：http://x",
    ]
    assert SYNTHETIC not in letter.body


def test_the_day_of_a_letter_is_the_plans_and_not_greenwichs() -> None:
    assert civil_day(datetime(2018, 7, 15, 16, 30, tzinfo=UTC), ZONE_NAME) == date(2018, 7, 16)
