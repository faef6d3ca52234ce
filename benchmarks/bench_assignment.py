"""10,000 cases to 30 people in one call: how near the greatest load comes to the optimum of OR-tools.

Both sides keep the same constraints: whoever must keep off a case never gets it, a series stays together and with its
holder. OR-tools comes from requirements/bench.txt; nothing but this file needs it.
"""

import random
import time

from ortools.sat.python import cp_model

from benchmarks.measure import Result
from dispatch.allocation import Block, Inputs, Item, Person, Pool, Step, allocate, seed_at

PEOPLE, CASES = 30, 10_000
SEED = seed_at("5e" * 32, steps=1)
# The deterministic mode within 1 % of the optimum; the draw reports its own distance under a floor of 5 %.
LEAST_MIN, DRAW_MIN = 0.99, 0.95
SOLVER_SECONDS = 30.0


def inputs(mode: str, waiting: int) -> Inputs:
    """Return one busy bureau: uneven loads, a tenth of the cases in series, every twentieth with a conflict."""
    rng = random.Random(20210816)
    people = tuple(Person(number, f"P{number}", rng.randrange(2_000, 8_000)) for number in range(1, PEOPLE + 1))
    blocks, case = [], 0
    while case < CASES:
        size = min(rng.choice((2, 3, 4, 5)) if rng.random() < 0.03 else 1, CASES - case)
        items = tuple(
            Item(case + more, f"N{case + more}", rng.choice((100, 150, 200, 250, 300))) for more in range(size)
        )
        barred = {rng.randint(1, PEOPLE): "CONFLICT"} if rng.random() < 0.05 else {}
        holder = rng.randint(1, PEOPLE) if size > 1 and rng.random() < 0.3 else 0
        is_held = bool(holder) and holder not in barred
        blocks.append(Block(items, barred, holder if is_held else 0, "SERIES" if is_held else ""))
        case += size
    return Inputs(mode, "2021-09-02T10:00:00+08:00", waiting, (Pool("JUDGE", "ORDINARY", people, tuple(blocks)),))


def makespan(given: Inputs, steps: list[Step]) -> int:
    """Return the greatest load after the call."""
    loads = {row.id: row.load for row in given.pools[0].people}
    for step in steps:
        loads[step.chosen] += step.block.weight
    return max(loads.values())


def optimum(given: Inputs, hint: list[Step]) -> tuple[int, int]:
    """Return the least greatest load that the solver found and the bound that it proved; equal when it is the optimum.

    Blocks of one weight that nothing binds are alike, so they are counted instead of told apart.
    """
    pool, model = given.pools[0], cp_model.CpModel()
    users = [row.id for row in pool.people]
    alike: dict[tuple[int, frozenset[int], int], int] = {}
    for block in pool.blocks:
        key = (block.weight, frozenset(block.barred), block.holder)
        alike[key] = alike.get(key, 0) + 1
    chosen: dict[tuple[int, frozenset[int], int], dict[int, int]] = {key: {} for key in alike}
    for step in hint:
        key = (step.block.weight, frozenset(step.block.barred), step.block.holder)
        chosen[key][step.chosen] = chosen[key].get(step.chosen, 0) + 1
    most = model.new_int_var(0, sum(block.weight for block in pool.blocks) + 10_000, "most")
    terms: dict[int, list[cp_model.LinearExpr]] = {user: [] for user in users}
    for key, count in alike.items():
        weight, barred, holder = key
        free = [holder] if holder else [user for user in users if user not in barred]
        given_to = {user: model.new_int_var(0, count, "") for user in free}
        model.add(sum(given_to.values()) == count)
        for user, variable in given_to.items():
            terms[user].append(weight * variable)
            model.add_hint(variable, chosen[key].get(user, 0))
    for person in pool.people:
        model.add(person.load + sum(terms[person.id]) <= most)
    model.minimize(most)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = SOLVER_SECONDS
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE), solver.status_name(status)
    return round(solver.objective_value), round(solver.best_objective_bound)


def run() -> list[Result]:
    """Measure both modes on the same cases; the share is the proven bound of the optimum over ours."""
    results, hint, best = [], [], 0
    for mode, waiting, floor in (("LEAST", 0, LEAST_MIN), ("DRAW", 0, DRAW_MIN), ("DRAW", 300, DRAW_MIN)):
        given = inputs(mode, waiting)
        began = time.perf_counter()
        steps = allocate(given, seed=SEED)
        taken = time.perf_counter() - began
        ours = makespan(given, steps)
        if not hint:
            hint = steps
            found, best = optimum(given, hint)
            note = "optimum" if found == best else f"bound; best found {found:,}"
        waits = f" ({waiting} waiting)" if waiting else ""
        name = f"assign {CASES:,} to {PEOPLE}, {mode}{waits}: {taken:.2f} s, greatest load"
        results.append(Result(name, "points", ours, f"OR-tools, {note}", best, floor, is_less_better=True))
    return results
