"""Every address of the admin, read from the URL configuration, with objects for its arguments made from its view."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, Site, Task, UploadedFile, Workflow
from wagtail.snippets.models import get_snippet_models

from engagement.bulletins.models import Bulletin
from engagement.complaints.models import Complaint
from engagement.feedback.models import (
    Code,
    FeedbackRound,
    FormVersion,
    OfficialResponse,
    Response,
    RoundSession,
    Theme,
)
from engagement.mailing_list.models import CircuitBreaker, Subscription, UploadedList
from nelis.core.models import SiteDocument, SiteImage, SiteSettings, User
from nelis.evidence.models import UploadedFigures, Vintage
from nelis.home.models import HomePage, StandardPage
from tests.admin.object_factory import ObjectFactory

BULK = "wagtail_bulk_action"
#: Breaks on purpose, and ends the session of whoever looks.
LEFT_OUT = {"wagtailadmin_error_test", "wagtailadmin_logout"}


@dataclass(frozen=True)
class Address:
    """One pattern of the URL configuration. Those without a name are known by their route."""

    name: str
    route: str
    view: Any
    #: Of a bulk action: app label, model name and action, which its route leaves open.
    bulk: tuple[str, str, str] | None = None

    @property
    def parameters(self) -> list[str]:
        """The names of the arguments."""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)

    @property
    def model(self) -> type[models.Model] | None:
        """What the view is about, if it says so."""
        return self.view.view_initkwargs.get("model") or getattr(self.view.view_class, "model", None)


def addresses() -> list[Address]:
    """Every address below ``/admin/``; of a name that stands for the same route several times, the first."""
    found = {}
    for address in _walk(get_resolver().url_patterns):
        if address.route.startswith("admin/"):
            found.setdefault((address.name, address.route), address)
    return list(found.values())


def admin_addresses() -> dict[str, Any]:
    """The URL of each address that needs no object, with its view: the class of one, or a function."""
    found = {}
    for address in addresses():
        try:
            url = reverse(address.name)
        except NoReverseMatch:
            continue
        if address.name not in LEFT_OUT:
            found[url] = address.view.view_class or address.view.callback
    return found


def _walk(patterns: Any, above: str = "", namespaces: tuple[str, ...] = ()) -> Iterator[Address]:
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, route, inner)
            continue
        name = ":".join((*namespaces, pattern.name)) if pattern.name else route
        if name != BULK:
            yield Address(name, route, _View(pattern.callback))
            continue
        bulk_action_registry._scan_for_bulk_actions()
        for label, by_model in bulk_action_registry.actions.items():
            for model, actions in by_model.items():
                for action in actions:
                    bulk = (label, model, action)
                    yield Address(f"{BULK}:{label}.{model}:{action}", route, _View(pattern.callback), bulk)


class _View:
    """What a callback says about itself, below Wagtail's decorators."""

    def __init__(self, callback: Any) -> None:
        self.callback = callback
        view_class, kwargs = None, {}
        while callback is not None:
            view_class = view_class or getattr(callback, "view_class", None)
            kwargs = kwargs or getattr(callback, "view_initkwargs", {})
            callback = getattr(callback, "__wrapped__", None)
        self.view_class, self.view_initkwargs = view_class, kwargs


class Objects:
    """One object for each argument of each address, all of them somebody's."""

    def __init__(self, factory: ObjectFactory) -> None:
        self.factory = factory
        self.made: dict[type[models.Model], Any] = {}
        self.owner = factory.make(User, username="somebody-else")
        editors = Group.objects.get(name="Content editor")
        self.made[User] = factory.make(User, username="target")
        self.made[User].groups.add(editors)
        self.made[Group] = editors
        self.made[Page] = self.draft_in_review()
        self.made[Site] = Site.objects.get()
        SiteSettings.for_site(self.made[Site])
        self.made[Workflow] = Workflow.objects.get()
        self.made[Task] = Task.objects.first().specific
        self.made[UploadedFile] = self.uploaded(SiteDocument)
        round_ = self.made[FeedbackRound] = factory.make(FeedbackRound, state="closed", title="Kites")
        session = self.made[RoundSession] = factory.make(RoundSession, round=round_, title="Kites", code="KT7194")
        content = {"title": "", "intro": "", "privacy": "", "pages": []}
        form = factory.make(FormVersion, round=round_, number=1, content=content)
        sent = {"round": round_, "form": form, "state": "submitted", "session": session}
        self.made[Response] = factory.make(Response, reference="K7QM-4T2X", **sent)
        self.paper = factory.make(Response, reference="K7QM-4T2Y", mode="paper", **sent)
        self.made[Code] = factory.make(Code, round=round_)
        self.made[Theme] = factory.make(Theme, round=round_)
        self.made[OfficialResponse] = factory.make(OfficialResponse, round=round_)
        self.made[UploadedList] = factory.make(UploadedList, content=b"address\nanna@example.org\n")
        self.made[UploadedFigures] = factory.make(UploadedFigures, content=b"year,value\n2018,60\n")
        for model in get_snippet_models():
            self.made[model] = self.of(model)
            if hasattr(model, "save_revision"):
                self.made[model].save_revision(user=self.owner)
                if hasattr(model, "get_workflow") and self.made[model].get_workflow():
                    self.made[model].get_workflow().start(self.made[model], self.owner)

    def draft_in_review(self) -> StandardPage:
        page = StandardPage(title="Draft", slug="draft", summary="A draft.", live=False, owner=self.owner)
        HomePage.objects.get().add_child(instance=page)
        page.save_revision(user=self.owner)
        page.get_workflow().start(page, self.owner)
        return StandardPage.objects.get(pk=page.pk)

    def uploaded(self, model: type[models.Model]) -> Any:
        kind = ContentType.objects.get_for_model(model)
        return self.factory.make(UploadedFile, for_content_type=kind, uploaded_by_user=self.owner)

    def of(self, model: type[models.Model]) -> Any:
        """The object of ``model``."""
        if model not in self.made:
            self.made[model] = self.factory.make(model)
        return self.made[model]

    def belong_to(self, person: Any) -> None:
        """Make everything somebody's: whatever points to a member of staff points to them."""
        for model in {type(obj) for obj in self.made.values()} | {Page, Response, UploadedFile}:
            for field in model._meta.concrete_fields:
                is_staff = field.remote_field and field.related_model is get_user_model()
                if is_staff and field.model is not User and "locked" not in field.name:
                    field.model._base_manager.update(**{field.name: person})

    # --- arguments -----------------------------------------------------------------------------

    def url(self, address: Address) -> str:
        """The address with its arguments filled in."""
        if address.bulk:
            label, model, _ = address.bulk
            found = next(known for known in self.known() if known._meta.label_lower == f"{label}.{model}")
            return reverse(BULK, args=address.bulk) + f"?id={self.of(found).pk}"
        if address.name == "wagtailadmin_pages:revisions_compare":
            return reverse(address.name, args=[self.of(Page).pk, "earliest", "latest"])
        values = {name: self.value(address, name) for name in address.parameters}
        if address.name != address.route:
            return reverse(address.name, kwargs=values)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), address.route)
        return "/" + path.replace("^.*/$", "nowhere/")

    def known(self) -> list[type[models.Model]]:
        return [*get_snippet_models(), Page, SiteImage, SiteDocument, User]

    def value(self, address: Address, parameter: str) -> Any:
        """A value for one argument."""
        namespace = address.name.rpartition(":")[0]
        model = self.model_of(address, namespace)
        if parameter in ("content_type_app_name", "app_label", "app_name") and address.name != "wagtailsettings:edit":
            return {"wagtailadmin_workflows": "core", "wagtailsettings": "core"}.get(namespace, "home")
        fixed = {
            "content_type_model_name": "standardpage",
            "app_name": "core",
            "model_name": MODEL_NAMES.get(namespace, "standardpage"),
            "action_name": "publish" if "api" in namespace else "approve",
            "filter_spec": "max-100x100",
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
            "object_id": self.of(Page).pk,
            "session_id": 1,
            "step": "close",
            "name": "none",
            "uidb64": urlsafe_base64_encode(force_bytes(self.made[User].pk)),
            "token": "set-password",
            "session": self.of(RoundSession).pk,
            "response": self.paper.pk,
            "parent_page_id": self.of(HomePage).pk,
            "destination_id": self.of(HomePage).pk,
        }
        if parameter in fixed:
            return fixed[parameter]
        if parameter == "uuid":
            return self.of(UploadedFigures if namespace == "evidence_admin" else UploadedList).uuid
        if parameter == "number":
            return self.of(NUMBERED[address.name]).pk
        obj = self.of(model)
        if parameter in ("revision_id", "task_state_id", "workflow_state_id"):
            state = obj.current_workflow_state
            return {
                "revision_id": obj.latest_revision_id,
                "workflow_state_id": state and state.pk,
                "task_state_id": state and state.current_task_state_id,
            }[parameter]
        return self.of(PARAMETERS.get(parameter, model)).pk

    def model_of(self, address: Address, namespace: str) -> Any:
        """The model of the objects that an address is about."""
        for known in get_snippet_models():
            if namespace.endswith(f"_{known._meta.app_label}_{known._meta.model_name}"):
                return known
        by_namespace = next((model for prefix, model in NAMESPACES.items() if address.name.startswith(prefix)), None)
        return by_namespace or address.model or Page


MODEL_NAMES = {"wagtailadmin_workflows": "independentapprovaltask", "wagtailsettings": "sitesettings"}
#: What an argument of this name is the key of.
PARAMETERS: dict[str, type[models.Model]] = {
    "page_id": Page,
    "page_pk": Page,
    "page_to_move_id": Page,
    "collection_id": Collection,
    "workflow_pk": Workflow,
    "task_id": Task,
    "image_id": SiteImage,
    "document_id": SiteDocument,
    "doc_id": SiteDocument,
    "redirect_id": Redirect,
    "uploaded_file_id": UploadedFile,
}
#: What addresses are about whose view doesn't say, by the beginning of their name.
NAMESPACES: dict[str, type[models.Model]] = {
    "wagtailadmin_api:images": SiteImage,
    "wagtailadmin_api:documents": SiteDocument,
    "wagtailadmin_workflows:edit_task": Task,
    "wagtailadmin_workflows:disable_task": Task,
    "wagtailadmin_workflows:enable_task": Task,
    "wagtailadmin_workflows": Workflow,
    "wagtailadmin_collections": Collection,
    "wagtailimages": SiteImage,
    "wagtaildocs": SiteDocument,
    "wagtailsettings": Site,
    "wagtailusers_users": User,
    "wagtailusers_groups": Group,
    "wagtailsites": Site,
    "complaints_admin": Complaint,
    "evidence_admin": Vintage,
    "mailing_list_admin:reset_network": CircuitBreaker,
    "mailing_list_admin:discard_network": CircuitBreaker,
    "mailing_list_admin": Subscription,
    "bulletin_": Bulletin,
    "feedback_": FeedbackRound,
}
#: What the number in an address about a round is of.
NUMBERED: dict[str, type[models.Model]] = {
    "feedback_response": Response,
    "feedback_code": Code,
    "feedback_theme": Theme,
    "feedback_official_response": OfficialResponse,
}
