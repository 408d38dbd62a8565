"""What may be done to a city: the full lifecycle, all thirteen verbs of the document."""

from config.kernel.states import FULL_LIFE, Table

CITY = Table("city", "cities", FULL_LIFE)
