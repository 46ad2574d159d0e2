"""What the mock promises about speed.

`throughput` is under load beside rivals, `option_cost` beside the same server without an option or with one sandbox,
`engine_cpu` in a process. `startup_memory` is what a server costs by being there, `large_storage` what it costs to hold
much, `snapshots` to go back to it, `webhook_delay` how soon events arrive. `servers` starts them, `load` is wrk,
`traffic` what it sends.
"""
