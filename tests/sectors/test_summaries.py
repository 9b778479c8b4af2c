"""What pages of the strategy show first: which figures, and how sure it all is. No database."""

from types import SimpleNamespace

from sectors.models import Basis
from sectors.summaries import first_figures, proposition_certainty


def figure(key: str, status: str = "held") -> SimpleNamespace:
    return SimpleNamespace(key=key, status=status, figure=SimpleNamespace(held=status != "missing"))


def keys(shown: list) -> list:
    return [[each.key for each in item] if isinstance(item, list) else item.key for item in shown]


def test_the_first_figures_hold_what_is_missing_and_what_is_disputed():
    rivals = [figure("F8", "disputed"), figure("F9", "disputed")]
    listed = [figure("F1"), figure("F2"), figure("F3"), figure("F4"), figure("F5", "missing"), rivals, figure("F6")]
    first, more = first_figures(listed)
    assert keys(first) == ["F1", "F2", "F3", "F5", ["F8", "F9"]]
    assert keys(more) == ["F4", "F6"]


def test_without_gaps_and_disputes_the_first_five_are_those_of_the_editor():
    first, more = first_figures([figure(f"F{number}") for number in range(7)])
    assert keys(first) == ["F0", "F1", "F2", "F3", "F4"]
    assert keys(more) == ["F5", "F6"]


def line(basis: str, *, against: bool = False, role: str = "partner") -> SimpleNamespace:
    return SimpleNamespace(basis=basis, is_inferred=basis == Basis.INFERRED, is_challenge=against, role=role)


def test_certainty_counts_every_line_once_and_names_what_is_not_published():
    page = SimpleNamespace(cost_low=None, cost_high=5, start="")
    context = {
        "link_table": [SimpleNamespace(link=line("stated")), SimpleNamespace(link=line("inferred"))],
        "evidence": [line("inferred"), line("inferred", against=True), line("stated", against=True)],
        "roles": [line("stated", role="lead")],
        "asks": {},
        "outcomes": [],
    }
    found = {
        item["label"]: (item["number"], item["kind"], item["sense"]) for item in proposition_certainty(page, context)
    }
    assert found == {
        "Stated in a source": (2, "stated", ""),
        "Inferred by us": (2, "inferred", ""),
        "Stated in a source, and counts against it": (1, "stated", "against"),
        "Inferred by us, and counts against it": (1, "inferred", "against"),
        "Not published: asks, start, measure": (2 + 1, "missing", ""),
    }
