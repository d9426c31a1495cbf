#!/bin/sh
# learn: who logs in from where, out of old logs, into the database; and a real
# rsyslogd that takes it up.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

export TZ=UTC LC_ALL=C.UTF-8
unset NO_COLOR
out=$lab/out
err=$lab/err
cd "$lab" || exit 1
query() {
	sqlite3 -cmd '.timeout 5000' "$database" "$1"
}

# learn ARGUMENT...: leaves its status, $out and $err.
learn() {
	"$ctl" learn -d "$database" --path "$srcdir/filter.d" "$@" \
		>"$out" 2>"$err"
	status=$?
}
says() { # TITLE STATUS TEXT: the last call, all of it
	is "$1" "$status $(cat "$out" "$err")" "$2 $3"
}

now=$(date +%s)
# line AGO TEXT: so many seconds old
line() {
	echo "$(date -u -d "@$((now - $1))" +%FT%TZ) mail $2"
}
login() { # AGO ADDRESS USER
	line "$1" "dovecot: imap-login: Login: user=<$3>, method=PLAIN, rip=$2, lip=192.0.2.25, mpid=4, TLS, session=<abcdefgh>"
}
fail() { # AGO ADDRESS USER
	line "$1" "$(guess "$2" "$3")"
}
day=86400

# ---- without a database ----

login $day 198.51.100.1 alice >old
learn old
is "without a database: status" "$status" 1
like "and said" "$(cat "$err")" "^saslbanctl: no database at '$database'; "
nok "and none is made" test -e "$database"

# ---- what is learned ----

"$builddir/tests/fixture" "$database" "$now"
{
	login $((40 * day)) 198.51.100.90 eve
	login $((39 * day)) 198.51.100.1 alice
	login $((3 * day)) 198.51.100.1 alice
	login $((2 * day)) 2001:db8:8000::1 bob
	login $((2 * day - 60)) 2001:db8:8000::2 bob
	echo "no date"
	# A guess that hits: five other accounts, and then it is in.
	for name in info admin root test sales; do
		fail 5000 192.0.2.166 $name
	done
	login 4970 192.0.2.166 carol
	login 4000 198.51.100.2 alice
} >old
before=$(sqlite3 "$database" .dump | grep -av 'INTO \(login\|learning\) ')
learn old
is "of several jails the one that enforces is meant" "$status" 0
learn --jail nil old
is "a jail that is not there: status" "$status" 3
query 'DELETE FROM login'
learn --jail sasl old
ends=$(date -u -d "@$((now - 4000))" '+%F %T')
begins=$(date -u -d "@$((now - 39 * day))" '+%F %T')
says "the report" 0 "learned 3 pairs, users: 2, addresses: 3, from $begins to $ends
1 pair left out: the last login is older than known.window (30d)
1 login left out: guessed (a breach)
1 line left out: without a date

Breaches: 1
  AT                   USER   ADDRESS      WHY
  $(date -u -d "@$((now - 4970))" '+%F %T')  carol  192.0.2.166  the address is or was banned"
is "pairs, with their first and last time" "$(
	query "SELECT address, user, first - $now, last - $now FROM login
		ORDER BY last"
)" "$(cat <<END
198.51.100.1|alice|-$((39 * day))|-$((3 * day))
2001:db8:8000::/64|bob|-$((2 * day))|-$((2 * day))
198.51.100.2|alice|-4000|-4000
END
)"
is "and nothing else is written" \
	"$(sqlite3 "$database" .dump | grep -av 'INTO \(login\|learning\) ')" "$before"
learn --jail sasl --json old
is "for programs" "$(jq -c 'del(.first, .last, .database)' "$out")" \
	'{"jail":"sasl","lines":13,"undated":1,"behind":0,"successes":7,"pairs":3,"users":2,"addresses":3,"old":1,"breaches":1,"guessed":[{"user":"carol","ip":"192.0.2.166","at":'$((now - 4970))',"kind":"banned","why":"the address is or was banned"}]}'
is "when" "$(jq -c '[.first, .last]' "$out")" \
	"[$((now - 39 * day)),$((now - 4000))]"
is "what is known already stays" "$(query 'SELECT count(*) FROM login')" 3
# More of them than anybody reads.
for i in $(seq 1 21); do
	for name in info admin root test sales; do
		fail $((5000 - i)) "192.0.2.$i" $name
	done
	login $((4900 - i)) "192.0.2.$i" "user$i"
done | sort >hits
learn --jail sasl hits
is "the latest breaches" "$(sed -n '/^Breaches/p' "$out") $(grep -c ' user' "$out")
$(grep -o ' user[0-9]* ' "$out" | head -n 2)" "Breaches: 21, the latest 20 20
 user21 
 user20 "
learn --jail sasl --json hits
is "or all, for programs" "$(jq '.breaches, (.guessed | length)' "$out")" "21
21"
login 60 198.51.100.2 alice >later
learn --jail sasl later
is "a later login moves the end" "$(query "SELECT first - $now, last - $now
	FROM login WHERE address = '198.51.100.2'")" "-4000|-60"
gzip -f later
login 30 198.51.100.3 dora >latest
head -c 20 later.gz >cut.gz
learn --jail sasl cut.gz latest
is "a damaged file: status" "$status" 1
like "is said" "$(cat "$err")" "'cut.gz' ends too early"
is "and the next one is learned" "$(query "SELECT count(*) FROM login
	WHERE user = 'dora'")" 1
query "UPDATE setting SET value = '0' WHERE name = 'known.window'"
learn --jail sasl old
says "a jail that remembers nobody" 1 \
	"saslbanctl: jail 'sasl' remembers no logins: its known.window is 0"

# ---- an engine that runs ----

rm -f "$database"*
lab_up
conf 'maxretry="3" findtime="1h" account.hosts="0" network.hosts="0"' </dev/null
ok "rsyslogd starts with the module" rsyslog_start
[ $tap_bad -eq 0 ] || exit 1
has_jail() {
	[ "$(query 'SELECT count(*) FROM jail')" = 1 ]
}
ok "and makes its database" soon has_jail
three 198.51.100.200 | say
fate() { # ADDRESS: `banned` or `spared`, once all three are recorded
	soon recorded "$1"
	[ "$(query "SELECT count(*) FROM offense WHERE address = '$1'")" = 0 ] &&
		echo spared || echo banned
}
recorded() {
	[ "$(query "SELECT coalesce(sum(count), 0) FROM failure
		WHERE address = '$1'")" = 3 ]
}
is "who fails three times is banned" "$(fate 198.51.100.200)" banned
for i in $(seq 1 100); do
	login $day "198.51.100.$i" alice
done >old
learn old
is "customers are learned" "$status $(query 'SELECT count(*) FROM login')" \
	"0 100"
# One after the other fails, until the engine knows them.
i=0
spares() {
	i=$((i + 1))
	three "198.51.100.$i" | say
	[ "$(fate "198.51.100.$i")" = spared ]
}
ok "and known to the engine that runs" soon spares
ok "which ends" rsyslog_stop
done_testing
