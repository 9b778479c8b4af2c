"""Bringing in an existing list: a CSV file with the evidence of consent in every row.

``read`` makes rows of a file, ``check`` says what is wrong with each and whom it leaves out, ``bring_in`` adds
everybody else in one transaction or nobody at all.
"""

from engagement.mailing_list.importing.bringing import Changed, bring_in
from engagement.mailing_list.importing.checking import Checked, Fault, check
from engagement.mailing_list.importing.reading import COLUMNS, LARGEST, MOST, Unreadable

__all__ = ["COLUMNS", "LARGEST", "MOST", "Changed", "Checked", "Fault", "Unreadable", "bring_in", "check"]
