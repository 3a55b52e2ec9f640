"""Apply edits to a libcst tree. Imported only if libcst is installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from ovcgen.migrate.edits import ConvertToInteger, Edit, NotRewritten, RemoveKey, RenameAttribute, RenameKey, by_node

IMPORTERS = ("import_module", "__import__")
Line = cst.SimpleStatementLine | cst.BaseCompoundStatement


def transformed(module: cst.Module, edits: Sequence[Edit], old_package: str, new_package: str) -> cst.Module:
    """Return a copy of the module with all edits made, and with the SDK's package renamed.

    Args:
        module: The file.
        edits: The edits of this file.
        old_package: Import name of the old SDK, which is renamed wherever it occurs.
        new_package: Import name of the new SDK.

    Raises:
        NotRewritten: a node was not found or can't be changed safely.
    """
    transformer = Transformer(edits, old_package, new_package)
    changed = MetadataWrapper(module).visit(transformer)
    if transformer.missed:
        raise NotRewritten("it is written in a way that can't be changed safely")
    return changed


class Transformer(cst.CSTTransformer):
    """A libcst transformer that makes edits at their positions, and renames `old_package` to `new_package`.

    A visit raises NotRewritten if the node of an edit can't be changed safely. `transformed` makes the visit.

    Args:
        edits: The edits of one file.
        old_package: Import name of the old SDK, which is renamed wherever it occurs.
        new_package: Import name of the new SDK.

    Attributes:
        missed: After the visit, the edits whose node was not found.
    """

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, edits: Sequence[Edit], old_package: str, new_package: str) -> None:
        super().__init__()
        self._edits = by_node(edits)
        self.missed = {edit for found in self._edits.values() for edit in found}
        self._old_package, self._new_package = old_package, new_package
        self._statements: list[list[tuple[str, str]]] = []  # per open statement: (template, text) of its comments

    def _at(self, kind: str, node: cst.CSTNode) -> list[Any]:
        """Return the edits of this kind at this node, and remove them from `missed`."""
        where = self.get_metadata(PositionProvider, node)
        at = (where.start.line, where.start.column, where.end.line, where.end.column)
        found = self._edits.get((kind, at), [])
        self.missed -= set(found)
        return found

    # comments

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note where a statement begins, and collect the comments to insert above it. Always returns True."""
        if isinstance(node, Line):
            self._statements.append([])
        if self._statements and isinstance(node, cst.BaseExpression | cst.Arg | cst.DictElement):
            about = node.key if isinstance(node, cst.DictElement) else node
            for note in self._at("statement", about):
                text = note.text.replace("{}", self._source_of(node))
                if not any(note.text == template for template, _ in self._statements[-1]):
                    self._statements[-1].append((note.text, text))
        return super().on_visit(node)

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        """End a statement: insert its comments above it, unless they exist already."""
        if not isinstance(original_node, Line):
            return super().on_leave(original_node, updated_node)
        updated = super().on_leave(original_node, updated_node)
        texts = [text for _, text in self._statements.pop()]
        if not texts or not isinstance(updated, Line):
            return updated
        said = {line.comment.value for line in updated.leading_lines if line.comment}
        fresh = [comment for comment in map(_comment, texts) if comment not in said]
        lines = [cst.EmptyLine(comment=cst.Comment(comment)) for comment in fresh]
        return updated.with_changes(leading_lines=[*updated.leading_lines, *lines])

    def _source_of(self, node: cst.CSTNode) -> str:
        if isinstance(node, cst.Arg | cst.DictElement):
            node = node.with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return " ".join(cst.Module([]).code_for_node(node).split())

    # names

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        """Rename an attribute chain such as `machines.convertToTemplate`, from the first name that differs to the last.

        Raises NotRewritten if a name to change is not written in the chain.
        """
        for edit in self._at("attribute", original_node):
            return _renamed(updated_node, edit)
        return updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """Change names in `getattr(x, "name")`, `x.get("key")` and `import_module("name")`; remove dropped keywords.

        Raises NotRewritten if such a name is no literal, or if the method moved to another group or actor.
        """
        call = updated_node
        for edit in self._at("attribute", original_node):
            call = self._looked_up(call, edit)
        for edit in self._at("key", original_node):
            call = _with_argument(call, 0, edit.old, edit.new)
        name = call.func.attr.value if isinstance(call.func, cst.Attribute) else getattr(call.func, "value", "")
        if name in IMPORTERS and call.args and isinstance(call.args[0].value, cst.SimpleString):
            text = str(call.args[0].value.raw_value)
            call = _with_argument(call, 0, text, self._imported(text))
        return call.with_changes(args=_without_dropped(call.args)) if any(map(_is_dropped, call.args)) else call

    def _looked_up(self, call: cst.Call, edit: RenameAttribute) -> cst.Call:
        if edit.old[:-1] != edit.new[:-1] or len(call.args) < 2:
            raise NotRewritten("a method that is looked up by its name moved to another actor")
        return _with_argument(call, 1, edit.old[-1], edit.new[-1])

    # keywords and keys

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        """Rename, convert or mark for removal a keyword such as `templatename=name`; `leave_Call` removes it."""
        arg = updated_node
        for edit in self._at("key", original_node) if arg.keyword is not None else ():
            match edit:
                case RenameKey(new=new):
                    arg = arg.with_changes(keyword=cst.Name(new))
                case ConvertToInteger():
                    arg = arg.with_changes(value=_whole(arg.value))
                case RemoveKey():
                    arg = arg.with_changes(keyword=cst.Name(DROPPED))
        return arg

    def leave_DictElement(self, original_node: cst.DictElement, updated_node: cst.DictElement) -> Any:
        """Rename, convert or remove a dict entry such as `"templatename": name`.

        Raises NotRewritten if the key to rename is no text literal.
        """
        element = updated_node
        for edit in self._at("key", original_node.key):
            match edit:
                case RenameKey(new=new):
                    element = element.with_changes(key=_text_like(original_node.key, new))
                case ConvertToInteger():
                    element = element.with_changes(value=_whole(element.value))
                case RemoveKey():
                    return cst.RemoveFromParent()
        return element

    def leave_Dict(self, original_node: cst.Dict, updated_node: cst.Dict) -> cst.BaseExpression:
        """Keep the trailing comma of a dict as it was after an entry was removed."""
        if len(updated_node.elements) == len(original_node.elements):
            return updated_node
        return updated_node.with_changes(elements=_closed(original_node.elements, list(updated_node.elements)))

    def leave_Subscript(self, original_node: cst.Subscript, updated_node: cst.Subscript) -> cst.BaseExpression:
        """Rename the key in `space["descr"]` or `params["templatename"] = name`.

        Raises NotRewritten if the key is no text literal, or if it has to be removed or its value converted.
        """
        [first, *_] = updated_node.slice
        [before, *_] = original_node.slice
        if not isinstance(first.slice, cst.Index) or not isinstance(before.slice, cst.Index):
            return updated_node
        for edit in [*self._at("key", original_node), *self._at("key", before.slice.value)]:
            if not isinstance(edit, RenameKey):
                raise NotRewritten("a key that goes is put into a dict in a statement of its own")
            index = first.slice.with_changes(value=_text_like(first.slice.value, edit.new))
            return updated_node.with_changes(slice=[first.with_changes(slice=index), *updated_node.slice[1:]])
        return updated_node

    # imports

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        """Rename the SDK's package wherever its name occurs, such as `openvcloud_2_2_6`."""
        return updated_node.with_changes(value=self._imported(updated_node.value))

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.BaseExpression:
        """Rename the SDK's package at the start of a text with a dot behind it, as in quoted annotations.

        Any text that begins with `openvcloud_2_2_6.` is changed, whatever it is used for.
        """
        text = updated_node.raw_value
        if not text.startswith(f"{self._old_package}."):
            return updated_node
        return _text_like(updated_node, self._imported(text))

    def _imported(self, name: str) -> str:
        root, dot, rest = name.partition(".")
        return f"{self._new_package}{dot}{rest}" if root == self._old_package else name


DROPPED = "__ovcgen_dropped__"


def _is_dropped(arg: cst.Arg) -> bool:
    return arg.keyword is not None and arg.keyword.value == DROPPED


def _comment(text: str) -> str:
    return f"# {' '.join(text.split())}"


def _renamed(node: cst.Attribute, edit: RenameAttribute) -> cst.Attribute:
    """Return the attribute chain renamed, from the last name to the first that differs.

    New names take the places of old ones from the right, so that comments and line breaks stay; names may be added or
    removed before them.

    Raises NotRewritten if a name to change is not written in the chain.
    """
    last = min(len(edit.old), len(edit.new)) - 1
    first = next((index for index in range(last) if edit.old[index] != edit.new[index]), last)
    current: cst.BaseExpression = node
    chain: list[cst.Attribute] = []
    for old in reversed(edit.old[first:]):
        if not isinstance(current, cst.Attribute) or current.attr.value != old:
            raise NotRewritten("a method moved to another actor, which is held in a variable")
        chain.append(current)
        current = current.value
    added = len(edit.new) - len(edit.old)
    links = [*[cst.Attribute(current, cst.Name("_"))] * added, *reversed(chain)][max(0, -added) :]
    for link, new in zip(links, edit.new[first:], strict=True):
        current = link.with_changes(value=current, attr=link.attr.with_changes(value=new))
    return cst.ensure_type(current, cst.Attribute)


def _with_argument(call: cst.Call, index: int, old: str, new: str) -> cst.Call:
    """Return the call with the text of one argument changed. Raises NotRewritten if the argument is another text."""
    value = call.args[index].value if index < len(call.args) else None
    if not isinstance(value, cst.SimpleString) or value.raw_value != old:
        raise NotRewritten("a name that has to change does not stand where it is used")
    changed = call.args[index].with_changes(value=_text_like(value, new))
    return call.with_changes(args=[*call.args[:index], changed, *call.args[index + 1 :]])


def _text_like(node: cst.BaseExpression, text: str) -> cst.SimpleString:
    """Return a string literal with another text and the same quotes. Raises NotRewritten for other nodes."""
    if not isinstance(node, cst.SimpleString):
        raise NotRewritten("a key that has to change is no plain text")
    return node.with_changes(value=f"{node.prefix}{node.quote}{text}{node.quote}")


def _whole(value: cst.BaseExpression) -> cst.BaseExpression:
    """Return the value as an integer: `"12"` becomes `12`, `str(x)` becomes `int(x)`, anything else `int(...)`."""
    if isinstance(value, cst.SimpleString) and isinstance(value.raw_value, str) and value.raw_value.isdigit():
        return cst.Integer(str(int(value.raw_value)))
    if isinstance(value, cst.Call) and isinstance(value.func, cst.Name) and value.func.value == "str":
        only = value.args[0] if len(value.args) == 1 else None
        if only is not None and only.keyword is None and not only.star:
            return value.with_changes(func=cst.Name("int"))
    return cst.Call(cst.Name("int"), [cst.Arg(value)])


def _without_dropped(args: Sequence[cst.Arg]) -> list[cst.Arg]:
    return _closed(args, [argument for argument in args if not _is_dropped(argument)])


def _closed(before: Sequence[Any], kept: list[Any]) -> list[Any]:
    """Return the kept elements, with or without a trailing comma as before."""
    if kept:
        kept[-1] = kept[-1].with_changes(comma=before[-1].comma)
    return kept
