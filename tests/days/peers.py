#!/usr/bin/python3
"""Two policies that know little, on the log of a simulated day, to compare.

    peers.py POLICY LOG TRUTH

Prints bans as `saslbanctl simulate --json` does. Of TRUTH only the day's first
second is read. Policies:

counting  3 failures within an hour, then 48 hours, 8 days, 32 days; IPv6 by
          the /64; a line that tells of several attempts counts them all
fail2ban  its defaults: 5 failures within 10 minutes, then 10 minutes; single
          addresses; each line is one failure, also that of an auth worker.
          Its two jails for mail are one here.
"""
import collections
import ipaddress
import json
import re
import sys

POSTFIX = re.compile(
    r"smtpd\[\d+\]: warning: [^\[]*\[([^\]]+)\]: SASL \S+ authentication "
    r"failed: (?!Connection lost to authentication server)")
DOVECOT = re.compile(
    r"-login: .*\(auth failed, (\d+) attempts.*: user=<.*, rip=([^,]+), ")
WORKER = re.compile(
    r"auth-worker.*?[(,]([0-9a-f:.]+)(?:,<[^>]*>)?\).*pam_authenticate\(\) "
    r"failed")
CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)")


def failures(log, t0):
    """(second, address, attempts, is it the line of a worker)"""
    with open(log, encoding="ascii") as f:
        for line in f:
            if "failed" not in line:
                continue
            post, dove, work = (e.search(line)
                                for e in (POSTFIX, DOVECOT, WORKER))
            if not (post or dove or work):
                continue
            h, m, s = map(int, CLOCK.search(line).groups())
            t = t0 + h * 3600 + m * 60 + s
            if post:
                yield t, post.group(1), 1, False
            elif dove:
                yield t, dove.group(2), int(dove.group(1)), False
            else:
                yield t, work.group(1), 1, True


def ban_all(events, policy):
    """Counts failures and bans; what comes during a ban was not let in."""
    recent = collections.defaultdict(collections.deque)
    until, strikes, bans = {}, collections.Counter(), []
    for t, ip, count, worker in events:
        who = policy["offender"](ip)
        if worker and not policy["workers"] or t < until.get(who, 0):
            continue
        window = recent[who]
        window.extend([t] * (count if policy["attempts"] else 1))
        while window[0] <= t - policy["findtime"]:
            window.popleft()
        if len(window) < policy["maxretry"]:
            continue
        ladder = policy["bantime"]
        until[who] = t + ladder[min(strikes[who], len(ladder) - 1)]
        strikes[who] += 1
        bans.append({"jail": policy["name"], "ip": who, "at": t,
                     "until": until[who], "strike": strikes[who],
                     "why": "%d failures" % len(window)})
        window.clear()
    return bans


networks = {}


def by_64(ip):
    if ":" not in ip:
        return ip
    if ip not in networks:
        networks[ip] = str(ipaddress.ip_network(ip + "/64", strict=False))
    return networks[ip]


POLICIES = {
    "counting": {
        "name": "counting", "maxretry": 3, "findtime": 3600,
        "bantime": (48 * 3600, 8 * 86400, 32 * 86400),
        "offender": by_64, "attempts": True, "workers": False},
    "fail2ban": {
        "name": "fail2ban", "maxretry": 5, "findtime": 600,
        "bantime": (600,),
        "offender": str, "attempts": False, "workers": True},
}


def result(name, log, t0):
    bans = ban_all(failures(log, t0), POLICIES[name])
    return {"bans": bans, "breaches": [], "summary": {"bans": len(bans)}}


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in POLICIES:
        sys.exit("usage: peers.py %s LOG TRUTH" % "|".join(POLICIES))
    with open(sys.argv[3], encoding="ascii") as f:
        t0 = json.loads(next(f))["t0"]
    print(json.dumps(result(sys.argv[1], sys.argv[2], t0)))


if __name__ == "__main__":
    main()
