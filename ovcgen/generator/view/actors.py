"""Build the template data of a group's modules: a class for each actor, and the group class that has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ovcgen.generator.code import STEP, Code, docstring, import_from, noqa_comment, signature
from ovcgen.generator.python_names import class_name, distinct, module_name, operation_constant_name
from ovcgen.generator.view.asynchronous import AsyncModule, class_import
from ovcgen.generator.view.methods import MARK, Method, method
from ovcgen.generator.view.schema_annotations import FILE, NamedTypes
from ovcgen.generator.view.shadowed_names import (
    CHECKING,
    COLLECTIONS,
    DATES,
    TYPING,
    ScopedNames,
    imported,
    natural_order,
    words_in,
)
from ovcgen.model.api import Api, Operation

PROPERTY = "cached_property"
RECORDS = {  # the classes of constants, by the module of the runtime that defines them
    "operation": ("OperationSpec", "PageScheme", "ParameterSpec"),
    "servers": ("ServerSpec",),
    "styled_operation": ("StyledOperation",),
    "styled_parameters": ("BodySpec", "FieldSpec", "StyledParameter"),
}
RESERVED = frozenset(
    {"Actor", "AsyncActor", "AsyncGroup", "Group", "Waiters", *(name for names in RECORDS.values() for name in names)}
)


@dataclass(frozen=True, slots=True)
class Calls:
    """The template data of the methods of one class, with the imports that they need.

    Attributes:
        methods: The methods, sorted by name.
        operations: The import of the module with the constants of the methods; "" without methods.
        records: The imports of that module: the runtime classes that the constants use.
        constants_remark: The comment for style checkers in that module; "" for none.
        imports: The import lines that the module of the class needs at run time.
        checking: The import lines for type checkers only.
        marks: The import of the decorator for deprecated methods; () if it is not used.
        remark: The comment for style checkers; "" for none.
        aio: What the asynchronous module has instead of `operations`, `imports`, `checking`, `marks` and `remark`.
    """

    methods: tuple[Method, ...]
    operations: Code
    records: tuple[Code, ...]
    constants_remark: Code
    imports: tuple[Code, ...]
    checking: tuple[Code, ...]
    marks: tuple[Code, ...]
    remark: Code
    aio: AsyncModule


@dataclass(frozen=True, slots=True)
class LazyClassView:
    """The template data of an attribute whose class is imported when the attribute is first used.

    Attributes:
        name, class_name: The attribute, and its class.
        module: The module of the class, relative to that of the attribute, such as `.orders`.
        decorator, signature, docstring: The parts of the property's definition, as code.
        loading: The import, inside the property.
        checking: The import for type checkers.
    """

    name: str
    module: str
    class_name: Code
    decorator: Code
    signature: Code
    docstring: Code
    loading: Code
    checking: Code


@dataclass(frozen=True, slots=True)
class ActorView:
    """The template data of one actor's module, such as `pets/orders.py`.

    Attributes:
        name, module, class_name: The actor's Python name, its module and its class.
        title, docstring: The docstrings of the module and of the class.
        calls: The methods of the class.
        text: The actor's description: that of its tag, else a sentence with its name.
    """

    name: str
    module: Code
    class_name: Code
    title: Code
    docstring: Code
    calls: Calls
    text: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """The template data of one group's folder, such as `pets/`. It has actors, or methods itself, or both.

    Attributes:
        name, module, class_name: The group's Python name, its folder and its class.
        title, docstring: The docstrings of the module and of the class.
        calls: The methods of the class itself.
        actors: The template data of its actors, sorted by name.
        parts: The attributes of the class that load an actor's class when they are first used.
        imports, checking: The import lines for `parts` and `calls`, at run time and for type checkers.
        aio_imports, aio_checking: The same of the asynchronous module.
        attribute, contents: The group's name, and the names of its actors or methods, for the README.
        text: The group's description: that of its tag, else a sentence with the names of its actors or its own name.
    """

    name: str
    module: Code
    class_name: Code
    title: Code
    docstring: Code
    calls: Calls
    actors: tuple[ActorView, ...]
    parts: tuple[LazyClassView, ...]
    imports: tuple[Code, ...]
    checking: tuple[Code, ...]
    aio_imports: tuple[Code, ...]
    aio_checking: tuple[Code, ...]
    attribute: Code
    contents: Code
    text: str


def group_view(name: str, module: str, class_: str, *, api: Api, shapes: NamedTypes) -> GroupView:
    """Return the template data of a group, with its actors sorted.

    Args:
        name: The Python name of the group.
        module: The name of its folder.
        class_: The name of its class.
        api: The API of the release.
        shapes: The named types of the release.
    """
    own = [operation for operation in api.callable_operations if operation.group == name and not operation.actor]
    actors = actor_views(name, module, api=api, shapes=shapes)
    taken = frozenset({class_, *(actor.name for actor in actors), *(operation.name for operation in own)})
    scope = ScopedNames(taken, types="types")
    parts = tuple(lazy_attribute(actor, scope) for actor in actors)
    calls = _calls(own, shapes, scope, class_=class_, module=module, parts=parts)
    told = f"The actors of {name}: {', '.join(actor.name for actor in actors)}." if actors else f"The calls of {name}."
    text = _text(own, api) or told
    return GroupView(
        name,
        Code(module),
        Code(class_),
        docstring(text, 0),
        docstring(text, STEP),
        calls,
        actors,
        parts,
        (*lazy_runtime_imports(parts, scope), *calls.imports),
        (*calls.checking, *lazy_checker_imports(parts)),
        (*lazy_runtime_imports(parts, scope), *calls.aio.imports),
        (*calls.aio.checking, *lazy_checker_imports(parts)),
        Code(name),
        Code(", ".join(f"`{actor.name}`" for actor in (actors or calls.methods))),
        text,
    )


def actor_views(group: str, folder: str, *, api: Api, shapes: NamedTypes) -> tuple[ActorView, ...]:
    """Return the template data of a group's actors, sorted by name; () if its methods belong to no actor.

    `group` is the Python name of the group, `folder` that of the folder with its modules.
    """
    actors: dict[str, list[Operation]] = {}
    for operation in api.callable_operations:
        if operation.group == group and operation.actor:
            actors.setdefault(operation.actor, []).append(operation)
    modules = distinct(actors, module_name)
    classes = distinct(actors, class_name, reserved=RESERVED)
    views = []
    for name, operations in sorted(actors.items()):
        scope = ScopedNames(frozenset([classes[name], *(operation.name for operation in operations)]), types="types")
        text = _text(operations, api) or f"The calls of {group}.{name}."
        views.append(
            ActorView(
                name,
                Code(modules[name]),
                Code(classes[name]),
                docstring(text, 0),
                docstring(text, STEP),
                _calls(operations, shapes, scope, class_=classes[name], module=f"{folder}.{modules[name]}"),
                text,
            )
        )
    return tuple(views)


def lazy_attribute(view: ActorView | GroupView, scope: ScopedNames) -> LazyClassView:
    """Return the template data of the attribute that loads an actor's or group's class when it is first used.

    `scope` spells builtin and imported names in the class that gets the attribute.
    """
    return lazy_attribute_named(view.name, f".{view.module}", view.class_name, view.text, scope)


def lazy_attribute_named(name: str, module: str, class_: str, text: str, scope: ScopedNames) -> LazyClassView:
    """Return the template data of an attribute that loads its class when it is first used.

    Args:
        name: The name of the attribute.
        module: The module of its class, relative to that of the attribute, such as `.orders`.
        class_: The name of its class.
        text: The docstring of the attribute.
        scope: The spelling of builtin and imported names in the class that gets the attribute.
    """
    here = scope(class_)
    return LazyClassView(
        name=name,
        module=module,
        class_name=Code(class_),
        decorator=Code(scope(PROPERTY)),
        signature=signature(f"def {name}(", ["self"], [here], indent=STEP),
        docstring=docstring(text, 2 * STEP),
        loading=import_from(module, class_, indent=2 * STEP),
        checking=import_from(module, class_ if here == class_ else f"{class_} as {here}", indent=STEP),
    )


def lazy_runtime_imports(parts: tuple[LazyClassView, ...], scope: ScopedNames) -> tuple[Code, ...]:
    """Return the import lines that a class with these lazy attributes needs at run time; () for no attributes."""
    used = words_in(part.decorator for part in parts)
    return tuple(Code(line) for line in imported("functools", [PROPERTY], scope, used))


def lazy_checker_imports(parts: tuple[LazyClassView, ...]) -> tuple[Code, ...]:
    """Return the import lines that a class with these lazy attributes needs for type checkers, sorted by module."""
    return tuple(part.checking for part in sorted(parts, key=lambda part: natural_order(part.module)))


def _text(operations: list[Operation], api: Api) -> str:
    """Return the description of the first tag that these operations share; "" if they share none."""
    shared = {operation.tags[:1] for operation in operations}
    texts: Mapping[tuple[str, ...], str] = {(tag.name,): tag.doc.strip() for tag in api.tags}
    return texts.get(shared.pop(), "") if len(shared) == 1 else ""


def _calls(
    operations: list[Operation],
    shapes: NamedTypes,
    scope: ScopedNames,
    *,
    class_: str,
    module: str,
    parts: tuple[LazyClassView, ...] = (),
) -> Calls:
    """Return the methods of a class. `module` is the dotted name, in the SDK, of the module with the blocking class."""
    constants = distinct([operation.name for operation in operations], operation_constant_name)
    ordered = sorted(operations, key=lambda operation: operation.name)
    folder, file, alias = _constants_module(module, operations)
    methods = tuple(method(operation, f"{alias}.{constants[operation.name]}", shapes, scope) for operation in ordered)
    used = words_in(annotation for method in methods for annotation in (*method.annotations, method.mark))
    own = [
        *imported(".._runtime.response_streams", ["Stream"], scope, used),
        *imported(".._runtime.tasks", ["Task"], scope, used),
    ]
    imports, checking = _import_lines("..", own, scope, used, has_parts=bool(parts))
    names = {
        "variables": [parameter.key for operation in operations for parameter in operation.parameters],
        "classes": [class_],
        "functions": [*(method.name for method in methods), *(part.name for part in parts)],
    }
    return Calls(
        methods,
        _module_import(".", file, alias) if methods else Code(""),
        _records(words_in(method.constant for method in methods)),
        noqa_comment([method.constant for method in methods], variables=constants.values()),
        imports,
        checking,
        tuple(Code(line) for line in imported(".._runtime.deprecation", [MARK], scope, used)),
        noqa_comment(
            [code for method in methods for code in (*method.overloads, method.signature, method.docstring)],
            **names,
        ),
        _aio(
            methods,
            _module_import(f"...{folder}", file, alias) if methods else Code(""),
            scope,
            names=names,
            has_parts=bool(parts),
        ),
    )


def _aio(
    methods: tuple[Method, ...],
    operations: Code,
    scope: ScopedNames,
    *,
    names: Mapping[str, list[str]],
    has_parts: bool,
) -> AsyncModule:
    """Return what the asynchronous module has instead; `operations` imports the constants of the methods."""
    used = words_in(annotation for method in methods for annotation in (*method.aio.annotations, method.mark))
    own = [
        *class_import("Stream", "response_streams", scope, used),
        *class_import("Task", "aio.tasks", scope, used),
    ]
    imports, checking = _import_lines("...", own, scope, used, has_parts=has_parts)
    code = [code for method in methods for code in (*method.aio.overloads, method.aio.signature, method.aio.docstring)]
    return AsyncModule(
        imports,
        operations,
        checking,
        tuple(map(Code, imported("..._runtime.deprecation", [MARK], scope, used))),
        noqa_comment(code, **names),
    )


def _import_lines(
    package: str, own: list[str], scope: ScopedNames, used: frozenset[str], *, has_parts: bool
) -> tuple[tuple[Code, ...], tuple[Code, ...]]:
    """Return the import lines that a module needs at run time, and those for type checkers only.

    Args:
        package: The SDK's package as the module imports from it: dots.
        own: The imports of the classes that differ between blocking and asynchronous modules.
    """
    checking = sorted(
        [
            *imported(package, ["types"], scope, used),
            *imported(f"{package}_runtime.file_and_text_bodies", [FILE], scope, used),
            *imported(f"{package}_runtime.record_parsers", ["ServerSentEvent"], scope, used),
            *own,
        ]
    )
    at_run_time = [
        *([f"import builtins{_as('builtins', scope)}"] if scope("builtins") in used else []),
        *imported("collections.abc", COLLECTIONS, scope, used),
        *imported("datetime", DATES, scope, used),
        *imported("os", ["PathLike"], scope, used),
        *imported("pathlib", ["Path"], scope, used),
        *imported("typing", [CHECKING, *TYPING] if checking or has_parts else TYPING, scope, used | {CHECKING}),
    ]
    return tuple(map(Code, at_run_time)), tuple(map(Code, checking))


def _records(used: frozenset[str]) -> tuple[Code, ...]:
    """Return the imports of the classes that constants use; the names in their literals are not hidden by anything."""
    return tuple(
        Code(line)
        for module, names in RECORDS.items()
        for line in imported(f".._runtime.{module}", names, ScopedNames(), used)
    )


def _as(word: str, scope: ScopedNames) -> str:
    return "" if scope(word) == word else f" as {scope(word)}"


def _constants_module(module: str, operations: list[Operation]) -> tuple[str, str, str]:
    """Return the folder and name of the module with the constants of a class, and its name where they are used.

    Editors read the module of the class for each completion, the module of its constants never. No argument of a method
    has the last name, because it would hide the module.

    Args:
        module: The dotted name of the module of the class, such as `pets` or `pets.orders`.
        operations: The operations of the class.
    """
    keys = {parameter.key for operation in operations for parameter in operation.parameters}
    folder, _, actor = module.partition(".")
    name = f"_{actor}_operations" if actor else "_operations"
    return folder, name, distinct(["_operations"], str, reserved=keys)["_operations"]


def _module_import(package: str, module: str, alias: str) -> Code:
    return import_from(package, module if module == alias else f"{module} as {alias}", indent=0)
