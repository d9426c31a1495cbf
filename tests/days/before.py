#!/usr/bin/python3
"""The day before a simulated day: customers log in, and nobody guesses.

    before.py TRUTH LOG

A policy that has seen it knows who the customers are, as one has that has run
for a day, or has learned from old logs. Each honest login of the day in TRUTH
is in LOG, a day earlier.
"""
import datetime
import sys

import score

DAY = 86400
LINE = ("%s+00:00 mail dovecot: imap-login: Login: user=<%s>, method=PLAIN, "
        "rip=%s, lip=192.0.2.25, mpid=1, TLS, session=<before%d>\n")


def stamp(t):
    return datetime.datetime.fromtimestamp(
        t, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")


def save(truth, log):
    _, attempts = score.read_truth(truth)
    logins = sorted((a["t"] - DAY, a["user"], a["ip"]) for a in attempts
                    if a["honest"] and a["ok"])
    with open(log, "w", encoding="ascii") as f:
        for n, (t, user, ip) in enumerate(logins):
            f.write(LINE % (stamp(t), user, ip, n))


if __name__ == "__main__":
    save(*sys.argv[1:])
