# shellcheck shell=sh
# month: a database with some weeks of guesses and bans, counted by hand, for
# tests of what adds them up. It sources ctl.sh; time stands still at $now, a
# Monday noon.

now=1796040000
. "$srcdir/tests/ctl.sh"

# prints TITLE < TEXT: the last call did, with the times as they are.
prints() {
	is "$1" "$(cat "$out")" "$(cat)"
}

# valid TITLE SCHEMA: what the last call printed is as docs/schema/ has it.
valid() {
	ok "$1: docs/schema/$2.json" python3 -W ignore -c '
import json, jsonschema, os, sys
schema = json.load(open(sys.argv[1]))
kind = jsonschema.validators.validator_for(schema)
kind.check_schema(schema)
base = "file://" + os.path.abspath(sys.argv[1])
resolver = jsonschema.RefResolver(base, schema)
kind(schema, resolver=resolver).validate(json.load(open(sys.argv[2])))
' "$srcdir/docs/schema/$2.json" "$out"
}

# 134 attempts in a week: 48 of an address, one an hour; 72 of a network; 10 of
# one that is banned; and four with names that nobody should print as they are.
# What counts for nobody is not among them, nor what is forty days old.
month() {
	rm -f "$database" "$database"-wal "$database"-shm
	"$builddir/tests/fixture" "$database" "$now"
	python3 - "$database" "$now" <<'EOT'
import ipaddress, sqlite3, sys
path, now = sys.argv[1], int(sys.argv[2])
db = sqlite3.connect(path)
HOUR, DAY = 3600, 86400
for table in 'failure', 'offense', 'entry', 'login', 'breach':
    db.execute('DELETE FROM ' + table)

def key(network, which):
    a = network[which]
    return bytes([4 if a.version == 4 else 6]) + a.packed

def failed(at, host, user, count=1, verdict='counted', service='dovecot',
           rule='dovecot:1', address=None):
    db.execute('INSERT INTO failure (jail, host, address, user, service, mech,'
               ' rule, at, count, lo, verdict) VALUES (1, ?, ?, ?, ?, "LOGIN",'
               ' ?, ?, ?, ?, ?)',
               (host, address or host, user, service, rule, now + at, count,
                key(ipaddress.ip_network(host), 0), verdict))

def banned(at, address, strike, until, ended=None, lifted=None,
           ground='count', why='6 failures in 1m', observed=0):
    n = ipaddress.ip_network(address)
    db.execute('INSERT INTO offense (jail, address, strike, at, until, failures,'
               ' why, observed, ended, lifted, lo, hi, told, ground, packets)'
               ' VALUES (1, ?, ?, ?, ?, 6, ?, ?, ?, ?, ?, ?, 2, ?, 10)',
               (address, strike, now + at,
                None if until is None else now + until, why, observed,
                None if ended is None else now + ended,
                None if lifted is None else now + lifted,
                key(n, 0), key(n, -1), ground))

for k in range(48):
    failed(-HOUR // 2 - k * HOUR, '198.51.100.7', 'Info' if k % 2 else 'info',
           service='postfix/smtpd', rule='postfix:1')
for i in range(1, 13):
    for user in 'info', 'bob', 'sales':
        failed(-3 * DAY - i * 60, '203.0.113.%d' % i, user, count=2)
failed(-2 * HOUR, '2001:db8:1:2::5', '<img src=x onerror=alert(1)>', count=10,
       verdict='late', address='2001:db8:1:2::/64')
for user in '=cmd|x', 'a|b`*c*', '\033[31m', '':
    failed(-600, '192.0.2.66', user, service='e"><b>vil', rule='&amp;:1')
for verdict, n in ('repeat', 7), ('echo', 3), ('forgiven', 2), \
                  ('doubtful', 1), ('outage', 1):
    failed(-HOUR, '192.0.2.99', 'carol', count=n, verdict=verdict)
failed(-40 * DAY, '198.51.100.200', 'old', count=100)

banned(-40 * DAY, '198.51.100.7', 1, -38 * DAY, ended=-38 * DAY)
banned(-2 * DAY, '198.51.100.7', 2, 6 * DAY)
banned(-3 * DAY, '203.0.113.0/24', 1, 5 * DAY, ground='network',
       why='12 addresses of 203.0.113.0/24 in 1h')
banned(-3 * DAY - 100, '203.0.113.1', 3, 29 * DAY, why='<b>&\033[2J|"')
banned(-HOUR, '192.0.2.66', 1, 47 * HOUR, lifted=-HOUR // 2, ground='trap')
banned(-7100, '2001:db8:1:2::/64', 4, None, ground='person', why='by root')
for n in 1, 2:
    db.execute('INSERT INTO login VALUES (?, "bob", ?, ?, ?)',
               ('192.0.2.%d' % n, now - DAY, now - HOUR,
                bytes([4, 192, 0, 2, n])))
db.execute('INSERT INTO breach (jail, at, last, count, user, host, service,'
           ' kind, why) VALUES (1, ?, ?, 1, "bob", "203.0.113.5", "dovecot",'
           ' "guessed", "logged in after 6 failures")',
           (now - 3 * DAY, now - 3 * DAY))
db.commit()
EOT
}
