#!/bin/sh
# explain: saslbanctl explain, on what the judge made of a story that
# tests/story told it. The verdicts are the judge's; what is tested here is
# that they are told.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

export TZ=UTC LC_ALL=C.UTF-8
unset NO_COLOR
out=$lab/out
err=$lab/err
now=$(date +%s)
export SASLBAN_CLOCK="$now"

# told PARAMETER=VALUE... <LINES: more is seen. story: by a new database. The
# defaults may become others.
told() {
	"$builddir/tests/story" "$database" "$now" maxretry=6 findtime=1d \
		bantime=1h bantime=48h bantime=8d known.maxretry=10 \
		known.bantime=1h account.grace=2m "$@"
}
story() {
	rm -f "$database" "$database"-wal "$database"-shm
	told "$@"
}

# explain ARGUMENT...: leaves its status, $out and $err. The clock stands.
explain() {
	LD_PRELOAD=$builddir/tests/.libs/clock.so \
		"$ctl" -d "$database" explain "$@" >"$out" 2>"$err"
	status=$?
}

# narrow ARGUMENT...: as on a terminal of 80 columns.
narrow() {
	NO_COLOR=1 TERM=xterm LD_PRELOAD=$builddir/tests/.libs/clock.so \
		script -qec "stty cols 80; $ctl -d $database explain $*" \
		/dev/null </dev/null | tr -d '\r' >"$out"
}

# tells TITLE STATUS ARGUMENT... <TEXT: all of it, with times replaced.
tells() {
	title=$1
	want=$2
	shift 2
	explain "$@"
	is "$title: status $want" "$status" "$want"
	is "$title" "$(sed -E 's/20..-..-.. ..:..:../YYYY-MM-DD hh:mm:ss/g' \
		"$out")" "$(cat)"
}

# json FILTER: of the last call, times as offsets.
json() {
	jq -c --argjson at "$now" 'walk(if type == "number" and
		. > 1000000000 then . - $at else . end) | '"$1" "$out"
}

story enforce=off trap=oracle ignoreip=203.0.113.0/24 account.hosts=3 \
	network.hosts=4 <<'EOT'
-864000 success 198.51.100.7 alice dovecot
-800000 success 198.51.100.7 bob dovecot
-800000 success 100.64.9.9 dora dovecot
-7200 failure 198.51.100.7 alice postfix/smtpd
-7195 failure 198.51.100.7 alice dovecot/auth
-3000 failure 198.51.100.7 bob postfix/smtpd
-2900 success 198.51.100.7 bob dovecot
-2000 failure 192.0.2.1 root postfix/smtpd
-1990 failure 192.0.2.1 admin postfix/smtpd
-1980 doubtful 192.0.2.1 - postfix/smtpd
-1970 failure 192.0.2.1 root postfix/smtpd
-1960 failure 192.0.2.1 a postfix/smtpd
-1950 failure 192.0.2.1 b postfix/smtpd
-1940 failure 192.0.2.1 c postfix/smtpd
-1930 failure 192.0.2.1 d postfix/smtpd
-1000 failure 192.0.2.2 oracle postfix/smtpd
-900 failure 192.0.2.3 root postfix/smtpd
-800 failure 192.0.2.3 x;y postfix/smtpd
-700 failure 10.1.1.1 root postfix/smtpd
-600 success 192.0.2.1 carol dovecot
-500 failure 10.1.2.1 mary postfix/smtpd ab
-300 failure 10.1.2.1 mary postfix/smtpd ab
-230 failure 10.5.1.1 dora postfix/smtpd
-220 failure 10.6.1.1 dora postfix/smtpd
-210 failure 10.7.1.1 dora postfix/smtpd
-90 failure 10.8.1.1 dora postfix/smtpd
EOT

# ---- addresses ----

tells "an address of customers" 0 198.51.100.7 <<'EOT'
198.51.100.7
  jail sasl, which only observes
    now      not banned
    logins   2 users log in from here: 'bob', 'alice'
    patience 20 failures within 1h instead of 6 within 24h, because 2 users log in from here
    counts   failures 0 of 20 within 1h; the last failure was at YYYY-MM-DD hh:mm:ss
    next     one more failure now would be counted: 1 of 20
             for 'alice' it would not count: it would be taken for a program that tries the same wrong password again
    strikes  none; the next is strike 1, for 1h
    failures
      TIME                 USER   SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  bob    postfix/smtpd      1  forgiven
      YYYY-MM-DD hh:mm:ss  alice  dovecot/auth       1  echo
      YYYY-MM-DD hh:mm:ss  alice  postfix/smtpd      1  past
    echo      another line had told of this attempt
    forgiven  the user has logged in from there since
    past      it counted, and is too long ago by now
EOT
tells "an address that is banned" 0 192.0.2.1 <<'EOT'
192.0.2.1
  jail sasl, which only observes
    now      would be banned until YYYY-MM-DD hh:mm:ss (27m 30s left), strike 1
    why      YYYY-MM-DD hh:mm:ss: 6 failures within 24h, last by postfix/smtpd (story:1)
    BREACHES 1:
             YYYY-MM-DD hh:mm:ss 'carol' logged in from 192.0.2.1: the address is or was banned
    logins   nobody is known to log in from here
    counts   failures 0 of 6 within 24h; the last failure was at YYYY-MM-DD hh:mm:ss
    next     one more failure now would be kept for the record: a ban runs
    strikes  1, until YYYY-MM-DD hh:mm:ss (32d left); the next is strike 2, for 48h
    bans
      SINCE                ADDRESS    JAIL  STRIKE  LENGTH  STATE     FAILURES  LATE  WHY
      YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl       1      1h  observed         6     2  6 failures within 24h, last by postfix/smtpd (story:1)
    failures
      TIME                 USER   SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  d      postfix/smtpd      2  late
      YYYY-MM-DD hh:mm:ss  b      postfix/smtpd      1  paid
      YYYY-MM-DD hh:mm:ss  a      postfix/smtpd      1  paid
      YYYY-MM-DD hh:mm:ss  root   postfix/smtpd      1  paid
      YYYY-MM-DD hh:mm:ss  -      postfix/smtpd      1  paid
      YYYY-MM-DD hh:mm:ss  admin  postfix/smtpd      1  paid
      YYYY-MM-DD hh:mm:ss  root   postfix/smtpd      1  paid
    late      a ban ran at that time: for the record
    paid      it counted, and there was a ban since
EOT
tells "an address that fails" 0 192.0.2.3 <<'EOT'
192.0.2.3
  jail sasl, which only observes
    now      not banned
    logins   nobody is known to log in from here
    counts   failures 2 of 6 within 24h; the oldest of them counts until YYYY-MM-DD hh:mm:ss (23h 45m left)
    next     one more failure now would be counted: 3 of 6
    strikes  none; the next is strike 1, for 1h
    failures
      TIME                 USER  SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  x;y   postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  root  postfix/smtpd      1  counted
EOT
tells "a password again" 0 10.1.2.1 <<'EOT'
10.1.2.1
  jail sasl, which only observes
    now      not banned
    logins   nobody is known to log in from here
    counts   failures 1 of 6 within 24h; the oldest of them counts until YYYY-MM-DD hh:mm:ss (23h 51m left)
    next     one more failure now would be counted: 2 of 6
             for 'mary' it would not count: it would be taken for a program that tries the same wrong password again
    strikes  none; the next is strike 1, for 1h
    failures
      TIME                 USER  SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  mary  postfix/smtpd      1  repeat
      YYYY-MM-DD hh:mm:ss  mary  postfix/smtpd      1  counted
    repeat    the same wrong password again, as a program tries it
EOT
tells "a ban that follows unless its user logs in" 0 10.8.1.1 <<'EOT'
10.8.1.1
  jail sasl, which only observes
    now      not banned
    grace    a ban follows at YYYY-MM-DD hh:mm:ss (30s left) unless 'dora' logs in from there: for 48h, strike 2 (it begins at the second step: no slip of a customer)
    logins   nobody is known to log in from here
    counts   failures 1 of 6 within 24h; the oldest of them counts until YYYY-MM-DD hh:mm:ss (23h 58m left)
    next     one more failure now would be counted: 2 of 6
    strikes  none; the next is strike 1, for 1h
    failures
      TIME                 USER  SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  dora  postfix/smtpd      1  grace
    grace     it counts, and brings a ban a little later unless the user logs in from there
EOT
explain 10.8.1.1 --json
is "the same for programs" "$(json '.jails[0].grace')" \
	'[{"address":"10.8.1.1","user":"dora","at":-90,"due":30,"strike":2,"bantime":172800}]'
explain 10.8.1.0/24 --json
is "and of its network" "$(json '.jails[0].grace[] | .address, .due')" \
	'"10.8.1.1"
30'
explain 10.7.1.1 --json
is "nobody else waits" "$(json '.jails[0].grace')" '[]'
tells "who failed for a trap" 0 192.0.2.2 <<'EOT'
192.0.2.2
  jail sasl, which only observes
    now      would be banned until YYYY-MM-DD hh:mm:ss (1d 23h left), strike 2 (it begins at the second step: no slip of a customer)
    why      YYYY-MM-DD hh:mm:ss: a failure for a trap user, by postfix/smtpd (story:1)
    logins   nobody is known to log in from here
    counts   failures 0 of 6 within 24h; the last failure was at YYYY-MM-DD hh:mm:ss
    next     one more failure now would be kept for the record: a ban runs
    strikes  2, until YYYY-MM-DD hh:mm:ss (33d 23h left); the next is strike 3, for 8d
    bans
      SINCE                ADDRESS    JAIL  STRIKE  LENGTH  STATE     FAILURES  LATE  WHY
      YYYY-MM-DD hh:mm:ss  192.0.2.2  sasl       2     48h  observed         1     0  a failure for a trap user, by postfix/smtpd (story:1)
    failures
      TIME                 USER    SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  oracle  postfix/smtpd      1  paid
    paid      it counted, and there was a ban since
EOT
tells "who is exempt" 0 203.0.113.9 <<'EOT'
203.0.113.9
  jail sasl, which only observes
    now      not banned
    exempt   ignoreip has '203.0.113.0/24'
    logins   nobody is known to log in from here
    counts   failures 0 of 6 within 24h
    next     one more failure would not count: it is exempt, and not even recorded
    strikes  none; the next is strike 1, for 1h
EOT
tells "who is not known" 3 10.9.9.9 <<'EOT'
10.9.9.9
  jail sasl, which only observes
    now      not banned
    logins   nobody is known to log in from here
    counts   failures 0 of 6 within 24h
    next     one more failure now would be counted: 1 of 6
    strikes  none; the next is strike 1, for 1h
EOT
is "and it says so" "$(cat "$err")" \
	"saslbanctl: nothing is known of '10.9.9.9'"

# ---- networks ----

tells "a network" 0 192.0.2.0/24 <<'EOT'
192.0.2.0/24
  jail sasl, which only observes
    now      not banned
    BREACHES 1:
             YYYY-MM-DD hh:mm:ss 'carol' logged in from 192.0.2.1: the address is or was banned
    logins   nobody is known to log in from here
    hosts    3 of 4 addresses failed within 24h
    inside   2 bans of a part of it run
    next     a failure now by an address of it that is not known would ban 192.0.2.0/24 for 48h, strike 2 (it begins at the second step: no slip of a customer): 4 addresses of it failed within 24h
    strikes  none; the next is strike 2 (it begins at the second step: no slip of a customer), for 48h
    bans
      SINCE                ADDRESS    JAIL  STRIKE  LENGTH  STATE     FAILURES  LATE  WHY
      YYYY-MM-DD hh:mm:ss  192.0.2.2  sasl       2     48h  observed         1     0  a failure for a trap user, by postfix/smtpd (story:1)
      YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl       1      1h  observed         6     2  6 failures within 24h, last by postfix/smtpd (story:1)
    failures
      TIME                 HOST       USER    SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  192.0.2.3  x;y     postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.3  root    postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.2  oracle  postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.1  d       postfix/smtpd      2  late
      YYYY-MM-DD hh:mm:ss  192.0.2.1  b       postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.1  a       postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.1  root    postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.1  -       postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.1  admin   postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.1  root    postfix/smtpd      1  counted
    late      a ban ran at that time: for the record
EOT
tells "a network of no size that is judged" 3 10.2.0.0/16 <<'EOT'
10.2.0.0/16
  jail sasl, which only observes
    now      not banned
    logins   nobody is known to log in from here
    hosts    are not counted: networks of this size are not banned as a whole
    next     a failure now by an address of it that is not known would be counted: 1 of 6
    strikes  none; the next is strike 1, for 1h
EOT
tells "a network that is exempt" 0 203.0.113.16/28 <<'EOT'
203.0.113.16/28
  jail sasl, which only observes
    now      not banned
    exempt   ignoreip has '203.0.113.0/24'
    logins   nobody is known to log in from here
    hosts    are not counted: networks of this size are not banned as a whole
    next     a failure by an address of it would not count: it is exempt, and not even recorded
    strikes  none; the next is strike 1, for 1h
EOT
explain 203.0.0.0/16
like "but not one in which somebody is" "$(cat "$out")" \
	'^    next     a failure now by .* would be counted: 1 of 6$'

# ---- users ----

tells "an account under attack" 0 root <<'EOT'
root
  jail sasl, which only observes
    attack   UNDER ATTACK: 3 addresses failed for it within 24h; it takes 3
    next     a failure for it now from an address that is not known would ban that address after 2m, unless the user logs in from there: the account is under attack by 3 other addresses within 24h
    logins   none is known
    failures
      TIME                 HOST       SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  10.1.1.1   postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.3  postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.1  postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  192.0.2.1  postfix/smtpd      1  counted
EOT
tells "a customer" 0 ALICE <<'EOT'
ALICE
  jail sasl, which only observes
    attack   not under attack: 0 addresses failed for it within 24h; it takes 3
    next     a failure for it now from an address that is not known would be counted: 1 of 6
             from 198.51.100.7 it would not count: it would be taken for a program that tries the same wrong password again
    logins
      LAST                 FIRST                ADDRESS
      YYYY-MM-DD hh:mm:ss  YYYY-MM-DD hh:mm:ss  198.51.100.7
    failures
      TIME                 HOST          SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  198.51.100.7  dovecot/auth       1  echo
      YYYY-MM-DD hh:mm:ss  198.51.100.7  postfix/smtpd      1  counted
    echo      another line had told of this attempt
EOT
tells "a customer under attack" 0 dora <<'EOT'
dora
  jail sasl, which only observes
    attack   UNDER ATTACK: 4 addresses failed for it within 24h; it takes 3
    grace    a ban of 10.8.1.1 follows at YYYY-MM-DD hh:mm:ss (30s left) unless 'dora' logs in from there: for 48h, strike 2 (it begins at the second step: no slip of a customer)
    next     a failure for it now from an address that is not known would ban that address after 2m, unless the user logs in from there: the account is under attack by 4 other addresses within 24h
             from 100.64.9.9 it would be counted: 1 of 10
    logins
      LAST                 FIRST                ADDRESS
      YYYY-MM-DD hh:mm:ss  YYYY-MM-DD hh:mm:ss  100.64.9.9
    failures
      TIME                 HOST      SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  10.8.1.1  postfix/smtpd      1  grace
      YYYY-MM-DD hh:mm:ss  10.7.1.1  postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  10.6.1.1  postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  10.5.1.1  postfix/smtpd      1  counted
    grace     it counts, and brings a ban a little later unless the user logs in from there
EOT
tells "a trap" 0 oracle@example.org <<'EOT'
oracle@example.org
  jail sasl, which only observes
    attack   not under attack: 0 addresses failed for it within 24h; it takes 3
    trap     it is in the jail's list of trap users
    next     a failure for it now from an address that is not known would ban that address for 48h, strike 2 (it begins at the second step: no slip of a customer): nobody honest knows that user
    see also 'oracle'
    logins   none is known
EOT
tells "a user whom nobody knows" 3 nobody <<'EOT'
nobody
  jail sasl, which only observes
    attack   not under attack: 0 addresses failed for it within 24h; it takes 3
    next     a failure for it now from an address that is not known would be counted: 1 of 6
    logins   none is known
EOT

# ---- it says what the engine does then ----

# Address, user, and what comes of one more failure.
cp "$database" "$lab/story"
while read -r address user want; do
	cp "$lab/story" "$database"
	explain "$address" --json
	is "$address, $user: what would come of it" "$(jq -r --arg user "$user" \
		'.jails[0] | [.next_of[] | select(.user == $user)][0] // .next
		| [.verdict, .network // .ground // empty] | join(" ")' \
		"$out")" "$want"
	echo "0 failure $address $user postfix/smtpd" |
		told enforce=off trap=oracle account.hosts=3 network.hosts=4
	is "$address, $user: what comes of it" "$(sqlite3 "$database" "SELECT
		coalesce((SELECT 'ban ' || iif(ground = 'network', address,
			ground) FROM offense WHERE at = $now),
		(SELECT verdict FROM failure ORDER BY id DESC LIMIT 1))")" \
		"$want"
done <<'EOT'
198.51.100.7 bob counted
198.51.100.7 alice repeat
192.0.2.3 x;y counted
10.1.1.1 root counted
10.1.2.1 mary repeat
10.8.1.1 dora counted
192.0.2.2 oracle late
192.0.2.77 nobody ban 192.0.2.0/24
EOT
cp "$lab/story" "$database"
echo "0 failure 10.99.1.1 root postfix/smtpd" |
	told enforce=off account.hosts=3 account.grace=0
is "a failure for an account under attack is a ban, too" "$(sqlite3 \
	"$database" "SELECT address, ground FROM offense WHERE at = $now")" \
	"10.99.1.1|account"

# A grace that nothing follows: a pardon came, or the user, or an outage.
cp "$lab/story" "$database"
sqlite3 "$database" "INSERT INTO offense (jail, address, strike, at, until,
	why, observed, lifted, lifted_by, lifted_why, lo, hi, ground)
	SELECT jail, address, 2, at, at + 9, '', 1, at + 5, '', '', lo, lo, 'trap'
	FROM failure WHERE address = '10.8.1.1'"
explain 10.8.1.1 --json
is "a pardon ends a grace" "$(json '.jails[0].grace')" '[]'
cp "$lab/story" "$database"
echo "-60 success 10.8.1.1 dora dovecot" |
	told enforce=off trap=oracle account.hosts=3 network.hosts=4
explain dora --json
is "so does a login" "$(json '.jails[0].grace, .jails[0].attempts[0].verdict')" \
	'[]
"forgiven"'
cp "$lab/story" "$database"
told enforce=off trap=oracle account.hosts=3 network.hosts=4 \
	ignoreip=10.8.0.0/16 </dev/null
explain dora --json
is "so does being exempt" "$(json '.jails[0].grace')" '[]'

# A second offense of that kind is strike 3, and jumps over nothing.
story trap=oracle forget=9d account.hosts=0 <<'EOT'
-2000000 failure 192.0.2.2 oracle postfix/smtpd
-900000 failure 192.0.2.2 oracle postfix/smtpd
-2000 failure 192.0.2.2 oracle postfix/smtpd
EOT
explain 192.0.2.2
is "strike 3 after strike 2, which faded and came again" "$(sed -n \
	's/^    now .*, strike/strike/p' "$out") $(sqlite3 "$database" \
	'SELECT group_concat(strike) FROM (SELECT strike FROM offense
	ORDER BY id)')" "strike 3 2,2,3"
sqlite3 "$database" "DELETE FROM offense WHERE strike = 3;
	UPDATE offense SET until = $now + 60, ended = NULL WHERE id = 2"
explain 192.0.2.2
like "what had faded is no step before" "$(cat "$out")" \
	', strike 2 \(it begins at the second step: no slip of a customer\)$'
sqlite3 "$database" "UPDATE offense SET strike = 1, ground = 'count',
	until = at + 999999, ended = at + 999999 WHERE id = 1"
explain 192.0.2.2
like "but a first step that counts is" "$(cat "$out")" ', strike 2$'

# A network that was banned, and pardoned.
story network.hosts=4 account.hosts=0 <<'EOT'
-900 failure 192.0.2.1 a postfix/smtpd
-800 failure 192.0.2.2 b postfix/smtpd
-700 failure 192.0.2.3 c postfix/smtpd
-600 failure 192.0.2.4 d postfix/smtpd
EOT
hosts() {
	explain 192.0.2.0/24
	sed -n 's/^    \(hosts\|next\)  *//p' "$out"
}
paid='; what was before the end of its ban does not count'
is "a network that is banned" "$(hosts)" \
	"0 of 4 addresses failed within 24h$paid
a failure now by an address of it that is not known would be kept for the record: a ban runs"
sqlite3 "$database" "UPDATE offense SET lifted = $now - 10"
is "and after a pardon, which begins at nothing" "$(hosts)" \
	"0 of 4 addresses failed within 24h$paid
a failure now by an address of it that is not known would be counted: 1 of 6"
explain 192.0.2.0/24 --json
is "the same for programs" "$(json '.jails[0] | [.hosts, .next.verdict]')" \
	'[0,"counted"]'
echo "-5 failure 192.0.2.5 e postfix/smtpd" | told network.hosts=4 \
	account.hosts=0
is "the next one counts" "$(hosts | head -n 1)" \
	"1 of 4 addresses failed within 24h$paid"

# ---- an outage, strikes that faded, the next one that is a ban ----

story account.hosts=0 findtime=10m forget=1d <<EOT
-900000 success 198.51.100.1 u1 dovecot
-900000 success 198.51.101.2 u2 dovecot
-900000 success 198.51.102.3 u3 dovecot
-900000 success 198.51.103.4 u4 dovecot
-200060 failure 2001:db8:1:2::5 a postfix/smtpd
-200050 failure 2001:db8:1:2::6 b postfix/smtpd
-200040 failure 2001:db8:1:2::7 c postfix/smtpd
-200030 failure 2001:db8:1:2::8 d postfix/smtpd
-200020 failure 2001:db8:1:2::9 e postfix/smtpd
-200010 failure 2001:db8:1:2::a f postfix/smtpd
-500 failure 2001:db8:1:2::5 a postfix/smtpd
-490 failure 2001:db8:1:2::5 $(printf '\033[2J') postfix/smtpd
-480 failure 2001:db8:1:2::5 c postfix/smtpd
-470 failure 2001:db8:1:2::5 d postfix/smtpd
-460 failure 2001:db8:1:2::5 e postfix/smtpd
EOT
cp "$database" "$lab/before"
tells "the next is a ban, strikes have faded" 0 2001:db8:1:2::77 <<'EOT'
2001:db8:1:2::77
  jail sasl
    judged   as 2001:db8:1:2::/64, which is one offender
    now      not banned
    logins   nobody is known to log in from here
    counts   failures 5 of 6 within 10m; the oldest of them counts until YYYY-MM-DD hh:mm:ss (1m 40s left)
    next     one more failure now would ban it for 1h, strike 1: it is failure 6 of 6
    strikes  none any more: 1 faded; the next is strike 1, for 1h
    bans
      SINCE                ADDRESS            JAIL  STRIKE  LENGTH  STATE    FAILURES  LATE  WHY
      YYYY-MM-DD hh:mm:ss  2001:db8:1:2::/64  sasl       1      1h  expired         6     0  6 failures within 10m, last by postfix/smtpd (story:1)
    failures
      TIME                 HOST             USER     SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  2001:db8:1:2::5  e        postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  2001:db8:1:2::5  d        postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  2001:db8:1:2::5  c        postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  2001:db8:1:2::5  \x1b[2J  postfix/smtpd      1  counted
      YYYY-MM-DD hh:mm:ss  2001:db8:1:2::5  a        postfix/smtpd      1  counted
EOT
is "nothing was written" "$(cmp "$database" "$lab/before")" ""
for about in 2001:db8:1:2::5 2001:db8:1::/48 a 198.51.100.1; do
	narrow $about
	is "80 columns: $about" "$(grep '.\{81,\}' "$out")" ""
	is "nothing but text: $about" "$(grep -c '[[:cntrl:]]' "$out")" 0
done
explain 2001:db8:1:2::77 --json
is "the same for programs: what counts" "$(json '.jails[0] | [.name, .kind,
	.offender, .failures, .patience, .window, .oldest, .strikes_until]')" \
	'["sasl","address","2001:db8:1:2::/64",5,6,600,-500,null]'
is "the next one" "$(json '.jails[0].next')" \
	'{"verdict":"ban","failures":6,"patience":6,"ground":"count","strike":1,"bantime":3600}'
is "and whom it is for" "$(json '.jails[0].next_of[3] | .user, .verdict')" \
	'"\u001b[2J"
"ban"'
is "an attempt" "$(json '.jails[0].attempts[1]')" "$(cat <<'EOT'
{"at":-470,"host":"2001:db8:1:2::5","user":"d","service":"postfix/smtpd","count":1,"verdict":"counted"}
EOT
)"
is "it is known" "$(json .known)" true

story network.hosts=0 <<'EOT'
-900000 success 198.51.100.1 u1 dovecot
-900000 success 198.51.101.2 u2 dovecot
-900000 success 198.51.102.3 u3 dovecot
-900000 success 198.51.103.4 u4 dovecot
-90 failure 198.51.100.1 u1 postfix/smtpd
-80 failure 198.51.101.2 u2 postfix/smtpd
-70 failure 198.51.102.3 u3 postfix/smtpd
-60 failure 198.51.103.4 u4 postfix/smtpd
-50 failure 192.0.2.1 root postfix/smtpd
EOT
tells "an outage" 0 192.0.2.1 <<'EOT'
192.0.2.1
  jail sasl
    now      not banned
    logins   nobody is known to log in from here
    counts   failures 0 of 6 within 24h; the last failure was at YYYY-MM-DD hh:mm:ss
    next     one more failure now would not count: there is an outage
    strikes  none; the next is strike 1, for 1h
    outage   NOW, since YYYY-MM-DD hh:mm:ss (1m 30s): no failure counts: 4 customers failed one after the other
    failures
      TIME                 USER  SERVICE        COUNT  VERDICT
      YYYY-MM-DD hh:mm:ss  root  postfix/smtpd      1  outage
    outage    nobody could log in at that time
EOT
explain u1 --json
is "a user, for programs" "$(json '.jails[0] | del(.attempts)')" "$(cat <<'EOT'
{"name":"sasl","enforce":true,"kind":"user","attacked":false,"hosts":0,"hosts_most":10,"hosts_window":86400,"trap":false,"grace":[],"outage":true,"next":{"verdict":"outage","failures":0,"patience":6},"see_also":[],"logins":[{"address":"198.51.100.1","first":-900000,"last":-900000,"exempt":false,"next":{"verdict":"outage","failures":0,"patience":10}}],"breaches":[],"outages":[{"since":-90,"opened":-60,"closed":null,"why":"4 customers failed one after the other"}]}
EOT
)"
explain 198.51.100.0/24 --json
is "a network, for programs" "$(json '.jails[0] | [.kind, .customers, .users,
	.judged, .hosts, .hosts_most, .hosts_window, .bans_inside]')" \
	'["network",1,["u1"],false,0,0,86400,0]'

# ---- the same in the overview ----

overview() {
	"$ctl" -d "$database" status --verbose "$@" >"$out" 2>"$err"
	status=$?
}
lines() {
	sed -nE 's/20..-..-.. ..:..:../YYYY/g; s/\([0-9]+m [0-9]+s\)/(1m)/
		/^  (BREACHES|outage|logins|grounds)/p; /^ {12}YYYY/p' "$out"
}
overview
is "status: an outage" "$(lines)" "$(cat <<'EOT'
  outage    NOW, since YYYY (1m): no failure counts: 4 customers failed one after the other
  logins    4 known (pairs of user and address)
EOT
)"
overview --json
is "status: for programs" "$(json '.jails[0] | .outage, .outages, .logins')" \
	'true
[{"since":-90,"opened":-60,"closed":null,"why":"4 customers failed one after the other"}]
4'
story trap=oracle <<'EOT'
-9000 failure 192.0.2.2 oracle postfix/smtpd
-9000 success 192.0.2.2 carol dovecot
-900 success 192.0.2.2 dave dovecot
EOT
sqlite3 "$database" "INSERT INTO breach (jail, user, host, at, last, service,
	kind, why) VALUES (1, char(27), '192.0.2.3', $now - 700000, 1, '', '',
	'')"
overview
is "status: breaches" "$(lines)" "$(cat <<'EOT'
  BREACHES  2 in the last 7d:
            YYYY 'dave' logged in from 192.0.2.2: the address is or was banned
            YYYY 'carol' logged in from 192.0.2.2: the address is or was banned
  grounds   trap user: 1
  logins    none known yet: nobody is a customer
EOT
)"
overview --json
is "status: breaches, for programs" "$(json '.jails[0] | .breaches_7d,
	(.breaches[] | [.user, .ip, .at, .last, .count, .kind]), .grounds.trap')" \
	'2
["dave","192.0.2.2",-900,-900,1,"banned"]
["carol","192.0.2.2",-9000,-9000,1,"banned"]
1'

attacks() {
	sed -n '/^  attacks/,/^  [a-z]/p' "$out" | sed '$d'
}
is "status: no attack" "$(overview; attacks)" ""
{
	echo "-9000 success 198.51.100.200 carol dovecot"
	for i in 1 2 3 4; do
		echo "-80$((9 - i)) failure 10.$i.1.1 Root postfix/smtpd"
		echo "-70$((9 - i)) failure 192.0.2.$i u$i postfix/smtpd"
		echo "-60$((9 - i)) failure 198.51.100.$i v$i postfix/smtpd"
		echo "-50$((9 - i)) failure 10.9.$i.1 w$i postfix/smtpd"
	done
	echo "-400 failure 10.20.1.1 root postfix/smtpd"
	for i in 1 2 3; do
		echo "-30$((9 - i)) failure 10.3$i.1.1 $(printf '\033')x postfix/smtpd"
	done
} | story account.hosts=3 network.hosts=4
overview
is "status: what is attacked, and by whom" "$(attacks)" "$(cat <<'EOT'
  attacks   2 accounts under attack: 'Root' by 5 addresses, '\x1bx' by 3 addresses
            2 networks attack: 192.0.2.0/24 with 4 addresses, banned; 198.51.100.0/24 with 4 addresses, not banned: customers log in from it
EOT
)"
overview --json
is "status: the same for programs" "$(json '.jails[0] | .accounts_attacked,
	.accounts, .networks_attacking, .networks')" "$(cat <<'EOT'
2
[{"user":"Root","hosts":5},{"user":"\u001bx","hosts":3}]
2
[{"network":"192.0.2.0/24","hosts":4,"banned":true,"neighbours":0},{"network":"198.51.100.0/24","hosts":4,"banned":false,"neighbours":1}]
EOT
)"
story account.hosts=1 network.hosts=0 <<'EOT'
-9 failure 10.1.1.1 a postfix/smtpd
-8 failure 10.1.1.2 b postfix/smtpd
-7 failure 10.1.1.2 b postfix/smtpd
-7 failure 10.1.1.3 b postfix/smtpd
-6 failure 10.1.1.4 c postfix/smtpd
-5 failure 10.1.1.5 d postfix/smtpd
-4 failure 10.1.1.6 e postfix/smtpd
-3 failure 10.1.1.7 f postfix/smtpd
-2 failure 10.1.1.8 f postfix/smtpd
-1 failure 10.1.1.9 f postfix/smtpd
EOT
overview
is "status: five of many, the worst first" "$(attacks)" "$(cat <<'EOT'
  attacks   6 accounts under attack: 'f' by 3 addresses, 'b' by 2 addresses, 'a' by 1 address, 'c' by 1 address, 'd' by 1 address, ...
EOT
)"

# ---- a ban by hand, which is a person's to lift ----

story known.window=30d <<'EOT'
-90 failure 192.0.2.8 a postfix/smtpd
-80 failure 192.0.2.8 b postfix/smtpd
-70 failure 192.0.2.8 c postfix/smtpd
-60 failure 192.0.2.8 d postfix/smtpd
-50 failure 192.0.2.8 e postfix/smtpd
-40 failure 192.0.2.8 f postfix/smtpd
EOT
LD_PRELOAD=$builddir/tests/.libs/clock.so \
	"$ctl" -d "$database" ban 192.0.2.9 --for 9d >/dev/null 2>&1
echo "0 success 192.0.2.10 alice dovecot" | told
is "a customer next to it lifts what the module has banned, and nothing else" \
	"$(sqlite3 "$database" "SELECT address, ground, lifted IS NOT NULL
		FROM offense ORDER BY id")" "192.0.2.8|count|1
192.0.2.9|person|0"

# ---- the longest address, on a terminal ----

host=2001:db8:1234:5678:9abc:def0:1234:5678
user=somebody.with.a.long.name@subdomain.example.org
for i in 1 2 3; do
	echo "-80$((9 - i)) failure 10.$i.1.1 $user postfix/submission/smtpd"
done | story trap=oracle account.hosts=3 ignoreip=$host
told trap=oracle account.hosts=3 <<EOT
-100 failure ${host%%:5678:*}:4321:9abc:def0:1234:5678 oracle postfix/smtpd
-50 failure $host $user postfix/submission/smtpd
EOT
for call in "explain $host" "explain $user" "explain ${host%%:9abc*}::/64" \
	"explain 2001:db8:1234::/48" "explain 2001:db8:1234:4321::1" \
	"show $host" "show 2001:db8:1234::/48" "list --all" status; do
	NO_COLOR=1 TERM=xterm LD_PRELOAD=$builddir/tests/.libs/clock.so \
		script -qec "stty cols 80; $ctl -d $database $call" \
		/dev/null </dev/null | tr -d '\r' >"$out"
	is "80 columns: $call" "$(grep '.\{81,\}' "$out")" ""
	case $call in
	"explain $host" | "explain $user" | "show $host")
		like "$call: what became of it is there" "$(cat "$out")" \
			"^ +20..-..-.. .*  grace$" ;;
	esac
done

# ---- the command line ----

explain 192.0.2.1/99
is "no address and no user: status 2" "$status" 2
explain x --jail nil
is "no such jail: status 3" "$status" 3
done_testing
