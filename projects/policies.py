"""The rows of our own interfaces to projects; no document has them."""

from config.kernel.policies import Policy, own

POLICIES: tuple[Policy, ...] = (
    own("AddProject", "ADD", "project", subject="u"),
    own("SetProject", "SET", "project"),
    own("OffProject", "OFF", "project"),
    own("PubProject", "PUB", "project"),
    own("DisProject", "DIS", "project", roles=frozenset({"Admin"})),
    own("EnbProject", "ENB", "project", subject="", roles=frozenset({"Admin"})),
    own("DolProject", "DOL", "project"),
    own("RccProject", "RCC", "project", subject="", roles=frozenset({"Admin"})),
    own("DelProject", "DEL", "project", roles=frozenset({"God"})),
    own("GetProject", "GET", "project", roles=frozenset({"Admin"})),
    own("QriProject", "QRI", "project"),
    own("RotateProject", "ROTATE", "project"),
)
