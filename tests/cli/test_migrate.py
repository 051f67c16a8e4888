from tests.cli.typed import duban
from tests.databases import TestDatabase


async def test_migrate_brings_the_named_database_up_to_date(database: TestDatabase) -> None:
    done = duban("migrate", DUBAN_OWNER_URL=database.owner_url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "the database is up to date\n", "")


def test_a_database_that_cannot_be_reached_is_one_line() -> None:
    done = duban("migrate", DUBAN_OWNER_URL="postgresql://duban:word@127.0.0.1:9/duban")
    assert done.returncode == 1
    assert done.stderr.startswith("duban: the migrations failed: ")
    assert done.stderr.count("\n") == 1
    assert "word" not in done.stderr
