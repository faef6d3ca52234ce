"""Asks this container's own web process whether it answers: the container's health check."""

import http.client
import os
import sys


def main() -> int:
    """Return 0 when the address answers 200."""
    # The host and the scheme that the reverse proxy would send; other ones are refused or redirected.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip() or "localhost"
    line = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PROBE_PORT", "8000")), timeout=4)
    try:
        line.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return int(line.getresponse().status != 200)
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
