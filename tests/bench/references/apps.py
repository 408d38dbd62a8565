"""Allauth's models without its insistence on its own middleware, which would cost the references time."""

from allauth.account.apps import AccountConfig


class QuietAccountConfig(AccountConfig):
    """Its own `ready` refuses settings without the middleware: nobody signs in here."""

    def ready(self) -> None:
        """Refuse nothing."""
