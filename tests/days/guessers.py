"""The guessers of a simulated day, and the two accounts that they crack."""
import math

from places import DAY, Attempt, Dice, random_name, v6
from worlds import GUESSED


class Guessers:
    def __init__(self, w, seed_names, plan, customers, outage):
        self.w = w
        self.plan = plan
        self.outage = outage
        self.names = customers.names
        self.roamers = [p.name for p in customers.roamers]
        self.dice = Dice(*seed_names, "guessers")
        self.out = []
        self.cracked = []

    def everybody(self):
        groups = {kind: [self.series(kind) for _ in range(self.w[kind])]
                  for kind in ("fast", "slow")}
        self.at_carriers()
        self.busy_net()
        self.own_48()
        self.spray()
        botnet = self.botnet()
        self.crack_by_guesser(groups)
        self.crack_by_botnet(botnet)
        for series in groups["fast"] + groups["slow"]:
            self.out.extend(series)
        self.out.extend(botnet)
        return self.out

    def guess(self, t, ip, user, actor, svc):
        return Attempt(t, ip, user, actor, False, False, svc)

    def service(self, smtp_share):
        if self.dice.likely(smtp_share):
            return "smtp"
        return "imap" if self.dice.likely(0.7) else "pop3"

    def namer(self):
        """What a guesser takes for names: a few, or many; some are real."""
        dice = self.dice
        real = dice.between(self.w["real_share"])
        domain = "@" + dice.choice(self.w["domains"])
        if "{d}" not in self.w["login_form"]:
            domain = ""

        def pick():
            if dice.likely(real):
                return dice.choice(self.names)
            return (dice.choice(GUESSED) if dice.likely(0.6)
                    else random_name(dice)) + domain
        if not dice.likely(self.w["few_share"]):
            return pick
        few = [pick() for _ in range(dice.randint(1, 5))]
        return lambda: dice.choice(few)

    def log_between(self, row):
        return math.exp(self.dice.uniform(math.log(row[0]), math.log(row[1])))

    def series(self, kind, ip=None, window=None, n=None):
        """The guesses of one address: irregular, for hours."""
        w, dice = self.w, self.dice
        gap = self.log_between(w[kind + "_gap"])
        if kind == "fast":
            n = n or int(self.log_between(w["fast_guesses"]))
            begin = dice.random() * max(1, DAY - n * gap)
            end = DAY
        else:
            n = n or 10 ** 6
            begin = dice.random() * DAY * 0.5
            end = min(DAY, begin + dice.uniform(6, 24) * 3600)
        begin, end = window or (begin, end)
        ip, name = ip or self.plan.elsewhere(), self.namer()
        svc = self.service(w["guess_smtp"])
        actor = "shared" if ip in self.plan.carriers else kind
        out, t = [], begin
        while t < end and len(out) < n:
            out.append(self.guess(t, ip, name(), actor, svc))
            t += gap * (dice.uniform(0.5, 1.5) if kind == "fast"
                        else dice.choice((0.3, 0.6, 1, 1.4, 1.7)) *
                        dice.uniform(0.8, 1.2))
        return out

    def at_carriers(self):
        """Behind the addresses that customers use as well."""
        w, dice = self.w, self.dice
        ips = dice.sample(self.plan.carriers[:-1],
                          w["shared_slow"] + w["shared_fast"])
        for i, ip in enumerate(ips):
            if i < w["shared_slow"]:
                self.out += self.series("slow", ip)
            else:
                self.out += self.series("fast", ip, n=dice.randint(300, 500))
        # At night there is no customer; the day's guessers may be elsewhere.
        for ip in dice.sample(self.plan.carriers[:-1], w["shared_night"]):
            begin = dice.uniform(600, 7200)
            self.out += self.series("fast", ip, n=dice.randint(30, 200),
                                    window=(begin, 5 * 3600))

    def busy_net(self):
        """One /24, in which many addresses guess now and then."""
        dice = self.dice
        net = self.plan.net24(self.w["bot_octets"])
        name = self.namer()
        for _ in range(dice.count(self.w["net24"])):
            ip = self.plan.host(net)
            gap = dice.between(self.w["net24_gap"])
            svc = self.service(self.w["guess_smtp"])
            t = dice.random() * 4 * 3600
            end = DAY - dice.random() * 4 * 3600
            while t < end:
                self.out.append(self.guess(t, ip, name(), "net24", svc))
                t += gap * dice.uniform(0.4, 1.6)

    def own_48(self):
        """A new /64 for every one or two guesses."""
        w, dice = self.w, self.dice
        top48 = self.plan.attacker48()
        n = dice.count(w["net48"])
        hours = dice.between(w["net48_hours"])
        begin = dice.uniform(0, 23 - hours) * 3600
        name, svc = self.namer(), self.service(w["guess_smtp"])
        left = 0
        for t in sorted(begin + dice.random() * hours * 3600
                        for _ in range(n)):
            if left == 0:
                left = dice.randint(1, 2)
                upper = top48 << 16 | dice.getrandbits(16)
            left -= 1
            ip = v6(upper, dice.getrandbits(64))
            self.out.append(self.guess(t, ip, name(), "net48", svc))

    def spray(self):
        """Names that nobody has, each of them once."""
        dice = self.dice
        seen = set(self.names)
        form = "@" + self.w["domains"][0]
        for _ in range(dice.count(self.w["spray"])):
            ip, svc = self.plan.elsewhere(), self.service(self.w["guess_smtp"])
            gap = dice.between(self.w["spray_gap"])
            t = dice.random() * gap
            while t < DAY:
                user = random_name(dice)
                while user in seen:
                    user += str(dice.randint(0, 9))
                seen.add(user)
                user += form if "{d}" in self.w["login_form"] else ""
                self.out.append(self.guess(t, ip, user, "spray", svc))
                t += gap * dice.uniform(0.7, 1.3)

    def bot_address(self):
        if self.dice.likely(self.w["botnet_near"]):
            return self.plan.home4()  # a customer's neighbour
        return self.plan.elsewhere()

    def botnet(self):
        """Many addresses, a few accounts, each address hardly ever."""
        w, dice = self.w, self.dice
        k = w["botnet_roamers"]
        rest = [n for n in self.names if n not in set(self.roamers)]
        self.targets = dice.sample(self.roamers, k) + \
            dice.sample(rest, w["botnet_accounts"] - k)
        start = dice.between(w["botnet_start"]) * 3600
        out = []
        for _ in range(w["botnet"]):
            ip, svc = self.bot_address(), self.service(w["botnet_smtp"])
            t = start + dice.random() * w["botnet_gap"]
            while t < DAY:
                out.append(self.guess(t, ip, dice.choice(self.targets),
                                      "botnet", svc))
                t += w["botnet_gap"] * dice.uniform(0.8, 1.2)
        return out

    def hit(self, a, user):
        """This guess is right; the guesser logs in some more times."""
        a.user, a.ok, a.actor = user, True, "cracker"
        if a.svc == "smtp" and self.dice.likely(0.5):
            a.svc = "imap"
        self.cracked.append({"user": user, "ip": a.ip, "t": a.t})
        t = a.t
        for _ in range(self.dice.randint(*self.w["crack_more"])):
            t += self.dice.uniform(60, 5400)
            if t < DAY:
                more = self.guess(t, a.ip, user, "cracker", a.svc)
                more.ok = True
                self.out.append(more)

    def crack_by_guesser(self, groups):
        """After some guesses on other accounts and on this one."""
        kind, after = self.w["crack"]
        dice = self.dice
        while True:
            series = dice.choice(groups[kind])
            k = dice.randint(*after)
            if len(series) < k + 2 or series[k].t > DAY * 0.85 or \
                    self.outage.holds(series[k].t):
                continue
            if self.w["postfix_user"] or series[k].svc != "smtp":
                break
        victim = dice.choice([n for n in self.names if n not in self.targets])
        for i in {k - 1, dice.randrange(k)}:
            series[i].user = victim
        self.hit(series[k], victim)
        if dice.likely(0.5):
            del series[k + 1:]

    def crack_by_botnet(self, botnet):
        """An address of the botnet hits, at its first try or a later one."""
        dice = self.dice
        at_once = dice.likely(self.w["botnet_first"])
        first = {}
        for a in botnet:  # in the order of each address
            first.setdefault(a.ip, a)
        late = sorted(a.t for a in first.values())[len(first) // 5]
        while True:
            a = dice.choice(botnet)
            if a.t < late or a.t > DAY * 0.85 or self.outage.holds(a.t):
                continue
            if (first[a.ip] is a) == at_once:
                break
        self.hit(a, a.user)
