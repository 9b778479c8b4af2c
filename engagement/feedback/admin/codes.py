"""The tree of codes in the admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin import messages

from engagement.feedback.admin.base import AnalysisView, posted_key
from engagement.feedback.admin.forms import CodeForm, indented_choices
from engagement.feedback.analysis import code_frame as codes
from engagement.feedback.analysis import coding_workflow
from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import Code

__all__ = ["CodeFrameView", "CodeView"]


def visible_code_tree(page: AnalysisView) -> list[codes.CodeNode]:
    """The tree, with how often each code was given as far as whoever looks may know."""
    return codes.code_tree(page.round, coding_workflow.visible_codings(page.round, page.request.user, "codings__"))


class CodeFrameView(AnalysisView):
    """All codes of a round with how often they are used, and a form for another one."""

    name = "feedback_code_frame"
    template_name = "admin/feedback/code_frame.html"
    page_title = "Codes"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        branches = kwargs.pop("branches", None) or visible_code_tree(self)
        form = kwargs.get("form") or CodeForm(branches, set(), initial={"sort_order": 0})
        return super().get_context_data(**kwargs) | {
            "branches": branches,
            "form": form,
            "sees_all": coding_workflow.may_see_all_codes(self.round, self.request.user),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add a code."""
        branches = visible_code_tree(self)
        form = CodeForm(branches, set(), request.POST, instance=Code(round=self.round))
        if not form.is_valid():
            return self.wrong(form=form, branches=branches)
        codes.add_code(form.instance, request.user)
        messages.success(request, f"“{form.instance}” is added.")
        return redirect("feedback_code_frame", self.round.pk)


class CodeView(AnalysisView):
    """One code: changing it, merging it with another one, deleting it."""

    template_name = "admin/feedback/code.html"

    @cached_property
    def code(self) -> Code:
        """The one it is about."""
        return get_object_or_404(Code, round=self.round, pk=self.kwargs["number"])

    @cached_property
    def was(self) -> str:
        """What it was called before this request."""
        return str(self.code.name)

    def get_page_title(self) -> str:
        return self.was

    def between(self) -> list[dict[str, Any]]:
        return [{"url": reverse("feedback_code_frame", args=[self.round.pk]), "label": "Codes"}]

    @cached_property
    def branches(self) -> list[codes.CodeNode]:
        """The whole tree."""
        return visible_code_tree(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unfit = codes.descendant_keys(self.branches, self.code)
        branch = next(one for one in self.branches if one.code.pk == self.code.pk)
        return super().get_context_data(**kwargs) | {
            "code": self.code,
            "sees_all": coding_workflow.may_see_all_codes(self.round, self.request.user),
            "branch": branch,
            "form": kwargs.get("form") or CodeForm(self.branches, unfit, instance=self.code),
            "others": indented_choices([one for one in self.branches if one.code.pk not in unfit]),
            "may_go": not self.code.codings.exists() and len(unfit) == 1,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says."""
        do = {"merge": self.merge, "delete": self.delete}.get(request.POST.get("do", ""), self.change)
        try:
            return do()
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect("feedback_code", self.round.pk, self.code.pk)

    def change(self) -> HttpResponse:
        """Name, words and place of the code."""
        was = self.was
        unfit = codes.descendant_keys(self.branches, self.code)
        form = CodeForm(self.branches, unfit, self.request.POST, instance=self.code)
        if not form.is_valid():
            return self.wrong(form=form)
        codes.update_code(form.instance, was, self.request.user)
        return self.gone(f"“{form.instance}” is changed.")

    def merge(self) -> HttpResponse:
        """Make one of two."""
        found = self.round.codes.filter(pk=posted_key(self.request, "into")).first()
        if found is None:
            raise RefusedError("Choose another code of this round.")
        codes.merge_codes(self.code, found, self.request.user)
        return self.gone(f"“{self.was}” is part of “{found}” now.")

    def delete(self) -> HttpResponse:
        """Take one away that nothing has."""
        was = self.was
        codes.delete_code(self.code, self.request.user)
        return self.gone(f"“{was}” is deleted.")

    def gone(self, message: str) -> HttpResponse:
        """Back to the tree."""
        messages.success(self.request, message)
        return redirect("feedback_code_frame", self.round.pk)
