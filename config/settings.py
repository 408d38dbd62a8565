"""Environment in, settings out. Closed by default: no key, no host, no debug unless it is given."""

import ipaddress
import os
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from config.kernel import keyring

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    """A text; `<name>_FILE` names a file that holds it."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name, default)


def env_bool(name: str, default: bool = False) -> bool:
    value = env(name).lower()
    if value not in {"", "0", "1", "true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true"} if value else default


def env_int(name: str, default: int) -> int:
    value = env(name)
    if value and not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value) if value else default


def env_list(name: str) -> list[str]:
    return [item.strip() for item in env(name).split(",") if item.strip()]


def env_networks(name: str) -> list[str]:
    """A comma list of addresses and CIDRs."""
    try:
        return [str(ipaddress.ip_network(item, strict=False)) for item in env_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a comma list of CIDRs: {error}.") from None


def env_database(url: str) -> dict[str, object]:
    """postgresql://user:password@host:port/name?sslmode=…, or "" for the embedded SQLite."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "polis.sqlite3",
            "OPTIONS": {
                # Under the default, DEFERRED, concurrent writers fail as locked instead of waiting.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://.")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    if STATEMENT_TIMEOUT_MS:
        options["options"] = f"-c statement_timeout={STATEMENT_TIMEOUT_MS}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


# How a connection to a mail server is told: its port where none is given, and the settings that Django has for it.
_MAIL_SCHEMES: dict[str, tuple[int, dict[str, bool]]] = {
    "smtp": (25, {}),
    "smtp+tls": (587, {"EMAIL_USE_TLS": True}),
    "smtps": (465, {"EMAIL_USE_SSL": True}),
}


def env_email(url: str) -> dict[str, object]:
    """smtps://user:password@host:port (TLS), smtp+tls://… (STARTTLS), smtp://…; "" for the console or for nothing."""
    if not url:
        backend = "console" if DEVELOPMENT else "dummy"
        return {"EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in _MAIL_SCHEMES or not parts.hostname:
        raise ImproperlyConfigured("POLIS_EMAIL_URL must begin with smtp://, smtp+tls:// or smtps://, and name a host.")
    port, options = _MAIL_SCHEMES[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        **options,
    }


# ── Polis ────────────────────────────────────────────────────────────────────────────────────────────────────────
DEVELOPMENT = env_bool("POLIS_DEVELOPMENT")  # plain http, loopback only; `check --deploy` refuses it
VAR = Path(env("POLIS_VAR", str(BASE_DIR / "var"))).absolute()
KEYS = Path(env("POLIS_KEYS", str(VAR / "keys"))).absolute()
BASE_URL = env("POLIS_BASE_URL").rstrip("/")
TRUSTED_PROXIES = env_networks("POLIS_TRUSTED_PROXIES")
# Developers make accounts by themselves, with a mail that they confirm: where mails leave, unless it is turned off.
SIGNUP = env_bool("POLIS_SIGNUP", DEVELOPMENT or bool(env("POLIS_EMAIL_URL")))
PROJECT_CREATION = env_bool("POLIS_PROJECT_CREATION", True)
CITIES_PER_USER = env_int("POLIS_CITIES_PER_USER", 100)
BIN_DAYS = env_int("POLIS_BIN_DAYS", 30)
VERIFY_TTL = env_int("POLIS_VERIFY_TTL", 0)  # seconds a gateway may keep an answer; 0: a kill switch works at once
VERIFY_HOPS = env_int("POLIS_VERIFY_HOPS", 1) or 1  # the client's place from the right in a gateway's X-Forwarded-For
GATEWAYS_PER_PROJECT = env_int("POLIS_GATEWAYS_PER_PROJECT", 20)
THREADS = env_int("POLIS_THREADS", 4)  # of a worker, as config/gunicorn.py has it
RATE_LIMIT = env_int("POLIS_RATE_LIMIT", 1200)  # calls a minute and user or company, at all doors together; 0: none
LOGIN_SECONDS = env_int("POLIS_LOGIN_SECONDS", 15 * 60)
USAGE_SECONDS = min(60, max(1, env_int("POLIS_USAGE_SECONDS", 30)))  # how late "last used" is written, a minute at most
# Set by the server for itself alone: a command or a migration may take its time.
STATEMENT_TIMEOUT_MS = env_int("POLIS_STATEMENT_TIMEOUT_MS", 0)
MAX_BODY_BYTES = 256 * 1024

# ── Django ───────────────────────────────────────────────────────────────────────────────────────────────────────
DEBUG = env_bool("POLIS_DEBUG")
SECRET_KEY = env("POLIS_SECRET_KEY") or keyring.read_key(KEYS, keyring.SECRET_KEY)
if not SECRET_KEY:
    sys.exit(f"No secret key: {KEYS / keyring.SECRET_KEY} is missing. `make run` makes it, or set POLIS_SECRET_KEY.")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if DEVELOPMENT else env_list("POLIS_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []

INSTALLED_APPS = [
    # Neither makes a site of its own: ours is config.site.admin, and lists what it shows.
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "accounts",  # before auth: its commands take the place of auth's
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "cities",
    "projects",
    "apps",
    "config.site.apps.SiteConfig",
]
MIDDLEWARE = [
    "config.site.dataplane.DataPlaneMiddleware",
    "config.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.BrowserPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # a trailing slash is accepted where an address is defined, and never redirected
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": env_database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.access.backend.PolisBackend"]
PASSWORD_HASHERS = ["accounts.people.hashers.Md5Argon2Hasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name", "email")}},
    *({"NAME": f"{_VALIDATION}.{name}PasswordValidator"} for name in ("Common", "Numeric")),
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 3600
# The codes that were used, and how many mails were asked for: what processes must know of each other.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "polis_cache",
        # What is pushed out for want of room would be a used code that is good again.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

# ── Signing in by browser (django-allauth) ───────────────────────────────────────────────────────────────────────
ACCOUNT_ADAPTER = "accounts.web.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Polis: "
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_LOGIN_TIMEOUT = 300  # between the password and the code
ACCOUNT_FORMS = {
    "login": "accounts.web.forms.LoginForm",
    "signup": "accounts.web.forms.SignupForm",
    "reset_password": "accounts.web.forms.ResetForm",
}
# Failures are counted by accounts.people.signin, at this door as at all others (S2).
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
MFA_ADAPTER = "accounts.machine.seeds.MfaAdapter"
MFA_FORMS = {"authenticate": "accounts.web.forms.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who was made by a command has no mail
ANONYMOUS_USER_NAME = None  # guardian's: nobody has no row
SILENCED_SYSTEM_CHECKS = [
    # guardian's own backend stays out: it ignores end dates and costs a query or more for each question.
    "guardian.W001",
    # A name is unique by its folded form, `name_key` (S14), which the check does not look at.
    "auth.W004",
    # SQLite leaves the columns out of the covering index, which is only slower.
    "models.W040",
]

SESSION_ENGINE = "accounts.people.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = not DEVELOPMENT
# The dialects refuse plain http in their own words: a redirect would make light of a token sent in the clear.
SECURE_REDIRECT_EXEMPT = [
    r"^city",
    r"^devltmpl",
    r"^login",
    r"^CLOUDROOM-API/",
    r"^api/",
    r"^livez$",
    r"^readyz$",
    r"^v[123](/|$)",
]
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEVELOPMENT
# Of a page (S25): nothing inline, nothing of another host. What a page needs beyond that its view adds.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

globals().update(env_email(env("POLIS_EMAIL_URL")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("POLIS_EMAIL_FROM") or "Polis <polis@localhost>"
EMAIL_TIMEOUT = 10
EMAIL_SUBJECT_PREFIX = ""

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = env("POLIS_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # the server reads the packages' assets where they lie: no step to collect them

UNFOLD: dict[str, object] = {
    "SITE_TITLE": "Polis",
    "SITE_HEADER": "Polis",
    "SITE_SYMBOL": "location_city",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("polis/icon.svg")}],
    "STYLES": [lambda request: static("polis/admin.css")],
    "SCRIPTS": [lambda request: static("polis/admin.js")],
    # unfold writes them into the page as a <style>, which no page of ours may have: they stand in admin.css.
    "COLORS": lambda request: {},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # closed by default: each door names its own
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Polis: XDUA",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,  # the golden schema is its check
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],
    "APPEND_COMPONENTS": {
        "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
    },
    "SECURITY": [{"token": []}],
    # The page's assets are served from the package: no other host is asked.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "displayRequestDuration": True, "docExpansion": "list"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Its warnings repeat, with the whole address, what the request log tells without the query string.
    "loggers": {"django.request": {"level": "ERROR"}},
}
