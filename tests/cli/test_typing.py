import json
import re
from pathlib import Path

import pytest

from tests.cli.typed import PLAN, ROOT, duban

CODE = "xiaoshan-2017-2019"


def test_help_names_every_command() -> None:
    said = duban("--help").stdout
    assert all(
        f"  {name} " in said
        for name in ("up", "migrate", "plan", "reports", "milestones", "keys", "clock", "notices", "evaluate")
    )


def test_an_unknown_command_is_typed_wrongly() -> None:
    assert duban("remind").returncode == 2


def test_a_right_plan_file_has_no_faults() -> None:
    done = duban("plan", "check", PLAN)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"plan {CODE}, version " in done.stdout


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    file = tmp_path / "faulty.yaml"
    text = PLAN.read_text(encoding="utf-8")
    file.write_text(text.replace("name: 区教育局, ", "").replace("lead: talent,", "lead: talents,"), encoding="utf-8")
    return file


def test_every_fault_of_a_plan_file_is_a_line_with_its_place_and_remedy(faulty: Path) -> None:
    done = duban("plan", "check", faulty)
    first, *faults = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert first == f"duban: {faulty} has {len(faults)} faults"
    line = PLAN.read_text(encoding="utf-8").partition("name: 区教育局")[0].count("\n") + 1
    assert faults[0].startswith(f"  line {line}, units[6]: ")
    assert any("use one of talent" in fault for fault in faults)


def test_faults_are_in_chinese_where_the_environment_is(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").touch()
    done = duban("plan", "check", tmp_path / "empty.yaml", LC_ALL="zh_CN.UTF-8")
    assert done.stderr.splitlines()[1:] == ["  第 1 行 文件：文件没有内容。请写入方案。"]


def test_faults_as_json_have_line_path_and_remedy(faulty: Path) -> None:
    done = duban("plan", "check", faulty, "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["plan"] is None
    assert {"line", "path", "code", "problem", "remedy"} == set(report["faults"][0])


def test_a_right_plan_file_as_json_names_its_version() -> None:
    report = json.loads(duban("plan", "check", PLAN, "--format", "json").stdout)
    assert (report["plan"], report["faults"], len(report["version"])) == (CODE, [], 16)


def test_findings_as_json_are_those_of_the_rules() -> None:
    report = json.loads(duban("plan", "check", PLAN, "--format", "json").stdout)
    kept = json.loads((ROOT / "tests/data/findings-as-shipped.json").read_text(encoding="utf-8"))
    assert (report["counts"], report["findings"]) == (kept["counts"], kept["findings"])


def test_findings_follow_with_their_sums_and_end_with_0() -> None:
    done = duban("plan", "check", PLAN)
    lines = done.stdout.splitlines()
    assert lines[1] == "plan check: To be answered first 0, Warnings 23, For information 16, Checked and in order 1"
    assert "      chained year by year: 1.25 × 1.25 × 1.25 = 1.953125" in lines
    assert "      → write into confirmed_by who confirmed it, and by what" in lines
    assert done.returncode == 0


def test_findings_are_in_chinese_where_the_environment_is() -> None:
    lines = duban("plan", "check", PLAN, LC_ALL="zh_CN.UTF-8").stdout.splitlines()
    assert lines[1] == "方案校核：须先答复 0，提醒 23，说明 16，核对无误 1"
    assert any(line.endswith("owner-not-stated [指定]") for line in lines)


def test_what_a_plan_does_not_state_is_an_error_and_no_fault(tmp_path: Path) -> None:
    bare = tmp_path / "bare.yaml"
    text = re.sub(r"^    baseline: .*\n", "", PLAN.read_text(encoding="utf-8"), flags=re.MULTILINE)
    bare.write_text(re.sub(r"^responsibilities:\n(?:[ #].*\n)+", "", text, flags=re.MULTILINE), encoding="utf-8")
    done = duban("plan", "check", bare)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nobody answers for 35 of 35 targets, 30 of 30 projects, 13 of 13 carriers" in done.stdout


def test_without_a_running_platform_one_line_says_how_to_start_it(tmp_path: Path) -> None:
    done = duban("notices", "list", "--data-dir", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"duban: no platform is running on {tmp_path}: start one with `duban up`, name its --data-dir, "
        "or set DUBAN_URL and DUBAN_API_KEY\n"
    )


def test_an_address_where_nobody_answers_is_one_line() -> None:
    done = duban("clock", "show", DUBAN_URL="http://127.0.0.1:9", DUBAN_API_KEY="key")
    assert done.returncode == 1
    assert done.stderr.startswith("duban: no platform answers at http://127.0.0.1:9 ")
    assert done.stderr.count("\n") == 1


def test_an_address_without_a_key_is_typed_wrongly() -> None:
    done = duban("clock", "show", DUBAN_URL="http://127.0.0.1:9")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("content", ["{", "[]", '{"url": "http://127.0.0.1:9"}', "{}"])
def test_a_damaged_connection_file_is_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "platform.json").write_text(content)
    done = duban("clock", "show", "--data-dir", tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"duban: {tmp_path}/platform.json is damaged; `duban up` writes it anew\n"


def test_a_plan_file_that_is_not_right_is_not_sent_anywhere(faulty: Path) -> None:
    done = duban("plan", "apply", faulty, DUBAN_URL="http://127.0.0.1:9", DUBAN_API_KEY="key")
    assert done.returncode == 1
    assert done.stderr.startswith(f"duban: {faulty} has ")


def test_migrate_without_an_address_says_which_to_set() -> None:
    done = duban("migrate")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "DUBAN_OWNER_URL" in done.stderr


TEXT = ROOT / "plans/xiaoshan-action-plan-2017-2019.txt"


def test_the_annexes_of_a_published_text_become_a_draft(tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    done = duban("plan", "draft", TEXT, "--out", file)
    assert (done.returncode, done.stdout) == (0, "")
    assert [line.partition(": ")[2].partition(" at ")[0] for line in done.stderr.splitlines()] == [
        "30 enterprises",
        "30 projects",
        "investment of all projects: 8776300 万元",
    ]
    assert duban("plan", "draft", TEXT).stdout == file.read_text(encoding="utf-8")
    checked = duban("plan", "check", file)
    assert all("is missing" in line for line in checked.stderr.splitlines()[1:])


def test_a_draft_that_cannot_be_made_says_where(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    text = TEXT.read_text(encoding="utf-8")
    file.write_text(text.replace("\n\n增材制造\n\n2\n", "\n\n2\n"), encoding="utf-8")
    done = duban("plan", "draft", file, LC_ALL="zh_CN.UTF-8")
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == ["  第 148 行: 第 1 项缺少“培育方向”"]
    file.write_text("　　没有附件\n", encoding="utf-8")
    assert "no table" in duban("plan", "draft", file).stderr
    file.write_bytes(b"PK\x03\x04 no document")
    assert "the file is damaged" in duban("plan", "draft", file).stderr
