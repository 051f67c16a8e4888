"""What a change of an OpenAPI document breaks for a client that was made from the older one."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")


def breaks(old: Json, new: Json) -> list[str]:
    """Everything that a client of `old` can no longer rely on in `new`, one line each."""
    return sorted(set(_Comparison(old, new).paths()))


class _Comparison:
    """Two documents, and the pairs of schemas that were compared already: schemas may contain themselves."""

    def __init__(self, old: Json, new: Json) -> None:
        self.old, self.new = old, new
        self.seen: set[tuple[str, str, bool]] = set()

    def paths(self) -> Iterator[str]:
        for path, item in self.old["paths"].items():
            for method in METHODS:
                if method not in item:
                    continue
                name = f"{method.upper()} {path}"
                operation = self.new["paths"].get(path, {}).get(method)
                if operation is None:
                    yield f"{name}: gone"
                else:
                    yield from self.operation(name, item[method], operation)

    def operation(self, name: str, old: Json, new: Json) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{name}: is now called {new['operationId']}"
        for scope in sorted(_scopes(new) - _scopes(old)):
            yield f"{name}: needs the scope {scope}"
        yield from self.parameters(name, old, new)
        yield from self.bodies(name, old, new)
        for status, answer in old["responses"].items():
            if status not in new["responses"]:
                if status.startswith("2"):
                    yield f"{name}: no longer answers {status}"
                continue
            offered = _answer(self.new, new["responses"][status]).get("content", {})
            for kind, content in _answer(self.old, answer).get("content", {}).items():
                if kind not in offered:
                    yield f"{name}: {status} no longer comes as {kind}"
                else:
                    where = f"{name} {status}"
                    yield from self.schema(
                        where, content.get("schema", {}), offered[kind].get("schema", {}), sent=False
                    )

    def parameters(self, name: str, old: Json, new: Json) -> Iterator[str]:
        before, after = (
            {(each["in"], each["name"]): each for each in operation.get("parameters", [])} for operation in (old, new)
        )
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{name} ?{key[1]}: is required"
        for key, parameter in before.items():
            if key not in after:
                yield f"{name} ?{key[1]}: gone"
            else:
                where = f"{name} ?{key[1]}"
                yield from self.schema(where, parameter.get("schema", {}), after[key].get("schema", {}), sent=True)

    def bodies(self, name: str, old: Json, new: Json) -> Iterator[str]:
        before, after = old.get("requestBody", {}), new.get("requestBody", {})
        if after.get("required") and not before.get("required"):
            yield f"{name}: needs a body"
        for kind, content in before.get("content", {}).items():
            taken = after.get("content", {})
            if kind not in taken:
                yield f"{name}: no longer takes {kind}"
            else:
                yield from self.schema(
                    f"{name} body", content.get("schema", {}), taken[kind].get("schema", {}), sent=True
                )

    def schema(self, where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        """`sent`: a client sends it, so what was taken must still be; else it may not meet what it never met."""
        pair = (old.get("$ref", ""), new.get("$ref", ""), sent)
        if all(pair[:2]):
            if pair in self.seen:
                return
            self.seen.add(pair)
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        yield from _values(where, old, new, sent=sent)
        yield from self.variants(where, old, new, sent=sent)
        if "items" in old and "items" in new:
            yield from self.schema(f"{where}[]", old["items"], new["items"], sent=sent)
        yield from self.fields(where, old, new, sent=sent)

    def variants(self, where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        before, after = _variants(self.old, old), _variants(self.new, new)
        if "anyOf" not in old and "anyOf" not in new:
            return
        _pair_renamed(before, after, _objects(self.old, before) - set(after), _objects(self.new, after) - set(before))
        lost = set(before) - set(after) if sent else set(after) - set(before)
        for kind in sorted(lost):
            yield f"{where}: {'no longer takes' if sent else 'may now be'} {kind}"
        for kind in sorted(set(before) & set(after)):
            if "anyOf" in old or "anyOf" in new:
                yield from self.schema(where, before[kind], after[kind], sent=sent)

    def fields(self, where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, promised = set(new.get("required", ())), set(old.get("required", ()))
        for name in sorted(needed - promised if sent else promised - needed):
            if sent or name in after:
                yield f"{where}.{name}: {'is required' if sent else 'may be missing'}"
        for name in before:
            if name not in after:
                yield f"{where}.{name}: gone"
            else:
                yield from self.schema(f"{where}.{name}", before[name], after[name], sent=sent)


def _scopes(operation: Json) -> set[str]:
    return {scope for way in operation.get("security", ()) for scopes in way.values() for scope in scopes}


def _answer(document: Json, answer: Json) -> Json:
    """An answer that several operations give alike stands in one place."""
    kept: Json = document["components"]["responses"][answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
    return kept


def _resolved(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _variants(document: Json, schema: Json) -> dict[str, Json]:
    """The alternatives of a schema by what tells them apart; a plain schema is its own only one."""
    found = {}
    for variant in schema.get("anyOf", [schema]):
        resolved = _resolved(document, variant)
        kind = resolved.get("title") if "properties" in resolved else resolved.get("format") or resolved.get("type")
        found[str(kind or "anything")] = variant
    return found


def _objects(document: Json, variants: Json) -> set[str]:
    return {kind for kind, variant in variants.items() if "properties" in _resolved(document, variant)}


def _pair_renamed(before: Json, after: Json, gone: set[str], fresh: set[str]) -> None:
    """The name of a schema is not on the wire: what stands under another one is compared by its fields."""
    for old, new in zip(
        [kind for kind in before if kind in gone], [kind for kind in after if kind in fresh], strict=False
    ):
        after[old] = after.pop(new)


def _values(where: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
    for key in ("type", "format"):
        if "anyOf" not in old and "anyOf" not in new and old.get(key) != new.get(key):
            yield f"{where}: {key} was {old.get(key)}, is {new.get(key)}"
    before, after = _listed(old), _listed(new)
    if before is None and after is None:
        return
    if sent and after is not None:
        lost = after if before is None else before - after
        if lost:
            yield f"{where}: takes only {', '.join(sorted(after))}"
    if not sent and before is not None:
        fresh = {"anything"} if after is None else after - before
        if fresh:
            yield f"{where}: may now be {', '.join(sorted(fresh))}"


def _listed(schema: Json) -> set[str] | None:
    if "const" in schema:
        return {str(schema["const"])}
    return {str(value) for value in schema["enum"]} if "enum" in schema else None
