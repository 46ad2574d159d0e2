"""How a sandbox behaves, given at the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

__all__ = ["Options"]


class Options:
    """How a sandbox behaves; given at the start and the same for its whole life.

    Args:
        strict: Refuse what breaks the OpenAPI document (see the engine); False only observes.
        seed: Makes clock, ids and fault decisions come out the same again; None takes chance and real time.
        control_token: What opens the control plane; None makes one up.
        fixtures: Loaded into a fresh sandbox after the systems' own seeds: `{"vinr": {...}, "spree": {...}}`.
        samples: Whether a fresh sandbox also gets what the systems have for a first look.
        of_systems: The options of the systems, such as `profile="4.10"`; the engine checks them by what its systems
            declare. One that is None counts as not given.

    Raises:
        ValueError: An option is not valid.
    """

    NAMES: ClassVar = ("strict", "seed", "control_token", "fixtures", "samples")
    """The options that are not a system's."""

    __slots__ = ("control_token", "fixtures", "of_systems", "samples", "seed", "strict")

    def __init__(
        self,
        *,
        strict: bool = True,
        seed: int | str | None = None,
        control_token: str | None = None,
        fixtures: dict[str, Any] | None = None,
        samples: bool = False,
        **of_systems: Any,
    ) -> None:
        if not isinstance(cast("object", strict), bool):
            raise ValueError(f"strict must be True or False, not {strict!r}")
        if control_token is not None and (not control_token or not all("!" <= one <= "~" for one in control_token)):
            raise ValueError("control_token must be one or more visible ASCII characters, without spaces")
        self.strict = strict
        self.seed = seed
        self.control_token = control_token
        self.fixtures = fixtures
        self.samples = samples
        self.of_systems: Mapping[str, Any] = {name: value for name, value in of_systems.items() if value is not None}

    def also(self, **of_systems: Any) -> Options:
        """Return the same with further options of systems."""
        return Options(
            strict=self.strict,
            seed=self.seed,
            control_token=self.control_token,
            fixtures=self.fixtures,
            samples=self.samples,
            **{**self.of_systems, **of_systems},
        )

    def __repr__(self) -> str:
        # Neither tokens nor fixtures.
        return f"Options(strict={self.strict!r}, seed={self.seed!r}, of_systems={sorted(self.of_systems)})"
