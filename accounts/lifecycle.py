"""The small tables of people and credentials: they are enabled or disabled; credentials also end (S5)."""

from config.kernel.registry import Kind
from config.kernel.states import CREDENTIAL_LIFE, SWITCHED_LIFE, Table, Verb

USER = Table("user", "accounts", SWITCHED_LIFE)
ORGANIZATION = Table("organization", "accounts", SWITCHED_LIFE)
ACCESS_TOKEN = Table("accesstoken", "accounts", CREDENTIAL_LIFE)
ACCESS_KEY = Table("accesskey", "accounts", CREDENTIAL_LIFE)
LOGIN = Table("login", "accounts", tuple(row for row in CREDENTIAL_LIFE if row.verb is not Verb.SET))

KINDS = (
    Kind(USER, "accounts.User"),
    Kind(ORGANIZATION, "accounts.Organization"),
    Kind(ACCESS_TOKEN, "accounts.AccessToken"),
    Kind(ACCESS_KEY, "accounts.AccessKey"),
    Kind(LOGIN, "accounts.Login"),
)
