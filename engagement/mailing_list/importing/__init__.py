"""Bringing in an existing list: a CSV file with the evidence of consent in every row.

``read`` makes rows of a file, ``check`` says what is wrong with each and whom it leaves out, ``bring_in`` adds
everybody else in one transaction or nobody at all.
"""

from engagement.mailing_list.importing.apply import ListChangedError, apply_import
from engagement.mailing_list.importing.parsing import COLUMNS, MAX_BYTES, MAX_ROWS, UnreadableFile
from engagement.mailing_list.importing.validation import RowError, ValidationResult, validate

__all__ = [
    "COLUMNS",
    "MAX_BYTES",
    "MAX_ROWS",
    "ListChangedError",
    "RowError",
    "UnreadableFile",
    "ValidationResult",
    "apply_import",
    "validate",
]
