#!/usr/bin/python3
"""Do the shipped filters see each attempt of a simulated day as what it is?

    check.py LOG TRUTH

Compares, by address, the failures and logins in TRUTH with what `saslbanctl
test` makes of LOG. Attempts during the outage may be trouble or doubtful
instead, and a line that sums up what others told is none. The program is
$SASLBANCTL, or build/saslbanctl.
"""
import collections
import json
import os
import subprocess
import sys

VERDICTS = {"failure": "failure", "success": "success", "trouble": "trouble",
            "doubtful": "trouble"}
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def program():
    return os.environ.get("SASLBANCTL",
                          os.path.join(ROOT, "build/saslbanctl"))


def seen(log):
    """{(address, verdict): count}, and how many lines were unmatched."""
    counts, unmatched = collections.Counter(), 0
    filters = os.path.join(ROOT, "filter.d")
    run = subprocess.run(
        [program(), "test", "--json", "--path", filters, "--filter", "postfix",
         "--filter", "dovecot", log], stdout=subprocess.PIPE, check=True)
    for line in run.stdout.splitlines():
        v = json.loads(line)
        verdict = v.get("verdict")
        if verdict in VERDICTS and "ip" in v:
            counts[v["ip"], VERDICTS[verdict]] += v.get("count", 1)
        unmatched += verdict == "unmatched"
    return counts, unmatched


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: check.py LOG TRUTH")
    counts, unmatched = seen(sys.argv[1])
    truth = collections.Counter()
    with open(sys.argv[2], encoding="ascii") as f:
        next(f)
        for line in f:
            a = json.loads(line)
            verdict = "success" if a["ok"] else \
                "outage" if a["outage"] else "failure"
            truth[a["ip"], verdict] += 1
    wrong = 0
    for ip in {k[0] for k in counts} | {k[0] for k in truth}:
        bad = truth[ip, "failure"] + truth[ip, "outage"]
        told = counts[ip, "failure"] + counts[ip, "trouble"]
        if bad != told or truth[ip, "success"] != counts[ip, "success"] or \
                counts[ip, "trouble"] > truth[ip, "outage"]:
            wrong += 1
            if wrong <= 10:
                print(ip, {k[1]: n for k, n in truth.items() if k[0] == ip},
                      {k[1]: n for k, n in counts.items() if k[0] == ip})
    print("%d attempts, %d addresses are seen differently, %d lines unmatched"
          % (sum(truth.values()), wrong, unmatched))
    sys.exit(wrong or unmatched != 0)


if __name__ == "__main__":
    main()
