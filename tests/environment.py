"""Before Django is configured: a folder of this run's own for keys and data, and development, which is loopback."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.kernel import keyring

if "POLIS_TEST_VAR" not in os.environ:  # set by the first process for its workers
    folder = tempfile.mkdtemp(prefix="polis-test-")
    os.environ["POLIS_TEST_VAR"] = folder
    keyring.make_keys(Path(folder) / "keys")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

for name in [name for name in os.environ if name.startswith("POLIS_") and not name.startswith("POLIS_TEST_")]:
    del os.environ[name]
os.environ["POLIS_VAR"] = os.environ["POLIS_TEST_VAR"]
os.environ["POLIS_DEVELOPMENT"] = "1"
os.environ["DATABASE_URL"] = os.environ.get("POLIS_TEST_DATABASE_URL", "")
