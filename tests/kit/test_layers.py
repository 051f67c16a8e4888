import re

from services.kit.layers import Rows

TARGETS = Rows("target AS t", {"code": "t.code", "goal": "t.goal", "value": "t.value"})


def written(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


def test_what_nobody_asks_for_is_not_written() -> None:
    rows = TARGETS.having({"double": "q.goal * 2", "half": "q.goal / 2"})
    assert written(rows.select({"code": "q.code"})) == "SELECT t.code FROM target AS t"


def test_a_column_named_once_is_computed_where_it_is_named() -> None:
    rows = TARGETS.having({"short": "q.goal - q.value", "lag": "round(q.short, 2)"})
    assert written(rows.select({"lag": "q.lag"})) == "SELECT (round((t.goal - t.value), 2)) AS lag FROM target AS t"


def test_a_column_named_twice_has_a_layer_of_its_own() -> None:
    rows = TARGETS.having({"short": "q.goal - q.value"})
    assert written(rows.select({"code": "q.code", "both": "q.short * q.short"})) == (
        "SELECT q.code, q.short * q.short AS both FROM "
        "(SELECT t.code, t.goal - t.value AS short FROM target AS t OFFSET 0) AS q"
    )


def test_a_layer_carries_only_what_a_later_one_names() -> None:
    rows = TARGETS.having({"a": "q.goal + 1", "b": "q.a * q.a + q.value", "c": "q.b * q.b"})
    first, second = re.findall(r"\(SELECT (.*?) FROM ", rows.select({"code": "q.code", "c": "q.c"}))[::-1]
    assert first == "t.code, t.value, t.goal + 1 AS a"
    assert second == "q.code, q.a * q.a + q.value AS b"


def test_another_name_and_a_literal_stand_wherever_they_are_named() -> None:
    rows = TARGETS.having({"until": "q.goal", "places": "3", "nothing": "NULL::numeric[]"})
    assert written(rows.select({"a": "q.until + q.until", "b": "round(q.goal, q.places)", "c": "q.nothing[1]"})) == (
        "SELECT t.goal + t.goal AS a, round(t.goal, (3)) AS b, (NULL::numeric[])[1] AS c FROM target AS t"
    )


def test_what_stands_in_a_sub_select_is_computed_before_it() -> None:
    rows = TARGETS.having({"limit": "q.goal * 2"})
    sql = written(rows.select({"n": "(SELECT count(*) FROM figure AS f WHERE f.value < q.limit)"}))
    assert sql.endswith("FROM (SELECT t.goal * 2 AS limit FROM target AS t OFFSET 0) AS q")


JOIN = {"met": "LEFT JOIN LATERAL (SELECT c.day FROM checkpoint AS c WHERE c.value = q.goal LIMIT 1) AS met ON true"}


def test_a_join_that_no_column_names_is_left_out() -> None:
    rows = TARGETS.having({"day": "met.day"}, JOIN)
    assert "JOIN" not in rows.select({"code": "q.code"})


def test_a_join_stands_in_the_layer_that_has_what_it_and_its_columns_name() -> None:
    rows = TARGETS.having({"twice": "q.value * 2", "day": "CASE WHEN q.twice > q.twice - 1 THEN met.day END"}, JOIN)
    assert written(rows.select({"day": "q.day"})) == (
        "SELECT q.day FROM (SELECT CASE WHEN q.twice > q.twice - 1 THEN met.day END AS day "
        "FROM (SELECT t.goal, t.value * 2 AS twice FROM target AS t OFFSET 0) AS q "
        "LEFT JOIN LATERAL (SELECT c.day FROM checkpoint AS c WHERE c.value = q.goal LIMIT 1) AS met ON true OFFSET 0) AS q"
    )


def test_a_join_of_the_source_gives_more_columns() -> None:
    rows = TARGETS.joined("stop AS s ON s.code = t.code", {"days": "s.days"})
    assert written(rows.select({"days": "q.days"})) == (
        "SELECT s.days FROM target AS t LEFT JOIN stop AS s ON s.code = t.code"
    )
    assert TARGETS.source == "target AS t"
