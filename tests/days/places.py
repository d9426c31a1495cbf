"""Names and addresses of a simulated day, none of them given out twice."""
import ipaddress
import random

from worlds import FIRST, LAST

DAY = 86400
RESERVED = {0, 10, 100, 127, 169, 172, 192, 198, 203}  # and from 224 on


class Attempt:
    """One try to log in: what the truth has a line for."""
    __slots__ = ("t", "ip", "user", "actor", "honest", "ok", "outage", "svc")

    def __init__(self, t, ip, user, actor, honest, ok, svc):
        self.t = t
        self.ip = ip
        self.user = user
        self.actor = actor
        self.honest = honest
        self.ok = ok
        self.outage = False
        self.svc = svc


class Dice(random.Random):
    """What is drawn depends on the names and the seed, on nothing else."""

    def __init__(self, *names):
        super().__init__("/".join(str(n) for n in names))

    def count(self, row):
        return self.randint(*row) if isinstance(row, tuple) else row

    def between(self, row):
        return self.uniform(*row)

    def likely(self, share):
        return self.random() < share


class Plan:
    """Hands out addresses: /24s, hosts in them, and IPv6 prefixes."""

    def __init__(self, w, seed_names):
        self.w = w
        self.dice = Dice(*seed_names, "plan")
        self.nets = set()
        self.hosts = set()
        self.customer_nets = [self.net24(w["isp_octets"])
                              for _ in range(self.dice.count(w["isp_nets"]))]
        self.carriers = self.carrier_addresses()
        self.providers = [self.provider() for _ in
                          range(self.dice.count(w["v6_providers"]))]
        self.next64 = [0] * len(self.providers)

    def net24(self, octets):
        while True:
            net = "%d.%d.%d." % (self.dice.choice(octets),
                                 self.dice.randint(1, 254),
                                 self.dice.randint(0, 255))
            if int(net.split(".")[0]) in RESERVED or net in self.nets:
                continue
            self.nets.add(net)
            return net

    def host(self, net):
        while True:
            ip = net + str(self.dice.randint(1, 254))
            if ip not in self.hosts:
                self.hosts.add(ip)
                return ip

    def carrier_addresses(self):
        nets = [self.net24(self.w["isp_octets"])
                for _ in range(self.w["carrier_nets"])]
        return [self.host(self.dice.choice(nets))
                for _ in range(self.dice.count(self.w["carriers"]))]

    def home(self):
        """A home of its own: an IPv4 address, or the upper half of its /64."""
        if self.dice.likely(self.w["v6_share"]):
            return self.home64()
        return self.host(self.dice.choice(self.customer_nets))

    def home4(self):
        return self.host(self.dice.choice(self.customer_nets))

    def elsewhere(self):
        """An address in a /24 of nobody's, in a guesser's part of the world."""
        return self.host(self.net24(self.w["bot_octets"]))

    def provider(self):
        """(plan, the first 48 bits)"""
        top = 0x2a00 + self.dice.randint(0, 15)
        return (self.dice.choice(self.w["v6_plan"]),
                top << 32 | self.dice.getrandbits(32))

    def home64(self):
        """The upper 64 bits of a customer's network."""
        i = self.dice.randrange(len(self.providers))
        plan, top48 = self.providers[i]
        self.next64[i] += self.dice.randint(1, 3)
        n = self.next64[i]
        shapes = {
            "64": lambda: top48 << 16 | n,
            "56": lambda: top48 << 16 | (n & 0xff) << 8 |
            self.dice.randint(0, 3),
            "48": lambda: (top48 + n) << 16 | self.dice.randint(0, 3),
        }
        return shapes[plan]()

    def attacker48(self):
        """The upper 48 bits of a network that is nobody's but a guesser's."""
        while True:
            top = self.provider()[1]
            if all(top >> 16 != p[1] >> 16 for p in self.providers):
                return top


def v6(upper64, iid):
    return str(ipaddress.IPv6Address(upper64 << 64 | iid))


class Home:
    """Where somebody is: an IPv4 address, or a /64 whose hosts change."""

    def __init__(self, dice, place):
        self.place = place
        self.change = dice.randint(3600, 40000)
        self.salt = dice.getrandbits(32)
        self.known = {}

    def at(self, t):
        if isinstance(self.place, str):
            return self.place
        spell = int(t // self.change)
        if spell not in self.known:
            iid = Dice(self.salt, spell).getrandbits(64)
            self.known[spell] = v6(self.place, iid)
        return self.known[spell]


def account_names(w, dice, n):
    """N different names of accounts, in the world's form."""
    found = {}
    while len(found) < n:
        f, last = dice.choice(FIRST), dice.choice(LAST)
        name = w["login_form"].format(
            f=f, l=last, i=f[0], n=dice.randint(10, 9999),
            d=dice.choice(w["domains"]))
        found[name] = True
    return list(found)


def wrong_form(w, dice, name):
    """What a new customer takes the name of the account for."""
    local, _, domain = name.partition("@")
    if not domain:
        return local + "@" + w["domains"][0]
    return dice.choice((local, local + "@mail." + domain,
                        local + "@" + domain.replace(".example", ".test")))


def random_name(dice):
    """A name that nobody has: a word that means nothing, perhaps a number."""
    word = "".join(dice.choice("bcdfghklmnprstvz") + dice.choice("aeiou")
                   for _ in range(dice.randint(2, 4)))
    return word + (str(dice.randint(1, 999)) if dice.likely(0.4) else "")
