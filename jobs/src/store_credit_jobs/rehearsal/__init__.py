"""A plan carried out where it costs nothing: on a mock inside this process that loses responses on purpose."""
