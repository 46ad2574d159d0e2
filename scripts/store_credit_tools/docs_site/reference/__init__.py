"""The reference of everything a program calls or sets: SDK, control plane of the mock, commands, environment."""
