"""Commands against a started platform, from an empty database to its first notices."""

import csv
import io
import json
import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from services.cli import plans
from services.cli.connection import Api
from services.cli.stopped import Stopped
from services.embedded import whereabouts
from tests.cli.started import Up, data_directory, running
from tests.cli.typed import PLAN, ROOT, duban
from tests.embedded.waiting import gone

CODE = "xiaoshan-2017-2019"
REPORTS = PLAN.with_name(f"{CODE}.reports.csv")
MILESTONES = PLAN.with_name(f"{CODE}.milestones.csv")
ANSWERS = (ROOT / "tests/data/answers-2018-06-30.csv").read_text(encoding="utf-8")
NOTICES = (ROOT / "tests/data/notices-2018-07-16.csv").read_text(encoding="utf-8")
QUESTION = ("--as-of", "2018-06-30", "--known-at", "2018-07-15T18:00:00+08:00")
HEADS = "indicator,subject,period,value,unit,recorded_at,status,reporter,note\n"

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def empty() -> Iterator[Up]:
    """A platform without any plan, and without Redis."""
    with data_directory() as path, running(path, "--empty", "--without-redis") as up:
        yield up


def test_the_audit_trail_is_checked_and_its_anchors_are_kept(empty: Up, tmp_path: Path) -> None:
    empty.duban("keys", "create", "--client-id", "desk", "--scope", "registry:read")
    anchors = tmp_path / "anchors.txt"
    for _ in range(2):
        assert "registry: " in empty.duban("audit", "verify", "--anchors", anchors)
    assert anchors.read_text().startswith("registry:330109:")
    wrong = empty.typed("audit", "verify", "--anchor", f"registry:330109:1:{'0' * 64}")
    assert (wrong.returncode, "entry 1 has another hash" in wrong.stderr) == (1, True)
    assert empty.typed("audit", "verify", "--anchor", "nonsense").returncode == 2


def test_nobody_gets_a_quota_of_somebody_else_by_naming_another_address(empty: Up) -> None:
    left = [
        int(
            httpx.get(f"{empty.url}/registry/v1/jwks", headers=said)
            .headers["ratelimit"]
            .split(";")[1]
            .removeprefix("r=")
        )
        for said in ({}, {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"})
    ]
    assert [room <= 599 - before for before, room in enumerate(left)] == [True] * 3  # each knows of those before


@pytest.fixture(scope="module")
def applied(empty: Up) -> tuple[Up, Done, Done, Done]:
    """The same with the sample plan applied: first a dry run, then really, then again."""
    rehearsed = empty.typed("plan", "apply", PLAN, "--dry-run")
    first = empty.typed("plan", "apply", PLAN)
    return empty, rehearsed, first, empty.typed("plan", "apply", PLAN)


@pytest.fixture(scope="module")
def loaded(applied: tuple[Up, Done, Done, Done]) -> tuple[Up, Done, Done]:
    """The same with its history."""
    up = applied[0]
    return up, up.typed("reports", "import", REPORTS), up.typed("milestones", "import", MILESTONES, "--plan", CODE)


def large(file: Path, *rows: str) -> Path:
    """A CSV of figures of more than 20 MiB: one figure, corrected again and again, each time with long words."""
    first, note = datetime.fromisoformat("2017-07-20T10:00:00+08:00"), "因" * 490
    with file.open("w", encoding="utf-8") as written:
        written.write(HEADS)
        for number in range(21 * 1024**2 // 1500):
            at = (first + timedelta(seconds=number)).isoformat()
            written.write(f"va_growth,industry:information,2017-06,{number % 90}.5,%,{at},,区统计局,{note}\n")
        written.writelines(f"{row}\n" for row in rows)
    return file


def test_a_large_file_is_sent_as_it_is_read_and_waited_for(loaded: tuple[Up, Done, Done], tmp_path: Path) -> None:
    up = loaded[0]
    wrong = "va_growth,industry:nowhere,2017-06,x,%,,,,"
    faulty = up.typed("reports", "import", large(tmp_path / "faulty.csv", wrong))
    assert faulty.returncode == 1
    assert "nothing was recorded" in faulty.stderr
    assert ", value: " in faulty.stderr
    done = up.typed("reports", "import", large(tmp_path / "right.csv"), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "waits for its turn" in done.stderr
    assert "would be recorded; nothing was" in done.stdout


@pytest.fixture(scope="module")
def active(loaded: tuple[Up, Done, Done]) -> tuple[Up, Done]:
    """The same, activated, and some hours later, so that everything due was done."""
    up = loaded[0]
    activated = up.typed("plan", "activate", CODE)
    up.duban("clock", "advance", "3h")
    return up, activated


def refused(done: Done) -> str:
    """The first line of a command that was refused."""
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.splitlines()[0]


def test_an_empty_platform_lists_no_notice(empty: Up) -> None:
    assert empty.duban("notices", "list", "--format", "csv").count("\n") == 1


def test_a_wrong_key_is_one_line(empty: Up) -> None:
    done = duban("clock", "show", DUBAN_URL=empty.url, DUBAN_API_KEY="x" * 43)
    assert refused(done).startswith(f"duban: the API key was not taken by {empty.url}")


def test_a_named_data_directory_goes_before_the_environment(empty: Up) -> None:
    done = duban(
        *("clock", "show", "--data-dir", empty.data_dir), DUBAN_URL="http://127.0.0.1:9", DUBAN_API_KEY="x" * 43
    )
    assert done.returncode == 0


def test_an_unknown_plan_cannot_be_activated(empty: Up) -> None:
    assert "nowhere-2030" in refused(empty.typed("plan", "activate", "nowhere-2030"))


def test_an_unknown_plan_cannot_be_evaluated(empty: Up) -> None:
    assert "nowhere-2030" in refused(empty.typed("evaluate", *QUESTION, "--plan", "nowhere-2030"))


def test_a_dry_run_says_what_would_be_created(applied: tuple[Up, Done, Done, Done]) -> None:
    said = applied[1].stdout
    assert "registry: " in said
    assert "would be created" in said
    assert "+ industry (5): information, equipment, nev, bio, fiber" in said


def test_applying_says_what_was_created_and_where_the_plan_is_now(applied: tuple[Up, Done, Done, Done]) -> None:
    _, rehearsed, first, _ = applied
    assert first.returncode == 0
    changes, _, findings = rehearsed.stdout.partition("plan check: ")
    assert first.stdout.startswith(changes.replace("would be created", "created"))
    assert first.stdout.endswith(findings)
    assert f"applied_to: registry, indicators, notifier; plan {CODE}, version " in first.stdout


def test_an_apply_ends_with_the_errors_and_warnings_of_the_plan_check(applied: tuple[Up, Done, Done, Done]) -> None:
    for done in applied[1:]:
        _, counts, lines = done.stdout.partition("plan check: To be answered first 0, Warnings 23, ")
        assert counts
        assert lines.count("\n  · ") == 23
        assert "baseline-not-stated [assumed]" in lines


def test_applying_twice_changes_nothing(applied: tuple[Up, Done, Done, Done]) -> None:
    assert applied[3].stdout.splitlines()[:3] == [
        "registry: nothing to change",
        "indicators: nothing to change",
        "notifier: nothing to change",
    ]


def test_a_plan_is_exported_to_a_file_that_changes_nothing(
    applied: tuple[Up, Done, Done, Done], tmp_path: Path
) -> None:
    up, file = applied[0], tmp_path / "plan.yaml"
    exported = up.typed("plan", "export", CODE, file)
    assert (exported.returncode, exported.stderr) == (0, "")
    assert exported.stdout.startswith(f"{file}: plan {CODE}, version ")
    assert up.duban("plan", "export", CODE) == file.read_text(encoding="utf-8")
    again = up.duban("plan", "apply", file, "--dry-run")
    assert again.splitlines()[:3] == [f"{name}: nothing to change" for name in ("registry", "indicators", "notifier")]
    assert "nowhere-2030" in refused(up.typed("plan", "export", "nowhere-2030"))


def test_sheets_go_out_and_come_in(applied: tuple[Up, Done, Done, Done], tmp_path: Path) -> None:
    up = applied[0]
    for file in (tmp_path / "enterprises.xlsx", tmp_path / "enterprises.csv"):
        assert f"{file}: " in up.duban("sheets", "export", "enterprises", file)
        done = up.duban("sheets", "import", "enterprises", file)
        assert done == f"{file}: 30 rows, 0 created, 0 changed, 30 unchanged\n"
    template = tmp_path / "template.csv"
    up.duban("sheets", "template", "enterprises", template)
    header = template.read_text(encoding="utf-8-sig")
    template.write_text(f"{header}e31,x,合成企业,,nowhere,合成,\n", encoding="utf-8")
    wrong = up.typed("sheets", "import", "enterprises", template)
    assert refused(wrong) == "duban: 2 fault(s); nothing was written"
    assert wrong.stderr.splitlines()[1:] == [
        "  B2: x is no number, such as 1",
        "  E2: there is no industry nowhere",
    ]
    template.write_text(f"{header}e31,31,合成企业,,information,合成,\n", encoding="utf-8")
    assert "1 created" in up.duban("sheets", "import", "enterprises", template, "--dry-run")
    assert up.typed("sheets", "export", "enterprises", tmp_path / "enterprises.pdf").returncode == 2


def test_a_changed_field_is_shown_before_and_after(applied: tuple[Up, Done, Done, Done], tmp_path: Path) -> None:
    changed = tmp_path / "changed.yaml"
    changed.write_text(PLAN.read_text(encoding="utf-8").replace("name: 区教育局,", "name: 区教体局,"), encoding="utf-8")
    said = applied[0].duban("plan", "apply", changed, "--dry-run")
    assert "  ~ unit education\n" in said
    assert '      name: "区教育局" → "区教体局"\n' in said


def test_pruning_says_what_would_be_deleted(applied: tuple[Up, Done, Done, Done], tmp_path: Path) -> None:
    shorter = tmp_path / "shorter.yaml"
    lines = PLAN.read_text(encoding="utf-8").splitlines(keepends=True)
    shorter.write_text("".join(line for line in lines if "{code: financial_services," not in line), encoding="utf-8")
    done = applied[0].typed("plan", "apply", shorter, "--dry-run", "--prune")
    assert "financial_services" in done.stdout + done.stderr


class Outage(httpx.AsyncHTTPTransport):
    """A network on which one service cannot be reached once it has said what would change."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/indicators") and request.url.params.get("dry_run") != "true":
            raise httpx.ConnectError("no way there", request=request)
        return await super().handle_async_request(request)


async def test_a_stop_half_way_says_who_has_the_plan_already(applied: tuple[Up, Done, Done, Done]) -> None:
    found = whereabouts.find(applied[0].data_dir)
    assert found is not None
    async with Api(found.url, found.api_key, transport=Outage()) as api:
        with pytest.raises(Stopped, match=r"^indicators: .*; applied_to: registry: run it again to complete it$"):
            await plans.apply(api, plans.parts_of(PLAN))


def test_importing_says_how_many_rows_were_recorded(loaded: tuple[Up, Done, Done]) -> None:
    assert loaded[1].stdout == f"{REPORTS}: 2188 rows, 2188 recorded\n"
    assert loaded[2].stdout == f"{MILESTONES}: 5 rows, 5 recorded\n"


def test_importing_again_records_nothing(loaded: tuple[Up, Done, Done]) -> None:
    said = loaded[0].duban("reports", "import", REPORTS, "--dry-run")
    assert said.endswith("0 would be recorded; nothing was (2188 were there already)\n")


def test_every_fault_of_a_csv_is_a_line_with_its_row_and_field(loaded: tuple[Up, Done, Done], tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.csv"
    faulty.write_text(
        HEADS
        + "va_grwth,industry:information,2018-06,26.1,%,2018-07-10T09:00:00+08:00,published,区统计局,\n"
        + "va_growth,industry:information,2018-06,much,%,2018-07-10T09:00:00+08:00,published,区统计局,\n"
        + "va_growth,industry:information,2018-Q2,26.1,%,2018-07-10T10:00:00+08:00,published,区统计局,\n",
        encoding="utf-8",
    )
    done = loaded[0].typed("reports", "import", faulty)
    assert (done.returncode, done.stdout) == (1, "")
    first, *faults = done.stderr.splitlines()
    assert first.startswith("duban: ")
    assert [fault.partition(":")[0] for fault in faults] == ["  row 2, indicator", "  row 3, value", "  row 4, period"]


def test_a_form_of_figures_goes_out_and_comes_in(loaded: tuple[Up, Done, Done], tmp_path: Path) -> None:
    up = loaded[0]
    for name in ("form.xlsx", "form.csv"):
        up.duban("reports", "template", tmp_path / name, "--period", "2018-05", "--unit", "区科技局")
        said = up.duban("reports", "import", tmp_path / name)
        assert said.endswith("9 rows, 0 recorded, 9 without a figure passed over\n"), said
    form = (tmp_path / "form.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "form.csv").write_text(form.replace(",,项,", ",许多,项,"), encoding="gb18030")
    wrong = up.typed("reports", "import", tmp_path / "form.csv")
    assert [line.partition(":")[0] for line in wrong.stderr.splitlines()[1:]] == ["  row 10, value"]
    assert up.typed("reports", "template", tmp_path / "form.pdf").returncode == 2


def test_a_file_that_is_no_csv_of_figures_is_refused(loaded: tuple[Up, Done, Done], tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    assert loaded[0].typed("reports", "import", tmp_path / "other.csv").returncode == 1


def test_a_key_is_alone_on_stdout_and_may_do_what_it_says(applied: tuple[Up, Done, Done, Done]) -> None:
    up = applied[0]
    made = up.typed("keys", "create", "--client-id", "science-desk", "--scope", "notices:read", "--unit", "区科技局")
    key = made.stdout.removesuffix("\n")
    assert "\n" not in key
    assert "shown only now" in made.stderr
    done = duban("reports", "import", REPORTS, DUBAN_URL=up.url, DUBAN_API_KEY=key)
    assert "observations:submit" in refused(done)


def test_an_unknown_scope_is_refused(empty: Up) -> None:
    done = empty.typed("keys", "create", "--client-id", "desk", "--scope", "everything")
    assert "everything" in refused(done) + done.stderr


def test_activating_says_the_state(active: tuple[Up, Done]) -> None:
    assert active[1].stdout == f"plan {CODE} is active\n"


def test_notices_are_a_table_under_the_business_time(active: tuple[Up, Done]) -> None:
    clock, heads, _, *rows = active[0].duban("notices", "list").splitlines()
    assert clock.startswith("2018-07-16T12:")
    assert clock.endswith("+08:00 business clock 业务时钟, synthetic data 样例数据")
    assert heads.split() == ["unit", "matter", "light", "level", "to", "copy", "own_message", "digest"]
    assert len(rows) == 29


def test_without_redis_the_same_notices_go_out(active: tuple[Up, Done]) -> None:
    assert active[0].duban("notices", "list", "--format", "csv") == NOTICES


def test_the_mailbox_is_a_table_of_every_mail(active: tuple[Up, Done]) -> None:
    clock, heads, _, *rows = active[0].duban("mailbox").splitlines()
    assert "synthetic" in clock
    assert heads.split() == ["received", "to", "cc", "subject"]
    assert len(rows) == 22
    assert all(row.startswith("2018-07-16T09:0") for row in rows)


def test_an_evaluation_as_a_table_says_its_instants_with_the_plans_offset(active: tuple[Up, Done]) -> None:
    first, *lines = active[0].duban("evaluate", *QUESTION).splitlines()
    assert "2018-06-30" in first
    assert "2018-07-15T18:00:00+08:00" in first
    assert len(lines) == 2 + 65


def test_an_evaluation_as_csv_is_what_the_platform_gave(active: tuple[Up, Done]) -> None:
    assert active[0].duban("evaluate", *QUESTION, "--format", "csv") == ANSWERS


def test_an_evaluation_as_json_has_the_same_targets(active: tuple[Up, Done]) -> None:
    answer = json.loads(active[0].duban("evaluate", *QUESTION, "--format", "json", "--plan", CODE))
    rows = list(csv.DictReader(io.StringIO(ANSWERS)))
    assert [gap["target"] for gap in answer["items"]] == [row["target"] for row in rows]
    assert answer["provisional"] is False


def test_a_provisional_answer_says_so_on_stderr(active: tuple[Up, Done]) -> None:
    done = active[0].typed(
        "evaluate", "--as-of", "2018-12-31", "--known-at", "2019-01-15T18:00+08:00", "--format", "csv"
    )
    assert done.returncode == 0
    assert done.stderr.startswith("provisional: ")
    assert "provisional" not in done.stdout


def test_moving_the_clock_shows_the_instants_on_the_way(active: tuple[Up, Done]) -> None:
    done = active[0].typed("clock", "advance", "1d")
    assert done.stdout.startswith("2018-07-17T12:")
    assert "moving" not in done.stdout


def test_the_clock_can_be_set_to_an_instant(active: tuple[Up, Done]) -> None:
    assert active[0].duban("clock", "set", "2018-07-20T09:00+08:00").startswith("2018-07-20T09:00:0")


def test_the_clock_does_not_go_back(active: tuple[Up, Done]) -> None:
    assert refused(active[0].typed("clock", "set", "2018-07-01T09:00+08:00")).startswith("duban: ")


def test_ctrl_c_stops_everything_and_leaves_no_process(active: tuple[Up, Done]) -> None:
    up = active[0]
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(timeout=60) == 0
    assert [pid for pid in up.children if not gone(pid)] == []
    assert whereabouts.find(up.data_dir) is None
