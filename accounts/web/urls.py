"""The addresses of signing in and of one's own account. Of django-allauth's those alone that are used."""

from allauth.account import views as allauth
from allauth.mfa.base.views import authenticate
from django.urls import path, re_path

from accounts.web import views
from accounts.web.door import SignInView

urlpatterns = [
    path("", views.overview, name="account"),
    path("login", SignInView.as_view(), name="account_login"),
    path("login/code", authenticate, name="mfa_authenticate"),
    path("login/enrol", views.enrol, name="account_enrol"),
    path("logout", allauth.logout, name="account_logout"),
    path("signup", allauth.signup, name="account_signup"),
    path("mail/sent", allauth.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^mail/confirm/(?P<key>[-:\w]+)$", allauth.confirm_email, name="account_confirm_email"),
    path("mail", views.change_mail, name="account_email"),
    path("password", views.change_password, name="account_change_password"),
    path("password/reset", allauth.password_reset, name="account_reset_password"),
    path("password/reset/sent", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/done", allauth.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("inactive", allauth.account_inactive, name="account_inactive"),
    path("prove", views.reauthenticate, name="account_reauthenticate"),
    path("factor", views.add_factor, name="account_add_factor"),
    path("factor/drop", views.drop_factor, name="account_drop_factor"),
    path("factor/codes", views.renew_codes, name="account_renew_codes"),
    path("sessions/<key>/end", views.sign_out, name="account_sign_out"),
]
