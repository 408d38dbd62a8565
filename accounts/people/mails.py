"""One's e-mail address: it counts from when whoever reads that mailbox has said so.

`User.email` holds confirmed addresses alone, since what is offered to a mail is its reader's. Those that wait to be
confirmed are django-allauth's rows: `primary` the one that was given at sign-up, for which its user waits too.
"""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.machine import executor
from accounts.models import User
from config.kernel.errors import WrongState


def wait_for(user: User, email: str, *, by: Actor) -> EmailAddress:
    """An address of the user's that is yet to be confirmed, in the place of any that was. Raises REAUTHENTICATE."""
    by.check_fresh()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        EmailAddress.objects.filter(user=user).exclude(verified=True).delete()
        found, _ = EmailAddress.objects.get_or_create(user=user, email=email.lower())
        return found


def is_awaited(user: User) -> bool:
    """Have they signed up with a mail that they have not confirmed yet? Then they are nobody so far."""
    return not user.email and EmailAddress.objects.filter(user=user, primary=True).exists()


def confirm(address: EmailAddress, *, by: Actor) -> bool:
    """Whoever got the link has opened it; False where the address is somebody else's by now, or the user is closed."""
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=address.user_id)
            executor.edit(USER, user, {"email": address.email}, by=by, is_personal=True)
            others = EmailAddress.objects.filter(user=user).exclude(pk=address.pk)
            others.delete()
            EmailAddress.objects.filter(pk=address.pk).update(verified=True, primary=True)
    except (IntegrityError, WrongState):
        return False
    address.verified = address.primary = True
    return True
