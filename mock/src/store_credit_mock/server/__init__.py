"""The mock over HTTP: the ASGI app, uvicorn's protocol, the gateway, the webhook workers and the inspector."""
