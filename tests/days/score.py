#!/usr/bin/python3
"""What a policy did on a simulated day, next to what it should have done.

    score.py [--json] TRUTH BANS...

BANS is what `saslbanctl simulate --json` or peers.py prints. An attempt is
refused when a ban of its address runs. The second in which a ban begins is not
in it: what caused the ban got through. `until` may be null: for ever.
"""
import argparse
import ipaddress
import json
import math

EXAMPLES = 10
BOTNET_FREE = 200  # guesses until a botnet can be known for what it is
GOALS = (
    # NAME, FIGURE, HOW IT IS MET
    ("no honest attempt refused", "honest refused", lambda v: v == 0),
    ("botnet after the first 200: 15 % or less through", "botnet through",
     lambda v: v <= 0.15),
    ("fast guessers: 3 % or less through", "fast through",
     lambda v: v <= 0.03),
    ("IPv6 /48: 5 % or less through", "net48 through", lambda v: v <= 0.05),
    ("no breach missed", "breaches missed", lambda v: v == 0),
    ("no false breach", "breaches false", lambda v: v == 0),
)


class Bans:
    """Bans by prefix, to be asked for an address and a time."""

    def __init__(self, bans):
        self.by_prefix = {}
        self.lengths = set()
        self.known = {}
        for b in bans:
            net = ipaddress.ip_network(b["ip"], strict=False)
            until = math.inf if b["until"] is None else b["until"]
            key = (net.version, net.prefixlen, int(net.network_address))
            self.lengths.add(key[:2])
            self.by_prefix.setdefault(key, []).append((b["at"], until, b))

    def of(self, ip):
        """All bans that hold the address, whenever they run."""
        if ip not in self.known:
            a = ipaddress.ip_address(ip)
            found = []
            for version, length in self.lengths:
                if version == a.version:
                    shift = a.max_prefixlen - length
                    found += self.by_prefix.get(
                        (version, length, int(a) >> shift << shift), ())
            self.known[ip] = found
        return self.known[ip]

    def refuses(self, ip, t):
        """The ban that keeps it out, or None."""
        for at, until, ban in self.of(ip):
            if int(at) < int(t) and t < until:
                return ban
        return None


def read_truth(path):
    with open(path, encoding="ascii") as f:
        header = json.loads(next(f))
        return header, [json.loads(line) for line in f]


def guesses(attempts, bans):
    """By kind of guesser: [through, all]; and the botnet's after its start."""
    kinds, late, first = {}, [0, 0], 0
    for a in attempts:
        if a["honest"]:
            continue
        through = bans.refuses(a["ip"], a["t"]) is None
        row = kinds.setdefault(a["actor"], [0, 0])
        row[0] += through
        row[1] += 1
        if a["actor"] == "botnet":
            first += 1
            if first > BOTNET_FREE:
                late[0] += through
                late[1] += 1
    return kinds, late


def attackers(attempts, bans):
    """By kind: [addresses that were banned at some time, all]."""
    kinds, seen = {}, set()
    for a in attempts:
        if a["honest"] or (a["actor"], a["ip"]) in seen:
            continue
        seen.add((a["actor"], a["ip"]))
        row = kinds.setdefault(a["actor"], [0, 0])
        row[0] += bool(bans.of(a["ip"]))
        row[1] += 1
    return kinds


def refused(attempts, bans):
    """Honest attempts that met a ban: by kind, and a few of each kind."""
    kinds, examples, addresses, total = {}, [], set(), 0
    for a in attempts:
        if not a["honest"]:
            continue
        total += 1
        ban = bans.refuses(a["ip"], a["t"])
        if ban is None:
            continue
        n = kinds[a["actor"]] = kinds.get(a["actor"], 0) + 1
        if a["ip"] not in addresses and n <= EXAMPLES:
            examples.append({"actor": a["actor"], "user": a["user"],
                             "t": a["t"], "ip": a["ip"], "ban": ban["ip"],
                             "at": ban["at"], "why": ban.get("why")})
        addresses.add(a["ip"])
    # One of each kind first.
    seen = {}
    for e in examples:
        seen[e["actor"]] = e["nth"] = seen.get(e["actor"], 0) + 1
    examples.sort(key=lambda e: e.pop("nth"))
    return {"attempts": sum(kinds.values()), "of": total, "kinds": kinds,
            "addresses": len(addresses), "examples": examples[:EXAMPLES]}


def within(ip, report):
    return ipaddress.ip_address(ip) in ipaddress.ip_network(report,
                                                            strict=False)


def breaches(header, attempts, bans, reports):
    """An account is cracked by those who logged in to it and should not."""
    entered = {c["user"].lower(): [] for c in header["cracked"]}
    open_ = set()
    for a in attempts:
        if not a["honest"] and a["ok"]:
            entered[a["user"].lower()].append((a["ip"], a["t"]))
            if bans.refuses(a["ip"], a["t"]) is None:
                open_.add(a["user"].lower())
    right, false = set(), []
    for r in reports:
        user = (r.get("user") or "").lower()
        if any(int(r["at"]) >= int(t) and within(ip, r["ip"])
               for ip, t in entered.get(user, ())):
            right.add(user)
        else:
            false.append(r)
    missed = sorted(open_ - right)
    return {"right": sorted(right), "missed": missed, "false": false,
            "prevented": sorted(set(entered) - right - set(missed))}


def share(row):
    return row[0] / row[1] if row[1] else 0.0


def score(header, attempts, result):
    bans = Bans(result["bans"])
    kinds, late = guesses(attempts, bans)
    banned = attackers(attempts, bans)
    honest = refused(attempts, bans)
    found = breaches(header, attempts, bans, result.get("breaches") or [])
    figures = {"%s through" % k: share(kinds[k]) for k in sorted(kinds)
               if k != "cracker"}
    figures["botnet through"] = share(late)
    figures["guesses through"] = share([sum(c) for c in zip(*kinds.values())])
    figures["attackers banned"] = share(
        [sum(c) for c in zip(*banned.values())])
    figures["honest refused"] = honest["attempts"]
    figures["honest addresses refused"] = honest["addresses"]
    for name in ("right", "prevented", "missed", "false"):
        figures["breaches " + name] = len(found[name])
    figures["bans"] = len(result["bans"])
    return {"world": header["world"], "seed": header["seed"],
            "figures": figures, "guesses": kinds, "attackers": banned,
            "refused": honest, "breaches": found,
            "failed": [g[0] for g in GOALS if not g[2](figures[g[1]])]}


def clock(t, t0):
    s = int(t - t0)
    return "%02d:%02d:%02d" % (s // 3600, s // 60 % 60, s % 60)


def details(s, t0):
    """What a person wants to see who asks why a goal failed."""
    honest = s["refused"]
    if honest["attempts"]:
        yield "refused %d of %d honest attempts, of %d addresses: %s" % (
            honest["attempts"], honest["of"], honest["addresses"],
            ", ".join("%s %d" % k for k in sorted(honest["kinds"].items())))
    for e in honest["examples"]:
        yield "  %s %s %s at %s, by %s of %s: %s" % (
            e["actor"], e["user"], e["ip"], clock(e["t"], t0), e["ban"],
            clock(e["at"], t0), e["why"])
    for r in s["breaches"]["false"]:
        yield "false breach: %s from %s at %s: %s" % (
            r.get("user"), r["ip"], clock(r["at"], t0), r.get("why"))
    for user in s["breaches"]["missed"]:
        yield "missed breach: " + user


def show(value):
    return "%.2f%%" % (100 * value) if isinstance(value, float) else str(value)


def main():
    p = argparse.ArgumentParser(description="score bans on a simulated day")
    p.add_argument("--json", action="store_true")
    p.add_argument("truth")
    p.add_argument("bans", nargs="+")
    o = p.parse_args()
    header, attempts = read_truth(o.truth)
    for path in o.bans:
        with open(path, encoding="utf-8") as f:
            s = score(header, attempts, json.load(f))
        if o.json:
            print(json.dumps(s))
            continue
        print("%s, world %s, seed %d" % (path, s["world"], s["seed"]))
        for name, value in s["figures"].items():
            print("  %-26s %s" % (name, show(value)))
        for line in details(s, header["t0"]):
            print("  " + line)
        for goal in s["failed"]:
            print("  FAILED: " + goal)


if __name__ == "__main__":
    main()
