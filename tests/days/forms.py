"""How a world's servers word what happened: attempts into log lines."""
from places import DAY, Dice

LIP = {False: "192.0.2.25", True: "2001:db8:25::25"}
B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
FLOOD = {"fast", "net48"}

FAILED = {
    "2.3": "{p}-login: {end} (auth failed, {n} attempts in {secs} secs): "
           "user=<{user}>, method=PLAIN, rip={ip}, lip={lip}, TLS, "
           "session=<{sid}>",
    "2.4": "{p}-login: Login aborted: {end} (auth failed, {n} attempts in "
           "{secs} secs) (auth_failed): user=<{user}>, method=PLAIN, "
           "rip={ip}, lip={lip}, TLS, session=<{sid}>",
}
TEMPORARY = "{p}-login: Login aborted: {end} (internal failure, {n} attempts " \
    "in {secs} secs) (temp_fail): user=<{user}>, method=PLAIN, rip={ip}, " \
    "lip={lip}, TLS, session=<{sid}>"
LOGGED_IN = {
    "2.3": "{p}-login: Login: user=<{user}>, method=PLAIN, rip={ip}, "
           "lip={lip}, mpid={pid}, TLS, session=<{sid}>",
    "2.4": "{p}-login: Logged in: user=<{user}>, method=PLAIN, rip={ip}, "
           "lip={lip}, mpid={pid}, TLS, session=<{sid}>",
}
WORKER = {
    "2.3": "auth-worker({pid}): conn unix:auth-worker (pid=879,uid=102): "
           "auth-worker<{k}>: pam({user},{ip}{csid}): pam_authenticate() "
           "failed: Authentication failure (Password mismatch?)",
    "2.4": "auth-worker({user},{ip})<{pid}>{sid24}: request [{k}]: pam: "
           "pam_authenticate() failed: Authentication failure "
           "(Password mismatch?)",
}
TROUBLE = "auth: Error: mysql(db1): Connect failed to database (mail): " \
    "Can't connect to MySQL server on 'db1' (111) - waiting for %d seconds " \
    "before retry"


class Forms:
    def __init__(self, w, seed_names):
        self.w = w
        self.dice = Dice(*seed_names, "forms")
        self.lines = []  # (second of the day, program, text)
        self.logins = 0  # how many of them tell of an attempt
        self.hosts = {}
        self.open = {}   # address -> failed attempts of one connection

    def put(self, t, program, text):
        if t < DAY:
            self.lines.append((t, program, text))

    def tell(self, t, program, text):
        self.put(t, program, text)
        self.logins += 1

    def pid(self):
        return self.dice.randrange(1200, 60000)

    def client(self, a):
        if a.ip not in self.hosts:
            name = "unknown"
            if a.honest and ":" not in a.ip and self.dice.likely(0.6):
                name = "c-%s.isp.example" % a.ip.replace(".", "-")
            self.hosts[a.ip] = name
        return "%s[%s]" % (self.hosts[a.ip], a.ip)

    def queue_id(self):
        return "%011X" % self.dice.getrandbits(44)

    def session(self):
        bits = self.dice.getrandbits(96)
        return "".join(B64[bits >> 6 * i & 63] for i in range(16))

    def write(self, attempts):
        for a in attempts:
            if a.svc == "smtp":
                self.accepted(a) if a.ok else self.refused(a)
            elif a.ok:
                self.logged_in(a)
            else:
                self.not_logged_in(a)
        for run in list(self.open.values()):
            self.close(run)

    # Postfix

    def smtpd(self):
        return "postfix/%s[%d]" % (self.dice.choice(self.w["smtp_programs"]),
                                   self.pid())

    def refused(self, a):
        w, dice = self.w, self.dice
        program, client = self.smtpd(), self.client(a)
        shown = dice.likely(w["connect_lines"])
        if shown:
            self.put(a.t - dice.uniform(0.2, 1.5), program,
                     "connect from " + client)
        text = w["postfix_outage" if a.outage else "postfix_text"]
        user = ", sasl_username=" + a.user if w["postfix_user"] else ""
        if w["pam"] and not a.outage:
            self.worker(a, "")
        self.tell(a.t + 0.01, program, "warning: %s: SASL %s authentication "
                  "failed: %s%s" % (client, dice.choice(w["mechs"]), text,
                                    user))
        if not shown:
            return
        t = a.t + dice.uniform(0.02, 0.9)
        if a.actor in FLOOD and dice.likely(0.3):
            self.put(t, program, "lost connection after AUTH from " + client)
            self.put(t, program, "disconnect from %s ehlo=1 auth=0/1 "
                     "commands=1/2" % client)
        else:
            self.put(t, program, "disconnect from %s ehlo=1 auth=0/1 quit=1 "
                     "commands=2/3" % client)

    def accepted(self, a):
        program, client, qid = self.smtpd(), self.client(a), self.queue_id()
        self.put(a.t - 0.3, program, "connect from " + client)
        self.tell(a.t, program, "%s: client=%s, sasl_method=%s, "
                  "sasl_username=%s" % (qid, client,
                                        self.dice.choice(self.w["mechs"]),
                                        a.user))
        self.mail(a.t + 0.1, qid, "smtp",
                  "relay=mx.other.example[198.51.100.8]:25")
        self.put(a.t + 0.3, program, "disconnect from %s ehlo=2 starttls=1 "
                 "auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8" % client)

    def mail(self, t, qid, agent, relay):
        dice = self.dice
        self.put(t, "postfix/cleanup[%d]" % self.pid(),
                 "%s: message-id=<%x@other.example>" %
                 (qid, dice.getrandbits(60)))
        self.put(t + 0.02, "postfix/qmgr[1187]", "%s: from=<a%d@other.example"
                 ">, size=%d, nrcpt=1 (queue active)" %
                 (qid, dice.randint(1, 999), dice.randint(600, 90000)))
        self.put(t + 0.8, "postfix/%s[%d]" % (agent, self.pid()),
                 "%s: to=<b%d@another.example>, %s, delay=0.9, "
                 "delays=0.1/0/0.3/0.5, dsn=2.0.0, status=sent (250 2.0.0 Ok)"
                 % (qid, dice.randint(1, 999), relay))
        self.put(t + 0.82, "postfix/qmgr[1187]", qid + ": removed")

    # Dovecot

    def fields(self, a, **more):
        return dict(p=a.svc, user=a.user, ip=a.ip, lip=LIP[":" in a.ip],
                    sid=self.session(), pid=self.pid(), **more)

    def logged_in(self, a):
        run = self.open.pop(a.ip, None)
        if run is not None:
            self.close(run)
        f = self.fields(a)
        self.tell(a.t, "dovecot", LOGGED_IN[self.w["dovecot"]].format(**f))
        self.put(a.t + self.dice.uniform(0.5, 90), "dovecot",
                 "%s(%s)<%d><%s>: Disconnected: Logged out in=%d out=%d" %
                 (a.svc, a.user, f["pid"], f["sid"],
                  self.dice.randint(50, 900), self.dice.randint(500, 90000)))

    def not_logged_in(self, a):
        """Up to `multi` attempts, one soon after the other, share a line."""
        run = self.open.get(a.ip)
        if run is not None:
            if a.t - run[-1].t < 20 and a.svc == run[0].svc and \
                    not self.dice.likely(1 / self.w["multi"]):
                run.append(a)
                return
            self.close(run)
        self.open[a.ip] = [a]
        if self.w["multi"] == 1:
            self.close(self.open.pop(a.ip))

    def close(self, run):
        w, dice, a = self.w, self.dice, run[-1]
        delay = dice.uniform(0.2, 2.2)
        f = self.fields(a, n=len(run), end=dice.choice(w["dovecot_ends"]),
                        secs=int(a.t - run[0].t + delay))
        if a.outage and w["outage_dovecot"] == "temporary":
            self.tell(a.t + delay, "dovecot", TEMPORARY.format(**f))
            return
        if w["pam"] and not a.outage:
            self.worker(a, f["sid"])
        self.tell(a.t + delay, "dovecot", FAILED[w["dovecot"]].format(**f))

    def worker(self, a, sid):
        """What PAM's worker says of the same attempt; no line to count."""
        self.put(a.t, "dovecot", WORKER[self.w["dovecot"]].format(
            user=a.user, ip=a.ip, pid=self.dice.randint(870, 890),
            k=self.dice.randint(1, 900), csid=",<%s>" % sid if sid else "",
            sid24="<%s>" % sid if sid else ""))

    # Nobody's login

    def trouble(self, outage):
        t = outage.begin
        while self.w["trouble_lines"] and t < outage.end:
            self.put(t + self.dice.random() * 0.5, "dovecot", TROUBLE %
                     self.dice.choice((1, 5, 25)))
            t += self.dice.uniform(3, 30)

    def noise(self):
        """Mail that comes in, and scanners: until half is no login."""
        dice = self.dice
        while len(self.lines) < 2 * self.logins:
            t = dice.random() * DAY
            ip = "%d.%d.%d.%d" % (dice.choice(self.w["bot_octets"]),
                                  *(dice.randint(1, 254) for _ in "123"))
            if dice.likely(0.2):
                self.put(t, "dovecot", "imap-login: Disconnected: Connection "
                         "closed (no auth attempts in 0 secs): user=<>, rip="
                         "%s, lip=%s, TLS handshaking, session=<%s>" %
                         (ip, LIP[False], self.session()))
                continue
            program = "postfix/smtpd[%d]" % self.pid()
            client, qid = "mail.other.example[%s]" % ip, self.queue_id()
            self.put(t, program, "connect from " + client)
            if dice.likely(0.3):
                self.put(t + 1, program, "lost connection after EHLO from " +
                         client)
                self.put(t + 1, program, "disconnect from %s ehlo=1 "
                         "commands=1" % client)
                continue
            self.put(t + 0.2, program, "%s: client=%s" % (qid, client))
            self.mail(t + 0.3, qid, "lmtp", "relay=mx[private/dovecot-lmtp]")
            self.put(t + 0.9, program, "disconnect from %s ehlo=1 mail=1 "
                     "rcpt=1 data=1 quit=1 commands=5" % client)
