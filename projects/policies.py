"""The rows of our own interfaces to projects; no document has them."""

from config.kernel.policies import Policy, of_full_life, own

POLICIES: tuple[Policy, ...] = (*of_full_life("Project", "project"), own("MoveProject", "MOVE", "project"))
