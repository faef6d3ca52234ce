#!/usr/bin/env python
"""Django's command line; starts or joins the embedded servers where no DATABASE_URL is set."""

import os
import sys

from wuhai_exec import embedded


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuhai_exec.settings")
    from django.core.management import execute_from_command_line

    with embedded.servers_for(sys.argv[1:]):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
