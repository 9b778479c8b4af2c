"""Signing in, second factors, own sessions: allauth’s views below the admin, in the place of Wagtail’s sign-in."""

from allauth.account import views as account
from allauth.mfa import urls as second_factor_urls
from django.urls import include, path
from wagtail.utils.urlpatterns import decorate_urlpatterns

from nelis.staff import views
from nelis.staff.sign_in_pages import sign_in_page

urlpatterns = decorate_urlpatterns(
    [
        path("login/", account.login, name="account_login"),
        path("sign-out/", account.logout, name="account_logout"),
        path("confirm-it-is-you/", account.reauthenticate, name="account_reauthenticate"),
        path("second-factor/", include(second_factor_urls)),
        path("sessions/", views.own_sessions, name="usersessions_list"),
        path("password_reset/", views.password_reset, name="wagtailadmin_password_reset"),
    ],
    sign_in_page,
)
