"""The parts of the design: every one renders, escapes what it is given, and says in words what it draws."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from nelis.core.templatetags import component_tags
from nelis.core.views.styleguide import share_pictures, styleguide


def render(source: str, **context: object) -> str:
    return Template("{% load component_tags %}" + source).render(Context(context))


def test_the_page_of_components_renders_every_component(rf: RequestFactory) -> None:
    html = styleguide(rf.get("/styleguide/")).content.decode()
    for sign in ("Figure not held", "Disputed", "1 in 3", "£0.73–1.28", "Proposed at summit"):
        assert sign in html
    assert "style=" not in html
    assert re.findall("<script([^>]*)>(.*?)</script>", html, re.DOTALL) == [
        (' type="module" src="/static/js/cite.js"', ""),
        (' type="module" src="/static/js/folds.js"', ""),
    ]


def test_pictures_render(rf: RequestFactory) -> None:
    assert share_pictures(rf.get("/")).content.count(b'class="motif"') == 4


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{% mark "stated" %}', "Stated"),
        ('{% mark "inferred" confidence="high" %}', "Inferred, high"),
        ('{% mark "missing" "Email address not held" %}', "Email address not held"),
        ('{% mark "inferred" "Leads to" %}', "Leads to"),
    ],
)
def test_marks_have_words(source: str, text: str) -> None:
    html = render(source).strip()
    assert html.startswith('<span class="mark ')
    assert f">{text}</span>" in html


@pytest.mark.parametrize(
    ("source", "drawn", "text"),
    [
        # Whatever it says, the line is drawn as sure as we are; only its end tells for from against.
        ('{% mark "inferred" sense="against" %}', ("inferred", "M25 0V12"), "Counts against"),
        ('{% mark "stated" "Refutes" sense="against" %}', ("stated", "M25 0V12"), "Refutes"),
        ('{% mark "inferred" "Builds on" sense="for" %}', ("inferred", "M19 1.5L25 6"), "Builds on"),
        # As versions of propositions keep it.
        ('{% mark "against" "Inferred by us" %}', ("inferred", "M25 0V12"), "Inferred by us"),
    ],
)
def test_a_mark_says_how_sure_and_for_or_against(source: str, drawn: tuple[str, str], text: str) -> None:
    html = render(source)
    kind, end = drawn
    assert f'<path class="{kind}"' in html
    assert end in html
    assert text in html


def test_a_mark_without_words_is_nothing() -> None:
    assert render('{% mark "unheard-of" %}').strip() == ""


def test_stage_fills_boxes_and_names_it() -> None:
    html = render('{% stage 2 "Proposed at summit" %}')
    assert html.count("<rect") == 8
    assert html.count('class="on"') == 2
    assert "Proposed at summit" in html


def test_steps_mark_the_present_one() -> None:
    html = render('{% steps names 2 label="Stage" %}', names=["Idea", "Proposed", "Agreed"])
    assert html.count('class="done"') == 1
    assert html.count('aria-current="step"') == 1
    assert html.index("Idea") < html.index('aria-current="step"') < html.index("Proposed")


def test_no_step_is_present_before_the_first() -> None:
    assert "aria-current" not in render("{% steps names 0 %}", names=["Proposed", "In place"])


@pytest.mark.parametrize("words", ["On course", "Not enough data", "Met", "Something new"])
def test_status_has_a_shape_and_its_words(words: str) -> None:
    html = render("{% status words %}", words=words)
    assert "<svg" in html
    assert words in html


def test_drawings_of_sectors_are_hidden_from_assistive_technology() -> None:
    for accent in ("brass", "plum", "blue", "green"):
        for name in ("motif", "span"):
            assert 'aria-hidden="true"' in component_tags.motif(accent, name)


def test_a_sector_without_a_hue_has_no_drawing() -> None:
    assert component_tags.motif("") == ""
    assert component_tags.motif("zz") == ""
    assert component_tags.motif("../../base") == ""


def test_a_sector_without_a_hue_still_has_a_span_under_the_deck() -> None:
    assert 'aria-hidden="true"' in component_tags.motif("", "span")


@pytest.mark.parametrize(
    ("precision", "text"),
    [("day", "16 July 2019"), ("month", "July 2019"), ("year", "2019"), ("unknown", "date not known")],
)
def test_dates_are_no_more_exact_than_known(precision: str, text: str) -> None:
    assert component_tags.partial_date(date(2019, 7, 16), precision) == text


def test_no_date_is_not_known() -> None:
    assert component_tags.partial_date(None) == "date not known"


def test_shared_value() -> None:
    one, other = SimpleNamespace(stage="idea"), SimpleNamespace(stage="draft")
    assert component_tags.common_value([one, one], "stage") == "idea"
    assert component_tags.common_value([one, other], "stage") == ""
    assert component_tags.common_value([], "stage") == ""


def test_json_ld_can_not_close_its_element() -> None:
    page = SimpleNamespace(json_ld=lambda request: {"name": "</script><b>&"})
    html = render("{% json_ld page %}", page=page)
    assert html.count("</script>") == 1
    assert "\\u003C/script\\u003E\\u003Cb\\u003E\\u0026" in html


def test_json_ld_of_something_without_any_is_nothing() -> None:
    assert render("{% json_ld page %}", page="") == ""


def test_a_row_escapes_what_it_is_given() -> None:
    html = render_to_string("components/row.html", {"title": "<b>x</b>", "url": '"><i>', "ref": "P1"})
    assert "<b>" not in html
    assert "<i>" not in html


def test_rail_and_details_are_left_out_for_a_short_page() -> None:
    two = [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]
    assert "details" not in render_to_string("components/toc_folded.html", {"sections": two})
    assert "hidden" in render_to_string("components/toc_sidebar.html", {"sections": two})
    three = [*two, {"id": "c", "title": "C"}]
    assert 'href="#c"' in render_to_string("components/toc_folded.html", {"sections": three})


def test_a_contact_without_an_address_says_so() -> None:
    contact = SimpleNamespace(name="A name", role="A role", organisation=None, email="", remit="", note="")
    assert "Email address not held" in render_to_string("components/contact.html", {"contact": contact})
