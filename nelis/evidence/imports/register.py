"""What is kept, as files are read against it: areas with all their codes, and indicators with all their names."""

from dataclasses import dataclass, field
from typing import Any, Self

from nelis.evidence.imports.records import plain_name, treatment_in
from nelis.evidence.models import AreaCode, GeoArea, Indicator

#: The statistical region, which files call by the name that people use for the area of the strategy.
REGION = "E12000001"


@dataclass(slots=True)
class Register:
    """Areas by code and by name, each to the code it is kept under; indicators by plain name."""

    areas: dict[str, str] = field(default_factory=dict)
    area_names: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, Any] = field(default_factory=dict)
    by_code: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Self:
        """The register as it stands. Three queries."""
        register = cls()
        for code, name in GeoArea.objects.values_list("code", "name"):
            register.areas[code.upper()] = code
            register.area_names.setdefault(name.lower(), code)
            register.shown[code] = name
        for code, own in AreaCode.objects.values_list("code", "area__code"):
            register.areas.setdefault(code.upper(), own)
        for indicator in Indicator.objects.order_by("pk"):
            register.by_code[indicator.code] = indicator
            for name in (indicator.name, indicator.code, *indicator.known_as.splitlines()):
                if name.strip():
                    register.indicators.setdefault(plain_name(name), indicator)
        return register

    def find_indicator(self, names: tuple[str, ...]) -> Any:
        """The indicator that a description is about; None where it says more or less than any name that is known."""
        parts = [name for name in names if plain_name(name)]
        treatment = treatment_in(names)
        if treatment:
            parts = [part for part in parts if part.lower() not in ("smoothed", "unsmoothed")]
        return self.indicators.get(plain_name("; ".join(parts))) if parts else None
