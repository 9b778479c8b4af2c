"""The permanent addresses of publications, figures and findings, which citations lead to.

Fixed, so that linking to a publication, a figure or a finding needs no query. A figure has an address of its own,
because it may be shown on any number of pages, and may come to rest on another source.
"""

#: The address of the list of publications.
EVIDENCE_PATH = "/evidence/"
#: What is below it and is no publication.
FIGURES_SEGMENT = "figures"
FINDINGS_SEGMENT = "findings"
RESERVED_REFS = frozenset({FIGURES_SEGMENT, FINDINGS_SEGMENT, "gaps"})


def publication_path(ref: str) -> str:
    """The page of the publication with the reference ``ref``."""
    return f"{EVIDENCE_PATH}{ref.lower()}/"


def figure_path(key: str) -> str:
    """The page of the figure called ``key``."""
    return f"{EVIDENCE_PATH}{FIGURES_SEGMENT}/{key.lower()}/"


def finding_path(anchor: str) -> str:
    """The line of a finding on the list of all findings. That of its sector may change, when the finding does."""
    return f"{EVIDENCE_PATH}{FINDINGS_SEGMENT}/#{anchor}"
