"""What a system of the mock is made of, and the systems themselves, each in a package of its own."""
