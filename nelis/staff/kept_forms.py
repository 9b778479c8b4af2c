"""What was typed into a form of the admin is not lost when the session has ended, or was begun anew in another tab.

The page holds it in hidden fields, to be sent once more. Nothing of it is stored on the server.
"""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.defaults import permission_denied

from nelis.staff.sign_in_pages import sign_in_page

__all__ = ["csrf_failure", "is_keepable", "keep_typed"]

#: Passwords and tokens don't come back in a page.
LEFT_OUT = ("csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2", "code", "credential")


def is_keepable(request: HttpRequest) -> bool:
    """Return whether a request is a form that somebody sent, and not one of a script."""
    return request.method == "POST" and request.headers.get("x-requested-with") != "XMLHttpRequest"


@sensitive_post_parameters()
@sign_in_page
def keep_typed(request: HttpRequest) -> HttpResponse:
    """Show that nothing is saved yet, how to sign in, and a button that sends the same again."""
    fields = [(name, value) for name, values in request.POST.lists() if name not in LEFT_OUT for value in values]
    context = {
        "fields": fields,
        "files": [uploaded.name for _, uploads in request.FILES.lists() for uploaded in uploads],
        "address": request.get_full_path(),
        "is_signed_in": request.user.is_authenticated,
        "back": reverse("wagtailadmin_home"),
    }
    return render(request, "staff/kept_form.html", context, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Offer to send a form of the admin again if the browser says that it came from this site; refuse others.

    The token in a page is old once somebody signed in again in another tab.
    """
    is_own = request.headers.get("origin") == f"{request.scheme}://{request.get_host()}"
    is_staff_address = request.path_info.startswith(reverse("wagtailadmin_home"))
    if is_own and is_staff_address and is_keepable(request) and not reason.startswith(REASON_BAD_ORIGIN[:20]):
        return keep_typed(request)
    return permission_denied(request, Exception(reason))
