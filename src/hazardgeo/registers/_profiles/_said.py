"""What a profile file says, taken key by key; a value of the wrong sort is refused by file and key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from hazardgeo.errors import HazardgeoError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import UnionType

Made = TypeVar("Made")


@dataclass(frozen=True)
class Said:
    """One file, and what stands in it."""

    file: Path
    keys: Mapping[str, Any]

    def fail(self, key: str, what: str) -> HazardgeoError:
        """The error to raise, with the file and the key."""
        return HazardgeoError(f"{self.file}: {key}: {what}")

    def refuse_unknown(self, key: str, names: Mapping[str, Any], known: tuple[str, ...]) -> None:
        """Refuse a key that nothing would read: it may be one that is spelled wrongly."""
        for name in names:
            if name not in known:
                raise self.fail(f"{key}.{name}" if key else name, f"is not a key. Use one of {', '.join(known)}.")

    def of_type(self, key: str, value: Any, kind: type | UnionType, what: str) -> Any:
        """The value, if it is of the kind."""
        if isinstance(value, bool) or not isinstance(value, kind):
            raise self.fail(key, f"is {'missing' if value is None else repr(value)}. Give {what}.")
        return value

    def text(self, key: str) -> str:
        """A text, empty where there is none."""
        return str(self.of_type(key, self.keys.get(key, ""), str, "text in quotes"))

    def table(self, key: str) -> dict[str, Any]:
        """A table, empty where there is none."""
        return dict(self.of_type(key, self.keys.get(key, {}), dict, f"a table, under [{key}]"))

    def texts(self, key: str, table: Any, what: str = "one text in quotes") -> dict[str, str]:
        """A table that holds texts only."""
        of = self.of_type(key, table, dict, 'a table, such as "theirs" = "ours"')
        return {name: self.of_type(f"{key}.{name}", value, str, what) for name, value in of.items()}

    def listed(self, key: str, value: Any) -> tuple[str, ...]:
        """A list of texts."""
        said = self.of_type(key, value, list, 'a list, such as ["this", "that"]')
        return tuple(self.of_type(key, one, str, "texts in quotes") for one in said)

    def told(self, key: str, make: Callable[[], Made]) -> Made:
        """What `make` gives, or why it cannot, with the file and the key."""
        try:
            return make()
        except HazardgeoError as error:
            raise self.fail(key, str(error)) from error
