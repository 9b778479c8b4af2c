"""Importing a list: a CSV file with the evidence of consent in every row.

``parse_rows`` makes rows of a file, ``validate`` says what is wrong with each and whom it leaves out, ``apply_import``
adds everybody else in one transaction, or nobody at all.
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
