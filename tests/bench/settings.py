"""The references' settings: the same database, and nothing of ours around their views."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as _APPS
from config.settings import SILENCED_SYSTEM_CHECKS as _SILENCED

MIDDLEWARE = []
_QUIET = "tests.bench.references.apps.QuietAccountConfig"
INSTALLED_APPS = [_QUIET if name == "allauth.account" else name for name in _APPS]
ROOT_URLCONF = "tests.bench.references.urls"
# What the admin would need, which is not served here.
SILENCED_SYSTEM_CHECKS = [*_SILENCED, "admin.E408", "admin.E409", "admin.E410"]
