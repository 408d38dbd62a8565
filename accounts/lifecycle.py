"""The small tables of people and credentials: they are enabled or disabled; credentials also end (S5)."""

from config.kernel.registry import Kind
from config.kernel.states import CREDENTIAL_LIFE, SWITCHED_LIFE, Table

USER = Table("user", "accounts", SWITCHED_LIFE)
ORGANIZATION = Table("organization", "accounts", SWITCHED_LIFE)
ACCESS_TOKEN = Table("accesstoken", "accounts", CREDENTIAL_LIFE)
LOGIN = Table("login", "accounts", CREDENTIAL_LIFE)

KINDS = (
    Kind(USER, "accounts.User"),
    Kind(ORGANIZATION, "accounts.Organization"),
    Kind(ACCESS_TOKEN, "accounts.AccessToken"),
    Kind(LOGIN, "accounts.Login"),
)
