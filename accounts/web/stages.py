"""What stands between a right password and being signed in."""

from typing import Any

from allauth.account.stages import EmailVerificationStage, LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from accounts.people import factors, mails


class MailStage(EmailVerificationStage):
    """Who has given a mail at sign-up says first that they read it. Who was made by a command has none to confirm."""

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if user is not None and not mails.is_awaited(user):
            return None, True
        response, goes_on = super().handle()
        return response, goes_on


class EnrolStage(LoginStage):
    """Whose role needs a second factor, and who has none yet, gets one before anything else (S3)."""

    key = "enrol"
    urlname = "account_enrol"

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if user is None or not factors.must_have_one(user) or factors.has_one(user):
            return None, True
        return HttpResponseRedirect(reverse(self.urlname)), True
