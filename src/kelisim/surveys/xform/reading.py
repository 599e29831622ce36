"""From the XML of an XForm to the form: model, binds, tables, actions."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from kelisim.core.errors import QuestionnaireRefused
from kelisim.surveys.xform.acts import read_actions
from kelisim.surveys.xform.body import read_body
from kelisim.surveys.xform.markup import LONGEST_FORM, local, read_markup, to_node
from kelisim.surveys.xform.model import Bind, Control, Form, Question, Repeat, Table
from kelisim.surveys.xform.node import Node, document
from kelisim.surveys.xform.paths import resolve
from kelisim.surveys.xform.soundness import refuse_unsound
from kelisim.surveys.xform.words import read_label, read_texts

JAVAROSA = "{http://openrosa.org/javarosa}"


def read_form(xml: bytes | str) -> Form:
    """Return the form that an XForm declares.

    Raises
    ------
    MarkupRefused
        It is not XML that is let in.
    QuestionnaireRefused
        It is not an XForm, or contradicts itself: an expression that cannot be read, a condition on
        a question that is not there, answers that depend on themselves.
    """
    raw = xml.encode() if isinstance(xml, str) else xml
    root = read_markup(raw, longest=LONGEST_FORM)
    head, body = _child(root, "head"), _child(root, "body")
    model = _child(head, "model") if head is not None else None
    if model is None or body is None:
        raise QuestionnaireRefused(
            "This is no XForm: it has no model or no body.",
            where=f"the element <{local(root)}>",
            do="Convert the XLSForm again, or choose another file.",
        )
    form = _form(head, model, body)
    refuse_unsound(form)
    return form


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is None:
        return None
    return next((one for one in element if local(one) == name), None)


def _form(head: etree._Element | None, model: etree._Element, body: etree._Element) -> Form:
    instances = [one for one in model if local(one) == "instance"]
    if not instances or not len(instances[0]):
        raise QuestionnaireRefused("The form declares no answers: its first instance is empty.")
    root = to_node(instances[0][0])
    template = document(root)
    languages, default, texts = read_texts(_child(model, "itext"))
    bind_elements = [one for one in model if local(one) == "bind"]
    binds = _binds(bind_elements, root)
    named = {
        str(one.get("id")): resolve(str(one.get("nodeset", "")), root.path())
        for one in bind_elements
        if one.get("id")
    }
    controls, actions = read_body(body, root.path(), named)
    title = _child(head, "title")
    return Form(
        title=(title.text or "") if title is not None else "",
        form_id=root.attribute("id") or root.namespace or root.name,
        version=root.attribute("version"),
        template=template,
        binds=binds,
        body=controls,
        repeats=_repeats(controls, root),
        tables={table.name: table for table in _tables(instances[1:])},
        actions=(*read_actions(model, root.path(), "", named), *actions),
        languages=languages,
        default_language=default,
        texts=texts,
    )


def _binds(elements: list[etree._Element], root: Node) -> dict[str, Bind]:
    found: dict[str, Bind] = {}
    for element in elements:
        bind = _bind(element, root.path())
        if bind.path in found:
            bind = _merged(found[bind.path], bind)
        found[bind.path] = bind
    return found


def _merged(first: Bind, second: Bind) -> Bind:
    """Return two binds of one path as one: what the second says nothing of, the first decides."""
    told = {
        name: getattr(second, name) or getattr(first, name)
        for name in Bind.__dataclass_fields__
        if name != "type"
    }
    return Bind(**told, type=first.type if second.type == "string" else second.type)


def _bind(element: etree._Element, root: str) -> Bind:
    def told(name: str) -> str:
        return (element.get(name) or "").strip()

    constraint = element.get(f"{JAVAROSA}constraintMsg") or element.get("constraintMsg") or ""
    required = element.get(f"{JAVAROSA}requiredMsg") or ""
    return Bind(
        path=resolve(told("nodeset") or told("ref"), root),
        type=(told("type") or "string").rpartition(":")[2],
        relevant=told("relevant"),
        required=told("required"),
        readonly=told("readonly"),
        calculate=told("calculate"),
        constraint=told("constraint"),
        constraint_message=read_label(constraint) if constraint else None,
        required_message=read_label(required) if required else None,
        preload=element.get(f"{JAVAROSA}preload", ""),
        preload_parameters=element.get(f"{JAVAROSA}preloadParams", ""),
    )


def _tables(elements: list[etree._Element]) -> Iterator[Table]:
    for element in elements:
        name = str(element.get("id") or "")
        src = str(element.get("src") or "")
        inside = document(to_node(element[0])) if len(element) and not src else None
        yield Table(name, src, inside)


def _repeats(controls: tuple[Control, ...], root: Node) -> dict[str, Node]:
    """Return what a new repeated group looks like, and take declared templates out of the tree."""
    found: dict[str, Node] = {}

    def gather(inside: tuple[Control, ...]) -> None:
        for one in inside:
            if isinstance(one, Repeat):
                found[one.path] = _template(root, one.path)
            if not isinstance(one, Question):
                gather(one.children)

    gather(controls)
    for path in found:
        _remove_templates(root, path)
        for other in found.values():
            _remove_templates(other, path)
    return found


def _template(root: Node, path: str) -> Node:
    every = [node for node in root.walk() if node.path() == path]
    if not every:
        raise QuestionnaireRefused(
            f"The repeated group {path} is not among the answers of the form.",
            do="Correct its nodeset.",
        )
    chosen = next((node for node in every if "template" in node.attributes), every[0])
    new = chosen.copy(chosen.parent)
    new.attributes.pop("template", None)
    return new


def _remove_templates(root: Node, path: str) -> None:
    for node in [one for one in root.walk() if "template" in one.attributes]:
        if node.parent is None or node.path() != path:
            continue
        if sum(1 for _ in node.parent.named(node.name)) > 1:
            node.parent.children = [one for one in node.parent.children if one is not node]
        else:
            node.attributes.pop("template")
