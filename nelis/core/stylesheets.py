"""One style sheet out of many: ``@import`` lines replaced by the files they name, comments and blanks removed.

The style sheets are written as one small file per component. Browsers would fetch them one after another,
so the static files storage serves this instead.
"""

import re
from collections.abc import Callable

__all__ = ["flatten", "squeeze"]

# @import "rows.css"; or @import "rows.css" layer(components);
_IMPORT = re.compile(r'@import\s+"(?P<name>[^"]+)"(?:\s+layer\((?P<layer>[\w.-]+)\))?\s*;')
_GAP = r"(?:\s|/\*.*?\*/)"
_TOKEN = re.compile(
    r"""(?P<kept>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^"')]*\))"""  # strings and bare addresses
    rf"|{_GAP}*(?P<mark>[{{}};,]){_GAP}*"
    rf"|(?P<gap>{_GAP}+)",
    re.DOTALL,
)


def flatten(name: str, read: Callable[[str], str]) -> str:
    """The text of the sheet ``name`` with its imports in place of the lines that ask for them, and squeezed.

    ``read`` gives the text of a sheet by name. Imports name files in the same folder, once each, and import
    nothing themselves. Raises ValueError for an import of any other form, which a browser would have to fetch.
    """

    def imported(match: re.Match[str]) -> str:
        text = read(match["name"])
        return f"@layer {match['layer']}{{{text}}}" if match["layer"] else text

    sheet = squeeze(_IMPORT.sub(imported, squeeze(read(name))))
    if "@import" in sheet:
        raise ValueError(f'{name}: only @import "file.css"; and @import "file.css" layer(name); are understood.')
    return sheet


def squeeze(css: str) -> str:
    """``css`` without comments and needless blanks. Strings and addresses stay as they are.

    Blanks around ``:`` and ``>`` stay too: there they can mean something.
    """

    def short(match: re.Match[str]) -> str:
        if match["gap"]:
            return " "
        return match["kept"] or match["mark"]

    return _TOKEN.sub(short, css).replace(";}", "}").strip()
