"""Runs a published draw again, offline: python3 redraw.py draw.json --tip PUBLISHED_TIP

Needs nothing but Python 3. Checks that the inputs are those committed to, that the seed follows the published tip of
its chain, places every case again and says whether the same people come out. People are numbers; whoever may see the
names has them in his copy of the file. The tip must come from where it was
published before the draw, never from the file: whoever forges a draw forges the tip in it too.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

FAULTY, UNREADABLE, OPEN = 1, 2, 3
UNPROVEN = """the draw agrees with itself. The tip in this file is
  {tip}
Only the tip published before the draw proves it: run again with --tip and that one"""


def sha(data: bytes) -> str:
    """Return SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def chain_fault(draw: dict[str, Any]) -> str:
    """Hash the seed as often as its place in the chain: the published tip must come out."""
    value = draw["seed"]
    for _turn in range(draw["number"]):
        value = sha(bytes.fromhex(value))
    return "" if value == draw["tip"] else "the seed does not lead to the published tip"


def place(draw: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Yield seat, case id and person id for every case, by the rules."""
    inputs = json.loads(draw["inputs"])
    for pool in inputs["pools"]:
        loads = {person["id"]: person["load"] for person in pool["people"]}
        counts = {person["id"]: person["cases"] for person in pool["people"]}
        working = sorted(person["id"] for person in pool["people"] if not person["off"])
        for block in pool["blocks"]:
            block["weight"] = sum(case["weight"] for case in block["cases"])
        order = sorted(pool["blocks"], key=lambda b: (not b["holder"], -b["weight"], b["cases"][0]["id"]))
        for block in order:
            barred = {str(user) for user in block["barred"]}
            free = [user for user in working if str(user) not in barred]
            line = min(loads[user] for user in free) + max(block["weight"], inputs["waiting"])
            eligible = [user for user in free if loads[user] + block["weight"] <= line]
            if block["holder"]:
                chosen = block["holder"]
            elif inputs["mode"] == "LEAST":
                chosen = min(eligible, key=lambda user: (loads[user], counts[user], user))
            else:
                words = f"{draw['seed']}:{draw['commitment']}:{pool['seat']}:{block['cases'][0]['id']}"
                chosen = eligible[int(sha(words.encode()), 16) % len(eligible)]
            loads[chosen] += block["weight"]
            counts[chosen] += len(block["cases"])
            for case in block["cases"]:
                yield pool["seat"], case["id"], chosen


def check(draw: dict[str, Any], tip: str) -> int:
    """Check one draw, print every case with its person; return 0 when everything agrees with the published tip."""
    faults = []
    if sha(draw["inputs"].encode()) != draw["commitment"]:
        faults.append("the inputs are not those committed to")
    if draw["seed"]:
        faults += filter(None, [chain_fault(draw)])
        if tip and tip.strip().lower() != draw["tip"]:
            faults.append("the draw is not of the chain whose tip was published")
    pools = json.loads(draw["inputs"])["pools"]
    known = draw.get("names", {})
    people = [person for pool in pools for person in pool["people"]]
    names = {row["id"]: known.get(str(row["id"]), row.get("name", row["id"])) for row in people}
    numbers = {case["id"]: case["number"] for pool in pools for block in pool["blocks"] for case in block["cases"]}
    published = {(row["seat"], row["case"]): row["person"] for row in draw["result"]}
    placed = {}
    for seat, case, person in place(draw):
        placed[seat, case] = person
        same = published.get((seat, case)) == person
        print(seat, numbers[case], names[person], "same" if same else "DIFFERENT")
    if placed != published:
        faults.append("other people come out than were published")
    if faults:
        print("; ".join(faults))
        return FAULTY
    if draw["seed"] and not tip:
        print(UNPROVEN.format(tip=draw["tip"]))
        return OPEN
    print("everything agrees")
    return 0


def main(arguments: list[str]) -> int:
    """Read the command line and the file; 0 agrees, 1 does not, 2 cannot be read, 3 agrees with itself alone."""
    parser = argparse.ArgumentParser(description="Runs a published draw again.")
    parser.add_argument("file", help="the draw as it was downloaded")
    parser.add_argument("--tip", default="", help="the tip of the chain as it was published before the draw")
    given = parser.parse_args(arguments)
    try:
        with open(given.file, encoding="utf-8") as file:
            return check(json.load(file), given.tip)
    except OSError as error:
        print(f"cannot read {given.file}: {error.strerror}")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        print(f"{given.file} is not a published draw")
    return UNREADABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
