"""What may be done to gateways and apps, the full lifecycle; and to AppCodes, whose end is final (S5)."""

from config.kernel.states import CREDENTIAL_LIFE, FULL_LIFE, Table

GATEWAY = Table("gateway", "apps", FULL_LIFE)
APP = Table("app", "apps", FULL_LIFE)
APP_CODE = Table("appcode", "apps", CREDENTIAL_LIFE)
