"""The tables of this floor."""

from accounts.models.audit import AuditEvent, AuditOrigin, AuditPersonal
from accounts.models.credentials import AccessKey, AccessToken, Credential, Login
from accounts.models.figures import Figure
from accounts.models.grant import FOREVER, Grant
from accounts.models.invitation import Invitation
from accounts.models.notices import Notice, Request, Sweep
from accounts.models.operations import Operation, OperationItem
from accounts.models.parts import HasParts
from accounts.models.people import Organization, User
from accounts.models.policies import PolicyBook
from accounts.models.secret import HeldSecret
from accounts.models.thing import Thing
from accounts.models.upkeep import Lockout, NameProbe, RefusalTally, SignIn, StoredAnswer
from accounts.models.used import Used

__all__ = [
    "FOREVER",
    "AccessKey",
    "AccessToken",
    "AuditEvent",
    "AuditOrigin",
    "AuditPersonal",
    "Credential",
    "Figure",
    "Grant",
    "HasParts",
    "HeldSecret",
    "Invitation",
    "Lockout",
    "Login",
    "NameProbe",
    "Notice",
    "Operation",
    "OperationItem",
    "Organization",
    "PolicyBook",
    "RefusalTally",
    "Request",
    "SignIn",
    "StoredAnswer",
    "Sweep",
    "Thing",
    "Used",
    "User",
]
