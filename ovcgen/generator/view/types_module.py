"""Build the template data of a module of types: a TypedDict for every record, an alias for every other named schema."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ovcgen.documents.python_identifiers import columns
from ovcgen.generator.code import STEP, WIDTH, Bracket, Code, annotation_text, docstring, lay_out, literal, noqa_comment
from ovcgen.generator.view.schema_annotations import FILE, NamedTypes, known_values
from ovcgen.generator.view.schema_places import Key, undeclared_members
from ovcgen.generator.view.shadowed_names import BUILTINS, COLLECTIONS, DATES, TYPING, ScopedNames, imported, words_in
from ovcgen.model.schema import Property, Record, Scalar

# UP013 wants class syntax, in which a member can hide a type of the same name.
REMARK = "# ruff: noqa: UP013"


@dataclass(frozen=True, slots=True)
class KeyView:
    """The template data of one member of a TypedDict class: its declaration, and its docstring or None."""

    declaration: Code
    docstring: Code | None


@dataclass(frozen=True, slots=True)
class Type:
    """The template data of one type: a class with members, or an assignment if class syntax can't express it.

    Attributes:
        docstring: The docstring; None without a description.
        opening: The line `class Name(...):`; None for an assignment.
        members: The members of the class.
        assignment: The assignment; None for a class.
        spaced: Whether two blank lines stand before it.
    """

    docstring: Code | None
    opening: Code | None = None
    members: tuple[KeyView, ...] = ()
    assignment: Code | None = None
    spaced: bool = True

    @property
    def lines(self) -> int:
        """Return the approximate number of lines of the type."""
        own = [self.docstring, self.opening, self.assignment]
        texts = [*own, *(text for member in self.members for text in (member.declaration, member.docstring))]
        return 2 + sum(text.count("\n") + 1 for text in texts if text)


@dataclass(frozen=True, slots=True)
class TypesModule:
    """The template data of a module of types: its import lines, its types, and a comment for checkers.

    Attributes:
        path: The path below the package, without the suffix.
        imports, own_imports: The import lines: of Python's modules, and of other modules of the SDK.
        types: The types, in the order of the module.
        remark: The comment; "" for none.
    """

    path: str
    imports: tuple[Code, ...]
    own_imports: tuple[Code, ...]
    types: tuple[Type, ...]
    remark: Code


def types_module(path: str, shapes: NamedTypes, keys: Sequence[Key], scope: ScopedNames) -> TypesModule:
    """Return the template data of a module with these types, in this order.

    Args:
        path: The path of the module below the package, without the suffix.
        shapes: The named types of the release.
        keys: The keys of the types of this module.
        scope: The spelling of types of other modules.
    """
    types = _types(shapes, keys, scope)
    used = words_in(code for key in keys for code in _code(shapes, key, scope))
    called = any(type_.assignment and "TypedDict(" in type_.assignment for type_ in types)
    code = [*filter(None, (part for type_ in types for part in (type_.assignment, type_.docstring)))]
    code += [
        part for type_ in types for member in type_.members for part in (member.declaration, member.docstring) if part
    ]
    assigned = [shapes.names[key] for key, declared in zip(keys, types, strict=True) if declared.assignment]
    members = [member.declaration.partition(":")[0] for type_ in types for member in type_.members]
    odd = noqa_comment(code, variables=[*assigned, *members], classes=(shapes.names[key] for key in keys))
    remarks = "\n".join(filter(None, [REMARK if called else "", odd]))
    imports = [
        *imported("collections.abc", COLLECTIONS, scope, used),
        *imported("datetime", DATES, scope, used),
        *imported("typing", TYPING, scope, used),
    ]
    package = ".." if scope.types else "."
    own = [*imported(package, filter(None, [scope.types]), scope, used)]
    own += imported(f"{package}_runtime.file_and_text_bodies", [FILE], scope, used)
    return TypesModule(path, tuple(map(Code, imports)), tuple(map(Code, own)), types, Code(remarks))


def _types(shapes: NamedTypes, keys: Sequence[Key], scope: ScopedNames) -> tuple[Type, ...]:
    """Return the types of a module, in this order."""
    # No annotation here uses `object`.
    reserved = frozenset({*BUILTINS, *TYPING, *shapes.names.values(), scope.types} - {"object"})
    return tuple(_spaced(_type(shapes, key, reserved, scope), is_first=key == keys[0]) for key in keys)


def _code(shapes: NamedTypes, key: Key, scope: ScopedNames) -> list[str]:
    """Return the code of a type from which its imports are found."""
    record = shapes.named[key]
    if not isinstance(record, Record):
        return ["TypeAlias", shapes.annotation_of(shapes.named[key], key, scope)]
    return ["TypedDict", *(_annotation(shapes, key, property_, scope) for property_ in record.properties)]


def _spaced(type_: Type, *, is_first: bool) -> Type:
    """Mark an assignment that follows the imports: it has one blank line before it, while a class has two."""
    return replace(type_, spaced=not is_first or type_.assignment is None)


def _type(shapes: NamedTypes, key: Key, reserved: frozenset[str], scope: ScopedNames) -> Type:
    record = shapes.named[key]
    if not isinstance(record, Record):
        return Type(_text(record.traits.doc, 0), assignment=_alias(shapes, key, scope))
    record = _with_undeclared(_with_subtypes(record, shapes, key), shapes, key)
    members = tuple(_member(shapes, key, property_, scope) for property_ in record.properties)
    hidden = reserved | (
        words_in(_annotation(shapes, key, property_, scope) for property_ in record.properties) & {*DATES}
    )
    if all(_can_stand_in_a_class(property_, hidden) for property_ in record.properties) and all(
        columns(member.declaration) + STEP <= WIDTH for member in members
    ):
        opening = Code(f"class {shapes.names[key]}(TypedDict):")
        return Type(_text(record.traits.doc, STEP), opening=opening, members=members)
    return Type(_text(_with_members(record), 0), assignment=_functional(shapes, key, record, scope))


def _with_subtypes(record: Record, shapes: NamedTypes, key: Key) -> Record:
    """Return the record with its subtypes added to its docstring."""
    subtypes = shapes.places.subtypes.get(key[1], ()) if key[0] == "type" and len(key) == 2 else ()
    names = [shapes.names[("type", subtype)] for subtype in subtypes if ("type", subtype) in shapes.names]
    if not names:
        return record
    told = f"Its `{record.discriminator}` says which of these it is, if any: {', '.join(names)}."
    doc = "\n\n".join(filter(None, [record.traits.doc, told]))
    return replace(record, traits=replace(record.traits, doc=doc))


def _with_undeclared(record: Record, shapes: NamedTypes, key: Key) -> Record:
    """Return the record with the types of undeclared members in its docstring.

    A TypedDict can't say them: mypy does not know `extra_items` (PEP 728).
    """
    told = []
    for step, pattern, schema in undeclared_members(record):
        which = f"Members that match `{pattern}`" if pattern else "Other members"
        told.append(f"{which} are of the type `{shapes.annotation(schema, (*key, step), ScopedNames())}`.")
    doc = "\n\n".join(filter(None, [record.traits.doc, " ".join(told)]))
    return replace(record, traits=replace(record.traits, doc=doc)) if told else record


def _member(shapes: NamedTypes, key: Key, member: Property, scope: ScopedNames) -> KeyView:
    declaration = Code(f"{member.name}: {_annotation(shapes, key, member, scope)}")
    is_deprecated = shapes.places.has_directions and shapes.places.has_trait(member.schema, "deprecated")
    doc = "\n\n".join(filter(None, [member.schema.traits.doc, "Deprecated." if is_deprecated else ""]))
    return KeyView(declaration, _text(doc, STEP))


def _annotation(shapes: NamedTypes, key: Key, member: Property, scope: ScopedNames) -> str:
    annotation = shapes.annotation(member.schema, (*key, member.name), scope)
    is_for_answers = member.schema.traits.read_only and key in shapes.sent
    return annotation if member.required and not is_for_answers else f"NotRequired[{annotation}]"


def _can_stand_in_a_class(member: Property, hidden: frozenset[str]) -> bool:
    """Return whether class syntax can declare the member: an identifier that hides no name used by annotations."""
    name = member.name
    is_name = name.isascii() and name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")
    return is_name and name not in hidden


def _functional(shapes: NamedTypes, key: Key, record: Record, scope: ScopedNames) -> Code:
    """Return the functional form of a TypedDict. Annotations are strings, because they may name later types."""
    name = shapes.names[key]
    members = tuple(
        f"{literal(property_.name)}: {annotation_text(_annotation(shapes, key, property_, scope))}"
        for property_ in record.properties
    )
    return lay_out(Bracket(f"{name} = TypedDict(", (literal(name), Bracket("{", members, "}")), ")"))


def _with_members(record: Record) -> str:
    """Return the docstring of a record with those of its members, for the functional form."""
    lines = [
        f"{property_.name}: {property_.schema.traits.doc}"
        for property_ in record.properties
        if property_.schema.traits.doc
    ]
    return "\n".join([*([record.traits.doc, ""] if record.traits.doc else []), *lines])


def _alias(shapes: NamedTypes, key: Key, scope: ScopedNames) -> Code:
    """Return `Name: TypeAlias = ...`; as a string if it names other types, which may be defined later."""
    schema = shapes.named[key]
    left = f"{shapes.names[key]}: TypeAlias = "
    spelled = shapes.annotation_of(schema, key, scope)
    right = spelled if isinstance(schema, Scalar) else annotation_text(spelled)
    if isinstance(schema, Scalar) and shapes.is_closed(schema, key) and columns(left) + columns(right) > WIDTH:
        return _subscript(f"{left}Literal[", known_values(schema))
    is_too_long = columns(right) + STEP > WIDTH  # even in a line of its own
    if columns(left) + columns(right) <= WIDTH or (is_too_long and not isinstance(schema, Scalar)):
        return Code(f"{left}{right}")
    if not is_too_long or not isinstance(schema, Scalar):
        return Code(f"{left}(\n    {right}\n)")
    values = lay_out(Bracket("Literal[", known_values(schema), "]"), indent=STEP)
    return Code(f"{left}(\n    {values}\n    | {shapes.kinds(schema, key, scope)}\n)")


def _subscript(opening: str, values: tuple[str, ...]) -> Code:
    """Return a subscript that does not fit into one line: its values in one line, else one in each line."""
    inner = ", ".join(values)
    if columns(inner) + STEP <= WIDTH:
        return Code(f"{opening}\n{' ' * STEP}{inner}\n]")
    return lay_out(Bracket(opening, values, "]"))


def _text(doc: str, indent: int) -> Code | None:
    return docstring(doc, indent) if doc.strip() else None
