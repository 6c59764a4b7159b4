"""A JSON Schema (draft 2020-12) of the config file as a user writes it, for editors: completion, help, many mistakes.

It is made from the models, so a new key has its place at once; its words stand in texts.py. What the schema can't say (names
that must fit together, floors, variables that are not set) is said by `config check`.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, SecretStr
from pydantic.fields import FieldInfo

from tracker.config import values
from tracker.config.layers import NOT_KEYS
from tracker.config.model import Case, Config, LabelWord, Source
from tracker.config.rules import OF_A_SOURCE, TRAITS
from tracker.config.texts import TEXTS
from tracker.config.written import size, written
from tracker.core.model import ReadHints, Word
from tracker.core.workdays import COUNTRIES
from tracker.pages.adapter import Meta, only_watches

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_ELSEWHERE: Schema = {"$ref": "#/$defs/elsewhere"}
_LENGTH = r"(?:[0-9]{1,9} ?(?:d|h|min|ms|m|s) ?)+"
_TIME = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
_PERIOD = rf"{_TIME} ?- ?(?:{_TIME}|24:00)"
_WEB = r"https?://[^\s/?#]+\S*"


def _string(pattern: str = "", **more: object) -> Schema:
    """A string, or where it stands instead."""
    plain: Schema = {"type": "string", **({"pattern": f"^(?:{pattern})$"} if pattern else {}), **more}
    return {"anyOf": [plain, _ELSEWHERE]}


def _length(pattern: str) -> Schema:
    """A length of time that is not nothing; look-ahead is unknown to some editors."""
    found = _string(pattern)
    found["anyOf"][0]["allOf"] = [{"pattern": "^$|[1-9]"}]
    return found


def _by_validator() -> Mapping[object, Schema]:
    """What each of our validators takes."""
    span = rf"[0-9]{{1,4}} ?workdays?|{_LENGTH}"
    return {
        values.duration: _string(_LENGTH),
        values.positive: _length(_LENGTH),
        values.span: _length(span),
        values.span_or_never: _length(f"|{span}"),
        values.duration_or_never: _length(f"|{_LENGTH}"),
        values.period: _string(_PERIOD),
        values.hours: _string(_PERIOD),
        values.size: {
            "anyOf": [
                *_string(r"[0-9]{1,9} ?(?:B|KiB|MiB)")["anyOf"],
                {"type": "integer", "minimum": values.SMALLEST_BODY, "maximum": values.LARGEST_BODY},
            ]
        },
        values.listen: _string(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}"),
        values.web_url: _string(f"|{_WEB}"),
        values.base_url: _string(r"|https?://[^\s?#/]+[^\s?#]*"),
        values.heartbeat: _string(f"|{_WEB}"),
        values.contact: _string("[ -~]{0,100}"),
        values.store_url: _string(r"sqlite:///.+|postgresql\+psycopg://.+"),
        values.store_key: _string(minLength=values.SHORTEST_KEY),
        values.receiver_url: _string(r"[A-Za-z][A-Za-z0-9+.-]*://\S.*"),
        values.name: _string(r"(?!\.\.?$)[^\s/-](?:[^/]*[^\s/])?", maxLength=64),
        values.event: _string(enum=list(values.EVENTS)),
        values.workdays: _string(enum=list(COUNTRIES)),
        values.timezone: _string(r"[A-Za-z0-9_+/-]+", examples=["Asia/Shanghai"]),
    }


def schema(adapters: Mapping[str, Meta]) -> Schema:
    """The schema for the adapters that there are."""
    made = _Maker(adapters)
    top = made.table(Config, "")
    return {
        "$schema": DRAFT,
        "title": "Tracker's configuration",
        **top,
        "$defs": {
            "elsewhere": {
                "title": "a value that stands elsewhere",
                "type": "object",
                "properties": {
                    "env": {"type": "string", "minLength": 1, "description": "the environment variable that holds it"},
                    "file": {"type": "string", "minLength": 1, "description": "the file that holds it"},
                },
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
            }
        },
    }


class _Maker:
    """Walks the models; `at` is a table's name as the docs call it."""

    def __init__(self, adapters: Mapping[str, Meta]) -> None:
        self._adapters = adapters
        self._by_validator = _by_validator()

    def table(self, model: type[BaseModel], at: str) -> Schema:
        known = {k: f for k, f in model.model_fields.items() if (at, k) not in NOT_KEYS}
        properties = {key: self._key(f"{at}.{key}".strip("."), field) for key, field in known.items()}
        needed = [key for key, field in known.items() if field.is_required()]
        if model is Case:
            return self._case(properties)
        if model is Source:
            properties["adapter"] = self._adapter()
            return _closed(properties, ["adapter"]) | {"allOf": self._per_adapter()}
        return _closed(properties, needed)

    def _case(self, properties: Schema) -> Schema:
        """Either plain, or with sources."""
        source = self.table(Source, "cases.sources")["properties"]
        plain = {key: source[key] for key in OF_A_SOURCE}
        either = {
            "if": {"required": ["sources"]},
            "then": {"properties": dict.fromkeys(OF_A_SOURCE, False) | {"sources": {"minItems": 1}}},
            "else": {"required": ["adapter"], "allOf": self._per_adapter()},
        }
        return _closed(properties | plain, ["name"]) | either

    def _adapter(self) -> Schema:
        of = _string(enum=list(self._adapters))
        return {**_described("cases.sources.adapter"), **of}

    def _per_adapter(self) -> list[Schema]:
        """What goes together, and what each adapter needs beside its name."""
        rules = [{"if": {"required": ["body"]}, "then": {"properties": {"method": {"const": "POST"}}, "required": ["method"]}}]
        for name, meta in self._adapters.items():
            needed = [f.name for f in meta.reference if f.required and not meta.free_reference]
            fields = {f.name: _reference_value() | {"title": f.title.get("en", f.name)} for f in meta.reference}
            reference: Schema = {"properties": fields} if fields else {}
            if not meta.free_reference:
                reference["additionalProperties"] = False
            then: Schema = {"properties": {"reference": reference} | _without(meta)}
            then["required"] = ["url"] if meta.needs_url else []
            then |= _read_or_watched(
                meta, {"required": needed} if needed else {"minProperties": 1 if meta.free_reference else 0}
            )
            rules.append({"if": {"properties": {"adapter": {"const": name}}, "required": ["adapter"]}, "then": then})
        return rules

    def _key(self, key: str, field: FieldInfo) -> Schema:
        of = self._of(field.annotation, field.metadata, key)
        default = None if field.is_required() else field.get_default(call_default_factory=True)
        return {**_described(key), **of, **_default(key, default)}

    def _of(self, kind: object, metadata: list[Any], key: str) -> Schema:
        """The schema of an annotation: by our validator, else by its type."""
        for one in metadata:
            if isinstance(one, BeforeValidator | AfterValidator) and one.func in self._by_validator:
                return self._by_validator[one.func]
        return self._shaped(kind, key) | _least(metadata, kind)

    def _shaped(self, kind: object, key: str) -> Schema:
        if kind == LabelWord:
            return self._word()
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._of(arguments[0], list(arguments[1:]), key)
        if origin in (Union, types.UnionType):
            return self._of(next(a for a in arguments if a is not type(None)), [], key)
        if origin is Literal:
            return _string(enum=list(arguments))
        if origin is tuple:
            return {"type": "array", "items": self._of(arguments[0], [], key)}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            inner = _reference_value() if key.endswith(".reference") else self._of(arguments[1], [], key)
            return {"type": "object", "additionalProperties": inner}
        return self._simple(kind, key)

    def _simple(self, kind: object, key: str) -> Schema:
        if kind is bool:
            return {"type": "boolean"}
        if kind is int:
            return {"type": "integer"}
        if kind in (str, SecretStr):
            return _string()
        assert isinstance(kind, type), kind
        if issubclass(kind, Enum):
            return _string(enum=[one.value for one in kind])
        if issubclass(kind, BaseModel):
            return self.table(kind, key)
        return self._record(kind, "read" if kind is ReadHints else key)

    def _word(self) -> Schema:
        word = self._record(Word, "cases.labels")
        return {"anyOf": [*word["properties"]["status"]["anyOf"], word]}

    def _record(self, kind: type, at: str) -> Schema:
        """A dataclass's table."""
        properties = {
            f.name: {
                **_described(f"{at}.{f.name}"),
                **self._of(f.type, [], f"{at}.{f.name}"),
                **_default(f.name, None if f.default is MISSING else f.default),
            }
            for f in fields(kind)
        }
        return _closed(properties, [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING])


def _without(meta: Meta) -> Schema:
    """The keys that an adapter has no use for."""
    unused = {key: False for key, trait in TRAITS.items() if not getattr(meta, trait)}
    return unused | ({"read": {"maxProperties": 0}} if only_watches(meta) else {})


def _read_or_watched(meta: Meta, reference: Schema) -> Schema:
    """A status is found by the reference; a watched page, or a person who looks, needs none, and there is no status to read."""
    full: Schema = {"properties": {"reference": reference}}
    if reference != {"minProperties": 0}:
        full["required"] = ["reference"]
    if meta.by_hand or only_watches(meta):
        return {}
    if not meta.watches:
        return {"allOf": [full]}
    full["properties"]["css"] = False
    watched = {"properties": {"watch": {"const": True}}, "required": ["watch"]}
    return {"if": watched, "then": {"properties": {"read": {"maxProperties": 0}}}, "else": full}


def _closed(properties: Schema, needed: list[str]) -> Schema:
    shape = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | ({"required": needed} if needed else {})


def _reference_value() -> Schema:
    return {"anyOf": [{"type": "string", "pattern": r"\S"}, _ELSEWHERE]}


def _least(metadata: list[Any], kind: object) -> Schema:
    """A value that must not be empty."""
    least = next((n for one in metadata if (n := getattr(one, "min_length", None))), 0)
    if not least:
        return {}
    return {"minItems": least} if get_origin(kind) is tuple else {"anyOf": [{"type": "string", "minLength": least}, _ELSEWHERE]}


def _described(key: str) -> Schema:
    return {"title": key} | ({"description": TEXTS[key]} if key in TEXTS else {})


def _default(key: str, value: object) -> Schema:
    """The default where it says something: not for tables, nor where the system, the adapter or nobody decides."""
    if key in {"language", "timezone"} or isinstance(value, BaseModel | ReadHints) or value in (None, (), {}):
        return {}
    return {"default": size(value) if key == "fetch.max_body" and isinstance(value, int) else written(value)}
