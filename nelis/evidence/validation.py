"""What a statistic must hold to be true to its source. Messages stand beside the field they name."""

from typing import Any

Errors = dict[str, str]


def statistic_errors(statistic: Any) -> Errors:
    """What is wrong with ``statistic``, by field; empty when all is well."""
    if statistic.status == "missing":
        errors = _missing(statistic)
    elif statistic.qualifier == "range":
        errors = _range(statistic)
    elif statistic.qualifier == "named":
        errors = {} if statistic.display_text else {"display_text": "Give the words, such as “Europe’s largest”."}
    elif statistic.value is None:
        errors = {"value": "Give the value, or choose the status “Not held”."}
    else:
        errors = {}
    if statistic.status == "disputed" and not statistic.fact_key:
        errors["fact_key"] = (
            "A disputed figure needs a fact key that its rival carries too, so that both are shown together."
        )
    if statistic.source and statistic.source.is_second_hand:
        errors["source"] = "A press report or a third party doesn’t carry a figure alone. Name the publication itself."
    return errors


def _missing(statistic: Any) -> Errors:
    message = "A figure that isn’t held has no value. Empty this field."
    errors = {name: message for name in ("value", "low", "high") if getattr(statistic, name) is not None}
    if statistic.display_text:
        errors["display_text"] = "A figure that isn’t held has no wording. Empty this field."
    return errors


def _range(statistic: Any) -> Errors:
    errors = {}
    if statistic.low is None or statistic.high is None:
        errors["low"] = "A range needs both its ends."
    elif statistic.low >= statistic.high:
        errors["high"] = "The upper end must be greater than the lower end."
    if statistic.value is not None:
        errors["value"] = "A range has two ends and no single value. Empty this field."
    return errors
