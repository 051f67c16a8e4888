from services.cli.tables import padded, table, width


def test_a_chinese_character_takes_two_columns() -> None:
    assert width("区经信局 T01") == 12


def test_a_combining_mark_takes_no_column() -> None:
    assert width("e\u0301") == 1


def test_columns_line_up_under_chinese_cells() -> None:
    lines = table(("unit", "matter"), [("区经信局", "T01"), ("finance", "T02")])
    assert lines == [
        "unit      matter",
        "--------  ------",
        "区经信局  T01",
        "finance   T02",
    ]


def test_numbers_stand_to_the_right_and_nothing_is_empty() -> None:
    lines = table(("target", "gap"), [("T01", "-0.143"), ("T02", None), ("T03", 64)], numbers=("gap",))
    assert lines[2:] == ["T01     -0.143", "T02", "T03         64"]


def test_a_cell_that_is_too_wide_is_not_cut() -> None:
    assert padded("湘湖未来智造小镇", 4) == "湘湖未来智造小镇"
