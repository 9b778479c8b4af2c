"""What holds on every page, at phone and desk width: accessibility, fit, size of targets, and a clean conscience."""

import pytest

from tests.quality.kinds import addresses, kinds
from tests.quality.visits import NARROW, WIDE, Visit, Visitor

SAMPLE = 6


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("kind", kinds())
def test_every_page_of_the_kind(visitor: Visitor, kind: str, width: int):
    problems = {}
    for number, address in enumerate(addresses(visitor.site, kind)):
        with visitor.visit(address.path, width, html=address.html) as visit:
            # axe takes longest, and pages of one kind are alike to it.
            if found := problems_of(visit, address.status, visitor.site.url, axe=number < SAMPLE):
                problems[address.path] = found
    assert not problems, report(problems)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("kind", kinds())
def test_text_spacing_of_the_readers_own(visitor: Visitor, kind: str, width: int):
    address = addresses(visitor.site, kind)[0]
    with visitor.visit(address.path, width, html=address.html) as visit:
        visit.probe("spacing")
        assert visit.probe("overflow") == []
        assert visit.probe("clipped") == []


def problems_of(visit: Visit, status: int, origin: str, *, axe: bool) -> list[str]:
    """Everything wrong with an open page."""
    wrong_status = [f"status {visit.status}"] if visit.status != status else []
    return [
        *wrong_status,
        *(f"overflow: {found}" for found in visit.probe("overflow")),
        *(f"clipped: {found}" for found in visit.probe("clipped")),
        *(f"small target: {found}" for found in visit.probe("targets")),
        # Before axe, which sets styles of its own.
        *visit.faults(origin),
        *(visit.axe() if axe else []),
    ]


def report(problems: dict[str, list[str]]) -> str:
    """The problems, page by page."""
    return "\n" + "\n".join(
        f"{path}\n" + "\n".join(f"    {line}" for line in found) for path, found in problems.items()
    )
