"""The thirteen rows of the document for cities (003, 配置参数), with the values that are in force.

`documented` keeps the document's literal values for display, its contradictions included: DIS has Subject `i` and
Roles Admin; RCC's Subject `i` is explained as `u`; GET's as `!`. What is in force is domain.md §3's table.
"""

from config.kernel.policies import ALL_ENABLED, ANY_LOGIN, Policy, own
from config.kernel.states import State, Verb


def _row(
    name: str,
    verb: Verb,
    method: str,
    *,
    subject: str = "",
    roles: tuple[str, ...] = (),
    kparam: str = "id",
    action: str,
    literal: tuple[str, str, str],
    acitys: tuple[frozenset[State], ...] = ALL_ENABLED,
) -> Policy:
    """`literal`: the document's Subject, Roles and Acitys."""
    documented = {
        "Name": name,
        "Url": "https://api.xdua.com/city",
        "Method": method,
        "XduaApiHttpSchema": "HTTPS",
        "XduaApiMethod": str(verb),
        "XduaApiColor": "X",
        "XduaApiAudience": "ConsoleX",
        "XduaApiShop": "XdUaXduA",
        "XduaApiSubject": literal[0],
        "XduaApiRoles": literal[1],
        "XduaApiResource": "city",
        "XduaApiKparam": kparam,
        "XduaApiAction": action,
        "XduaApiRule": action,
        "XduaApiAcitys": literal[2],
        "XduaApiEnable": "true",
    }
    return Policy(name, verb, subject, frozenset(roles), "city", kparam, action, acitys=acitys, documented=documented)


POLICIES = (
    _row("AddState", Verb.ADD, "POST", subject="u", kparam="name", action="CreateState", literal=("i", "Zoon", "0")),
    _row("DelState", Verb.DEL, "DELETE", subject="i", roles=("God",), action="DeleteState", literal=("i", "Zoon", "0")),
    _row(
        "DisState",
        Verb.DIS,
        "PUT",
        subject="i",
        roles=("Admin",),
        action="DisableState",
        literal=("i", "Admin", "0,0 或者0"),
    ),
    _row("DolState", Verb.DOL, "PUT", subject="i", action="DeletoState", literal=("i", "Zoon", "0")),
    _row("EnbState", Verb.ENB, "PUT", roles=("Admin",), action="EnableState", literal=("u", "Admin", "0")),
    _row(
        "GetState",
        Verb.GET,
        "GET",
        subject="i",
        roles=("Admin",),
        action="GetState",
        literal=("i", "Zoon", "State,Corp,Shop,User,State,Token: 0"),
        acitys=ANY_LOGIN,
    ),
    _row(
        "GitState",
        Verb.GIT,
        "GET",
        subject="i",
        action="GetState",
        literal=("i", "Zoon", "State,Corp,Shop,User,State,Token: 0"),
        acitys=ANY_LOGIN,
    ),
    _row("OffState", Verb.OFF, "PUT", subject="i", action="OfflineState", literal=("i", "Zoon", "0")),
    _row("PubState", Verb.PUB, "PUT", subject="i", action="OnlineState", literal=("i", "Zoon", "0")),
    _row("QriState", Verb.QRI, "GET", subject="i", kparam="where", action="QueriState", literal=("i", "Zoon", "0")),
    _row("QryState", Verb.QRY, "GET", roles=("God",), kparam="where", action="QueryState", literal=("u", "God", "0")),
    _row("RccState", Verb.RCC, "PUT", roles=("Admin",), action="RecycleState", literal=("i", "Zoon", "0")),
    _row("SetState", Verb.SET, "PUT", subject="i", action="UpdateState", literal=("i", "Zoon", "0")),
)
# The rows of our own interfaces to a city's transfer; no document has them. The first is a verb of the city itself.
TRANSFER = own("TransferCity", "TRANSFER", "transfer", roles=frozenset({"God"}))
TRANSFERS = (
    TRANSFER,
    own("WithdrawTransfer", "WITHDRAW", "transfer"),
    own("GetTransfer", "GET", "transfer", subject="u"),
    own("QriTransfer", "QRI", "transfer", subject="u"),
    own("AcceptTransfer", "ACCEPT", "transfer", subject="u"),
    own("DeclineTransfer", "DECLINE", "transfer", subject="u"),
)
