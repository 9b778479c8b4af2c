"""Two tabs or devices on one page of a response: what one of them saved isn't deleted by the other, which is older."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.feedback.models import Answer, PropositionResponse, Respondent
from engagement.feedback.responses.merging import describe_shown, merge, parse_shown
from tests.feedback.form_browser import Browser

pytestmark = pytest.mark.pg

BEGIN = "/feedback/kite-fair/answer/1/"
SECOND = "/feedback/kite-fair/answer/2/"


def tabs(url: str) -> tuple[Browser, Browser]:
    """Two tabs that show the same page of one response, both before anything was saved."""
    newer, older = Browser(), Browser()
    newer.open(url)
    older.open(newer.url)
    return newer, older


def saved_stance(page: object) -> tuple[str, str]:
    row = PropositionResponse.objects.get(proposition=page)
    return row.stance, row.comment


def test_an_older_tab_leaves_what_the_newer_one_saved(fair: SimpleNamespace):
    newer, older = tabs(BEGIN)
    one = f"p{fair.propositions[0].pk}"
    newer.send(**{one: "support", f"{one}-comment": "It flies."})
    older.send(**{str(fair.why.key): "Wind"})
    assert older.page.h1.text.strip() == "The fair itself"
    assert saved_stance(fair.propositions[0]) == ("support", "It flies.")
    assert Answer.objects.get().text == "Wind"


def test_of_one_proposition_each_part_is_merged_by_itself(fair: SimpleNamespace):
    newer, older = tabs(BEGIN)
    one = f"p{fair.propositions[0].pk}"
    newer.send(**{one: "support"})
    older.send(**{f"{one}-comment": "It flies."})
    assert saved_stance(fair.propositions[0]) == ("support", "It flies.")


def test_what_is_emptied_in_a_tab_that_showed_it_is_gone(fair: SimpleNamespace):
    browser, _ = tabs(BEGIN)
    page = browser.url
    browser.send(**{str(fair.why.key): "Wind"})
    browser.open(page)
    browser.send(**{str(fair.why.key): ""})
    assert not Answer.objects.exists()


class TestConflict:
    """Both tabs changed the same box: both texts are shown, and the person decides."""

    @pytest.fixture
    def older(self, fair: SimpleNamespace) -> Browser:
        newer, older = tabs(BEGIN)
        one = f"p{fair.propositions[0].pk}"
        newer.send(**{str(fair.why.key): "Wind", one: "support", f"{one}-comment": "It flies."})
        older.send(**{str(fair.why.key): "Rain", one: "oppose", f"p{fair.propositions[1].pk}": "unsure"})
        return older

    def test_both_are_shown_and_nothing_is_written_over(self, fair: SimpleNamespace, older: Browser):
        assert older.status == 409
        assert older.page.title.text.startswith("Error: ")
        box = older.page.find(id=str(fair.why.key))
        assert box.text.strip() == "Rain"
        described = [older.page.find(id=name) for name in box["aria-describedby"].split()]
        assert any("Wind" in place.text for place in described)
        stance = older.page.select_one(f"input[name=p{fair.propositions[0].pk}][checked]")
        assert stance["value"] == "oppose"
        assert "Support" in older.page.find(id=f"p{fair.propositions[0].pk}-saved").text
        links = {link["href"] for link in older.page.select(".errs a")}
        assert f"#{fair.why.key}" in links
        assert all(older.page.find(id=link[1:]) for link in links)
        # What only one of them changed is no conflict, and stands there merged.
        assert older.page.find(id=f"p{fair.propositions[0].pk}-comment").text.strip() == "It flies."
        assert len(links) == 2
        assert Answer.objects.get().text == "Wind"
        assert saved_stance(fair.propositions[0]) == ("support", "It flies.")
        assert not PropositionResponse.objects.filter(proposition=fair.propositions[1]).exists()

    def test_sent_again_what_is_typed_here_takes_its_place(self, fair: SimpleNamespace, older: Browser):
        older.send()
        assert older.page.h1.text.strip() == "The fair itself"
        assert Answer.objects.get().text == "Rain"
        assert saved_stance(fair.propositions[0]) == ("oppose", "It flies.")
        assert saved_stance(fair.propositions[1]) == ("unsure", "")

    def test_the_saved_one_can_be_kept_of_each(self, fair: SimpleNamespace, older: Browser):
        older.send(keep=[str(fair.why.key)])
        assert Answer.objects.get().text == "Wind"
        assert saved_stance(fair.propositions[0]) == ("oppose", "It flies.")

    def test_what_was_saved_since_is_shown_again(self, fair: SimpleNamespace, older: Browser):
        third = Browser()
        third.open(older.url)
        third.send(**{str(fair.why.key): "Snow"})
        older.send()
        assert older.status == 409
        assert "Snow" in older.page.find(id=f"{fair.why.key}-saved").text
        assert Answer.objects.get().text == "Snow"


def test_after_an_error_the_page_still_knows_what_it_showed(fair: SimpleNamespace):
    newer, older = tabs(BEGIN)
    one = f"p{fair.propositions[0].pk}"
    older.send(**{str(fair.why.key): "x" * 101})
    assert older.status == 422
    newer.send(**{one: "support"})
    older.send(**{str(fair.why.key): "Wind"})
    assert saved_stance(fair.propositions[0])[0] == "support"
    assert Answer.objects.get().text == "Wind"


def test_choices_are_merged_too(fair: SimpleNamespace):
    newer, older = tabs(SECOND)
    choices, required = fair.questions["choices"], {str(fair.questions["yes_no"].key): "Yes"}
    newer.send(**required | {str(choices.key): ["Red", "Blue"]})
    older.send(**required | {str(fair.questions["short"].key): "A tail"})
    assert Answer.objects.get(question=choices.key).chosen == ["Red", "Blue"]
    older.open(newer.url.replace("about-you", "answer/2"))
    older.send(**{str(choices.key): []})
    assert not Answer.objects.filter(question=choices.key).exists()


@pytest.mark.parametrize(
    "shown", ["", "x", "::::", "é:é", "p1:" + "0" * 5000, " ".join(f"p{n}:00" for n in range(5000))]
)
def test_a_made_up_field_loses_nothing(fair: SimpleNamespace, shown: str):
    newer, older = tabs(BEGIN)
    newer.send(**{str(fair.why.key): "Wind"})
    older.send(shown=shown, **{f"p{fair.propositions[0].pk}": "support"})
    # It may be asked about what it claims to have shown, and then both are there.
    assert older.status in (200, 409)
    assert Answer.objects.get().text == "Wind"
    assert older.status == 409 or saved_stance(fair.propositions[0])[0] == "support"


def test_about_you_is_merged_too(fair: SimpleNamespace):
    newer, older = tabs(BEGIN)
    newer.send(**{str(fair.why.key): "Wind"})
    about = newer.url.replace("answer/2", "about-you")
    newer.open(about)
    older.open(about)
    newer.send(name="Ada Example", address="ada@example.org", may_contact="on")
    older.send(organisation="Kite makers")
    person = Respondent.objects.get()
    assert (person.name, person.organisation) == ("Ada Example", "Kite makers")
    assert (person.address, person.may_contact) == ("ada@example.org", True)
    older.open(about)
    newer.open(about)
    newer.send(name="Ada E. Example")
    older.send(name="Bea Example", role="Maker")
    assert older.status == 409
    assert "Ada E. Example" in older.page.find(id="id_name_error").text
    assert older.page.find(id="id_name")["value"] == "Bea Example"
    assert Respondent.objects.get().name == "Ada E. Example"
    older.send()
    person = Respondent.objects.get()
    assert (person.name, person.role, person.address) == ("Bea Example", "Maker", "ada@example.org")


def test_a_consent_and_its_address_are_one_answer(fair: SimpleNamespace):
    """Else a tab that takes the address away and one that ticks the box would leave leave to write to nobody."""
    newer, older = tabs(BEGIN)
    newer.send(**{str(fair.why.key): "Wind"})
    about = newer.url.replace("answer/2", "about-you")
    newer.open(about)
    newer.send(address="ada@example.org")
    newer.open(about)
    older.open(about)
    newer.send(address="")
    older.send(may_contact="on")
    assert older.status == 409
    assert not Respondent.objects.get().may_contact


def test_a_page_that_is_sent_for_the_first_time_reads_nothing_else(fair: SimpleNamespace):
    """What a hall sends at once: each page of a response, once."""
    browser, _ = tabs(BEGIN)
    browser.send(**{str(fair.why.key): "Wind"})
    sent = browser.form() | {str(fair.questions["yes_no"].key): "Yes", str(fair.questions["long"].key): "Tails."}
    with CaptureQueriesContext(connection) as queries:
        browser.client.post(browser.url, sent)
    reads = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert not [sql for sql in reads if 'FROM "feedback_answer"' in sql.partition("EXISTS")[0]]
    # Round and form; savepoints or BEGIN and COMMIT; the response, inserted or locked, and read; the answers.
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 6


# --- any sequence of tabs -----------------------------------------------------------------------------------

BOXES = ("stance", "comment", "why")
WORDS = st.sampled_from(["", "Wind", "Rain", "Snow"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.integers(0, 2)),
        st.tuples(st.just("type"), st.integers(0, 2), st.sampled_from(BOXES), WORDS),
        st.tuples(st.just("save"), st.integers(0, 2), st.sets(st.sampled_from(BOXES))),
    ),
    max_size=25,
)


class Tab:
    """What a page shows, what stands in its boxes, and everything its reader has seen to be saved."""

    def __init__(self, saved: dict[str, str]) -> None:
        self.shown, self.typed, self.seen = describe_shown(saved), dict(saved), dict(saved)


@given(STEPS)
def test_nothing_acknowledged_is_lost_unseen(steps: list[tuple]):
    """Whatever three tabs do, a saved answer only gives way to somebody who had that answer before their eyes."""
    saved = dict.fromkeys(BOXES, "")
    open_tabs = [Tab(saved) for _ in range(3)]
    for what, number, *more in steps:
        tab = open_tabs[number]
        if what == "open":
            open_tabs[number] = Tab(saved)
        elif what == "type":
            box, words = more
            tab.typed[box] = words
        else:
            found = merge(tab.typed, saved, parse_shown(tab.shown), more[0])
            if found.conflicts:
                # Both are on the page: what is saved beside what was typed.
                assert all(found.conflicts[box] == saved[box] != tab.typed[box] for box in found.conflicts)
                shown_again = {
                    box: tab.typed[box] if box in found.changed or box in found.conflicts else saved[box]
                    for box in BOXES
                }
                tab.shown, tab.typed, tab.seen = describe_shown(saved), shown_again, dict(saved)
                continue
            for box in found.changed:
                assert tab.seen[box] == saved[box], f"{box} was written over unseen"
                assert box not in more[0]
            before = dict(saved)
            saved |= {box: tab.typed[box] for box in found.changed}
            # Everything the person changed is saved now; everything they left alone is as it was.
            for box in BOXES:
                left_alone = tab.typed[box] == tab.seen[box] or box in more[0]
                assert saved[box] == (before[box] if left_alone else tab.typed[box])
            open_tabs[number] = Tab(saved)


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_the_same_through_the_pages(fair: SimpleNamespace, steps: list[tuple]):
    """The same with the site: three browsers, and what the database holds after each step."""
    names = {"stance": f"p{fair.propositions[0].pk}", "why": str(fair.why.key)}
    names["comment"] = f"{names['stance']}-comment"
    stances = {"": "", "Wind": "support", "Rain": "oppose", "Snow": "unsure"}
    first = Browser()
    first.open(BEGIN)
    page = first.url
    browsers, typed = [Browser() for _ in range(3)], [dict[str, str](), dict[str, str](), dict[str, str]()]
    seen: list[dict[str, str]] = [{}, {}, {}]

    def stored() -> dict[str, str]:
        row = PropositionResponse.objects.filter(proposition=fair.propositions[0]).first()
        answer = Answer.objects.filter(question=fair.why.key).first()
        return {
            "stance": row.stance if row else "",
            "comment": row.comment if row else "",
            "why": answer.text if answer else "",
        }

    def look(number: int) -> None:
        browsers[number].open(page)
        typed[number], seen[number] = {}, stored()

    try:
        for number in range(3):
            look(number)
        for what, number, *more in steps:
            if what == "open":
                look(number)
            elif what == "type":
                box, words = more
                typed[number][names[box]] = stances[words] if box == "stance" else words
            else:
                before = stored()
                browsers[number].send(**typed[number], keep=[names[box] for box in more[0]])
                after = stored()
                for box in BOXES:
                    assert after[box] == before[box] or seen[number][box] == before[box]
                if browsers[number].status == 409:
                    assert after == before
                    typed[number], seen[number] = {}, before
                else:
                    look(number)
    finally:
        PropositionResponse.objects.all().delete()
        Answer.objects.all().delete()
