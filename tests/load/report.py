"""The tables that a run prints, in Markdown."""


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def targets(rows):
    """Rows of (what, measured, first, goal)."""
    return table(["what", "measured: median (lowest..highest)", "first", "goal"], rows)


def passes(results):
    """Every kind of pass as it was measured: medians."""
    rows = []
    for name, runs in results.items():
        def median(key, form):
            values = sorted(run[key] for run in runs if key in run)
            return form.format(values[len(values) // 2]) if values else ""
        rows.append([name, median("rate", "{:,.0f}"), median("p50_us", "{:,.0f}"),
                     median("p99_us", "{:,.0f}"), median("server_cpu_us", "{:,.1f}")])
    return table(["pass", "a second", "p50, us", "p99, us", "server CPU per call, us"], rows)
