"""What a runner remembers about each request, durably and before it is sent."""
