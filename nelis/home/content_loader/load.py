"""The load itself: every entry created, updated, or left alone, in one transaction."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from wagtail.models import Page, ReferenceIndex, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from nelis.core.change_log import create_entry
from nelis.core.models import ChangeEntry, SiteSettings
from nelis.core.models.change_log import NoteData
from nelis.core.search.index_sync import rebuild_index, sync_suspended
from nelis.evidence.series_figures import refresh_statistics
from nelis.home.content_loader.files import read_entries
from nelis.home.content_loader.kinds import KINDS, Kind
from nelis.home.content_loader.page_tree import HOME_PATH, delete_default_page, place_page
from nelis.home.content_loader.plan import Plan, make_plans
from nelis.home.content_loader.report import ContentError, Outcome, Report
from nelis.home.content_loader.state import file_hash, state_hash
from nelis.home.content_loader.values import Ref
from nelis.home.content_loader.write import fill_object, publish, set_plain_fields
from nelis.home.models import LoadedEntry
from sectors.versions.publish import versions_at_the_end

__all__ = ["check", "load"]

Log = Callable[[str], None]
#: The kinds named in the first entry of the record of changes.
OPENED_WITH = ("sources", "figures", "findings", "sectors", "propositions")


def check(base: Path | None = None) -> list[Plan]:
    """Read and check every file without touching the database. Raises ContentError."""
    entries, problems = read_entries(base or settings.BASE_DIR)
    plans, found = make_plans(entries)
    if problems or found:
        raise ContentError(problems + found)
    return plans


def load(
    base: Path | None = None,
    *,
    overwrite: bool = False,
    dry_run: bool = False,
    log: Log = lambda line: None,
) -> Report:
    """Load the content files under ``base``.

    What an editor has changed or removed since it was loaded is left alone unless ``overwrite``.
    With ``dry_run`` everything is done and then undone. ``log`` is told of progress, a line at a
    time. Raises ContentError, and changes nothing, when the files have a mistake.
    """
    plans = check(base)
    with transaction.atomic():
        # Both indexes are made once at the end instead of after each of some thousand saves.
        # Versions of propositions keep what they refer to, all of which must be there.
        with sync_suspended(), disable_reference_index_auto_update(), versions_at_the_end():
            run = _Load(plans, overwrite, log)
            run.run()
        if dry_run:
            transaction.set_rollback(True)
        elif run.report.changed:
            log("Indexing …")
            for obj in run.written:
                ReferenceIndex.create_or_update_for_object(obj)
            rebuild_index()
    return run.report


class _Load:
    """One run. Objects that exist are found first; then each kind is written in its order."""

    def __init__(self, plans: list[Plan], overwrite: bool, log: Log) -> None:
        self.plans = plans
        self.overwrite = overwrite
        self.log = log
        self.report = Report()
        self.loaded = {Ref(record.kind, record.key): record for record in LoadedEntry.objects.all()}
        self.pks: dict[Ref, int] = {}
        self.by_path = {plan.path: plan for plan in plans if plan.path}
        self.todo: list[tuple[Plan, models.Model, Outcome]] = []
        self.written: list[models.Model] = []
        self.is_first = not ChangeEntry.objects.exists()

    def run(self) -> None:
        pages = [plan for plan in self.plans if plan.path]
        others = [plan for plan in self.plans if not plan.path]
        # Findings, rounds, timeline items, topics and settings point to pages, and pages to everything else.
        last = {"finding", "round", "timeline", "faq", "topic", "body", "settings"}
        for kind in KINDS:
            if not kind.is_page and kind.name not in last:
                self.write_kind(kind, others)
        # Those that are the latest of a series, where only the series has changed.
        refresh_statistics(note="Brought up to date with the content files.")
        self.log("Placing pages …")
        self.place(sorted(pages, key=lambda plan: plan.path.count("/")))
        for kind in KINDS:
            if kind.is_page or kind.name in last:
                self.write_kind(kind, pages if kind.is_page else others)
        delete_default_page()
        if self.is_first and self.report.total(Outcome.CREATED):
            self.record_opening()

    def write_kind(self, kind: Kind, plans: list[Plan]) -> None:
        mine = [plan for plan in plans if plan.entry.kind is kind]
        if not kind.is_page:
            for plan in mine:
                self.decide(plan, self.find(plan))
        decided = [item for item in self.todo if item[0].entry.kind is kind]
        written = [
            (plan, fresh(obj) if kind.is_page else obj, self.note(outcome))
            for plan, obj, outcome in decided
            if outcome in {Outcome.CREATED, Outcome.UPDATED}
        ]
        # All are filled in before any is published: entries of one kind may refer to each other.
        for plan, obj, _ in written:
            fill_object(plan, obj, self.lookup)
            self.pks[plan.ref] = obj.pk
        for plan, obj, note in written:
            publish(plan, obj, self.lookup, note)
            self.written.append(self.remember(plan, obj))
        for plan, _obj, outcome in decided:
            self.report.add(kind.label, outcome, str(plan.ref))
        self.log(self.report.line(kind.label))

    def note(self, outcome: Outcome) -> NoteData:
        """What the record of changes says of an entry that is written: nothing singly when the site is first filled."""
        if outcome is Outcome.UPDATED:
            return NoteData(ChangeEntry.Kind.CONTENT, "Brought up to date with the content files.")
        return NoteData(ChangeEntry.Kind.FIRST if self.is_first else "")

    def record_opening(self) -> None:
        """One entry for all that the site began with."""
        counts = [
            f"{self.report.counts[label][Outcome.CREATED]} {label}"
            for label in (kind.label for kind in KINDS)
            if label in OPENED_WITH and label in self.report.counts
        ]
        home = self.find(self.by_path[HOME_PATH])
        create_entry(home, ChangeEntry.Kind.NEW, f"The site opened with {', '.join(counts)}.")

    def place(self, plans: list[Plan]) -> None:
        """Give every page that doesn't exist yet its place, as a draft."""
        for plan in plans:
            obj = self.decide(plan, self.find(plan))
            if obj is not None and obj.pk is None:
                set_plain_fields(plan, obj)
                self.pks[plan.ref] = place_page(obj, plan, self.parent_of(plan))

    def parent_of(self, plan: Plan) -> Page | None:
        """The page to put a new one under; None for the home page."""
        if plan.path == HOME_PATH:
            return None
        above = self.by_path[plan.parent_path].ref
        if above not in self.pks:
            expected = f"a page above it that is still there; {above} was removed by an editor"
            raise ContentError([plan.entry.problem("path", expected)])
        return Page.objects.get(pk=self.pks[above])

    def decide(self, plan: Plan, obj: Any) -> Any:
        """Settle what is to become of one entry. Gives the object it will be written to."""
        outcome = self.outcome(plan, obj)
        if obj is None and outcome is Outcome.CREATED:
            obj = self.new(plan)
        if obj is not None and obj.pk is not None:
            self.pks[plan.ref] = obj.pk
        self.todo.append((plan, obj, outcome))
        return obj

    def outcome(self, plan: Plan, obj: Any) -> Outcome:
        """What is to become of an entry, whose object is ``obj`` or, if there is none, None."""
        record = self.loaded.get(plan.ref)
        if obj is None:
            return Outcome.CREATED if record is None or self.overwrite else Outcome.REMOVED
        if record is None:
            if _is_untouched(obj):
                return Outcome.CREATED
            return Outcome.UPDATED if self.overwrite else Outcome.KEPT
        edited = state_hash(obj) != record.state_hash
        if edited and not self.overwrite:
            return Outcome.KEPT
        rewritten = record.file_hash != file_hash(plan)
        return Outcome.UPDATED if edited or rewritten else Outcome.UNCHANGED

    def new(self, plan: Plan) -> models.Model:
        model = plan.values.model
        if plan.entry.kind.name == "settings":
            return model(site=Site.objects.get(is_default_site=True))
        return model()

    def find(self, plan: Plan) -> Any:
        """The object an entry became before, or one that is there under the same key."""
        manager = plan.values.model._default_manager
        if record := self.loaded.get(plan.ref):
            return manager.filter(pk=record.object_pk).first()
        if plan.entry.kind.name == "settings":
            return manager.filter(site__is_default_site=True).first()
        if plan.path == HOME_PATH:
            return manager.first()
        if plan.path:
            parent = self.pks.get(self.by_path[plan.parent_path].ref)
            found = Page.objects.get(pk=parent).get_children() if parent else Page.objects.none()
            return manager.filter(pk__in=found.filter(slug=plan.slug).values("pk")).first()
        return manager.filter(**{plan.entry.kind.key: plan.entry.key}).first()

    def lookup(self, ref: Ref) -> int:
        if ref not in self.pks:
            raise _gone(self.plans, ref)
        return self.pks[ref]

    def remember(self, plan: Plan, obj: models.Model) -> models.Model:
        # Publishing may have saved another instance.
        saved = fresh(obj)
        LoadedEntry.objects.update_or_create(
            kind=plan.ref.kind,
            key=plan.ref.key,
            defaults={
                "object_pk": obj.pk,
                "file_hash": file_hash(plan),
                "state_hash": state_hash(saved),
            },
        )
        return saved


def fresh(obj: Any) -> Any:
    """``obj`` as the database has it. Placing one page changes the row of the page above it."""
    return type(obj)._default_manager.get(pk=obj.pk)


def _is_untouched(obj: models.Model) -> bool:
    """Whether ``obj`` was made by the machinery: site settings come into being when first looked at."""
    return isinstance(obj, SiteSettings) and not (obj.has_notice or obj.menu_items.exists())


def _gone(plans: list[Plan], ref: Ref) -> ContentError:
    """An entry refers to one that an editor has removed."""
    return ContentError(
        [
            plan.entry.problem(name, f"an entry that is still there; {ref} was removed by an editor")
            for plan in plans
            for name, found in plan.values.refs()
            if found == ref
        ]
    )
