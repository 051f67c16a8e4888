"""How much a benchmark does: all of it with `make bench`; with `--short` so little that it only shows that it runs."""

import sys

SHORT = "--short" in sys.argv
