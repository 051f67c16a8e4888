"""`duban …`: what a person types. A client of the HTTP APIs, but for `up` and `migrate`.

It ends with 0 when what was asked is done, 1 when it was refused or something is wrong, 2 when it was typed wrongly.
"""

import sys

from services.cli.stopped import Stopped


def main() -> None:
    """Run one command. What goes wrong is one line on stderr, and its details below it."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper, whatever the locale
    from services.cli.commands import app  # noqa: PLC0415 - the streams speak UTF-8 first

    try:
        app(prog_name="duban")
    except Stopped as stopped:
        print(f"duban: {stopped}", file=sys.stderr)
        for line in stopped.details:
            print(f"  {line}", file=sys.stderr)
        sys.exit(stopped.status)
    except BrokenPipeError:  # whoever read us has read enough
        sys.stderr.close()
        sys.exit(1)
