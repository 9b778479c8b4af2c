"""Make the spreadsheets that Wagtail's own lists and reports export harmless, and date them in the site's time.

Wagtail writes what people typed as it is: a title that begins with “=” is a formula to whoever opens the file, and one
control character in any title makes the whole file an error. All its exports share one mixin, which has no setting for
that. So the method that prepares a cell is replaced once, when the site starts.
"""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from nelis.core.csv_export import safe_cell

__all__ = ["make_exports_safe"]

_prepare_cell = SpreadsheetExportMixin.preprocess_field_value


def make_exports_safe() -> None:
    """Replace how Wagtail prepares a cell. Called when the site starts."""
    SpreadsheetExportMixin.preprocess_field_value = prepare_safe_cell


def prepare_safe_cell(view: SpreadsheetExportMixin, field: str, value: Any, export_format: str) -> Any:
    """Return the cell that Wagtail would write, made safe; a moment is in local time."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value)
    cell = _prepare_cell(view, field, value, export_format)
    is_dated = export_format == view.FORMAT_XLSX and isinstance(cell, date | time)
    return cell if is_dated else safe_cell(cell)
