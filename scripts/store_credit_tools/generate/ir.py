"""What the SDK's templates know about the document: plain data, named as it appears in the generated code."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "Argument",
    "CallCredential",
    "Echo",
    "Field",
    "Method",
    "ModelPlan",
    "Plan",
    "Reference",
    "Relationship",
    "Resource",
    "System",
]


@dataclass(frozen=True)
class Argument:
    """One argument of a method.

    `location` is `path`, `query`, `header` or `body`; `encoder` names the function of `_core.arguments` that validates
    and writes it; `style` says how a query parameter is laid out: `text`, `list`, `repeated`, `object`, `spread` or
    `fields`.
    """

    name: str
    wire: str
    location: str
    annotation: str
    encoder: str
    required: bool
    nullable: bool
    description: str
    style: str = "text"


@dataclass(frozen=True)
class CallCredential:
    """A credential passed with the call: `header` it goes into, and what stands before it there."""

    argument: str
    header: str
    prefix: str
    required: bool
    description: str


@dataclass(frozen=True)
class Echo:
    """A value of the request that the response repeats, as `_core.operation.Echo` takes it."""

    name: str
    request: tuple[str, ...] | int
    response: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class Reference:
    """Where the caller's own reference of a create goes: `path` leads to it in the body.

    Where it stands inside another member, the method takes `member` as an argument of its own and writes it into
    `holder`, which is the argument `holder_argument`; elsewhere the three are None.
    """

    path: tuple[str, ...]
    member: str | None
    holder: str | None
    holder_argument: str | None
    description: str


@dataclass(frozen=True)
class Filter:
    """The known keys of a method's `filter` argument, with their annotations."""

    class_name: str
    keys: list[tuple[str, str]]


@dataclass(frozen=True)
class Method:
    """One operation as a method of its resource."""

    name: str
    operation_id: str
    verb: str
    path: str
    summary: str
    description: str
    arguments: list[Argument]
    credential: str | None
    call_credentials: list[CallCredential]
    needs_call_credential: bool
    keyed: bool
    idempotent: bool
    creates: bool
    statuses: list[int]
    echoes: list[Echo]
    reference: Reference | None
    has_body: bool
    root: str | None
    accept: str
    result: str
    model: str | None
    document: str | None
    page: str | None
    lookup: tuple[str, list[str], str | None] | None
    if_lost: str | None
    raises: list[tuple[str, str]]
    sources: list[str]
    filter: Filter | None
    walk: tuple[str, str] | None
    """Of a list that can be gone through by id: what to sort by, and the filter for what comes after an id."""

    @property
    def constant(self) -> str:
        """Name of the generated `Operation`."""
        return f"_{self.name.upper()}"

    @property
    def takes_reference(self) -> bool:
        """Whether the caller's reference is an argument of its own."""
        return self.reference is not None and self.reference.member is not None

    @property
    def path_expression(self) -> str:
        """Python that gives the path with its parameters filled in."""
        path = self.path
        for argument in self.at("path"):
            call = f"arguments.{argument.encoder}({argument.name}, '{argument.name}')"
            path = path.replace("{" + argument.wire + "}", "{" + call + "}")
        return f'f"{path}"' if path != self.path else f'"{path}"'

    def at(self, location: str) -> list[Argument]:
        """The arguments that go into one part of the request."""
        return [argument for argument in self.arguments if argument.location == location]


@dataclass(frozen=True)
class Resource:
    """A tag of the document: `vinr.store_credit` is `client.store_credit` on the VINR clients."""

    tag: str
    system: str
    attribute: str
    module: str
    class_name: str
    description: str
    methods: list[Method]

    @property
    def takes_objects(self) -> bool:
        """Whether any of its methods takes an object in the query."""
        return any(argument.style in ("object", "spread") for one in self.methods for argument in one.arguments)


@dataclass(frozen=True)
class System:
    """A namespace of tags with its pair of clients; `_core` holds its hand-written rules under the same name."""

    name: str
    title: str
    description: str
    resources: list[Resource]

    @property
    def class_name(self) -> str:
        """Stem of the clients' names."""
        return self.name.capitalize()


@dataclass(frozen=True)
class Field:
    """One attribute of a model.

    `wire` is the JSON member it is read from, `codec` the function of `_core.fields` that reads and writes it, and
    `reading` the expression that fills the slots of a complete record.
    """

    name: str
    wire: str
    annotation: str
    codec: str
    reading: str
    optional: bool
    description: str


@dataclass(frozen=True)
class Relationship:
    """One JSON:API relationship of a resource model, `wire` being the member it is read from."""

    name: str
    wire: str
    annotation: str
    description: str


@dataclass(frozen=True)
class ModelPlan:
    """One schema as a model class."""

    name: str
    module: str
    resource: bool
    description: str
    sources: list[str]
    fields: list[Field]
    relationships: list[Relationship]
    imports: list[str]
    lazy_imports: list[str]
    document: str | None

    @property
    def renamed(self) -> list[Field]:
        """The fields whose attribute has another name than their JSON member."""
        return [field for field in self.fields if field.name != field.wire]


@dataclass(frozen=True)
class Plan:
    """The whole document as the templates see it."""

    title: str
    version: str
    systems: list[System]
    models: dict[str, ModelPlan]
    documents: dict[str, dict[str, str]]
    """For each JSON:API document schema, the model of every `type` that can appear in it."""
    events: dict[str, str] = field(default_factory=dict[str, str])
    """For each webhook's `type`, the model of its payload."""
    event_base: str | None = None

    def resource(self, module: str) -> Resource:
        """The resource that a generated module of `api/` is for."""
        return next(one for system in self.systems for one in system.resources if one.module == module)
