"""The rows of our own interfaces: who may call them at all. No document has them: any colour, audience and shop.

Those of signing in, credentials, people and the rows themselves cannot be overridden: so a god can always come in and
open what was closed (S11).
"""

from config.kernel.policies import Policy, own


def _of_credentials(name: str, resource: str) -> tuple[Policy, ...]:
    return (
        own(f"Add{name}", "ADD", resource, subject="u", is_fixed=True),
        own(f"Set{name}", "SET", resource, is_fixed=True),
        own(f"Dis{name}", "DIS", resource, is_fixed=True),
        own(f"Enb{name}", "ENB", resource, is_fixed=True),
        own(f"Del{name}", "DEL", resource, is_fixed=True),
        own(f"Get{name}", "GET", resource, is_fixed=True),
        own(f"Qri{name}", "QRI", resource, is_fixed=True),
    )


_ADMIN, _GOD = frozenset({"Admin"}), frozenset({"God"})
# Signing in, at every door that has it; and the locks of who failed at it.
SIGN_IN = own("AddLogin", "ADD", "login", subject="", is_fixed=True)
LOCKS = (
    own("QriLogin", "QRI", "login", subject="", roles=_ADMIN, is_fixed=True),
    own("GetLogin", "GET", "login", subject="", roles=_ADMIN, is_fixed=True),
    own("UnlockLogin", "UNLOCK", "login", subject="", roles=_ADMIN, is_fixed=True),
)
POLICIES = (
    own("QriPolicy", "QRI", "policy", subject="", roles=_ADMIN, is_fixed=True),
    own("GetPolicy", "GET", "policy", subject="", roles=_ADMIN, is_fixed=True),
    own("SetPolicy", "SET", "policy", subject="", roles=_GOD, is_fixed=True),
)
TOKENS = _of_credentials("Token", "token")
ACCESS_KEYS = _of_credentials("AccessKey", "access-key")
# Keystone's doors: what a token says of itself, its end, and the projects of whoever asks.
KEYSTONE = (
    own("GetKeystoneToken", "GET", "token", is_fixed=True),
    own("DelKeystoneToken", "DEL", "token", is_fixed=True),
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
    own("DisOrganization", "DIS", "organization", subject="", roles=frozenset({"God"})),
    own("EnbOrganization", "ENB", "organization", subject="", roles=frozenset({"God"})),
)
ME = (own("GetMe", "GET", "user", is_fixed=True), own("SetMe", "SET", "user", is_fixed=True))
AUDIT = (
    own("QriAudit", "QRI", "audit", roles=frozenset({"Admin"})),
    own("ExportAudit", "EXPORT", "audit", subject="", roles=frozenset({"God"})),
)
BIN = (own("QriBin", "QRI", "bin", roles=frozenset({"Admin"})),)
USERS = (
    own("QriUser", "QRI", "user", subject="", roles=_ADMIN, is_fixed=True),
    own("GetUser", "GET", "user", subject="", roles=_ADMIN, is_fixed=True),
    own("DisUser", "DIS", "user", subject="", roles=_ADMIN, is_fixed=True),
    own("EnbUser", "ENB", "user", subject="", roles=_ADMIN, is_fixed=True),
    own("SetRoleUser", "SETROLE", "user", subject="", roles=_GOD, is_fixed=True),
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
    own("RetractRequest", "RETRACT", "request"),
)
# Many things at once. Each of them is judged by the row of its own kind, too.
OPERATIONS = (
    own("QriOperation", "QRI", "operation", subject="", roles=_ADMIN),
    own("GetOperation", "GET", "operation", subject="", roles=_ADMIN),
    own("Operate", "OPERATE", "operation", subject="", roles=_ADMIN),
    own(
        "StopOperation", "STOP", "operation", subject="", roles=_ADMIN, is_fixed=True
    ),  # a brake that nothing takes away
)
# All of them, as the registry knows them.
EVERY = (
    SIGN_IN,
    *LOCKS,
    *POLICIES,
    *TOKENS,
    *ACCESS_KEYS,
    *KEYSTONE,
    *GRANTS,
    *ORGANIZATIONS,
    *ME,
    *AUDIT,
    *BIN,
    *NOTICES,
    *REQUESTS,
    *OPERATIONS,
    *USERS,
    *MEMBERS,
    *INVITATIONS,
)
