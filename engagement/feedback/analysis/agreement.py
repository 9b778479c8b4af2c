"""How far two coders agree, beyond what chance would give them."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Agreement", "agreement", "agreement_by_code"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two coders made of the same answers."""

    #: How many answers both have coded.
    answers: int
    #: The share on which they agree, 0 to 1.
    observed: float
    #: The share on which chance alone would make them agree, each with the habits they have.
    expected: float

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: 1 for full agreement, 0 for what chance gives, below it for less.

        None where it says nothing: with no answers, or where both gave everything the same single code, so that chance
        alone makes them agree.
        """
        if not self.answers or self.expected == 1:
            return None
        return (self.observed - self.expected) / (1 - self.expected)


def agreement(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Agreement over ``pairs``: for each answer, what the one coder gave it and what the other did.

    Source: J. Cohen, “A coefficient of agreement for nominal scales”, Educational and Psychological Measurement 20
    (1960), pages 37 to 46.
    """
    given = list(pairs)
    if not given:
        return Agreement(0, 0.0, 0.0)
    size = len(given)
    ones, others = [one for one, _ in given], [other for _, other in given]
    observed = sum(one == other for one, other in given) / size
    expected = sum(ones.count(value) * others.count(value) for value in set(ones)) / size**2
    return Agreement(size, observed, expected)


def agreement_by_code(
    codings: Sequence[tuple[frozenset[str], frozenset[str]]], codes: Iterable[str]
) -> dict[str, Agreement]:
    """For each code, agreement on whether an answer has it. An answer may have several codes, or none.

    ``codings`` are, for each answer, the codes that the one gave it and those that the other did.
    """
    return {code: agreement((code in one, code in other) for one, other in codings) for code in codes}
