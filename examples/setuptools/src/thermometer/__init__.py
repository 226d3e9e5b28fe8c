"""The temperature that some other process measured."""

from __future__ import annotations

import weather

__all__ = ["temperature"]


def temperature(wait: float = 5.0) -> float:
    """Degrees Celsius, as they were measured last."""
    with weather.station.attach(wait=wait) as station:
        return station.read().temperature
