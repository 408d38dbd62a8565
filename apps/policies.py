"""The rows of the interfaces to gateways, apps and AppCodes. The vendor's document has no registry: they are ours."""

from config.kernel.policies import Policy, of_full_life, own

GATEWAYS: tuple[Policy, ...] = of_full_life("Gateway", "gateway")
APPS: tuple[Policy, ...] = of_full_life("App", "app")
APP_CODES: tuple[Policy, ...] = (
    own("AddAppCode", "ADD", "app_code", subject="u"),
    own("GetAppCode", "GET", "app_code"),
    own("QriAppCode", "QRI", "app_code"),
    own("DisAppCode", "DIS", "app_code"),
    own("EnbAppCode", "ENB", "app_code"),
    own("DelAppCode", "DEL", "app_code"),
)
