"""Passes: one at a time, interleaved, and what they come to."""

import json
import math
import re
import statistics
import subprocess

from installation import Failure, run


class Spread:
    """The median of some values, and from where to where they go."""

    def __init__(self, values):
        self.values = list(values)
        self.median = statistics.median(self.values)

    def text(self, digits=2):
        low, high = min(self.values), max(self.values)
        return f"{self.median:.{digits}f} ({low:.{digits}f}..{high:.{digits}f})"


def ratio(results, over, under, what="rate"):
    """The spread of one number over another, round by round."""
    # Of a pass in which no call went well nothing is known; what others measured is printed all the same.
    return Spread(a[what] / b[what] if b[what] else math.nan
                  for a, b in zip(results[over], results[under]))


def combined_bound(*rates):
    """What a call can reach that does these things one after the other."""
    return 1 / sum(1 / rate for rate in rates)


class Measuring:
    """Runs passes of usher-load and pgbench against an installation."""

    CLIENTS = 8  # of pgbench, and the servers' connections

    def __init__(self, installation, seed_file, seconds):
        self.installation = installation
        self.seed_file = seed_file
        self.seconds = seconds
        self.errors = 0

    def load(self, scenario, address, pid, **more):
        """One pass of usher-load: its JSON line."""
        return self.finish_load(scenario, self.start_load(scenario, address, pid, **more))

    def start_load(self, scenario, address, pid, outstanding=64, channels=4, seed_file=None,
                   seconds=None, flags=()):
        seconds = seconds or self.seconds
        return subprocess.Popen(
            [self.installation.program("usher-load"), "pass", f"--scenario={scenario}",
             f"--address={address}", f"--server_pid={pid}", f"--outstanding={outstanding}",
             f"--channels={channels}", f"--seed_file={seed_file or self.seed_file}",
             f"--duration={seconds}s", f"--warm_up={min(0.3, seconds)}s", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish_load(self, scenario, process):
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired as expired:
            process.kill()
            raise Failure(f"{scenario} does not end") from expired
        if process.returncode != 0:
            raise Failure(f"{scenario}: {err.strip()}")
        result = json.loads(out)
        # Guesses may all be refused.
        if result["errors"] or not (result["calls"] or result["refused"]):
            self.errors += max(1, result["errors"])
            print(f"{scenario}: {result['errors']} errors; {err.strip()}", flush=True)
            result["rate"] = max(result["rate"], 0.1)
        return result

    def service(self, scenario, service, **more):
        return self.load(scenario, self.installation.address(service),
                         self.installation.pid(service), **more)

    def as_json(self, scenario, service, **more):
        """The same by the JSON door: each outstanding call has a connection of its own."""
        return self.load(scenario, self.installation.json_address(service),
                         self.installation.pid(service), flags=("--json",), **more)

    def argon2(self):
        return json.loads(run([self.installation.program("usher-load"), "argon2",
                               f"--duration={self.seconds}s"]))

    def pgbench(self, service, script, variables, statements):
        """One pass of pgbench: how often a second each of the script's `statements` ran."""
        path = self.installation.file("script.sql")
        with open(path, "w", encoding="utf-8") as file:
            file.write(script)
        how_long = ["-T", str(round(self.seconds))] if self.seconds >= 1 else ["-t", "2"]
        defined = [part for name, value in variables.items() for part in ("-D", f"{name}={value}")]
        out = run(["pgbench", "-n", "-M", "prepared", "-c", str(self.CLIENTS), "-j", "2", *how_long,
                   "-f", path, *defined, *self.installation.connection(service)])
        rate = re.search(r"tps = ([0-9.]+)", out)
        failed = re.search(r"failed transactions: ([0-9]+)", out)
        if not rate or (failed and int(failed.group(1))):
            raise Failure(f"pgbench did not finish its work:\n{out}")
        return {"rate": float(rate.group(1)) * statements}


def interleaved(steps, rounds):
    """Runs named steps round by round, each round in another order; the results by name."""
    results = {name: [] for name in steps}
    names = list(steps)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            results[name].append(steps[name]())
    return results
