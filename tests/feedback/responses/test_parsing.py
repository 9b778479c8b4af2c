"""What is made of a posted page, whatever was posted."""

import unicodedata

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from engagement.feedback.responses.parsing import clean_text, parse_page
from engagement.feedback.schema import COMMENT_PARTS, STANCES, FormPage, FormSchema, Question, RatedProposition

PAGE = FormPage(
    key="one",
    title="Kites",
    propositions=(RatedProposition("p1", 1, 1, 1, "P1", "Kite hub", "A hub.", "/p1/v1/"),),
    questions=(
        Question("long", "Why?", "long", max_length=20),
        Question("short", "Who?", "short", max_length=20, required=True),
        Question("choice", "Which?", "choice", choices=("Red", "Green")),
        Question("choices", "Which of them?", "choices", choices=("Red", "Green", "Blue")),
        Question("scale", "Agreed?", "scale", choices=("Agree", "Disagree")),
        Question("yes_no", "Really?", "yes_no", choices=("Yes", "No"), required=True),
    ),
)
NAMES = [item.key for item in PAGE.questions] + ["p1"] + [f"p1-{part}" for part in COMMENT_PARTS]


def posted(**values: str | list[str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def test_a_whole_page_is_read_as_it_was_meant():
    read = parse_page(
        PAGE,
        posted(
            **{"p1": "support", "p1-comment": " So that\r\nthey fly. ", "long": "Wind.", "short": " A \n firm "},
            choice="Green",
            choices=["Blue", "Red"],
            scale="Agree",
            yes_no="Yes",
        ),
    )
    assert read.errors == {}
    assert read.stances["p1"].stance == "support"
    assert read.stances["p1"].parts["comment"] == "So that\nthey fly."
    assert read.answers["short"].text == "A firm"
    assert read.answers["choices"].chosen == ("Red", "Blue")
    assert read.answers["choice"].chosen == ("Green",)


def test_what_is_required_and_what_is_too_long_is_said_and_kept():
    read = parse_page(PAGE, posted(long="x" * 21))
    assert list(read.errors) == ["long", "short", "yes_no"]
    assert read.errors["long"] == "Your answer to “Why?” is 1 character too long. Shorten it to 20 or fewer"
    assert read.answers["long"].text == "x" * 21


def test_a_choice_that_was_not_offered_is_none():
    read = parse_page(PAGE, posted(choice="Purple", short="x", yes_no=["Yes", "No"], p1="adore"))
    assert read.answers["choice"].chosen == ()
    assert read.answers["yes_no"].chosen == ("Yes",)
    assert "p1" in read.errors


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=60), max_size=3)))
def test_whatever_is_posted_only_what_was_offered_is_chosen(values: dict[str, list[str]]):
    read = parse_page(PAGE, posted(**values))
    for item in PAGE.questions:
        assert set(read.answers[item.key].chosen) <= set(item.choices)
    assert read.stances["p1"].stance in {"", *STANCES}


@given(st.text())
def test_no_unseen_character_is_kept_and_cleaning_again_changes_nothing(text: str):
    cleaned = clean_text(text)
    assert all(one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"} for one in cleaned)
    assert clean_text(cleaned) == cleaned


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "M"])))
def test_what_people_can_see_stays(text: str):
    assert clean_text(text) == text


def test_marks_that_turn_text_around_go_and_joiners_stay():
    assert clean_text("safe\u202etxt.exe") == "safetxt.exe"
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    assert clean_text(family) == family


def test_a_form_survives_being_kept():
    form = FormSchema("Kites", "Intro", "Privacy", (PAGE,))
    assert FormSchema.from_data(form.as_data()) == form
