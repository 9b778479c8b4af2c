"""How charts look: the colours, sizes and fills that every specification is given.

A drawing is made in the colours of the light scheme and then told by class which token each colour is, so that the
style sheet (``static/css/charts.css``) sets them: light, dark, print, forced colours.
"""

from typing import Any

__all__ = ["DASHES", "FILLS", "THEME_VERSION", "TOKENS", "vega_config"]

#: Goes into the fingerprint of every drawing: raise it when the look changes, and all are drawn anew.
THEME_VERSION = 1

#: The tokens that drawings use, with their values in the light scheme. A test compares them with tokens.css.
TOKENS = {
    "ground": "#faf8f2",
    "ink": "#14213d",
    "muted": "#475268",
    "rule": "#d9d3c5",
    "edge": "#7c766a",
    "accent": "#9a2d16",
    "am": "#7a5700",
    "hls": "#8b1e5b",
    "dig": "#0b5d8a",
    "en": "#2c6e1f",
}

#: Fills that differ in more than colour, each under a colour that stands for it in the specification:
#: (pattern, token). Patterns are drawn in ``tidy``.
FILLS = {
    "#00a001": ("rising", "dig"),
    "#00a002": ("falling", "accent"),
    "#00a003": ("dots", "edge"),
}

#: Of lines, from the first series on.
DASHES = ([1, 0], [7, 4], [2, 3], [10, 3, 2, 3])


def vega_config(size: int) -> dict[str, Any]:
    """The settings of Vega-Lite for all our charts; ``size`` is that of the letters, in pixels."""
    words = {"labelFontSize": size, "labelColor": TOKENS["muted"], "titleFontSize": size, "titleColor": TOKENS["muted"]}
    return {
        "aria": False,
        "background": None,
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": {
            **words,
            "titleFontWeight": "normal",
            "domainColor": TOKENS["edge"],
            "tickColor": TOKENS["edge"],
            "gridColor": TOKENS["rule"],
            "labelPadding": 6,
        },
        "legend": {
            **words,
            "labelColor": TOKENS["ink"],
            "title": None,
            "symbolSize": 180,
            "labelLimit": 260,
            "rowPadding": 6,
        },
        "text": {"fontSize": size, "color": TOKENS["ink"]},
        "line": {"strokeWidth": 2.5},
    }
