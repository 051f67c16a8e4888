"""A load of GET requests from a process of its own; prints answers per second. Started by the benchmarks.

Raw sockets with keep-alive: an HTTP client in Python would cost more than what is measured.
"""

import asyncio
import sys
import time


async def ask(port: int, request: bytes, until: float) -> int:
    """One connection that asks again and again; returns how many answers came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode())
        lower = head.lower()
        start = lower.index(b"content-length:") + 15
        await reader.readexactly(int(lower[start : lower.index(b"\r", start)]))
        answered += 1
    writer.close()
    return answered


async def main(port: int, path: str, token: str, connections: int, seconds: float) -> None:
    """Load one path with several connections."""
    request = f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    until = time.perf_counter() + seconds
    answered = await asyncio.gather(*(ask(port, request, until) for _ in range(connections)))
    print(sum(answered) / seconds)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5])))
