"""What may be done to a project: the full lifecycle."""

from config.kernel.states import FULL_LIFE, Table

PROJECT = Table("project", "projects", FULL_LIFE)
