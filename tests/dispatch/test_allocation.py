"""The allocation itself, pure: what is true of every draw; and the stand-alone script gives the same people."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch import allocation, redraw
from dispatch.allocation import Block, Inputs, Item, Person, Pool

SCRIPT = Path(redraw.__file__)
ROOT = "ab" * 32
CHAIN = 50


MODES = st.sampled_from(["DRAW", "LEAST"])


@st.composite
def inputs(draw, *, mode=MODES, even=False, free=False):
    """Draw inputs: people with loads and absences, blocks with weights, bars and holders."""
    chosen = draw(mode)
    count = draw(st.integers(1, 8))
    base = draw(st.integers(0, 900))
    weights = st.sampled_from([100, 150, 200, 300])
    heaviest = 300
    people = tuple(
        Person(
            number,
            f"人{number}",
            base + draw(st.integers(0, heaviest)) if even else draw(st.integers(0, 3000)),
            0,
            "" if free else draw(st.sampled_from(["", "", "", "LEAVE", "ACTOR"])),
        )
        for number in range(1, count + 1)
    )
    able = [row.id for row in people if not row.off]
    blocks, case = [], 100
    for _turn in range(draw(st.integers(0, 40)) if able else 0):
        size = 1 if free else draw(st.sampled_from([1, 1, 1, 3]))
        items = tuple(Item(case + more, f"号{case + more}", draw(weights)) for more in range(size))
        case += size
        spared = draw(st.sampled_from(able))
        barred = {} if free else draw(st.dictionaries(st.sampled_from([row.id for row in people]), st.just("CONFLICT")))
        barred.pop(spared, None)
        is_held = not free and draw(st.integers(0, 5)) == 0
        blocks.append(Block(items, barred, spared if is_held else 0, "SERIES" if is_held else ""))
    waiting = 0 if free else draw(st.sampled_from([0, 100, 300]))
    return Inputs(chosen, "2021-09-02T10:00:00+08:00", waiting, (Pool("JUDGE", "FAST", people, tuple(blocks)),))


def seed(number=1):
    return allocation.seed_at(ROOT, steps=CHAIN - number)


def run(given_inputs):
    return allocation.allocate(given_inputs, seed=seed())


def final_loads(given_inputs, steps):
    loads = {row.id: row.load for row in given_inputs.pools[0].people}
    for step in steps:
        loads[step.chosen] += step.block.weight
    return loads


class TestWhatIsTrueOfEveryDraw:
    @given(inputs())
    def test_everything_is_placed_once_and_nobody_barred_or_away_is_chosen(self, one):
        steps = run(one)
        people = {row.id: row for row in one.pools[0].people}
        assert sorted(step.block.id for step in steps) == sorted(block.id for block in one.pools[0].blocks)
        for step in steps:
            assert not people[step.chosen].off
            assert step.chosen not in step.block.barred
            assert step.chosen in step.eligible

    @given(inputs())
    def test_nobody_goes_above_the_line_but_by_a_holder(self, one):
        for step in run(one):
            load = dict(zip([row.id for row in one.pools[0].people], step.loads, strict=True))[step.chosen]
            assert step.block.holder or load + step.block.weight <= step.line

    @given(inputs(even=True, free=True))
    def test_the_spread_stays_within_one_case_weight(self, one):
        steps = run(one)
        loads = final_loads(one, steps).values()
        before = [row.load for row in one.pools[0].people]
        heaviest = max((block.weight for block in one.pools[0].blocks), default=0)
        # As even as it was, or within the heaviest case.
        assert max(loads) - min(loads) <= max(heaviest, max(before) - min(before))

    @given(inputs(free=True))
    def test_nobody_is_starved(self, one):
        steps = run(one)
        loads = final_loads(one, steps)
        heaviest = max((block.weight for block in one.pools[0].blocks), default=0)
        for step in steps:
            # Whoever got something is at no moment further ahead of the least loaded than one case.
            assert loads[step.chosen] <= min(loads.values()) + heaviest

    @given(inputs())
    def test_the_same_inputs_and_seed_give_the_same_people(self, one):
        kept = one.kept_inside(salt="x")
        one = one.over(kept)
        again = allocation.read(one.canonical(), kept)
        assert dataclasses.replace(again, text="") == one
        assert [step.chosen for step in run(one)] == [step.chosen for step in run(again)]

    @given(inputs(mode=st.just("DRAW")))
    def test_the_order_in_which_people_and_cases_are_named_does_not_matter(self, one):
        pool = one.pools[0]
        turned = Inputs(one.mode, one.at, one.waiting, (Pool("JUDGE", "FAST", pool.people, pool.blocks[::-1]),))
        chosen = {step.block.id for step in run(one)}
        assert {step.block.id for step in run(turned)} == chosen


class TestTheDraw:
    def test_every_eligible_person_is_drawn_about_as_often(self):
        people = tuple(Person(number, str(number), 0) for number in range(1, 5))
        counts = dict.fromkeys(range(1, 5), 0)
        for case in range(2000):
            one = Inputs("DRAW", "", 0, (Pool("JUDGE", "FAST", people, (Block((Item(case, "", 100),)),)),))
            counts[allocation.allocate(one, seed=seed())[0].chosen] += 1
        assert all(420 < count < 580 for count in counts.values()), counts

    def test_the_seed_decides(self):
        people = tuple(Person(number, str(number), 0) for number in range(1, 9))
        one = Inputs("DRAW", "", 0, (Pool("JUDGE", "FAST", people, (Block((Item(1, "", 100),)),)),))
        assert len({allocation.allocate(one, seed=seed(turn))[0].chosen for turn in range(1, 30)}) > 4

    def test_nobody_available_is_said(self):
        one = Inputs("LEAST", "", 0, (Pool("JUDGE", "FAST", (), (Block((Item(1, "", 100),)),)),))
        with pytest.raises(LookupError):
            allocation.allocate(one)

    def test_seeds_are_successive_pre_images_of_the_tip(self):
        tip = allocation.seed_at(ROOT, steps=CHAIN)
        for number in range(1, CHAIN + 1):
            assert allocation.previous(seed(number)) == (seed(number - 1) if number > 1 else tip)


def publication(one, number=1):
    steps = allocation.allocate(one, seed=seed(number))
    return {
        "inputs": one.canonical(),
        "commitment": allocation.commitment(one.canonical()),
        "tip": allocation.seed_at(ROOT, steps=CHAIN),
        "number": number,
        "seed": seed(number),
        "result": [
            {"seat": step.pool.seat, "case": case.id, "person": step.chosen}
            for step in steps
            for case in step.block.cases
        ],
    }


class TestTheScript:
    @given(inputs())
    @settings(max_examples=200)
    def test_it_gives_the_same_people(self, one):
        draw = publication(one)
        again = [{"seat": seat, "case": case, "person": person} for seat, case, person in redraw.place(draw)]
        assert again == draw["result"]
        assert redraw.chain_fault(draw) == ""

    def _run(self, tmp_path, draw, *more):
        path = tmp_path / "draw.json"
        path.write_text(json.dumps(draw, ensure_ascii=False), encoding="utf-8")
        # Alone: no site packages, no path of ours.
        copy = tmp_path / "redraw.py"
        copy.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-I", "-S", str(copy), str(path), *more], capture_output=True, text=True, check=False
        )

    def _draw(self):
        people = tuple(Person(number, f"人{number}", 100 * number) for number in range(1, 5))
        blocks = tuple(Block((Item(case, f"号{case}", 200),)) for case in range(10, 20))
        return publication(Inputs("DRAW", "x", 300, (Pool("JUDGE", "FAST", people, blocks),)), number=3)

    def test_a_draw_of_the_first_version_which_had_names_still_agrees(self, tmp_path):
        text = json.loads(self._draw()["inputs"]) | {"version": 1}
        del text["inside"]
        for pool in text["pools"]:
            for row in pool["people"]:
                row |= {"name": f"人{row['id']}", "off": ""}
            for row in pool["blocks"]:
                row["barred"] = {}
        text["pools"][0]["people"][0]["off"] = "LEAVE"
        words = json.dumps(text, ensure_ascii=False, sort_keys=True)
        one = allocation.read(words)
        assert [(row.name, row.off) for row in one.pools[0].people[:2]] == [("人1", "LEAVE"), ("人2", "")]
        draw = publication(one, number=3)
        assert draw["inputs"] == words
        done = self._run(tmp_path, draw, "--tip", draw["tip"])
        assert (done.returncode, "人2" in done.stdout) == (0, True), done.stdout

    def test_it_runs_alone_and_agrees(self, tmp_path):
        done = self._run(tmp_path, self._draw(), "--tip", self._draw()["tip"])
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "everything agrees")
        assert done.stdout.count(" same") == 10

    def test_a_draw_that_only_agrees_with_itself_proves_nothing(self, tmp_path):
        done = self._run(tmp_path, self._draw())
        assert (done.returncode, self._draw()["tip"] in done.stdout) == (3, True)
        forged = self._draw()
        done = self._run(tmp_path, forged, "--tip", "ab" * 32)
        assert done.returncode == 1
        assert "not of the chain" in done.stdout

    @pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"inputs": 3}', "\x00"])
    def test_what_is_no_draw_gets_a_sentence(self, tmp_path, content):
        copy, path = tmp_path / "redraw.py", tmp_path / "none.json"
        copy.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
        path.write_text(content, encoding="utf-8")
        for name in (path, tmp_path / "absent.json"):
            command = [sys.executable, "-I", "-S", str(copy), str(name)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (2, "")

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"seed": seed(4)}, "published tip"),
            ({"commitment": "0" * 64}, "committed"),
            ({"number": 2}, "published tip"),
        ],
    )
    def test_it_finds_what_was_changed(self, tmp_path, change, says):
        done = self._run(tmp_path, self._draw() | change)
        assert done.returncode == 1
        assert says in done.stdout

    def test_it_finds_another_person_than_published(self, tmp_path):
        draw = self._draw()
        draw["result"][0]["person"] = 1 + draw["result"][0]["person"] % 4
        done = self._run(tmp_path, draw)
        assert done.returncode == 1
        assert "DIFFERENT" in done.stdout
