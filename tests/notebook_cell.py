"""A cell of a notebook in a real browser: the widget's own module, its messages carried to Python.

What a notebook does between the two is played here: values of the widget by name, `save_changes`,
and messages both ways. Python's side is the real widget.
"""

import queue
from typing import TYPE_CHECKING, Any

from page_asked import PageAsked

from rumbo.studio.notebook.module import module_text
from rumbo.studio.notebook.widget import DeskWidget

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame

PATIENCE = 240_000
"""Milliseconds to wait for an answer on a busy machine."""

PAGE = """<!doctype html><html lang="en"><head><title>Notebook</title></head>
<body style="margin: 0"><main><h1>Notebook</h1><div id="cell"></div></main></body></html>"""

SHOW = """async (values) => {
  const heard = [];
  const tell = (name, ...about) => heard
    .filter((one) => one.name === name).forEach((one) => one.call(...about));
  const moved = {};
  const set = (name, value) => {
    if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
    values[name] = value;
    tell(`change:${name}`);
  };
  const model = {
    get: (name) => values[name],
    set: (name, value) => { moved[name] = value; set(name, value); },
    save_changes: () => toPython({ method: "update", state: structuredClone(moved) }),
    send: (content) => toPython({ method: "custom", content }),
    on: (name, call) => heard.push({ name, call }),
    off: (name, call) => heard.splice(heard.findIndex((one) => one.call === call), 1),
  };
  const url = URL.createObjectURL(new Blob([await moduleText()], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  window.leave = widget.render({ model, el: document.getElementById("cell") });
  const listen = async () => {
    for (const { method, content, state } of await fromPython())
      if (method === "custom") tell("msg:custom", content);
      else if (method === "update") Object.entries(state).forEach((one) => set(...one));
    setTimeout(listen, 20);
  };
  listen();
}"""


class Cell:
    """A widget shown in a cell, and all that its page asked for and complained of."""

    def __init__(self, browser: "Browser", widget: DeskWidget, **about: Any) -> None:
        self.widget = widget
        self.sent: queue.Queue[dict[str, Any]] = queue.Queue()
        self.updates: list[str] = []
        widget.comm.publish_msg = self._publish
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "offline": True, **about},
            timezone_id="America/Mexico_City",
        )
        self.count = PageAsked(self.context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.set_content(PAGE)
        self.page.expose_function("moduleText", module_text)
        self.page.expose_function("toPython", self._to_python)
        self.page.expose_function("fromPython", self._from_python)
        values = widget.get_state(["asked", "language", "height"])
        self.page.evaluate(SHOW, values)
        self.frame: Frame = self.page.frames[1]
        self.answered()

    def _publish(self, _kind: str, data: dict[str, Any] | None = None, **_about: Any) -> None:
        if data:
            self.sent.put(data)
            self.updates += data["state"] if data["method"] == "update" else ()

    def _to_python(self, data: dict[str, Any]) -> None:
        self.widget._handle_msg({"content": {"data": data}, "buffers": []})

    def _from_python(self) -> list[dict[str, Any]]:
        return [self.sent.get_nowait() for _ in range(self.sent.qsize())]

    def answered(self) -> None:
        """Wait until an answer is whole and its charts are drawn."""
        self.count.wait_answered(self.frame)

    def asked(self) -> None:
        """Wait until something new was asked and answered."""
        self.count.wait_asked(self.frame)
