"""The customers of a simulated day: who logs in from where, and who fails."""
from places import DAY, Attempt, Dice, Home, account_names, wrong_form


class Person:
    def __init__(self, dice, w, name, home):
        self.name = name
        self.home = home
        self.again = dice.between(w["again"])
        self.svc = "pop3" if dice.likely(w["pop3_share"]) else "imap"
        self.heavy = dice.likely(w["heavy_share"])


def times(dice, w, n):
    """N moments, as people choose them."""
    hours = dice.choices(range(24), weights=w["hours"], k=n)
    return [h * 3600 + dice.random() * 3600 for h in hours]


def poll_times(dice, w, n, all_night):
    """N moments, as a mail program chooses them that is on for hours."""
    awake = [h for h in range(24) if w["hours"][h] >= 3]
    first = 0 if all_night else awake[0] * 3600 + dice.random() * 5400
    last = DAY if all_night else (awake[-1] + 1) * 3600 - dice.random() * 5400
    gap = (last - first) / n
    return [first + (i + dice.random() * 0.4) * gap for i in range(n)]


class Customers:
    def __init__(self, w, seed_names, plan):
        self.w = w
        self.plan = plan
        self.dice = Dice(*seed_names, "customers")
        self.out = []
        self.new = self.dice.count(w["new"])
        office = self.dice.count(w["office"])
        names = account_names(w, self.dice, w["users"] + office + self.new)
        self.new_names = names[:self.new]
        self.office_names = names[self.new:self.new + office]
        self.people = self.settle(names[self.new + office:])
        roamers = self.dice.count(w["roamers"])
        self.roamers = self.people[:roamers]
        self.users = self.people[roamers:]
        self.names = names[self.new:]  # what a guesser may know

    def settle(self, names):
        homes = [Home(self.dice, self.plan.home()) for _ in names]
        for _ in range(self.dice.count(self.w["families"])):
            first = self.dice.randrange(len(homes) - 4)
            for i in range(1, self.dice.randint(2, 4)):
                homes[first + i] = homes[first]
        return [Person(self.dice, self.w, n, h) for n, h in zip(names, homes)]

    def add(self, t, ip, user, actor, ok, svc):
        if 0 <= t < DAY:
            self.out.append(Attempt(t, ip, user, actor, True, ok, svc))

    def login(self, t, where, person, actor, svc):
        """A login that may be mistyped, and again."""
        share = self.w["typing_error"]
        while self.dice.likely(share):
            self.add(t, where(t), person.name, actor, False, svc)
            t += self.dice.between(self.w["retry"])
            share = person.again
        self.add(t, where(t), person.name, actor, True, svc)

    def day_of(self, person, where, actor, night=None):
        w, dice = self.w, self.dice
        if person.heavy:
            if night is None:
                night = dice.likely(w["all_night_share"])
            moments = poll_times(dice, w, dice.count(w["heavy"]), night)
        else:
            moments = times(dice, w, dice.count(w["light"]))
        for t in moments:
            self.login(t, where, person, actor, person.svc)
        for t in times(dice, w, dice.count(w["sends"])):
            self.login(t, where, person, actor, "smtp")

    def everybody(self):
        for person in self.users:
            self.day_of(person, person.home.at, "user")
        for person in self.roamers:
            self.day_of(person, self.roaming(person), "roamer", night=False)
        self.office()
        self.new_customers()
        self.phones()
        self.changed()
        return self.out

    def roaming(self, person):
        """Some hours at one carrier's address, some at another, or at home."""
        spells = []
        t = 0
        while t < DAY:
            home = self.dice.likely(0.2)
            spells.append((t, person.home.at if home else None,
                           self.dice.choice(self.plan.carriers)))
            t += self.dice.uniform(1200, 10800)

        def where(t):
            _, home, carrier = [s for s in spells if s[0] <= max(t, 0)][-1]
            return home(t) if home else carrier
        return where

    def office(self):
        ip = self.plan.home4()
        self.office_home = Home(self.dice, ip)
        self.office_people = []
        for name in self.office_names:
            p = Person(self.dice, self.w, name, self.office_home)
            p.heavy = False
            self.office_people.append(p)
            n = self.dice.count(self.w["office_logins"])
            for t in times(self.dice, self.w, n):
                self.login(t, p.home.at, p, "office",
                           self.dice.choice((p.svc, p.svc, "smtp")))

    def new_customers(self):
        """No login before, some wrong passwords within minutes, success."""
        w, dice = self.w, self.dice
        for name in self.new_names:
            carrier = dice.likely(w["new_carrier_share"])
            home = Home(dice, dice.choice(self.plan.carriers) if carrier
                        else self.plan.home())
            svc = dice.choice(("imap", "smtp"))
            t = times(dice, w, 1)[0]
            for _ in range(dice.count(w["new_wrong"])):
                form = dice.likely(w["new_form_share"])
                user = wrong_form(w, dice, name) if form else name
                self.add(t, home.at(t), user, "new", False, svc)
                t += dice.uniform(5, 120)
            person = Person(dice, w, name, home)
            self.add(t, home.at(t), name, "new", True, svc)
            for _ in range(dice.randint(2, 8)):
                t += dice.uniform(300, 5400)
                self.login(t, home.at, person, "new", person.svc)

    def phones(self):
        """An old password, tried at a steady rhythm by what nobody sees."""
        w, dice = self.w, self.dice
        users = [p for p in self.users if isinstance(p.home.place, str)]
        for place, other, night in w["phones"]:
            p = dice.choice(self.office_people if place == "office" else users)
            places = {"home": p.home.place if other == "same"
                      else self.plan.home4(),
                      "office": self.office_home.place,
                      "carrier": self.plan.carriers[-1]}
            self.forgotten(p, places[place])
            where = p.home.at
            for _ in range(dice.randint(8, 30)):
                t = dice.random() * DAY if night else times(dice, w, 1)[0]
                self.login(t, where, p, "phone", p.svc)

    def forgotten(self, person, ip):
        w, dice = self.w, self.dice
        gap = dice.between(w["phone_rhythm"])
        jitter = dice.between(w["phone_jitter"])
        double = dice.likely(w["phone_double_share"])
        svc = dice.choice(("imap", "imap", "smtp"))
        t = dice.random() * gap
        while t < DAY:
            self.add(t, ip, person.name, "phone", False, svc)
            if double:
                self.add(t + dice.uniform(3, 8), ip, person.name, "phone",
                         False, svc)
            t += gap * (1 + dice.uniform(-jitter, jitter))

    def changed(self):
        """From noon on the devices have the old password, until repaired."""
        w, dice = self.w, self.dice
        p = dice.choice([p for p in self.users
                         if isinstance(p.home.place, str)])
        noon = dice.between(w["changed_hour"]) * 3600
        repaired = noon
        for device in range(3):
            away = w["changed_elsewhere"] and device == 2
            ip = self.plan.home4() if away else p.home.place
            repaired += dice.between(w["changed_repair"]) * 3600 / 2
            gap = dice.between(w["changed_rhythm"])
            t = dice.random() * gap
            while t < DAY:
                ok = not noon <= t < repaired
                self.add(t, ip, p.name, "changed", ok,
                         "smtp" if device == 1 and not ok else p.svc)
                t += gap * dice.uniform(0.9, 1.1)


class Outage:
    """For some minutes everybody fails. People and programs try again."""

    def __init__(self, w, seed_names):
        self.w = w
        self.dice = Dice(*seed_names, "outage")
        self.begin = self.dice.between(w["outage_hour"]) * 3600
        self.end = self.begin + self.dice.between(w["outage_minutes"]) * 60

    def holds(self, t):
        return self.begin <= t < self.end

    def strike(self, attempts):
        """The attempts as they are when the outage is among them."""
        out, chained = [], set()
        for a in sorted(attempts, key=lambda a: a.t):
            if not self.holds(a.t):
                out.append(a)
                continue
            a.outage, a.ok = True, False
            chains = a.honest and a.actor not in ("phone", "changed")
            if chains and (a.user, a.ip) in chained:
                continue  # its retries stand for it
            out.append(a)
            if chains:
                chained.add((a.user, a.ip))
                out.extend(self.retries(a))
        return out

    def retries(self, a):
        dice = self.dice
        hectic = dice.likely(self.w["hectic_share"])
        gap = dice.uniform(10, 20) if hectic else dice.uniform(30, 300)
        patience = 10 ** 6 if hectic or dice.likely(0.5) else \
            dice.randint(0, 4)
        t = a.t
        for _ in range(patience):
            t += gap * dice.uniform(1, 1.2)
            inside = self.holds(t)
            retry = Attempt(t, a.ip, a.user, a.actor, True, not inside, a.svc)
            retry.outage = inside
            yield retry
            if not inside:
                return
