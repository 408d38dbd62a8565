"""What a page answers with where something cannot be done."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from config.kernel.errors import Code, DomainError

# What a page answers with, beside the sentence that it shows.
STATUSES = {
    Code.NOT_FOUND: 404,
    Code.FORBIDDEN: 403,
    Code.REAUTHENTICATE: 403,
    Code.API_NOT_SUPPORTED: 403,
    Code.API_NOT_IMPLEMENTED: 403,
    Code.HTTPS_REQUIRED: 403,
    Code.CHAIN_CLOSED: 403,
    Code.USER_DISABLED: 403,
    Code.WRONG_STATE: 409,
    Code.STALE: 409,
    Code.RESERVED: 409,
    Code.POLICY_FIXED: 409,
    Code.HAS_CHILDREN: 409,
    Code.LIMIT_REACHED: 409,
    Code.TOO_MANY_REQUESTS: 429,
    Code.BUSY: 503,
}


def way_to_prove(request: Any, error: DomainError | None) -> str:
    """Where somebody proves anew who they are, and comes back from; "" where that is not what stands in the way."""
    if error is None or error.code is not Code.REAUTHENTICATE:
        return ""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}"
