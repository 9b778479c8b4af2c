"""Rows that have more or fewer cells than the headings above them."""

from nelis.evidence.imports.problems import Code, Problems


def check_width(cells: list[str], header: list[str], line: int, problems: Problems) -> bool:
    """Whether the row has as many cells as ``header``, but for empty ones at its end. Notes it when it hasn't."""
    if len(cells) == len(header) or (len(cells) > len(header) and not any(cells[len(header) :])):
        return True
    if len(cells) < len(header):
        problems.add(
            Code.TRUNCATED,
            f"This row has fewer cells than the headings, which are {len(header)}. The file may be cut off there.",
            "Download the file again. If you edited it, put the missing cells in.",
            line,
        )
    else:
        problems.add(
            Code.SHAPE,
            f"This row has more cells than the headings, which are {len(header)}.",
            "A comma in a name or a number needs quotation marks round it. Or download the file again.",
            line,
        )
    return False
