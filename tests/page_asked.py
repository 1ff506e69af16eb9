"""What a page of the studio was asked so far, for tests that wait for its answers.

An answer may come within one frame of the screen: who looks for the state of being asked can miss
it. So the page counts for itself how often it was asked, from before its first line runs.
"""

from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Frame, Page

COUNTS = """
window.timesAsked = 0;
new MutationObserver((changes) => {
  // A change holds what was before it: what it led to stands in the next, the last in the page.
  const states = [...changes.map((one) => one.oldValue), document.documentElement.dataset.answer];
  window.timesAsked += states.slice(1).filter((one) => one === "asked").length;
}).observe(document, { attributeFilter: ["data-answer"], attributeOldValue: true, subtree: true });
"""


class PageAsked:
    """How often a page was asked, and until when its reader has waited."""

    seen = 0

    def __init__(self, context: "BrowserContext") -> None:
        context.add_init_script(COUNTS)

    def wait_answered(self, where: Union["Frame", "Page"]) -> None:
        """Wait until an answer is whole and its charts are drawn."""
        where.wait_for_selector("html[data-answer=whole]")
        where.wait_for_selector("#flow .drawing[data-drawn]")
        self.seen = where.evaluate("timesAsked")

    def wait_asked(self, where: Union["Frame", "Page"]) -> None:
        """Wait until something new was asked since, and answered."""
        where.wait_for_function("seen => timesAsked > seen", arg=self.seen)
        self.wait_answered(where)
