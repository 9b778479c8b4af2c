"""People who sign in, managed by administrators who can't make themselves more than that."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail.users.views.users import CreateView, EditView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

__all__ = ["UserViewSet"]


class NoSuperuserMixin:
    """A view in which only a superuser can make a superuser."""

    request: HttpRequest

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]  # a mixin: the view has it
        if not self.request.user.is_superuser:
            form.fields.pop("is_superuser", None)
        return form


class UserCreateView(NoSuperuserMixin, CreateView):
    """Making an account."""


class UserEditView(NoSuperuserMixin, EditView):
    """Changing an account."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # With a new password or address for a superuser's account, anybody could sign in as one.
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class UserViewSet(WagtailUserViewSet):
    """Users. Wagtail lets whoever may change users make superusers of them; this doesn't."""

    add_view_class = UserCreateView
    edit_view_class = UserEditView
