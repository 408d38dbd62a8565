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
_ADMIN, _GOD = frozenset({"Admin"}), frozenset({"God"})
USERS = (
    own("QriUser", "QRI", "user", subject="", roles=_ADMIN),
    own("GetUser", "GET", "user", subject="", roles=_ADMIN),
    own("DisUser", "DIS", "user", subject="", roles=_ADMIN),
    own("EnbUser", "ENB", "user", subject="", roles=_ADMIN),
    own("SetRoleUser", "SETROLE", "user", subject="", roles=_GOD),
)
ORGANIZATION_SWITCHES = (
    own("DisOrganization", "DIS", "organization", subject="", roles=_GOD),
    own("EnbOrganization", "ENB", "organization", subject="", roles=_GOD),
)
MEMBERS = (
    own("QriMember", "QRI", "member", roles=_ADMIN),
    own("SetMember", "SET", "member", roles=_GOD),
    own("LeaveOrganization", "LEAVE", "member", roles=_GOD),
)
INVITATIONS = (
    own("QriInvitation", "QRI", "invitation", roles=_ADMIN),
    own("GetInvitation", "GET", "invitation", roles=_ADMIN),
    own("AddInvitation", "INVITE", "invitation", roles=_GOD),
    own("DelInvitation", "UNINVITE", "invitation", roles=_GOD),
    own("JoinOrganization", "JOIN", "invitation", subject="u"),
    own("DeclineInvitation", "DECLINE", "invitation", subject="u"),
)
