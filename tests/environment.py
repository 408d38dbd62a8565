"""Before Django is configured: a folder of this process's own for keys and data, and development, which is loopback.

Of each process, not of the run: rates are counted in a file there, and swept by the clock, which a test may have set.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.kernel import keyring

if "POLIS_TEST_VAR" not in os.environ:  # set by the first process for its workers
    folder = tempfile.mkdtemp(prefix="polis-test-")
    os.environ["POLIS_TEST_VAR"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

for name in [name for name in os.environ if name.startswith("POLIS_") and not name.startswith("POLIS_TEST_")]:
    del os.environ[name]
own = Path(os.environ["POLIS_TEST_VAR"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
own.mkdir(exist_ok=True)
keyring.make_keys(own / "keys")
os.environ["POLIS_VAR"] = str(own)
os.environ["POLIS_DEVELOPMENT"] = "1"
os.environ["DATABASE_URL"] = os.environ.get("POLIS_TEST_DATABASE_URL", "")
