"""The words that a bureau reads."""

from datetime import date

from services.notifier.letters.rules import Facts, Heading, Line, digest_letter, notice_letter, situation

HEADING = Heading("三年行动计划", "区人才办", "领导小组办公室", date(2018, 7, 16), synthetic=True)
DOUBLING = Facts(
    "T01",
    "增加值翻番",
    "red",
    measured_in="倍",
    goal="2",
    actual="1.444",
    scheduled="1.587",
    gap="-0.143",
    lag_pp="14.30",
    coverage_date=date(2018, 6, 30),
)
GROWTH = Facts(
    "T23", "年增长", "red", measured_in="%", goal="25", actual="13.4", scheduled="25.0", gap="-11.6", lag_pp="11.60"
)
TEAMS = Facts("T04", "招引“双创”团队", "red", reason="report_overdue")


def test_a_doubling_is_told_in_times() -> None:
    assert (
        situation(DOUBLING)
        == "红灯，目标2倍，实际1.444倍，序时应达1.587倍，差距-0.143倍，滞后14.30个百分点（数据截至2018年6月30日）。"
    )


def test_percentages_lie_percentage_points_apart() -> None:
    assert "实际13.4%，序时应达25.0%，差距-11.6个百分点" in situation(GROWTH)


def test_a_name_with_quotation_marks_is_quoted_with_inner_ones() -> None:
    letter = notice_letter(HEADING, TEAMS, level="督办通知单", asks="reply", limit_on=None, copies=(), link="http://x")
    assert "T04“招引‘双创’团队”进度滞后" in letter.body


def test_a_reason_is_told_in_words() -> None:
    assert situation(TEAMS) == "红灯，暂无可比数据；原因：数据连续两期以上未报。"


def test_a_milestone_that_is_late_says_by_how_many_days() -> None:
    late = Facts("T26", "启动建设", "red", goal_on=date(2017, 12, 31), gap="-197", coverage_date=date(2018, 7, 16))
    assert situation(late) == "红灯，应于2017年12月31日前完成，已相差197天（数据截至2018年7月16日）。"


def test_a_digest_holds_every_matter_and_says_that_the_figures_are_synthetic() -> None:
    lines = [Line(facts, "督办通知单", "reply", date(2018, 7, 23), "http://x") for facts in (DOUBLING, TEAMS)]
    letter = digest_letter(HEADING, "周报", lines)
    assert [line[:7] for line in letter.body.splitlines() if line[:2] in {"1.", "2."}] == ["1. T01“", "2. T04“"]
    assert "合成数据" in letter.body
