"""How a sandbox behaves, given at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, cast

__all__ = ["PROFILES", "Options"]

PROFILES: Final = ("4.5", "4.10", "5.3")
"""The versions of Spree that can be played."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a sandbox behaves; given at the start and the same for its whole life.

    Raises:
        ValueError: An option is not one that is known.

    Attributes:
        strict: Refuse what breaks the document (see the engine); False only observes.
        profile: The Spree version played: `4.5`, `4.10` or `5.3`.
        seed: Makes clock, ids and fault decisions come out the same again; None takes chance and real time.
        rate_limit: Requests per second and bucket size of VINR's limiter; None leaves limiting off.
        spree_token: The admin bearer a fresh sandbox knows; None makes one up (seeded: always the same).
        control_token: What opens the control plane; None makes one up.
        fixtures: Loaded into a fresh sandbox after the systems' own seeds: `{"vinr": {...}, "spree": {...}}`.
    """

    strict: bool = True
    profile: str = "4.5"
    seed: int | str | None = None
    rate_limit: tuple[float, int] | None = None
    spree_token: str | None = field(default=None, repr=False)
    control_token: str | None = field(default=None, repr=False)
    fixtures: dict[str, Any] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(cast("object", self.strict), bool):
            raise ValueError(f"strict is True or False, not {self.strict!r}")
        if self.profile not in PROFILES:
            raise ValueError(f"profile is one of {', '.join(PROFILES)}, not {self.profile!r}")
        limit: Any = self.rate_limit
        if limit is not None and (
            not isinstance(limit, tuple | list)
            or len(cast("list[Any]", limit)) != 2
            or not all(isinstance(number, int | float) for number in cast("list[Any]", limit))
            or not (0 < limit[0] < float("inf") and limit[1] >= 1)
        ):
            raise ValueError(f"rate_limit is requests per second and the size of the bucket, not {limit!r}")
        for name in ("spree_token", "control_token"):
            token: str | None = getattr(self, name)
            if token is not None and (not token or not all("!" <= letter <= "~" for letter in token)):
                raise ValueError(f"{name} is one or more visible ASCII characters, without spaces")
