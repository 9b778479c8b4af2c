"""The theme of all charts: colours, sizes and fills.

A chart is drawn in the colours of the light scheme. Its elements then get a class for each colour token, so that
``static/css/charts.css`` sets them for light, dark, print and forced colours.
"""

from typing import Any

#: Part of every drawing's fingerprint: raise it when the theme changes, and all charts are drawn anew.
THEME_VERSION = 1

#: The colour tokens, with their values in the light scheme. A test compares them with tokens.css and accents.css.
TOKENS = {
    "ground": "#faf8f2",
    "ink": "#14213d",
    "muted": "#475268",
    "rule": "#d9d3c5",
    "edge": "#7c766a",
    "accent": "#9a2d16",
    "brass": "#7a5700",
    "plum": "#8b1e5b",
    "blue": "#0b5d8a",
    "green": "#2c6e1f",
}

#: Fills that differ in more than colour, as (pattern, token), each under the colour that stands for it in the
#: specification. ``sanitise`` draws the patterns.
FILLS = {
    "#00a001": ("rising", "blue"),
    "#00a002": ("falling", "accent"),
    "#00a003": ("dots", "edge"),
}

#: The dashes of lines, from the first series on.
DASHES = ([1, 0], [7, 4], [2, 3], [10, 3, 2, 3])


def vega_config(size: int) -> dict[str, Any]:
    """Return the Vega-Lite config of all charts for a font size in pixels."""
    labels = {
        "labelFontSize": size,
        "labelColor": TOKENS["muted"],
        "titleFontSize": size,
        "titleColor": TOKENS["muted"],
    }
    return {
        "aria": False,
        "background": None,
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": {
            **labels,
            "titleFontWeight": "normal",
            "domainColor": TOKENS["edge"],
            "tickColor": TOKENS["edge"],
            "gridColor": TOKENS["rule"],
            "labelPadding": 6,
        },
        "legend": {
            **labels,
            "labelColor": TOKENS["ink"],
            "title": None,
            "symbolSize": 180,
            "labelLimit": 260,
            "rowPadding": 6,
        },
        "text": {"fontSize": size, "color": TOKENS["ink"]},
        "line": {"strokeWidth": 2.5},
    }
