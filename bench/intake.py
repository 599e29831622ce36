"""The workload `intake`, through the site's own door: group commit, 201 after it."""

import sys
from importlib.metadata import version
from pathlib import Path

from intake_load import run

run("kelisim.site.asgi:application", Path(sys.argv[1]), Path(sys.argv[2]), version("kelisim"))
