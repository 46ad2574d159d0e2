"""The inspector: a page that shows what a served mock does, and does what its control plane can do."""

from store_credit_mock.server.inspector.routes import InspectorRoutes

__all__ = ["InspectorRoutes"]
