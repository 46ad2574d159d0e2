"""A program whose requests hang from the twentieth on until somebody writes to it; for signals from outside.

Says `hangs` once that request is there, `asked` once the job was asked to stop, and at its end its result as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading

from jobs_support.pretend_jobs import PretendJob
from store_credit_jobs.engine.engine import run
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.journal.steps import Step


def main() -> int:
    job = PretendJob(100)
    interrupts = Interrupts()

    goes_on = threading.Event()

    def hang(step: Step) -> None:
        if step.n == 20:
            os.write(1, b"hangs\n")
            os.read(0, 1)
            goes_on.set()
        elif step.n > 20:
            goes_on.wait()

    def tell() -> None:
        interrupts.halt.wait()
        os.write(1, b"asked\n")

    job.server.on_request = hang
    threading.Thread(target=tell, daemon=True).start()
    try:
        result = run(job.journal.head, job.journal, job.system, Settings(concurrency=4), interrupts=interrupts)
    except KeyboardInterrupt:
        code, why = 130, "left"
    else:
        code, why = int(result.exit_code), result.why
    states = {str(state): number for state, number in job.state_of.items()}
    os.write(1, json.dumps({"states": states, "why": why, "requests": job.server.requests}).encode() + b"\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
