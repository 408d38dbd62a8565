"""The base of the pages of one's own company."""

from collections.abc import Mapping

from accounts.access.actor import Actor
from accounts.audit.journal import About
from accounts.console.room import Room, Visit
from accounts.lifecycle import ORGANIZATION
from accounts.models import Organization
from accounts.people import companies


class CompanyPages(Room):
    """Abstract. What is refused about its people is told where the company's history is read."""

    section = "company"

    def own(self, visit: Visit) -> Organization:
        """The company of whoever sits before the page."""
        assert visit.by.user is not None
        return companies.find_visible(visit.by.user.corp.key, by=visit.by)

    def about(self, named: Mapping[str, str], by: Actor) -> About:
        """No address names it: it is one's own."""
        assert by.user is not None
        return About(ORGANIZATION.kind, by.user.corp.key)
