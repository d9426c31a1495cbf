#!/usr/bin/python3
"""One day of a mail server's log, and its truth.

    day.py [--world WORLD] [--seed N] LOG TRUTH

LOG has the lines in the order of time. TRUTH is JSON lines: the first one is
about the day, each other one is an attempt to log in, as the people at the
keyboards know it. The same world and seed make the same log; a log without
years is of the last such day that is over.
"""
import argparse
import calendar
import json
import sys
import time

sys.dont_write_bytecode = True

from forms import Forms  # noqa: E402
from guessers import Guessers  # noqa: E402
from honest import Customers, Outage  # noqa: E402
from places import DAY, Plan  # noqa: E402
from worlds import WORLDS  # noqa: E402

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def midnight(w, now=None):
    """The epoch of the day's first second: the last such day that is over."""
    now = time.time() if now is None else now
    year = time.gmtime(now).tm_year
    while True:
        t0 = calendar.timegm((year, *w["date"], 0, 0, 0)) - w["zone"] * 60
        if t0 + 2 * DAY < now:
            return t0
        year -= 1


def stamper(w, t0):
    """A function: the second of the day as the date of a log line."""
    year = time.gmtime(t0 + w["zone"] * 60).tm_year
    month, day = w["date"]
    zone = "%s%02d:%02d" % ("+-"[w["zone"] < 0], *divmod(abs(w["zone"]), 60))

    def clock(t):
        s = int(t)
        return "%02d:%02d:%02d" % (s // 3600, s // 60 % 60, s % 60)

    forms = {
        "rfc3339": lambda t: "%d-%02d-%02dT%s.%06d%s" % (
            year, month, day, clock(t), int(t % 1 * 1e6), zone),
        "bsd": lambda t: "%s %2d %s" % (MONTHS[month - 1], day, clock(t)),
    }
    return forms[w["style"]]


def make(name, seed):
    """The attempts of the day, and what is written about them."""
    w, names = WORLDS[name], (name, seed)
    plan = Plan(w, names)
    outage = Outage(w, names)
    customers = Customers(w, names, plan)
    attempts = customers.everybody()
    guessers = Guessers(w, names, plan, customers, outage)
    attempts = outage.strike(attempts + guessers.everybody())
    attempts = sorted((a for a in attempts if 0 <= a.t < DAY - 5),
                      key=lambda a: a.t)
    forms = Forms(w, names)
    forms.write(attempts)
    forms.trouble(outage)
    forms.noise()
    t0 = midnight(w)
    header = {
        "seed": seed, "world": name, "t0": t0, "lines": len(forms.lines),
        "logins": forms.logins, "attempts": len(attempts),
        "outage": [t0 + outage.begin, t0 + outage.end],
        "cracked": [dict(c, t=t0 + c["t"]) for c in guessers.cracked],
        "targets": guessers.targets,
    }
    return header, attempts, forms.lines


def save(name, seed, log, truth):
    header, attempts, lines = make(name, seed)
    w, t0 = WORLDS[name], header["t0"]
    date, host = stamper(w, t0), w["host"]
    lines.sort(key=lambda line: line[0])
    with open(log, "w", encoding="ascii") as f:
        for t, program, text in lines:
            f.write("%s %s %s: %s\n" % (date(max(t, 0)), host, program, text))
    dump = json.JSONEncoder(separators=(",", ":")).encode
    with open(truth, "w", encoding="ascii") as f:
        f.write(dump(header) + "\n")
        for a in attempts:
            f.write(dump({
                "t": round(t0 + a.t, 6), "ip": a.ip, "user": a.user,
                "actor": a.actor, "honest": a.honest, "ok": a.ok,
                "outage": a.outage, "svc": a.svc}) + "\n")
    return header


def main():
    p = argparse.ArgumentParser(description="make a simulated day")
    p.add_argument("--world", choices=WORLDS, default="plain")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("log")
    p.add_argument("truth")
    o = p.parse_args()
    header = save(o.world, o.seed, o.log, o.truth)
    print(json.dumps({k: header[k] for k in
                      ("world", "seed", "lines", "logins", "attempts")}))


if __name__ == "__main__":
    main()
