#!/usr/bin/env python
"""Django's command line for the register."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        # Said to the person who has to set something, who need not read our code for it.
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"{problem}")


if __name__ == "__main__":
    main()
