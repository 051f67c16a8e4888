"""Settings of a composition in which nobody asks too often: one process of tests or benchmarks is many callers at once."""

from services.kit.settings import OUT_OF_REACH

UNLIMITED = {"rate_client": OUT_OF_REACH, "rate_address": OUT_OF_REACH}
