"""Every page by keyboard alone: everything is reached, the focus always shows, and nothing lies over it."""

import pytest

from tests.quality.kinds import addresses, kinds
from tests.quality.reading import ask
from tests.quality.visits import NARROW, WIDE, Visitor

# Long lists repeat themselves; this many steps pass every sort of thing on a page.
MOST_STEPS = 300
FROM_THE_TOP = "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("kind", kinds())
def test_tab_goes_everywhere_and_the_focus_shows(visitor: Visitor, kind: str, width: int):
    address = addresses(visitor.site, kind)[0]
    with visitor.visit(address.path, width, html=address.html) as visit:
        expected = min(visit.probe("reachable"), MOST_STEPS)
        # From the top, even where the page has set the focus itself, as one with errors does.
        ask(visit.page, FROM_THE_TOP)
        steps, wrong = 0, []
        for _ in range(MOST_STEPS):
            visit.page.keyboard.press("Tab")
            focus = visit.probe("focus")
            if focus is None or focus["again"]:
                break
            steps += not focus["within"]
            wrong += [f"{focus['name']} {fault}" for fault in focus["wrong"]]
        assert not wrong, "\n" + "\n".join(wrong)
        assert steps >= expected, f"Tab reached {steps} of {expected} things"


def test_the_first_step_skips_to_the_content(visitor: Visitor):
    with visitor.visit("/") as visit:
        visit.page.keyboard.press("Tab")
        first = visit.probe("focus")
        assert first["href"] == "#main"
        assert ask(visit.page, "document.activeElement.getBoundingClientRect().top >= 0")
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.press("Tab")
        assert ask(visit.page, "document.activeElement.closest('main') !== null")
