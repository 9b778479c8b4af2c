"""A proposition as it stands published now, with its links, figures and asks, as a document."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.text import slugify

from nelis.core.richtext import paragraphs
from nelis.evidence.models import Statistic
from nelis.evidence.page_sources import flatten, page_sources, page_statistics
from sectors import summaries
from sectors.context import proposition_parts
from sectors.evidence_links import evidence_links_of
from sectors.links import LinkedPage, links_of, roles_of
from sectors.models import Document, EvidenceLink, Line, OrganisationRole, PropositionPage, Section, StrategyLink

#: What a link leads to, by the name of its group.
LINK_LABELS = {
    "challenges": "Grand Challenge",
    "deals": "Sector Deal",
    "foundations": "Foundation",
    "sectors": "Sector",
    "sub_sectors": "Sub-sector",
    "projects": "Site or project",
    "propositions": "Proposition",
}


def take_snapshot(page: PropositionPage) -> Document:
    """What ``page`` (a live proposition) says, with everything it shows of other pages as they read now."""
    roles = roles_of(page)
    parts = proposition_parts(page) | {"roles": roles}
    links, _ = links_of(page)
    figures = flatten(page_statistics([page])[page.pk])
    sources = page_sources(page, figures)
    return Document(
        (
            Section("about", "About it", tuple(_about(page, parts))),
            Section("what", "What we propose", _text([page.what_we_propose])),
            Section("why", "Why", _text([page.why], "Written by the editors" if page.why_is_ours else "")),
            Section("parts", "Parts of the proposition", tuple(_components(parts["components"]))),
            Section("more", "More about it", _text(page.body.stream_block.get_searchable_content(page.body))),
            Section("outcomes", "Expected outcomes", tuple(_outcomes(parts["outcomes"]))),
            Section("figures", "Figures", tuple(map(_figure, figures))),
            Section("asks", "What is asked of government and partners", tuple(_asks(page))),
            Section("partners", "Partners", tuple(_partners(roles))),
            Section("evidence", "Evidence", tuple(_evidence(page))),
            Section("links", "National strategy and sectors", tuple(_links(links))),
            Section("sources", "Sources", tuple(Line(source.ref, source.title) for source in sources)),
        )
    )


def _about(page: PropositionPage, parts: dict[str, Any]) -> Iterator[Line]:
    yield Line("title", page.title, "Title")
    yield Line("summary", page.summary, "In short")
    for fact in summaries.proposition_facts(page, parts):
        # What isn't published stands in one fact on the page. Here each has its own line, to be compared with itself.
        labels = fact["label"].split(", ") if fact.get("missing") else [fact["label"]]
        for label in labels:
            yield Line(slugify(label), str(fact["value"]), label.capitalize(), "missing" if fact.get("missing") else "")


def _text(texts: Iterable[str], basis: str = "") -> tuple[Line, ...]:
    words = "\n\n".join(paragraph for text in texts for paragraph in paragraphs(text))
    return (Line("text", words, mark="inferred" if basis else "", basis=basis),) if words else ()


def _components(components: Iterable[Any]) -> Iterator[Line]:
    for component in components:
        yield Line(slugify(component.title), component.description, component.title)


def _outcomes(outcomes: Iterable[Any]) -> Iterator[Line]:
    for outcome in outcomes:
        figure = outcome.statistic
        note = ", ".join(filter(None, [figure.figure.text, figure.period_text])) if figure else ""
        yield Line("outcome", outcome.text, note=note)


def _figure(statistic: Statistic) -> Line:
    text = f"{statistic.figure.text} {statistic.label}"
    text = ", ".join(filter(None, [text, statistic.period_text, statistic.geography.name]))
    mark = {"disputed": "disputed", "missing": "missing"}.get(statistic.status, "stated")
    source = ", ".join(filter(None, [statistic.source.title if statistic.source else "", statistic.page_ref]))
    return Line(statistic.key, text, statistic.key, mark, statistic.get_status_display(), source)


def _asks(page: PropositionPage) -> Iterator[Line]:
    for ask in page.asks.all():
        yield Line(ask.addressee, ask.text, f"Of {ask.get_addressee_display().lower()}", note=ask.get_status_display())


def _partners(roles: Iterable[OrganisationRole]) -> Iterator[Line]:
    for role in roles:
        key = f"{role.organisation.slug}:{role.role}"
        yield Line(key, role.organisation.name, role.get_role_display(), role.basis, _basis(role), role.note)


def _evidence(page: PropositionPage) -> Iterator[Line]:
    for link in evidence_links_of(page):
        finding = link.finding
        mark = "against" if link.is_challenge else link.basis
        text = f"{finding.ref}: {finding.statement}"
        yield Line(
            f"{finding.ref}:{link.relation}", text, link.get_relation_display(), mark, _basis(link), link.rationale
        )


def _links(links: dict[str, list[LinkedPage]]) -> Iterator[Line]:
    for group, label in LINK_LABELS.items():
        for linked in links[group]:
            key = f"{group}:{linked.page.slug}"
            yield Line(key, linked.page.title, label, linked.link.basis, _basis(linked.link), linked.link.rationale)


def _basis(link: StrategyLink | OrganisationRole | EvidenceLink) -> str:
    return ", ".join(filter(None, [link.get_basis_display(), link.get_confidence_display().lower()]))
