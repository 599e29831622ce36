"""Numbers: rounding, powers, trigonometry, sums and extremes, chance."""

from __future__ import annotations

import math
from collections.abc import Callable

from kelisim.surveys.xform.xpath.functions.registry import MANY, Shelf
from kelisim.surveys.xform.xpath.scope import Scope
from kelisim.surveys.xform.xpath.values import NAN, Value, to_number, to_string

HERE = Shelf()


def _all(scope: Scope, values: tuple[Value, ...]) -> list[float]:
    """Return every number among values, the nodes of each; an empty one is no number."""
    found: list[float] = []
    for value in values:
        ones: list[Value] = [n.value() for n in value] if isinstance(value, list) else [value]
        found += [to_number(one, scope.world.zone) for one in ones]
    return found


@HERE.add("number", 0, 1)
def _number(scope: Scope, *value: Value) -> Value:
    return to_number(value[0] if value else scope.node.value(), scope.world.zone)


@HERE.add("int", 1)
def _int(scope: Scope, value: Value) -> Value:
    number = to_number(value, scope.world.zone)
    return float(math.trunc(number)) if math.isfinite(number) else NAN


@HERE.add("round", 1, 2)
def _round(scope: Scope, value: Value, *places: Value) -> Value:
    """Round half away from zero, as ODK does; negative places round before the point."""
    number = to_number(value, scope.world.zone)
    decimals = to_number(places[0], scope.world.zone) if places else 0.0
    if not (math.isfinite(number) and math.isfinite(decimals)):
        return NAN
    factor = 10.0 ** int(decimals)
    scaled = number * factor
    nearest = math.copysign(math.floor(abs(scaled) + 0.5), scaled)
    return nearest / factor


@HERE.add("sum", 1)
def _sum(scope: Scope, value: Value) -> Value:
    return float(sum(_all(scope, (value,))))


@HERE.add("min", 1, MANY)
def _min(scope: Scope, *values: Value) -> Value:
    numbers = _all(scope, values)
    return NAN if not numbers or any(map(math.isnan, numbers)) else min(numbers)


@HERE.add("max", 1, MANY)
def _max(scope: Scope, *values: Value) -> Value:
    numbers = _all(scope, values)
    return NAN if not numbers or any(map(math.isnan, numbers)) else max(numbers)


@HERE.add("pow", 2)
def _pow(scope: Scope, base: Value, exponent: Value) -> Value:
    zone = scope.world.zone
    return _safe(lambda: math.pow(to_number(base, zone), to_number(exponent, zone)))


@HERE.add("atan2", 2)
def _atan2(scope: Scope, y: Value, x: Value) -> Value:
    return math.atan2(to_number(y, scope.world.zone), to_number(x, scope.world.zone))


@HERE.add("pi")
def _pi(_scope: Scope) -> Value:
    return math.pi


@HERE.add("random")
def _random(scope: Scope) -> Value:
    return scope.world.chance()


@HERE.add("percentage", 2)
def _percentage(scope: Scope, part: Value, whole: Value) -> Value:
    zone = scope.world.zone
    of = to_number(whole, zone)
    return 100 * to_number(part, zone) / of if of else NAN


def _safe(work: Callable[[], float]) -> float:
    try:
        return work()
    except (ValueError, OverflowError, ZeroDivisionError):
        return NAN


def _of_one(name: str, work: Callable[[float], float]) -> None:
    @HERE.add(name, 1)
    def _one(scope: Scope, value: Value) -> Value:
        number = to_number(value, scope.world.zone)
        return _safe(lambda: float(work(number)))


_ONES: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "floor": math.floor,
    "ceiling": math.ceil,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "exp10": lambda x: math.pow(10, x),
    "log": math.log,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
}
for _name, _work in _ONES.items():
    _of_one(_name, _work)


@HERE.add("count-selected", 1)
def _count_selected(_scope: Scope, value: Value) -> Value:
    return float(len(to_string(value).split()))
