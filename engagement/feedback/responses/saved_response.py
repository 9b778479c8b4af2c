"""What a response says, by the keys of the form: read in one place for pages, exports and staff."""

from dataclasses import dataclass, field

from engagement.feedback.models import PropositionResponse, Response
from engagement.feedback.responses.parsing import AnswerData, StanceData
from engagement.feedback.schema import COMMENT_PARTS, proposition_id_of, proposition_key

__all__ = ["SavedResponse", "load_saved_response", "stance_data", "texts_by_anchor"]


@dataclass(frozen=True, slots=True)
class SavedResponse:
    """The answers by the key of the question, and the stances by the key of the proposition."""

    response: Response | None = None
    answers: dict[str, AnswerData] = field(default_factory=dict)
    stances: dict[str, StanceData] = field(default_factory=dict)
    #: The version of the proposition that each stance was given to.
    versions: dict[str, int] = field(default_factory=dict)
    #: The number of that version, if it was asked for.
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, response: Response, *, with_numbers: bool = False) -> "SavedResponse":
        """What a response says. Two queries; none if ``answers`` and ``stances`` were prefetched.

        ``with_numbers`` needs ``stances__version`` prefetched, else it costs a query a stance.
        """
        stances = {proposition_key(row.proposition_id): row for row in response.stances.all()}
        return cls(
            response,
            {str(answer.question): AnswerData(answer.text, tuple(answer.chosen)) for answer in response.answers.all()},
            {key: stance_data(row) for key, row in stances.items()},
            {key: row.version_id for key, row in stances.items()},
            {key: row.version.number for key, row in stances.items()} if with_numbers else {},
        )

    @property
    def proposition_ids(self) -> list[int]:
        """The propositions that it says something about."""
        return [proposition_id_of(key) for key in self.stances]

    def texts(self) -> dict[str, str]:
        """Every text in it as it was typed, by its anchor (see ``text_anchors``)."""
        texts = {key: answer.text for key, answer in self.answers.items()}
        texts |= {f"{key}-{part}": text for key, stance in self.stances.items() for part, text in stance.parts.items()}
        return {anchor: text for anchor, text in texts.items() if text}


def stance_data(row: PropositionResponse) -> StanceData:
    """The stance and the comments of a row."""
    return StanceData(row.stance, {part: getattr(row, part) for part in COMMENT_PARTS})


def load_saved_response(client_key: str) -> SavedResponse:
    """What is saved under a key; an empty response before the first page was. Three queries."""
    response = Response.objects.filter(client_key=client_key).first()
    return SavedResponse.of(response) if response else SavedResponse()


def texts_by_anchor(response: Response) -> dict[str, str]:
    """Every text in a response. Two queries; none if ``answers`` and ``stances`` were prefetched."""
    return SavedResponse.of(response).texts()
