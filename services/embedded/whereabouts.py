"""Where a running platform is and the administrator's key: `<data-dir>/platform.json`, mode 0600, while it runs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from services.embedded.directory import write_private

FILE = "platform.json"


@dataclass(frozen=True)
class Whereabouts:
    """What a client needs."""

    url: str
    api_key: str = field(repr=False)


@contextmanager
def told(data_dir: Path, whereabouts: Whereabouts) -> Iterator[None]:
    """Let the command line find the platform as long as the context lasts."""
    file = data_dir / FILE
    write_private(file, json.dumps(asdict(whereabouts)))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def find(data_dir: Path) -> Whereabouts | None:
    """The platform that runs on this data directory, or was killed there; None when there is none.

    Raises OSError when the file cannot be read, ValueError when it is damaged.
    """
    try:
        return Whereabouts(**json.loads((data_dir / FILE).read_text()))
    except FileNotFoundError:
        return None
    except TypeError as error:
        raise ValueError(str(error)) from error
