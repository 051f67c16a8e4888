"""Lint the imports of the tree in the current directory, once for each planted import; run by test_contracts.

Reads a JSON list of [file, line] from stdin, writes a JSON list with the names of the contracts that each breaks.
A program of its own because the tree is a copy: what is imported is looked for in the current directory first.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from importlinter import configuration
from importlinter.application import use_cases
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import registry


def broken() -> list[str]:
    """The names of the contracts that do not hold now."""
    options = use_cases.read_user_options("pyproject.toml")
    report = use_cases.create_report(options, cache_dir=None)
    return [contract.name for contract, check in report.get_contracts_and_checks() if not check.kept]


def main() -> None:
    """Plant, look, take it out again."""
    configuration.configure()
    for kind in (ForbiddenContract, LayersContract, ProtectedContract):
        registry.register(kind, kind.type_name)
    found = []
    for file, line in json.load(sys.stdin):
        place = Path(file)
        before = place.read_text()
        place.write_text(f"{before}\n{line}\n")
        found.append(broken())
        place.write_text(before)
    sys.stdout.write("\n" + json.dumps(found))


if __name__ == "__main__":
    main()
