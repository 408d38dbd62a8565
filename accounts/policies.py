"""The rows of our own interfaces: who may call them at all. No document has them: any colour, audience and shop."""

from config.kernel.policies import Policy, own


def _of_credentials(name: str, resource: str) -> tuple[Policy, ...]:
    return (
        own(f"Add{name}", "ADD", resource, subject="u"),
        own(f"Set{name}", "SET", resource),
        own(f"Dis{name}", "DIS", resource),
        own(f"Enb{name}", "ENB", resource),
        own(f"Del{name}", "DEL", resource),
        own(f"Get{name}", "GET", resource),
        own(f"Qri{name}", "QRI", resource),
    )


TOKENS = _of_credentials("Token", "token")
ACCESS_KEYS = _of_credentials("AccessKey", "access-key")
# Keystone's doors: what a token says of itself, its end, and the projects of whoever asks.
KEYSTONE = (
    own("GetKeystoneToken", "GET", "token"),
    own("DelKeystoneToken", "DEL", "token"),
    own("QriKeystoneProject", "QRI", "project"),
)
GRANTS = (
    own("ShareGrant", "SHARE", "grant"),
    own("SetGrant", "SET", "grant"),
    own("UnshareGrant", "UNSHARE", "grant"),
    own("AcceptGrant", "ACCEPT", "grant", subject="u"),
    own("DeclineGrant", "DECLINE", "grant", subject="u"),
    own("GetGrant", "GET", "grant"),
    own("QriGrant", "QRI", "grant"),
)
ORGANIZATIONS = (
    own("QriOrganization", "QRI", "organization", roles=frozenset({"Admin"})),
    own("GetOrganization", "GET", "organization", roles=frozenset({"Admin"})),
    own("SetOrganization", "SET", "organization", roles=frozenset({"God"})),
    own("RotateOrganization", "ROTATE", "organization", roles=frozenset({"God"})),
)
ME = (own("GetMe", "GET", "user"), own("SetMe", "SET", "user"))
AUDIT = (own("QriAudit", "QRI", "audit", roles=frozenset({"Admin"})),)
BIN = (own("QriBin", "QRI", "bin", roles=frozenset({"Admin"})),)
NOTICES = (
    own("QriNotice", "QRI", "notice"),
    own("GetNotice", "GET", "notice"),
    own("SetNotice", "SET", "notice"),
)
# To ask is an owner's; to answer an administrator's.
REQUESTS = (
    own("AddRequest", "REQUEST", "request"),
    own("QriRequest", "QRI", "request", roles=frozenset({"Admin"})),
    own("GetRequest", "GET", "request", roles=frozenset({"Admin"})),
    own("AnswerRequest", "ANSWER", "request", subject="", roles=frozenset({"Admin"})),
    own("WithdrawRequest", "WITHDRAW", "request"),
)
