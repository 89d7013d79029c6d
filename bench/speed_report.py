"""The tables of bench/speed.py."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from speed_queries import EIGHT, PAIRS, RARE
from tables import table

NAMES = {
    "ours": "ours",
    "fts5": "FTS5",
    "fts5py": "FTS5, facets in Python",
    "tantivy": "tantivy",
    "xapian": "Xapian",
}
BASE = "fts5"  # what ratios are to


def _ratio(value: float, base: float | None) -> str:
    return f"{value / base:.2f}" if base else "-"


def one_size(size: int, found: dict[str, Any]) -> None:
    systems, corpus = found["systems"], found["corpus"]
    print(f"\n## {size:,} notes, {corpus / 1e6:.1f} MB of text\n")
    header = ["CPU ms, median (ratio to FTS5)", *(NAMES[name] for name in systems)]
    rows = []
    for kind in (EIGHT, PAIRS, RARE):
        for state in ("warm", "cold"):
            base = systems.get(BASE, {}).get(kind, {}).get(state)
            values = [systems[name][kind][state] for name in systems]
            cells = [f"{value:.2f} ({_ratio(value, base)})" for value in values]
            rows.append([f"{kind}, 2 facets, top 20, {state}", *cells])
        rows.append([f"{kind}: worst warm", *(f"{systems[name][kind]['worst']:.2f}" for name in systems)])
        rows.append([f"{kind}: notes found", *(f"{systems[name][kind]['found']:.0f}" for name in systems)])
    for key, label in (("warm", "typing ahead"), ("worst", "typing ahead: worst")):
        rows.append([label, *_each(systems, "ahead", key)])
    rows.append(["passages of 20 hits: reading", *_each(systems, "reading")])
    rows.append(["passages of 20 hits: marking", *_each(systems, "snippets")])
    rows.append(["opening, and finding nothing", *_each(systems, "open")])
    print(table(header, rows))
    _store(systems, corpus)


def _each(systems: dict[str, Any], *keys: str) -> list[str]:
    """One figure of each system, "-" where it has none."""
    cells = []
    for one in systems.values():
        value: Any = one
        for key in keys:
            value = value.get(key) if value is not None else None
        cells.append("-" if value is None else f"{value:.2f}")
    return cells


def _store(systems: dict[str, Any], corpus: int) -> None:
    header = ["building and holding", *(NAMES[name] for name in systems)]
    built = [one["build"] for one in systems.values()]
    print()
    print(table(header, [
        ["build, seconds (CPU)", *(f"{one['seconds']:.1f} ({one['cpu_seconds']:.1f})" for one in built)],
        ["memory after building, MB", *(f"{one['memory']:.0f}" for one in built)],
        ["index, times the text", *(f"{one['bytes'] / corpus:.2f}" for one in built)],
        ["memory before opening, MB", *(f"{one['memory_before']:.0f}" for one in systems.values())],
        ["memory, opened, MB", *(f"{one['memory_opened']:.0f}" for one in systems.values())],
        ["memory, all queries answered, MB", *(f"{one['memory']:.0f}" for one in systems.values())],
    ]))  # fmt: skip


def growth(found: dict[int, Any]) -> None:
    """How many times more each size costs than the size before it."""
    sizes = sorted(found)
    if len(sizes) < 2:
        return
    systems = found[sizes[0]]["systems"]
    rows = []
    for kind in (EIGHT, PAIRS, RARE):
        for state in ("warm", "cold"):
            for small, big in pairwise(sizes):
                cells = [
                    f"{found[big]['systems'][name][kind][state] / found[small]['systems'][name][kind][state]:.1f}"
                    for name in systems
                ]
                rows.append([f"{kind}, {state}: {small:,} to {big:,}", *cells])
    print("\n## Growth of CPU, times\n")
    print(table(["", *(NAMES[name] for name in systems)], rows))
