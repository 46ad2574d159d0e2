"""`generate` makes another package of another document, with other templates: only they say what is written."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from store_credit_tools.generate.build import generate
from store_credit_tools.generate.parsed import GenerationError

CLIENT = '''
from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Client:
    """{{ openapi.title | text | docstring(4) }}"""

    def __init__(self, call: Callable[[str, str, dict[str, Any], Any], Any]) -> None:
        self._call = call
{% for endpoint in openapi.endpoint_collections_by_tag.values() | map(attribute="endpoints") | sum(start=[]) %}
{% set members = properties(endpoint.bodies[0].prop) if endpoint.bodies else {} %}

    def {{ endpoint.name }}(
        self,
{% for one in endpoint.path_parameters %}
        {{ one.python_name }}: {{ one.get_type_string(json=True) | text }},
{% endfor %}
        *,
{% for one in endpoint.query_parameters %}
        {{ one.python_name }}: {{ one.get_type_string(no_optional=True, json=True) | text }} | None = None,
{% endfor %}
{% for one in members.values() %}
        {{ one.python_name }}: {{ one.get_type_string(json=True) | text }},
{% endfor %}
    ) -> Any:
        """{{ endpoint.summary | text | docstring(8) }}"""
        query: dict[str, Any] = {}
{% for one in endpoint.query_parameters %}
        query["{{ one.name | text }}"] = {{ one.python_name }}
{% endfor %}
        body = { {%- for wire, one in members.items() %}"{{ wire }}": {{ one.python_name }}, {% endfor -%} }
        return self._call("{{ endpoint.method | upper }}", f"{{ endpoint.path | text }}", query, body)
{% endfor %}
'''
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": 'Clocks, "all" of them', "version": "1"},
    "paths": {
        "/clocks/{id}": {
            "post": {
                "operationId": "clocks.advance",
                "summary": "Move a clock forward",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                    {"name": "dry-run", "in": "query", "schema": {"type": "boolean"}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Step"}}}},
                "responses": {"200": {"description": "ok"}, "4XX": {"description": "refused"}},
            }
        }
    },
    "components": {
        "schemas": {
            "Step": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["seconds"]}]},
            "Base": {"type": "object", "properties": {"seconds": {"type": "number"}}},
        }
    },
}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Generates a package of a template for the client and imports it."""

    def make(document: Any, **templates: str) -> ModuleType:
        folder = tmp_path / "templates"
        folder.mkdir()
        for name, content in templates.items():
            (folder / f"{name}.py.jinja").write_text(content)
        generate(document, tmp_path / "clocks", folder)
        return importlib.import_module("clocks.client")

    monkeypatch.syspath_prepend(str(tmp_path))
    yield make
    for name in [one for one in sys.modules if one.partition(".")[0] == "clocks"]:
        del sys.modules[name]


def test_a_client_of_another_document_calls_what_it_is_given(made: Callable[..., ModuleType], tmp_path: Path) -> None:
    """Its operations need no tags, no system and no named schemas; a callable takes the place of HTTP."""
    sent: list[Any] = []
    client = made(DOCUMENT, client=CLIENT).Client(lambda *call: sent.append(call) or {"now": 5})

    assert client.clocks_advance(7, dry_run=True, seconds=5) == {"now": 5}
    assert sent == [("POST", "/clocks/7", {"dry-run": True}, {"seconds": 5})]
    assert type(client).__doc__ == 'Clocks, "all" of them'
    assert [path.name for path in (tmp_path / "clocks").rglob("*.py")] == ["client.py"]


def test_a_document_that_would_lose_something_is_refused(tmp_path: Path) -> None:
    """With the tool's own words, and before a file is written."""
    broken = {**DOCUMENT, "paths": {"/clocks/{id}": {"get": {"responses": {"200": {"description": "ok"}}}}}}

    with pytest.raises(GenerationError, match=r"the document: openapi-python-client is not content: .*/clocks/\{id\}"):
        generate(broken, tmp_path / "clocks", tmp_path)
    assert not (tmp_path / "clocks").exists()
