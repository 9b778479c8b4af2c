"""Reading the public results of the round about kites, and the answers behind them."""

from types import SimpleNamespace

from bs4 import BeautifulSoup
from django.test import Client

from engagement.feedback.models import Response
from tests.feedback.builders import (
    COMMENT,
    compact_html,
    submit_answers,
    write_report,
)

RESULTS = "/feedback/kite-fair/results/"


def read_page(client: Client, path: str = RESULTS) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return compact_html(response)


def submit_many(fair: SimpleNamespace, support: int = 6, oppose: int = 5) -> Response:
    """So many of each; the last of those in favour says something. That one."""
    for _ in range(support - 1):
        submit_answers(fair)
    for _ in range(oppose):
        submit_answers(fair, "oppose")
    return submit_answers(fair, comment=COMMENT)


def support_row(page: str) -> str:
    """The first row of the table of support."""
    return page.split('<table class="support-table">')[1].split("<tbody>")[1].split("</tr>")[0]


def support_shown(page: str) -> tuple[str, str]:
    """How many support the first proposition, and how many took a stance on it, as the results page says."""
    # The drawing, then the numbers: of those with a share, the number stands in small print after it.
    cells = BeautifulSoup(support_row(page), "html.parser").find_all("td")[1:]
    numbers = [(cell.small or cell).get_text().strip() for cell in cells]
    return numbers[0], numbers[-1]


def read_open_data(client: Client, name: str) -> str:
    response = client.get(f"/feedback/kite-fair/data/{name}")
    assert response.status_code == 200
    return response.getvalue().decode("utf-8-sig")


def submit_words(fair: SimpleNamespace, policy: str = "quotes", **person: object) -> Response:
    """A response with a comment in a round of that policy, written down as a theme."""
    type(fair.round).objects.filter(pk=fair.round.pk).update(publish_policy=policy)
    fair.round.refresh_from_db()
    response = submit_answers(fair, comment=COMMENT, **person)
    write_report(fair, response)
    return response
