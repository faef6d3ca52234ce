"""A clerk's hands: every click and key is counted, and their time reckoned by the keystroke-level model.

Times are those of Card, Moran and Newell (1980): 0.28 s a key of an average typist, 1.1 s to point, 0.2 s to click,
0.4 s from the keys to the mouse or back. A Chinese sign is two and a half keys of a pinyin keyboard. Thinking and
talking are not counted.
"""

from dataclasses import dataclass
from typing import Any

KEY, POINT, CLICK, HOME = 0.28, 1.1, 0.2, 0.4
KEYS_OF_A_SIGN = 2.5


@dataclass(slots=True)
class Hands:
    """What was done on a page so far."""

    page: Any
    keys: float = 0
    clicks: int = 0
    turns: int = 0
    is_on_mouse: bool = False

    @property
    def seconds(self) -> float:
        """Return the time of clicks and typing."""
        return self.keys * KEY + self.clicks * (POINT + CLICK) + self.turns * HOME

    def _turn(self, *, to_mouse: bool) -> None:
        self.turns += to_mouse != self.is_on_mouse
        self.is_on_mouse = to_mouse

    def click(self, place: str) -> None:
        """Click on what the selector finds; there must be one."""
        self._turn(to_mouse=True)
        self.clicks += 1
        self.page.locator(place).click()

    def choose(self, place: str, value: str) -> None:
        """Open a list and click on a choice."""
        self._turn(to_mouse=True)
        self.clicks += 2
        self.page.locator(place).select_option(value)

    def type(self, place: str, text: str) -> None:
        """Go to the next field with Tab and type."""
        self._turn(to_mouse=False)
        self.keys += 1 + sum(1 if sign.isascii() else KEYS_OF_A_SIGN for sign in text)
        self.page.locator(place).fill(text)

    def paste(self, place: str, text: str) -> None:
        """Click into a field and paste."""
        self.click(place)
        self._turn(to_mouse=False)
        self.keys += 2
        self.page.locator(place).fill(text)

    def draw(self, place: str) -> None:
        """Sign in a frame; the visitor's hand, counted as one click."""
        self._turn(to_mouse=True)
        self.clicks += 1
        frame = self.page.locator(place)
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        self.page.mouse.move(box["x"] + 20, box["y"] + 20)
        self.page.mouse.down()
        for step in range(1, 8):
            self.page.mouse.move(box["x"] + 20 + 25 * step, box["y"] + 20 + 40 * (step % 2))
        self.page.mouse.up()
