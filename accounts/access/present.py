"""Whether there is anything at all in each of many lists, most of which are empty most of the time."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, QuerySet

from accounts.models import User


def which_hold(lists: Sequence[QuerySet[Any]], *, user: User) -> list[bool]:
    """Of each whether it has a row, in one query about somebody: what is empty need not be asked for."""
    if not lists:
        return []
    asked = [Exists(each.order_by()) for each in lists]
    return list(User.objects.filter(pk=user.pk).values_list(*asked).get())
