#!/usr/bin/python3
"""What fail2ban's own matcher costs on the same lines.

    bench/fail2ban.py FILE...      FAIL2BAN_ROOT names an unpacked package

Drives the classes of the installed package: each line of the files (notes of
sample files are left out) through its postfix filter in mode auth and its
dovecot filter, as two jails would. Prints nanoseconds per line, best of three.
Finding the date is part of it, because there it is part of the work.
"""
import logging
import os
import sys
import time

root = os.environ.get("FAIL2BAN_ROOT", "")
sys.path.insert(0, root + "/usr/lib/python3/dist-packages")
logging.disable(logging.CRITICAL)

from fail2ban.client.filterreader import FilterReader  # noqa: E402
from fail2ban.server.filter import Filter  # noqa: E402


def load(name, options):
    f = Filter(None)
    f.returnRawHost = True
    f.checkFindTime = False
    reader = FilterReader(name, "jail", options,
                          basedir=root + "/etc/fail2ban")
    reader.read()
    reader.getOptions({})
    take = {"addfailregex": f.addFailRegex,
            "addignoreregex": f.addIgnoreRegex,
            "datepattern": f.setDatePattern,
            "maxlines": f.setMaxLines}
    for how, _, option, value in (o for o in reader.convert() if len(o) == 4):
        for one in value if how == "multi-set" else [value]:
            if option == "prefregex":
                f.prefRegex = one
            elif option in take:
                take[option](one)
    return f


filters = [load("postfix", {"mode": "auth"}), load("dovecot", {})]
for path in sys.argv[1:]:
    with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
        lines = [line.rstrip("\n") for line in file
                 if line.strip() and not line.startswith("#")]
    best = None
    for _ in range(3):
        start = time.perf_counter_ns()
        found = sum(len(f.processLine(line)) for line in lines
                    for f in filters)
        taken = (time.perf_counter_ns() - start) / max(1, len(lines))
        best = taken if best is None or taken < best else best
    print(f"{best:9.0f} ns per line, {len(lines)} lines, {found} found: "
          f"{path}")
