"""What the mock promises about speed.

`serving` is under load beside rivals, `inside` in a process, `standing` what a server costs by being there, `growing`
what it costs to hold much. `servers` starts them, `load` is wrk.
"""
