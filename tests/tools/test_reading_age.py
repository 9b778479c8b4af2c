"""The reading age of the content files, as `make lint` prints it."""

from pathlib import Path

import pytest

from tools.reading_age import main, reading_age, sentences, texts


@pytest.mark.parametrize(
    ("text", "age"),
    [
        # 4.71 × 3 characters a word + 0.5 × 6 words a sentence − 21.43 is below nought: the youngest reader.
        (("The cat sat and ate the",), 5),
        # 4.71 × 5 + 0.5 × 4 − 21.43 = 4.12; five years more.
        (("Kites climb above trees",), 9),
        # 4.71 × 9 + 0.5 × 2 − 21.43 = 21.96.
        (("Operation ambitious",), 27),
        ((), 5),
    ],
)
def test_the_index_counts_characters_words_and_sentences(text: tuple[str, ...], age: int):
    assert reading_age(text) == age


def test_headings_and_tags_are_no_sentences():
    html = (
        "<p>Kites fly over it.</p><ul><li><b>String</b> is sold by the yard. It is red.</li></ul><p>All kites here</p>"
    )
    assert list(sentences(html)) == ["Kites fly over it.", "String is sold by the yard."]


def test_each_page_has_its_own_text_and_its_names_do_not_count(tmp_path: Path):
    folder = tmp_path / "sectors" / "content"
    folder.mkdir(parents=True)
    (folder / "projects.yaml").write_text(
        "- slug: kites\n  title: A park for all the kites.\n  summary: Kites fly over the town.\n"
        "  body:\n    - text: <p>They are made of red paper.</p>\n"
        "- slug: string\n  summary: String is sold by the yard.\n"
    )
    (folder / "organisations.yaml").write_text(
        "- {slug: a, summary: It makes many kites.}\n- {slug: b, summary: It sells much string.}"
    )
    found = {text.name: text.sentences for text in texts(tmp_path)}
    assert found == {
        "organisations": ("It makes many kites.", "It sells much string."),
        "projects: kites": ("Kites fly over the town.", "They are made of red paper."),
        "projects: string": ("String is sold by the yard.",),
    }


def test_the_report_lists_pages_and_the_ten_hardest_sentences(capsys: pytest.CaptureFixture[str]):
    assert main() == 0
    pages, hardest = capsys.readouterr().out.split("The 10 hardest sentences\n")
    ages = [int(line.split()[0]) for line in pages.splitlines()]
    assert ages == sorted(ages, reverse=True)
    assert "/local-industrial-strategy/" in pages
    assert len(hardest.splitlines()) == 10
