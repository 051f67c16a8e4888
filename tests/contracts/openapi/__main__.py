"""Freeze the three documents: `python -m tests.contracts.openapi`. `--breaking` when clients are to be broken."""

import json
import sys

from tests.contracts.openapi.comparing import breaks
from tests.contracts.openapi.frozen import SERVICES, frozen, path_of
from tests.structure.house import document


def main() -> None:
    """Write the documents as they are, unless that breaks what was frozen."""
    broken = [
        f"{service}: {line}"
        for service in SERVICES
        if path_of(service).exists()
        for line in breaks(frozen(service), document(service))
    ]
    if broken and "--breaking" not in sys.argv[1:]:
        sys.exit("\n".join(["Clients of the frozen documents would break; --breaking freezes all the same:", *broken]))
    for service in SERVICES:
        text = json.dumps(document(service), ensure_ascii=False, indent=1, sort_keys=True)
        path_of(service).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
