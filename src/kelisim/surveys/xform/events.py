"""What happens by itself when a form is opened, a group is added, an answer changes."""

from __future__ import annotations

from kelisim.surveys.xform.model import Action, Bind
from kelisim.surveys.xform.node import Node
from kelisim.surveys.xform.stage import Stage
from kelisim.surveys.xform.xpath.functions.dates import moment_text
from kelisim.surveys.xform.xpath.values import to_string

FIRST = frozenset({"odk-instance-first-load", "odk-instance-load", "xforms-ready"})
NEW = frozenset({"odk-new-repeat", "jr-insert"})


class Events:
    """The events of one interview."""

    def __init__(self, interview: Stage) -> None:
        self.interview = interview

    def opened(self) -> None:
        """Fill in what a form fills in when it is opened for the first time."""
        for bind in self.interview.form.binds.values():
            for node in self.interview.nodes(bind.path):
                self._preload(bind, node)
        self._name()
        for action in self.interview.form.actions:
            if action.events & FIRST and not action.trigger:
                for node in self.interview.nodes(action.target):
                    self._run(action, node)

    def added(self, group: Node) -> None:
        """Fill in what a form fills in when a repeated group is added."""
        inside = {id(node): node for node in group.walk()}
        for action in self.interview.form.actions:
            if action.events & NEW:
                for node in self.interview.nodes(action.target):
                    if id(node) in inside:
                        self._run(action, node)

    def changed(self, node: Node) -> None:
        """Set what waits for the change of an answer; nearest in the same repeated group."""
        path = node.path()
        for action in self.interview.form.actions:
            if action.trigger == path and "xforms-value-changed" in action.events:
                for target in self._near(action.target, node):
                    self._run(action, target)

    def _near(self, path: str, node: Node) -> list[Node]:
        targets = self.interview.nodes(path)
        around = [one for one in node.ancestors() if self.interview.is_repeat(one)]
        for group in around:
            inside = [one for one in targets if any(up is group for up in one.ancestors())]
            if inside:
                return inside
        return targets

    def _run(self, action: Action, node: Node) -> None:
        if action.place:
            # The place of the device is not known to a server.
            return
        expression = action.expression
        text = to_string(self.interview.evaluate(expression, node)) if expression else action.text
        self.interview.set(node, "" if text == "NaN" else text)

    def _preload(self, bind: Bind, node: Node) -> None:
        told = self._preloaded(bind)
        if told:
            node.text = told

    def _preloaded(self, bind: Bind) -> str:
        interview = self.interview
        now = interview.clock.now().astimezone(interview.zone)
        match bind.preload, bind.preload_parameters:
            case "uid", _:
                return f"uuid:{interview.new_id()}"
            case "timestamp", "start":
                return moment_text(now)
            case "date", "today":
                return now.date().isoformat()
            case "property", name:
                return interview.properties.get(name, "")
            case _:
                return ""

    def _name(self) -> None:
        """Give the interview its identifier when the form has a place for one and no rule."""
        meta = self.interview.root.child("meta")
        name = meta.child("instanceID") if meta else None
        if name is not None and not name.text:
            name.text = f"uuid:{self.interview.new_id()}"

    def closing(self) -> None:
        """Write down when the interview ended, where the form asks for it."""
        now = self.interview.clock.now().astimezone(self.interview.zone)
        for bind in self.interview.form.binds.values():
            if (bind.preload, bind.preload_parameters) == ("timestamp", "end"):
                for node in self.interview.nodes(bind.path):
                    node.text = moment_text(now)
