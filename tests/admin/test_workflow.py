"""Nobody approves their own work; what every step approved is what goes live."""

import pytest
from django.urls import reverse
from wagtail.models import DraftStateMixin, TaskState, Workflow, WorkflowPage, WorkflowState
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import streamfield

from nelis.core.models import IndependentApprovalTask
from nelis.evidence.models import Source, Statistic
from nelis.home.models import HomePage, StandardPage
from tests.admin.sample_site import PUBLISH, SUBMIT, resent


def approval(comment=""):
    return {
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
        "workflow-action-extra-data": f'{{"comment": "{comment}"}}',
    }


class Desk:
    """One thing under review, and the hands it passes through."""

    def __init__(self, thing, sample_site):
        self.thing = thing
        self.sample_site = sample_site

    @property
    def url_name(self):
        if isinstance(self.thing, StandardPage):
            return "wagtailadmin_pages"
        return f"wagtailsnippets_{self.thing._meta.app_label}_{self.thing._meta.model_name}"

    @property
    def edit_url(self):
        return reverse(f"{self.url_name}:edit", args=[self.thing.pk])

    def save(self, client, **changes):
        form = resent(client, self.edit_url)
        # The page's body is empty; a script would say so.
        form |= {"body-count": "0"}
        response = client.post(self.edit_url, form | changes)
        self.thing.refresh_from_db()
        return response

    def approve_elsewhere(self, client, action="approve"):
        """Post the approval that the dashboard and the lists offer."""
        state = self.thing.current_workflow_task_state
        url = reverse(f"{self.url_name}:workflow_action", args=[self.thing.pk, action, state.pk])
        response = client.post(url, {"comment": "so"})
        self.thing.refresh_from_db()
        return response

    @property
    def step(self):
        """The name of the step it is at, or nothing when no workflow is running."""
        task = self.thing.current_workflow_task
        return task.name if task else ""


A_COMMENT = {
    "comments-TOTAL_FORMS": "1",
    "comments-INITIAL_FORMS": "0",
    "comments-0-text": "Is it so?",
    "comments-0-contentpath": "summary",
    "comments-0-replies-TOTAL_FORMS": "0",
    "comments-0-replies-INITIAL_FORMS": "0",
}
CHECK = "Figures checked by an analyst"
APPROVAL = "Approved by a publisher"


@pytest.fixture
def page(sample_site):
    return Desk(sample_site.make(StandardPage), sample_site)


@pytest.fixture
def figure(sample_site):
    return Desk(sample_site.statistic, sample_site)


def change_of(desk):
    return {"summary": "A better sentence."} if isinstance(desk.thing, StandardPage) else {"label": "people at work"}


def is_changed(desk):
    desk.thing.refresh_from_db()
    name, value = next(iter(change_of(desk).items()))
    return getattr(desk.thing, name) == value


@pytest.fixture(params=["page", "figure"])
def desk(request):
    """A page, or a figure: the same rules for both."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def author(signed_in):
    """Somebody in every group at once, so that only authorship stands in the way."""
    return signed_in("Content editor", "Analyst", "Publisher", name="author")


def test_checked_then_approved_then_live(desk, signed_in, author):
    analyst, publisher = signed_in("Analyst"), signed_in("Publisher")
    desk.save(author, **change_of(desk), **SUBMIT)
    assert desk.step == CHECK
    desk.save(analyst, **approval())
    assert desk.step == APPROVAL
    assert not is_changed(desk)
    desk.save(publisher, **approval())
    assert desk.step == ""
    assert is_changed(desk)
    assert desk.thing.live
    assert not desk.thing.has_unpublished_changes


def test_the_same_from_the_dashboard(desk, signed_in, author):
    desk.save(author, **change_of(desk), **SUBMIT)
    desk.approve_elsewhere(signed_in("Analyst"))
    assert desk.step == APPROVAL
    desk.approve_elsewhere(signed_in("Publisher"))
    assert is_changed(desk)


def test_a_new_page_goes_live_the_same_way(sample_site, signed_in):
    editor = signed_in("Content editor")
    parent = sample_site.pages[HomePage]
    url = reverse("wagtailadmin_pages:add", args=["home", "standardpage", parent.pk])
    editor.post(url, sample_site.form(StandardPage, body=streamfield([])) | SUBMIT)
    desk = Desk(StandardPage.objects.get(slug="new-standardpage"), sample_site)
    assert not desk.thing.live
    desk.save(signed_in("Analyst"), **approval())
    desk.save(signed_in("Publisher"), **approval())
    assert desk.thing.live


def test_the_analyst_comes_first(desk, signed_in, author):
    desk.save(author, **change_of(desk), **SUBMIT)
    assert desk.approve_elsewhere(signed_in("Publisher")).status_code == 302
    assert desk.step == CHECK


def test_nobody_approves_their_own_work_in_the_editor(desk, author):
    desk.save(author, **change_of(desk), **SUBMIT)
    html = author.get(desk.edit_url).content.decode()
    assert 'data-workflow-action-name="approve"' not in html
    desk.save(author, **approval())
    assert desk.step == CHECK


def test_nor_by_a_post_made_by_hand(desk, author):
    desk.save(author, **change_of(desk), **SUBMIT)
    desk.approve_elsewhere(author)
    assert desk.step == CHECK
    state = desk.thing.current_workflow_task_state
    state.task.specific.on_action(state, author.person, "approve")
    assert desk.step == CHECK


def test_superusers_are_held_to_it(desk, signed_in):
    root = signed_in(superuser=True, name="root")
    desk.save(root, **change_of(desk), **SUBMIT)
    desk.save(root, **approval())
    desk.approve_elsewhere(root)
    assert desk.step == CHECK
    other = signed_in(superuser=True, name="other-root")
    desk.save(other, **approval())
    assert desk.step == APPROVAL


def test_whoever_wrote_part_of_it_is_an_author_too(desk, signed_in):
    """One writes, another hands it in: neither approves."""
    writer = signed_in("Analyst", name="writer")
    desk.save(writer, **change_of(desk))
    desk.save(signed_in("Analyst", name="sender"), **SUBMIT)
    desk.approve_elsewhere(writer)
    assert desk.step == CHECK
    desk.approve_elsewhere(signed_in("Analyst", name="third"))
    assert desk.step == APPROVAL


def test_what_was_published_before_is_nobodys_work_any_more(desk, signed_in):
    writer = signed_in("Analyst", name="writer")
    administrator = signed_in("Administrator")
    desk.save(writer, **change_of(desk))
    desk.save(administrator, **PUBLISH)
    assert is_changed(desk)
    desk.save(signed_in("Analyst", name="sender"), **SUBMIT)
    desk.approve_elsewhere(writer)
    assert desk.step == APPROVAL


def test_an_analyst_who_corrects_leaves_the_approval_to_another(desk, signed_in, author):
    desk.save(author, **SUBMIT)
    analyst = signed_in("Analyst")
    response = desk.save(analyst, **change_of(desk), **approval())
    assert response.status_code == 302
    assert desk.step == CHECK
    assert any("somebody else must approve" in str(m) for m in analyst.get(desk.edit_url).context["messages"])
    desk.approve_elsewhere(signed_in("Analyst", name="second"))
    assert desk.step == APPROVAL


def test_a_publishers_change_goes_back_to_the_analyst(desk, signed_in, author):
    desk.save(author, **SUBMIT)
    analyst = signed_in("Analyst")
    desk.approve_elsewhere(analyst)
    desk.save(signed_in("Publisher"), **change_of(desk))
    assert desk.step == CHECK
    desk.approve_elsewhere(analyst)
    desk.approve_elsewhere(signed_in("Publisher", name="second-publisher"))
    assert is_changed(desk)


def test_an_outdated_approval_counts_for_nothing(desk, signed_in, author):
    """The button was pressed for a wording that has been changed since."""
    desk.save(author, **SUBMIT)
    outdated = desk.thing.current_workflow_task_state
    desk.save(signed_in("Analyst"), **change_of(desk))
    url = reverse(f"{desk.url_name}:workflow_action", args=[desk.thing.pk, "approve", outdated.pk])
    signed_in("Analyst", name="late").post(url, {"comment": ""})
    assert desk.step == CHECK


def test_comments_are_not_authorship(page, signed_in, author):
    page.save(author, **SUBMIT)
    analyst = signed_in("Analyst")
    page.save(analyst, **A_COMMENT)
    assert page.thing.wagtail_admin_comments.get().user == analyst.person
    assert page.step == CHECK
    page.save(analyst, **approval())
    assert page.step == APPROVAL


def test_a_comment_keeps_what_was_approved_but_revives_nothing_older(page, signed_in, author):
    page.save(author, **SUBMIT)
    page.approve_elsewhere(signed_in("Analyst"))
    page.save(signed_in("Publisher"), **change_of(page))
    assert page.step == CHECK
    second = signed_in("Analyst", name="second")
    page.save(second, **A_COMMENT)
    page.approve_elsewhere(second)
    assert page.step == APPROVAL


def test_changes_can_be_asked_for(desk, signed_in, author):
    desk.save(author, **change_of(desk), **SUBMIT)
    desk.approve_elsewhere(signed_in("Analyst"), action="reject")
    assert desk.thing.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    desk.save(author, **SUBMIT)
    assert desk.step == CHECK


def test_people_outside_the_step_can_neither_approve_nor_edit(desk, signed_in, author):
    desk.save(author, **change_of(desk), **SUBMIT)
    editor = signed_in("Content editor")
    desk.approve_elsewhere(editor)
    assert desk.step == CHECK
    if isinstance(desk.thing, StandardPage):
        desk.save(editor, summary="Mine.")
        assert desk.thing.get_latest_revision_as_object().summary == "A better sentence."


@pytest.mark.parametrize("groups", [("Content editor",), ("Analyst",), ("Engagement officer",), ("Publisher",)])
def test_only_administrators_publish_past_the_workflow(page, signed_in, groups):
    client = signed_in(*groups)
    assert b"action-publish" not in client.get(page.edit_url).content
    page.save(client, **change_of(page), **PUBLISH)
    assert not is_changed(page)


@pytest.mark.parametrize("groups", [("Analyst",), ("Publisher",)])
def test_nor_figures(figure, signed_in, groups):
    client = signed_in(*groups)
    assert b"action-publish" not in client.get(figure.edit_url).content
    figure.save(client, **change_of(figure), **PUBLISH)
    assert not is_changed(figure)


def test_under_review_nothing_may_be_left_empty(desk, signed_in, author):
    desk.save(author, **SUBMIT)
    field = "summary" if isinstance(desk.thing, StandardPage) else "source"
    analyst = signed_in("Analyst")
    response = desk.save(analyst, **{field: ""})
    assert field in response.context["form"].errors
    assert getattr(desk.thing.get_latest_revision_as_object(), field)


def test_what_became_impossible_meanwhile_goes_back_with_the_reason(figure, signed_in, author):
    """While the review ran, its source turned out to be a press report, which carries no figure alone."""
    figure.save(author, label="of kites", **SUBMIT)
    figure.approve_elsewhere(signed_in("Analyst"))
    Source.objects.filter(pk=figure.sample_site.source.pk).update(kind=Source.Kind.PRESS)
    assert figure.approve_elsewhere(signed_in("Publisher")).status_code == 302
    state = figure.thing.current_workflow_state
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert "Source: A press report or a third party" in state.current_task_state.comment
    figure.thing.refresh_from_db()
    assert figure.thing.label != "of kites"


def test_a_revision_under_review_is_not_overwritten(desk, author):
    """As a browser's autosave would, were it on."""
    desk.save(author, **change_of(desk), **SUBMIT)
    reviewed = desk.thing.latest_revision
    desk.thing.save_revision(user=author.person, overwrite_revision=reviewed)
    desk.thing.refresh_from_db()
    assert desk.thing.latest_revision != reviewed


def test_one_workflow_covers_everything_that_can_be_drafted(db):
    workflow = Workflow.objects.get()
    assert WorkflowPage.objects.get().page.depth == 1
    assert [task.specific.__class__ for task in workflow.tasks] == [IndependentApprovalTask] * 2
    assert [[str(g) for g in task.specific.groups.all()] for task in workflow.tasks] == [["Analyst"], ["Publisher"]]


def test_every_snippet_with_drafts_is_reviewed(db):
    drafted = [model for model in get_snippet_models() if issubclass(model, DraftStateMixin)]
    assert drafted
    assert all(model.get_default_workflow() for model in drafted), [
        model for model in drafted if not model.get_default_workflow()
    ]


def test_the_finished_review_is_on_record(figure, signed_in, author):
    figure.save(author, **change_of(figure), **SUBMIT)
    figure.approve_elsewhere(signed_in("Analyst"))
    figure.approve_elsewhere(signed_in("Publisher"))
    states = TaskState.objects.filter(status=TaskState.STATUS_APPROVED).order_by("pk")
    assert [state.finished_by.username for state in states] == ["analyst", "publisher"]
    assert Statistic.objects.get(pk=figure.thing.pk).label == "people at work"
