"""Settings of a composition in which nobody asks too often or waits too long.

One process of tests or benchmarks is many callers at once, and a loaded machine is no defect.
"""

from services.kit.settings import OUT_OF_REACH

UNLIMITED = {"rate_client": OUT_OF_REACH, "rate_address": OUT_OF_REACH, "request_seconds": 60}
