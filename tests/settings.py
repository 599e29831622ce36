"""The site's own settings, with a database file for tests and quick passwords."""

from __future__ import annotations

import os
import tempfile
import zlib
from pathlib import Path

os.environ.setdefault("KELISIM_DATA", tempfile.mkdtemp(prefix="kelisim-test-"))

from kelisim.site.settings import *  # noqa: F403
from kelisim.site.settings import DATABASES, ENVIRONMENT

PASSPHRASE_STRENGTH = (1, 8192)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
if ENVIRONMENT.database:
    # Two checkouts on one machine test on databases of their own.
    CHECKOUT = zlib.crc32(str(Path(__file__).resolve()).encode())
    DATABASES["default"]["TEST"] = {"NAME": f"test_kelisim_{CHECKOUT:08x}"}
else:
    # A file, not memory: threads and processes of a test must see one database.
    DATABASES["default"]["TEST"] = {"NAME": str(ENVIRONMENT.data / "test.sqlite3")}
# Workers of one test run share the data folder, and each numbers its runs of studies from 1.
STUDIES = ENVIRONMENT.data / f"studies-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
