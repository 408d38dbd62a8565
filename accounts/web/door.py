"""The sign-in page: a wait is answered as one, whoever asks."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpResponse

from config.kernel.errors import Code

STATUSES = {Code.TOO_MANY_REQUESTS: 429, Code.BUSY: 503}


class SignInView(LoginView):
    """allauth's, with the status that says that it is too often."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(site_is_open=settings.SIGNUP, **given)

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        for error in form.non_field_errors().as_data():
            if error.code in STATUSES:
                response.status_code = STATUSES[error.code]
                response["Retry-After"] = str(error.params["retry_after"])
        return response
