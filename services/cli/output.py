"""Bytes to stdout as they came."""

import sys


def raw(content: bytes) -> None:
    """Write `content` unchanged, whatever the locale and the platform's line ends."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
