"""The rows of the interfaces to gateways, apps and AppCodes. The vendor's document has no registry: they are ours."""

from config.kernel.policies import Policy, of_full_life, own

GATEWAYS: tuple[Policy, ...] = of_full_life("Gateway", "gateway")
# What the document's row of an app says holds for the same verb at the other doors.
APPS: tuple[Policy, ...] = of_full_life("App", "app", set_follows="SetDevltmpl")
# 003, 修改应用: its Acitys "devl,zone,corp,shop,devl,devl,login" are read as the usual seven.
SET_DEVLTMPL = Policy(
    "SetDevltmpl",
    "SET",
    "i",
    frozenset(),
    "devl",
    "id",
    "UpdateDevltmpl",
    documented={
        "Name": "SetDevltmpl",
        "Url": "https://api.xdua.com/devltmpl",
        "Method": "PUT",
        "XduaApiHttpSchema": "HTTPS",
        "XduaApiMethod": "SET",
        "XduaApiColor": "X",
        "XduaApiAudience": "ConsoleX",
        "XduaApiShop": "XdUaXduA",
        "XduaApiSubject": "i",
        "XduaApiRoles": "Zoon",
        "XduaApiResource": "devl",
        "XduaApiKparam": "id",
        "XduaApiAction": "UpdateDevltmpl",
        "XduaApiRule": "UpdateDevltmpl",
        "XduaApiAcitys": "0",
        "XduaApiEnable": "true",
    },
)
APP_CODES: tuple[Policy, ...] = (
    own("AddAppCode", "ADD", "appcode", subject="u"),
    own("GetAppCode", "GET", "appcode"),
    own("QriAppCode", "QRI", "appcode"),
    own("DisAppCode", "DIS", "appcode"),
    own("EnbAppCode", "ENB", "appcode"),
    own("DelAppCode", "DEL", "appcode"),
)
# Whoever has GET on a project may ask whether a credential of its is good.
VERIFICATIONS: tuple[Policy, ...] = (own("GetVerification", "GET", "verification"),)
# All of them, as the registry knows them.
EVERY = (*GATEWAYS, *APPS, SET_DEVLTMPL, *APP_CODES, *VERIFICATIONS)
