"""What the proxy promises about speed.

`passing` is under load beside Prism's proxy, before `upstream`, a server that costs little, a program of its own.
"""
