"""A tag of the document as one attribute of the clients, or of another such attribute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openapi_python_client.strings import pascal_case

from store_credit_tools.generate.errors import GenerationError
from store_credit_tools.generate.methods import Method

__all__ = ["Resource", "as_tree"]


@dataclass(frozen=True)
class Resource:
    """A tag of the document: `vinr.store_credit` is `client.store_credit` on the VINR clients.

    Attributes:
        tag: The document's own name of it.
        chain: The attributes that lead to it from a client, with dots between: `customers.store_credits`.
        module: Its module in `api`.
        class_name: Its class there.
        description: What the document says of it.
        methods: Its operations.
        children: The resources that are its attributes.
    """

    tag: str
    chain: str
    module: str
    class_name: str
    description: str
    methods: list[Method]
    children: list[Resource] = field(default_factory=list["Resource"])

    @property
    def attribute(self) -> str:
        """The last attribute that leads to it."""
        return self.chain.rpartition(".")[2]


def as_tree(resources: list[Resource], described: Mapping[str, str], api: str) -> list[Resource]:
    """Give each resource its children, and make those that only lead to others.

    Args:
        resources: Those of one pair of clients that have methods.
        described: What the document says of each tag.
        api: Which API of its system it is, where that has several.

    Returns:
        All of them.

    Raises:
        GenerationError: A method and a resource would be the same attribute.
    """
    found = {one.chain: one for one in resources}
    for one in resources:
        tag, chain, module = one.tag, one.chain, one.module
        while "." in chain:
            chain, _, attribute = chain.rpartition(".")
            tag, module = tag.rpartition(".")[0], module.removesuffix(f"_{attribute}")
            if chain not in found:
                name = pascal_case(f"{api}_{chain}".replace(".", "_"))
                found[chain] = Resource(tag, chain, module, name, described.get(tag) or f"What is in `{chain}`.", [])
    for one in sorted(found.values(), key=lambda one: one.chain):
        if "." in one.chain:
            parent = found[one.chain.rpartition(".")[0]]
            if one.attribute in {method.name for method in parent.methods}:
                raise GenerationError(
                    f"the tag {one.tag!r} would be the same attribute as an operation of {parent.tag!r}; give one of"
                    " them another name",
                    "tags",
                )
            parent.children.append(one)
    return sorted(found.values(), key=lambda one: one.chain)
