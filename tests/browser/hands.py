"""How somebody works the page: by mouse, by finger, by keyboard alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

FARTHEST = 150  # presses of Tab until something is found to be out of reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A browser as somebody has set it up."""

    name: str
    context: Mapping[str, Any] = field(default_factory=dict)
    keyboard: bool = False


WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
SETTINGS = (
    Setting(name="mouse", context={"viewport": WIDE}),
    Setting(name="keyboard", context={"viewport": WIDE}, keyboard=True),
    Setting(name="phone", context={"viewport": PHONE, "has_touch": True, "is_mobile": True}),
    Setting(name="dark", context={"viewport": WIDE, "color_scheme": "dark"}),
    Setting(name="without-scripts", context={"viewport": WIDE, "java_script_enabled": False}),
)


class Hands:
    """By mouse or finger."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, role: str, name: str, *, within: str = "body") -> None:
        """A link, a button or what opens a fold, by its accessible name."""
        thing = self._found(role, name, within)
        if role == "fold":
            self._use(thing)
            return
        with self.page.expect_navigation():  # there is nothing here that does not lead to another page
            self._use(thing)

    def write(self, label: str, text: str) -> None:
        self._field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        self._field(label).select_option(label=option)

    def give(self, label: str, file: Path) -> None:
        self._field(label).set_input_files(file)

    def _field(self, label: str) -> Locator:
        exact = self.page.get_by_label(label, exact=True)
        return exact.or_(self.page.get_by_label(label)).locator("visible=true").first

    def _found(self, role: str, name: str, within: str) -> Locator:
        place = self.page.locator(within)
        if role == "fold":
            return place.locator("summary", has_text=name).first
        return place.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]

    def _use(self, thing: Locator) -> None:
        thing.click()


class Keys(Hands):
    """By keyboard alone: Tab to it, then Enter, letters, arrows."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        # Listening from the start: a browser told of it only as Enter is pressed at times opens a window of its own.
        page.on("filechooser", lambda _: None)

    def write(self, label: str, text: str) -> None:
        self._reach(self._field(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        self._reach(self._field(label))
        self.page.keyboard.type(option)

    def give(self, label: str, file: Path) -> None:
        self._reach(self._field(label))
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(file)

    def _use(self, thing: Locator) -> None:
        self._reach(thing)
        self.page.keyboard.press("Enter")

    def _reach(self, thing: Locator) -> None:
        for _ in range(FARTHEST):
            if thing.evaluate("it => it === document.activeElement"):
                ring = thing.evaluate("it => getComputedStyle(it).outlineStyle")
                assert ring != "none", "nobody sees where the keyboard is"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{thing} cannot be reached by keyboard")


def hands(page: Page, setting: Setting) -> Hands:
    return Keys(page) if setting.keyboard else Hands(page)
