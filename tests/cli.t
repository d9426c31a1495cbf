#!/bin/sh
# cli: saslbanctl, on a database that tests/fixture made and on kernel sets in
# a namespace of its own. No rsyslogd here; tests/ban.t has both at once.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/ctl.sh"

# This machine, its way out, and no other.
ip link set lo up
ip link add gw0 type veth peer name gw1
ip link set gw0 up
ip link set gw1 up
ip addr add 198.51.100.250/31 dev gw0
ip route add default via 198.51.100.251

# json FILTER: of the last call; times as offsets from the fixture's moment,
# what is left as minutes.
json() {
	jq -c --argjson at "$now" 'walk(
		if type == "number" and . > 1000000000 then . - $at
		elif type == "object" and (.left | type) == "number"
		then .left |= (. / 60 | floor) else . end) | '"$1" "$out"
}

# engines JAIL...: they have an engine from now on. no_engines: none has.
mkfifo "$lab/engines"
engines() {
	rm -f "$lab/running"
	"$builddir/tests/fixture" "$database" 0 "$@" <"$lab/engines" \
		>"$lab/running" &
	engines=$!
	exec 8>"$lab/engines"
	ok "engines of $*" soon grep -q running "$lab/running"
}
no_engines() {
	exec 8>&-
	wait "$engines"
}

fresh
sql "INSERT INTO hostname VALUES ('vpn.example.org', '198.51.100.99', $now)"

# ---- the command line ----

# shellcheck disable=SC2046 # a list of arguments
ctl $(seq 257)
is "too many words: status" "$status" 2
says "too many words: says which" "^saslbanctl: too many words: '257'$"

# Status, arguments, words on stderr.
while IFS='|' read -r want arguments pattern; do
	# shellcheck disable=SC2086 # a list of arguments
	ctl $arguments
	is "'$arguments': status $want" "$status" "$want"
	says "'$arguments': says why" "$pattern"
	is "'$arguments': prints nothing" "$(cat "$out")" ""
done <<'EOT'
2|help frobnicate|^saslbanctl: unknown verb 'frobnicate'; saslbanctl --help
2|lst|^saslbanctl: unknown verb 'lst'; did you mean 'list'\?$
2|statsu|did you mean 'status'\?
2|unb|did you mean 'unban'\?
2|frobnicate|^saslbanctl: unknown verb 'frobnicate'; saslbanctl --help
2|list --frob|unknown option '--frob'
2|-x list|unknown option '-x'
2|list --json=yes|option '--json' takes no value
2|list --jail|option '--jail' needs a value: NAME
2|list --reason x|'list' takes no option '--reason'
2|unban 192.0.2.1 --for 1h|'unban' takes no option '--for'
2|list x|'list' has no use for 'x'
2|list --since 2027-02-30|--since '2027-02-30' is not allowed; allowed: a duration
2|list --since -1d|--since '-1d' is not allowed
2|list --limit -1|--limit '-1' is not allowed; allowed: a number up to 999999999
2|list --limit 1e3|--limit '1e3' is not allowed
2|list --limit 1000000000|--limit '1000000000' is not allowed
2|list --json --csv|--json or --csv, not both
2|show 192.0.2.1 --csv|'show' takes no option '--csv'
2|backup x --keep 0|--keep '0' is not allowed; allowed: 1 to 999
2|backup /nowhere/x --keep 2|--keep is for a directory, and '/nowhere/x' is none
2|prune|'prune' needs ADDRESS\[/PREFIX\]\|USER, --before WHEN or --jail NAME
2|prune bob --jail sasl|'prune --jail' forgets a whole jail, and takes neither ADDRESS nor USER nor --before
2|prune --jail sasl --before 9d|'prune --jail' forgets a whole jail
2|prune --before tomorrow|--before 'tomorrow' is not allowed
2|show|'show' needs ADDRESS\[/PREFIX\]\|USER
2|show 192.0.2.1 192.0.2.2|'show' has no use for '192.0.2.2'
2|explain|'explain' needs ADDRESS\[/PREFIX\]\|USER
2|explain 192.0.2.1/33|not an address: '192.0.2.1/33'
2|show 192.0.2/24|not an address: '192.0.2/24'; allowed: 192.0.2.1,
3|show 192.0.2|nothing is known of '192.0.2'$
2|ban 192.0.2.300|not an address: '192.0.2.300'
2|unban localhost|not an address: 'localhost'
2|ban 192.0.2.9 --for 3y|--for '3y' is not allowed; allowed: a duration
2|ban 192.0.2.9 --for 0|--for '0' is not allowed
2|ban 192.0.0.0/7 --force|'192.0.0.0/7' is too wide to ban; allowed: .* 8 to 32
2|ban 2001::/15|'2000::/15' is too wide to ban; allowed: .* 16 to 128
2|allow frob|'allow' has no use for 'frob'; allowed: add, del, list$
2|allow add|'allow add' needs ADDRESS
2|allow del --json|'allow del' needs ADDRESS
2|allow list 192.0.2.1|'allow list' has no use for '192.0.2.1'
2|allow --for 1h|'allow list' takes no option '--for'
2|allow del 192.0.2.1 --force|'allow del' takes no option '--force'
2|allow add 192.0.2.1 --jail sasl|'allow' takes no option '--jail'
2|allow add 192.0.2.1 192.0.2|not an address: '192.0.2'
2|allow add 192.0.2.1 --for 3y|--for '3y' is not allowed; allowed: a duration
1|allow add 192.0.0.0/7|'192.0.0.0/7' is wider than /8; --force allows it
1|allow add 2001::/15|'2000::/15' is wider than /16; --force allows it
1|allow add 0.0.0.0/0 --force|refused: every public IPv4 address would be allowed
1|allow add 2000::/4 3000::/4 --force|refused: every public IPv6 address
3|allow del 192.0.2.1|'192.0.2.1' is not in the allow list$
3|list --jail nil|no jail 'nil' in '.*'; there are: rbl, sasl$
3|show 192.0.2.77|no ban and no failure of '192.0.2.77' is known$
3|show 192.0.2.3/31 --jail rbl|no ban and no failure of '192.0.2.2/31' is known in jail 'rbl'$
3|unban 192.0.2.77|'192.0.2.77' is not banned$
3|unban 192.0.2.1 --jail rbl|'192.0.2.1' is not banned in jail 'rbl'$
3|unban 192.0.2.0/24|'192.0.2.0/24' is not banned; but '192.0.2.1' in it is
3|unban 192.0.0.0/2|'192.0.0.0/2' is not banned; but [0-9] addresses in it are
1|unban 10.20.30.40|'10.20.30.40' is still banned, as part of '10.20.0.0/16'
1|ban 127.0.0.1|cannot ban '127.0.0.1' in jail 'sasl': it is loopback: never banned$
1|ban ::1 --force|cannot ban '::1' in jail 'sasl': it is loopback: never banned$
1|ban 169.254.0.0/15|cannot ban '169.254.0.0/15' in .*link-local: never banned$
1|ban 203.0.113.7|cannot ban '203.0.113.7' in jail 'sasl': ignoreip has '203.0.113.0/24'; --force bans it nevertheless$
1|ban 203.0.0.0/8|: ignoreip has '203.0.113.0/24', which is in it; --force
1|ban 2001:db8:77::/64|: ignoreip has '2001:db8:77::1', which is in it; --force
1|ban 198.51.100.250|: it is this machine's own address \('self'\); --force
1|ban 198.51.100.251|: it is the default gateway \('self'\); --force
1|ban 198.51.100.0/24|: 198.51.100.25[01] in it is .*; --force
1|ban 198.51.100.99|: it is 'vpn.example.org' \(ignoreip\); --force
1|ban 192.0.2.9 --jail rbl|jail 'rbl' only observes
EOT
# shellcheck disable=SC2046 # that many
ctl $(seq 257)
is "more words than there may be: status 2" "$status" 2
says "and said" "too many words: '257'"
long=$(printf '%096d' 0)
ctl ban 192.0.2.9 --reason "$long"
is "a reason that would be cut: status 2" "$status" 2
says "and said" '^saslbanctl: --reason is too long; allowed: 95 bytes$'
is "nothing of all this was recorded" \
	"$(sql 'SELECT count(*), max(id) FROM offense')
$(sql 'SELECT count(*) FROM allow')" "8|8
0"

ends "--help" 0 --help
like "--help has every verb" "$(cat "$out")" '^  unban +lift the ban'
ends "VERB --help" 0 ban --help
is "VERB --help has its synopsis" "$(sed '/^$/,$d' "$out")" \
	"usage: saslbanctl ban [ADDRESS[/PREFIX]] [--jail NAME] [--for DURATION]
                  [--reason TEXT] [--force] [--yes] [--file FILE] [--json]"
for verb in '' $("$ctl" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
	# shellcheck disable=SC2086 # or none
	ctl $verb --help
	cp "$out" "$lab/help"
	# shellcheck disable=SC2086 # or none
	ctl help $verb
	is "'help $verb' prints what '$verb --help' does" \
		"$status $(cat "$out" "$err")" "0 $(cat "$lab/help")"
	is "in 80 columns" "$(grep '.\{81,\}' "$out")" ""
	[ -n "$verb" ] || continue
	sed -n '1,/^Examples:$/d; p' "$out" >"$lab/examples"
	ok "'$verb --help' has examples" [ -s "$lab/examples" ]
	[ "$verb" = status ] || is "they are of that verb" \
		"$(grep -v "^  saslbanctl $verb " "$lab/examples" |
			grep -v "^  saslbanctl $verb\$")" ""
	is "with options that it takes" "$(grep -o -e ' --[a-z]*' "$lab/examples" |
		sort -u | while read -r option; do
			sed '/^Examples:$/,$d' "$out" | grep -q -e "$option" ||
				echo "$option"
		done)" ""
done
ends "--version" 0 --version
like "--version says it" "$(cat "$out")" '^saslbanctl [0-9]+\.[0-9]+\.[0-9]+$'
ends "options before the verb" 0 --json --jail sasl list
is "mean the same" "$(json '.bans | length')" 4
POSIXLY_CORRECT=1 "$ctl" list --json -d "$database" >"$out" 2>"$err"
is "options behind the verb, whatever POSIXLY_CORRECT says" \
	"$(json '.bans | length')" 5
"$ctl" -d "$database" list >/dev/full 2>"$err"
is "a full disk is no success" "$?" 1
says "and said" 'cannot write to standard output: No space left on device'

# ---- for people ----

fresh
ctl
is "no verb is status; no engine, status 4" "$status" 4
prints "status" <<EOT
database $database, 2 jails

rbl: only observes, NO ENGINE RUNS; the last one wrote 2h ago
  is rsyslogd running, and does its configuration have this jail? 'rsyslogd -N1' shows what is wrong with it
  bans      0 running, 1 only observed (strike 1: 1)
            last hour  a day ago  last 24h  24h before
  failures          1          0         1           0
  bans              1          0         1           0
  lifted            0          0         0           0
  breaker   closed: no outage is known
  filters   postfix[mode=rbl]: 12 lines, never matched

sasl: enforces, NO ENGINE RUNS; the last one wrote 10s ago
  is rsyslogd running, and does its configuration have this jail? 'rsyslogd -N1' shows what is wrong with it
  bans      4 running (strike 1: 2, 2: 2), 1 not yet in the kernel
            last hour  a day ago  last 24h  24h before
  failures         11          0        14           0
  bans              3          0         6           0
  lifted            1          0         1           0
  foreign   12 lines that somebody else wrote, the last 3h ago
  breaker   closed: no outage is known
  filters   dovecot: BLIND for 7d 23h: 25 unmatched lines; 1 other matches
  enforcer  ipset
  growth    up to 4194304 entries (set.max)
  sets      saslban4, saslban6  not known: cannot read set 'saslban': there is no such set
EOT
ctl status --verbose
is "status --verbose: the same status" "$status" 4
prints "status --verbose" <<EOT
database $database, 2 jails

rbl: only observes, NO ENGINE RUNS; the last one wrote 2h ago
  is rsyslogd running, and does its configuration have this jail? 'rsyslogd -N1' shows what is wrong with it
  bans      0 running, 1 only observed
  last 24h  failures 1, offenses 1, lifted 0
  grounds   too many failures: 1
  logins    none known yet: nobody is a customer
  policy    maxretry 1, findtime 1h, bantime 1h, then times 2 up to 24h, forget 32d
  known     maxretry 10, bantime 10m, window 30d
  account   hosts 10, window 24h, grace 2m, trap.hosts 0
  network   hosts 16, window 24h, v4 24, v6 56, v6.wide 48
  prefix    v4 32, v6 64
  others    repeat.window 24h, breaker 4, retain 400d, breach report
  ignoreip  self
  filters   postfix[mode=rbl]: 12 lines, no match yet
              ambiguous lines: 1; failed logins, and what the sender wrote hides the address

sasl: enforces, NO ENGINE RUNS; the last one wrote 10s ago
  is rsyslogd running, and does its configuration have this jail? 'rsyslogd -N1' shows what is wrong with it
  bans      4 running, 1 not yet in the kernel
  last 24h  failures 14, offenses 6, lifted 1
  foreign   12 lines that somebody else wrote, the last 3h ago
  grounds   too many failures: 4
  logins    none known yet: nobody is a customer
  policy    maxretry 3, findtime 1h, bantime 48h, 8d, 32d, forget 32d
  known     maxretry 10, bantime 10m, window 30d
  account   hosts 10, window 24h, grace 2m, trap.hosts 0
  network   hosts 16, window 24h, v4 24, v6 56, v6.wide 48
  prefix    v4 32, v6 64
  others    repeat.window 24h, breaker 4, retain 400d, breach report
  ignoreip  self, 203.0.113.0/24, 2001:db8:77::1, vpn.example.org (NO ADDRESS KNOWN)
  filters   postfix: 1234 lines, last match 2h ago
              3 unmatched lines that look like a failed login, such as
              postfix/smtpd: warning: *[*]: SASL * authentication failed
            dovecot: 540 lines, last match 8d ago
              BLIND for 7d 23h: 25 unmatched lines, such as
              dovecot: imap-login: Login failed for *
              ambiguous lines: 4; failed logins, and what the sender wrote hides the address
              orphans: 3; failed logins of connections that are not known, or not any more
  enforcer  ipset
  growth    up to 4194304 entries (set.max)
  sets      saslban4, saslban6  not known: cannot read set 'saslban': there is no such set
EOT
sql "UPDATE filter SET lines = 0, matched = NULL, unmatched = 0,
	ambiguous = 0, unmatched_since_match = 0 WHERE name = 'postfix'"
ctl status --jail sasl
like "a filter without lines, in short" "$(cat "$out")" \
	'^  filters   postfix: no lines yet; dovecot: BLIND '
ctl status --jail sasl --verbose
like "a filter without lines, besides one with lines" "$(cat "$out")" \
	'^  filters +postfix: no lines yet$'
sql "UPDATE filter SET lines = 0, matched = NULL, unmatched = 0,
	ambiguous = 0, orphans = 0, unmatched_since_match = 0"
ctl status --jail sasl
is "failures, and not one line counted yet, in short" \
	"$(grep '^  filters' "$out")" \
	"  filters   lines are counted once a minute"
ctl status --jail sasl --verbose
is "failures, and not one line counted yet" \
	"$(grep -A 1 '^  filters' "$out")" "$(cat <<'EOT'
  filters   postfix: lines are counted once a minute
            dovecot: lines are counted once a minute
EOT
)"

# Engines, and what is said of them.
fresh
engines sasl rbl
ctl --jail rbl
is "an engine runs that cannot write, in a jail that only observes" \
	"$status $(sed -n 3p "$out")" \
	"0 rbl: only observes, engine runs, but has not written for 2h"
ctl --jail sasl
is "an engine runs" "$(sed -n 3p "$out")" \
	"sasl: enforces, engine wrote 10s ago"
is "but a set is missing: status 5" "$status" 5
unlike "and there is nothing to be done about the engine" "$(cat "$out")" 'N1'
no_engines
engines rbl
ctl --json --jail sasl
is "one jail was left out: status 4" "$status" 4
is "and the other runs" "$(ctl --json
	json '[.jails[] | .name, .alive, .engine, .trouble]')" \
	'["rbl",true,"runs",[],"sasl",false,"none",["no-engine","kernel"]]'
no_engines
sql "UPDATE jail SET seen = 0"
ctl --jail sasl
is "none has ever run" "$(sed -n 3p "$out")" \
	"sasl: enforces, NO ENGINE RUNS and none ever has"
engines sasl rbl
ctl --jail rbl
is "the first runs" "$status $(sed -n 3p "$out")" \
	"0 rbl: only observes, engine runs and has not written yet"

sql "DELETE FROM jail"
ctl
is "a database without jails has no engine" "$status" 4

# Who is exempt.
fresh
sql "INSERT INTO hostname VALUES ('vpn.example.org', '198.51.100.99',
	$now - 86400 * 3 - 60)"
sql "INSERT INTO hostname VALUES ('other.example.org', '198.51.100.98', $now)"
ctl status --verbose --jail sasl
like "a name whose addresses are old" "$(cat "$out")" \
	' vpn\.example\.org \(addresses of 3d ago\)$'
ctl --jail sasl --json
is "the same as JSON" "$(json '.jails[0] | .ignoreip, .hostnames')" "$(cat <<'EOT'
["self","203.0.113.0/24","2001:db8:77::1","vpn.example.org"]
[{"name":"vpn.example.org","state":"kept","at":-259260,"addresses":["198.51.100.99"]}]
EOT
)"
sql "UPDATE hostname SET at = $now"
ctl status --verbose --jail sasl
like "a name with fresh addresses needs no words" "$(cat "$out")" \
	' vpn\.example\.org$'

fresh
ends "rules" 0 rules
prints "rules: those that never matched, too" <<'EOT'
JAIL  FILTER             RULE          KIND     HITS  OVERRUNS  FIRST                LAST
sasl  postfix            postfix:1     failure    42         0  YYYY-MM-DD hh:mm:ss  YYYY-MM-DD hh:mm:ss
sasl  postfix            postfix:ok:1  success     0         0  -                    -
sasl  dovecot            dovecot:1     failure     7         2  YYYY-MM-DD hh:mm:ss  YYYY-MM-DD hh:mm:ss
rbl   postfix[mode=rbl]  postfix:1     failure     0         0  -                    -
EOT
ends "rules --jail" 0 rules --jail rbl
prints "rules --jail: of that jail" <<'EOT'
JAIL  FILTER             RULE       KIND     HITS  OVERRUNS  FIRST  LAST
rbl   postfix[mode=rbl]  postfix:1  failure     0         0  -      -
EOT
ends "list" 0 list
prints "list: what runs, newest first" <<'EOT'
ADDRESS            JAIL  STRIKE  SINCE                   LEFT  FAILURES  DROPPED  STATE     WHY
10.20.0.0/16       sasl       1  YYYY-MM-DD hh:mm:ss      60d         0        0  active    by root
198.51.100.7       rbl        1  YYYY-MM-DD hh:mm:ss   2h 30m         1        0  observed  1 failure
2001:db8:1:2::/64  sasl       1  YYYY-MM-DD hh:mm:ss  forever         7        0  pending   by root: \x1b[2Jgo\n away
192.0.2.1          sasl       2  YYYY-MM-DD hh:mm:ss   7d 23h         4        0  active    3 failures in 10m
198.51.100.9       sasl       2  YYYY-MM-DD hh:mm:ss   7d 22h         4        0  active    3 failures in 2m
EOT
ends "list --all" 0 list --all
prints "list --all: and what is over" <<'EOT'
ADDRESS            JAIL  STRIKE  SINCE                   LEFT  FAILURES  DROPPED  STATE     WHY
10.20.0.0/16       sasl       1  YYYY-MM-DD hh:mm:ss      60d         0        0  active    by root
198.51.100.7       rbl        1  YYYY-MM-DD hh:mm:ss   2h 30m         1        0  observed  1 failure
2001:db8:1:2::/64  sasl       1  YYYY-MM-DD hh:mm:ss  forever         7        0  pending   by root: \x1b[2Jgo\n away
192.0.2.1          sasl       2  YYYY-MM-DD hh:mm:ss   7d 23h         4        0  active    3 failures in 10m
198.51.100.9       sasl       2  YYYY-MM-DD hh:mm:ss   7d 22h         4        0  active    3 failures in 2m
198.51.100.9       sasl       1  YYYY-MM-DD hh:mm:ss        -         4        0  replaced  4 failures in 1m
198.51.100.8       sasl       1  YYYY-MM-DD hh:mm:ss        -         3        0  lifted    3 failures in 4s
192.0.2.1          sasl       1  YYYY-MM-DD hh:mm:ss        -         5        0  expired   3 failures in 10m
EOT
ends "list --since a duration" 0 list --all --since 1h --limit 2
is "only those that began since then, the newest" \
	"$(sed '1d; s/  .*//' "$out")" "10.20.0.0/16
198.51.100.7"
ends "list --limit 0" 0 list --all --limit 0
is "--limit 0: all" "$(wc -l <"$out")" 9
at=$(date -d "@$((now - 600))" '+%F %T')
ends "list --since a moment" 0 list --since "$at" --json
is "the one that began then, too" "$(json '[.bans[].id]')" '[8,7]'
at=$(date -d "@$((now - 299))" '+%FT%T')
ends "list --since a moment after all of them" 0 list --since "$at"
is "there are none" "$(cat "$out")" "no bans running that fit"
ends "list --csv" 0 list --all --csv
sed -E 's/\r$/;/; s/20..-..-.. ..:..:../YYYY-MM-DD hh:mm:ss/g' "$out" >"$lab/csv"
is "list --csv" "$(cat "$lab/csv")" "$(cat <<'EOT'
address,jail,strike,at,until,ended,lifted,failures,late,packets,state,why;
10.20.0.0/16,sasl,1,YYYY-MM-DD hh:mm:ss,YYYY-MM-DD hh:mm:ss,,,0,0,0,active,by root;
198.51.100.7,rbl,1,YYYY-MM-DD hh:mm:ss,YYYY-MM-DD hh:mm:ss,,,1,0,0,observed,1 failure;
2001:db8:1:2::/64,sasl,1,YYYY-MM-DD hh:mm:ss,never,,,7,0,0,pending,by root: \x1b[2Jgo\n away;
192.0.2.1,sasl,2,YYYY-MM-DD hh:mm:ss,YYYY-MM-DD hh:mm:ss,,,3,1,0,active,3 failures in 10m;
198.51.100.9,sasl,2,YYYY-MM-DD hh:mm:ss,YYYY-MM-DD hh:mm:ss,,,3,1,0,active,3 failures in 2m;
198.51.100.9,sasl,1,YYYY-MM-DD hh:mm:ss,YYYY-MM-DD hh:mm:ss,YYYY-MM-DD hh:mm:ss,,4,0,0,replaced,4 failures in 1m;
198.51.100.8,sasl,1,YYYY-MM-DD hh:mm:ss,YYYY-MM-DD hh:mm:ss,,YYYY-MM-DD hh:mm:ss,3,0,0,lifted,3 failures in 4s;
192.0.2.1,sasl,1,YYYY-MM-DD hh:mm:ss,YYYY-MM-DD hh:mm:ss,YYYY-MM-DD hh:mm:ss,,3,2,0,expired,3 failures in 10m;
EOT
)"
ends "show" 0 show 192.0.2.1
prints "show: each jail, bans, failures, all escaped, wide letters straight" <<'EOT'
192.0.2.1
  jail rbl
    now      not banned
    counts   failures 1 of 1 within 1h, strikes 0; strike 1 would last 1h
  jail sasl
    now      banned until YYYY-MM-DD hh:mm:ss (7d 23h left), strike 2
    kernel   not in set saslban4
    counts   failures 0 of 3 within 1h, strikes 2; strike 3 would last 32d

bans
  SINCE                ADDRESS    JAIL  STRIKE  LENGTH  STATE    FAILURES  LATE  WHY
  YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl       2      8d  active          3     1  3 failures in 10m
  YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl       1     48h  expired         3     2  3 failures in 10m

failures
  TIME                 HOST       JAIL  USER                SERVICE        MECH   COUNT  VERDICT  RULE
  YYYY-MM-DD hh:mm:ss  192.0.2.1  rbl   eve                 postfix/smtpd  -          1  counted  postfix:1
  YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl  q"b\\s/\x7f\u{9b}m  postfix/smtpd  -          1  late     postfix:1
  YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl  日本                postfix/smtpd  LOGIN      2  counted  postfix:1
  YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl  \u{202e}gnp.exe     postfix/smtpd  LOGIN      1  counted  postfix:1
  YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl  bad\xff\xfe utf8    postfix/smtpd  PLAIN      1  counted  postfix:1
  YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl  \x1b[31mred\x07     postfix/smtpd  PLAIN      1  counted  postfix:1
  YYYY-MM-DD hh:mm:ss  192.0.2.1  sasl  alice               postfix/smtpd  LOGIN      1  counted  postfix:1
EOT
ends "show of a host in a banned /64" 0 show 2001:db8:1:2::9 --jail sasl
prints "show: it is judged as its /64" <<'EOT'
2001:db8:1:2::9, judged as 2001:db8:1:2::/64
  jail sasl
    now      banned forever, strike 1
    kernel   not in set saslban6
    counts   failures 0 of 3 within 1h, strikes 1; strike 2 would last 8d

bans
  SINCE                ADDRESS            JAIL  STRIKE   LENGTH  STATE    FAILURES  LATE  WHY
  YYYY-MM-DD hh:mm:ss  2001:db8:1:2::/64  sasl       1  forever  pending         7     0  by root: \x1b[2Jgo\n away

failures
  TIME                 HOST             JAIL  USER  SERVICE        MECH   COUNT  VERDICT  RULE
  YYYY-MM-DD hh:mm:ss  2001:db8:1:2::5  sasl  bob   postfix/smtpd  PLAIN      7  counted  postfix:1
EOT
ends "show of a network" 0 show 198.51.100.0/24 --jail sasl
like "says how many in it are banned" "$(cat "$out")" \
	'^    inside +1 ban of a part of it runs$'
ends "show of what a wider ban covers" 0 show 10.20.30.40
like "names the wider ban" "$(cat "$out")" \
	'now +banned as 10\.20\.0\.0/16 until .* \(60d left\), strike 1$'
ends "show of a lifted ban" 0 show 198.51.100.8
like "says who lifted it, when and why" "$(cat "$out")" \
	"; lifted 20[0-9: -]+ by alice: a customer's printer$"
ends "show of an observed ban" 0 show 198.51.100.7
like "says that it would be one" "$(cat "$out")" \
	'now +would be banned until '

# ---- what was dropped ----

# A ban that runs, one that ran out, and one that was lifted.
sql "UPDATE offense SET packets = 1234, bytes = 98765 WHERE id = 5;
	UPDATE offense SET packets = 1, bytes = 60 WHERE id = 1;
	UPDATE offense SET packets = 20, bytes = 1200 WHERE id = 2"
ends "list of what was dropped" 0 list --all
is "list: the packets of each" "$(sed -nE \
	's/^([0-9a-f.:\/]+) .* ([0-9]+)  (active|expired|lifted) .*/\1 \2 \3/p' \
	"$out")" "$(cat <<'EOT'
10.20.0.0/16 0 active
192.0.2.1 1234 active
198.51.100.9 0 active
198.51.100.8 20 lifted
192.0.2.1 1 expired
EOT
)"
ends "show of what was dropped" 0 show 192.0.2.1 --jail sasl
is "show: of each ban" "$(grep -o '3 failures in 10m.*' "$out")" "$(cat <<'EOT'
3 failures in 10m; dropped 1234 packets (98 kB)
3 failures in 10m; dropped 1 packet (60 B)
EOT
)"
ends "show of a lifted ban" 0 show 198.51.100.8
like "has it before the pardon" "$(cat "$out")" \
	'4s; dropped 20 packets \(1.2 kB\); lifted 20'
ends "as JSON" 0 show 192.0.2.1 --jail sasl --json
is "there are two numbers" "$(json '[.bans[] | .packets, .bytes]')" \
	'[1234,98765,1,60]'
ctl status --jail sasl
is "status has the sum of what runs" "$(grep '^  dropped ' "$out")" \
	"  dropped   1234 packets (98 kB), by the bans that run"
ctl status --jail sasl --json
is "also as JSON" "$(json '.jails[0] | [.packets, .bytes]')" '[1234,98765]'
sql "UPDATE offense SET packets = 0, bytes = 0"
ctl status --jail sasl
is "none is not worth a line" "$(grep -c '^  dropped ' "$out")" 0

# Address, the line about it, for those who are exempt.
sql "INSERT INTO hostname VALUES ('vpn.example.org', '198.51.100.99', $now)"
while IFS='|' read -r address line; do
	ends "show $address" 0 show "$address" --jail sasl
	is "names what it is exempt by" "$(grep '^    exempt ' "$out")" \
		"    exempt   $line"
done <<'EOT'
203.0.113.7|ignoreip has '203.0.113.0/24'
203.0.113.0/28|ignoreip has '203.0.113.0/24'
203.0.0.0/16|ignoreip has '203.0.113.0/24', which is in it
2001:db8:77::1|ignoreip has '2001:db8:77::1'
198.51.100.250|it is this machine's own address ('self')
198.51.100.251|it is the default gateway ('self')
198.51.100.99|it is 'vpn.example.org' (ignoreip)
127.0.0.1|it is loopback: never banned
EOT
ends "show of who shares a /64 with him" 3 show 2001:db8:77::2 --jail sasl
ends "show of who is exempt, as JSON" 0 show 198.51.100.99 --json --jail sasl
is "names it, too" "$(json '.jails[0].exempt')" \
	"{\"by\":\"hostname\",\"entry\":\"vpn.example.org\",\"address\":\"198.51.100.99\",\"text\":\"it is 'vpn.example.org' (ignoreip)\"}"

LC_ALL=C "$ctl" -d "$database" show 192.0.2.1 >"$out"
is "a terminal of ASCII gets ASCII" \
	"$(LC_ALL=C grep -c '[^ -~]' "$out")" 0
like "with escapes for the rest" "$(cat "$out")" '\\u\{65e5\}\\u\{672c\} '

# ---- on a terminal ----

# narrow COLUMNS ARGUMENT...: what a terminal of that width gets, in $out.
narrow() {
	columns=$1
	shift
	NO_COLOR=1 TERM=xterm script -qec \
		"stty cols $columns; $ctl -d $database $*" /dev/null \
		</dev/null | tr -d '\r' >"$out"
}
# shown TITLE < TEXT: as prints, also of times without seconds.
shown() {
	is "$1" "$(sed -E 's/20..-..-.. ..:..:../YYYY-MM-DD hh:mm:ss/g
		s/20..-..-.. ..:../YYYY-MM-DD hh:mm/g' "$out")" "$(cat)"
}
narrow 80 list --all
shown "80 columns: a list has the reasons below" <<'EOT'
ADDRESS            JAIL  STRIKE  SINCE                LEFT  FAILURES  STATE
10.20.0.0/16       sasl       1  YYYY-MM-DD hh:mm      60d         0  active
    by root
198.51.100.7       rbl        1  YYYY-MM-DD hh:mm   2h 30m         1  observed
    1 failure
2001:db8:1:2::/64  sasl       1  YYYY-MM-DD hh:mm  forever         7  pending
    by root: \x1b[2Jgo\n away
192.0.2.1          sasl       2  YYYY-MM-DD hh:mm   7d 23h         4  active
    3 failures in 10m
198.51.100.9       sasl       2  YYYY-MM-DD hh:mm   7d 22h         4  active
    3 failures in 2m
198.51.100.9       sasl       1  YYYY-MM-DD hh:mm        -         4  replaced
    4 failures in 1m
198.51.100.8       sasl       1  YYYY-MM-DD hh:mm        -         3  lifted
    3 failures in 4s
192.0.2.1          sasl       1  YYYY-MM-DD hh:mm        -         5  expired
    3 failures in 10m
EOT
narrow 80 show 2001:db8:1:2::9 --jail sasl
shown "80 columns: show has the reasons below" <<'EOT'
2001:db8:1:2::9, judged as 2001:db8:1:2::/64
  jail sasl
    now      banned forever, strike 1
    kernel   not in set saslban6
    counts   failures 0 of 3 within 1h, strikes 1; strike 2 would last 8d

bans
  SINCE             ADDRESS            JAIL  STRIKE   LENGTH  STATE    FAILURES
  YYYY-MM-DD hh:mm  2001:db8:1:2::/64  sasl       1  forever  pending         7
      by root: \x1b[2Jgo\n away

failures
  TIME              HOST             JAIL  USER  SERVICE   MECH   COUNT  VERDICT
  YYYY-MM-DD hh:mm  2001:db8:1:2::5  sasl  bob   postfix…  PLAIN      7  counted
EOT
for columns in 80 100 132; do
	for call in status "list --all" "show 192.0.2.1" \
		"show 2001:db8:1:2::9" rules "status --jail sasl"; do
		# shellcheck disable=SC2086 # a list of arguments
		narrow $columns $call
		ok "$columns columns: '$call' fits" \
			[ "$(wc -L <"$out")" -le "$columns" ]
		ok "and is there" [ "$(wc -l <"$out")" -gt 4 ]
	done
done
fresh
for call in "ban 2001:db8:1234:5678:9abc:def0:1234:5678/128 --jail sasl" \
	"ban 2001:db8:1234:5678:9abc:def0:1234:5678/128 --jail sasl" \
	"unban 2001:db8:1234:5678:9abc:def0:1234:5678/128" \
	"allow add 2001:db8:1234:5678:9abc:def0:1234:5678 --for 9d" "allow"; do
	# shellcheck disable=SC2086 # a list of arguments
	narrow 80 $call
	is "80 columns: '$call' fits" \
		"$(grep -v '^saslbanctl: ' "$out" | grep '.\{81,\}')" ""
	ok "and is there" grep -q '2001:db8:1234:5678:9abc' "$out"
done
fresh
for call in status "list --all" "show 192.0.2.1" rules; do
	# shellcheck disable=SC2086 # a list of arguments
	ctl $call
	cp "$out" "$lab/piped"
	# shellcheck disable=SC2086 # a list of arguments
	narrow 200 $call
	ok "200 columns: '$call' is whole" cmp "$out" "$lab/piped"
done
LC_ALL=C narrow 80 show 2001:db8:1:2::9
is "a terminal of ASCII: cut with a mark of ASCII" \
	"$(grep -c '  postfix~  ' "$out")" 1

# terminal COMMAND: what it writes to a terminal.
terminal() {
	TERM=xterm script -qec "$1" /dev/null </dev/null
}
coloured=$(printf '\033[')
has_colour() {
	case $1 in *"$coloured"*) echo yes ;; *) echo no ;; esac
}
is "a terminal gets colour" \
	"$(has_colour "$(terminal "$ctl -d $database")")" yes
is "but not with NO_COLOR" \
	"$(has_colour "$(NO_COLOR=1 terminal "$ctl -d $database")")" no
is "a dumb one does not" \
	"$(has_colour "$(terminal "TERM=dumb $ctl -d $database")")" no
is "JSON never has it" \
	"$(has_colour "$(terminal "$ctl -d $database --json")")" no

# ---- for programs ----

fresh
ctl status --json
is "status --json: the same exit status" "$status" 5
is "is one document on one line" "$(wc -l <"$out")" 1
is "status: the jails" "$(json '.jails[]')" "$(cat <<'EOT'
{"name":"rbl","enforce":false,"seen":-7230,"alive":true,"engine":"runs","trouble":[],"running":1,"observed":1,"pending":0,"packets":0,"bytes":0,"failures_24h":1,"offenses_24h":1,"lifted_24h":0,"foreign_lines":5,"foreign_last":-172800,"maxretry":1,"findtime":3600,"bantime":[3600],"bantime_factor":2,"bantime_max":86400,"forget":2764800,"known_maxretry":10,"known_bantime":600,"known_window":2592000,"account_hosts":10,"account_window":86400,"account_grace":120,"trap_hosts":0,"network_hosts":16,"network_window":86400,"network_v4":24,"network_v6":56,"network_v6_wide":48,"prefix_v4":32,"prefix_v6":64,"repeat_window":86400,"breaker":4,"retain":34560000,"breach":"report","trap":[],"origin_uid":[],"origin_unit":[],"origin_from":[],"filters":[{"filter":"postfix[mode=rbl]","lines":12,"first":-1800,"last":-1800,"matched":null,"unmatched":0,"unmatched_since_match":0,"example":"","ambiguous":1,"orphans":0,"overruns":0,"blind":false}],"set":"saslban-rbl","set_max":4194304,"set_create":true,"enforcer":null,"cut":false,"sets":null,"ignoreip":["self"],"hostnames":[],"grounds":{"count":1,"account":0,"trap":0,"network":0,"breach":0,"person":0,"found":0},"logins":0,"accounts_attacked":0,"accounts":[],"networks_attacking":0,"networks":[],"outage":false,"outages":[],"breaches_7d":0,"breaches":[],"strikes":[1,0,0,0],"last_hour":{"failures":1,"offenses":1,"lifted":0},"hour_before":{"failures":0,"offenses":0,"lifted":0},"last_day":{"failures":1,"offenses":1,"lifted":0},"day_before":{"failures":0,"offenses":0,"lifted":0}}
{"name":"sasl","enforce":true,"seen":-10,"alive":true,"engine":"runs","trouble":["kernel"],"running":4,"observed":0,"pending":1,"packets":0,"bytes":0,"failures_24h":14,"offenses_24h":6,"lifted_24h":1,"foreign_lines":12,"foreign_last":-10830,"maxretry":3,"findtime":3600,"bantime":[172800,691200,2764800],"bantime_factor":1,"bantime_max":null,"forget":2764800,"known_maxretry":10,"known_bantime":600,"known_window":2592000,"account_hosts":10,"account_window":86400,"account_grace":120,"trap_hosts":0,"network_hosts":16,"network_window":86400,"network_v4":24,"network_v6":56,"network_v6_wide":48,"prefix_v4":32,"prefix_v6":64,"repeat_window":86400,"breaker":4,"retain":34560000,"breach":"report","trap":[],"origin_uid":[],"origin_unit":[],"origin_from":[],"filters":[{"filter":"postfix","lines":1234,"first":-777600,"last":-7230,"matched":-7230,"unmatched":3,"unmatched_since_match":0,"example":"postfix/smtpd: warning: *[*]: SASL * authentication failed","ambiguous":0,"orphans":0,"overruns":0,"blind":false},{"filter":"dovecot","lines":540,"first":-691230,"last":-3600,"matched":-691230,"unmatched":25,"unmatched_since_match":25,"example":"dovecot: imap-login: Login failed for *","ambiguous":4,"orphans":3,"overruns":0,"blind":true}],"set":"saslban","set_max":4194304,"set_create":true,"enforcer":"ipset","cut":false,"sets":[{"name":"saslban4","elements":null,"maxelem":null,"references":null,"error":"cannot read set 'saslban': there is no such set","waiting":false},{"name":"saslban6","elements":null,"maxelem":null,"references":null,"error":"cannot read set 'saslban': there is no such set","waiting":true}],"ignoreip":["self","203.0.113.0/24","2001:db8:77::1","vpn.example.org"],"hostnames":[{"name":"vpn.example.org","state":"unknown","at":null,"addresses":[]}],"grounds":{"count":4,"account":0,"trap":0,"network":0,"breach":0,"person":0,"found":0},"logins":0,"accounts_attacked":0,"accounts":[],"networks_attacking":0,"networks":[],"outage":false,"outages":[],"breaches_7d":0,"breaches":[],"strikes":[2,2,0,0],"last_hour":{"failures":11,"offenses":3,"lifted":1},"hour_before":{"failures":0,"offenses":0,"lifted":0},"last_day":{"failures":14,"offenses":6,"lifted":1},"day_before":{"failures":0,"offenses":0,"lifted":0}}
EOT
)"
is "status: the database" "$(json .database)" "\"$database\""

ends "rules --json" 0 rules --json
is "rules: all of them" "$(json '.rules[]')" "$(cat <<'EOT'
{"jail":"sasl","filter":"postfix","rule":"postfix:1","kind":"failure","hits":42,"overruns":0,"first":-777600,"last":-7230,"regex":"^a$"}
{"jail":"sasl","filter":"postfix","rule":"postfix:ok:1","kind":"success","hits":0,"overruns":0,"first":null,"last":null,"regex":"^b\\[$"}
{"jail":"sasl","filter":"dovecot","rule":"dovecot:1","kind":"failure","hits":7,"overruns":2,"first":-691230,"last":-691230,"regex":"^(?:.*){9}$"}
{"jail":"rbl","filter":"postfix[mode=rbl]","rule":"postfix:1","kind":"failure","hits":0,"overruns":0,"first":null,"last":null,"regex":"^c$"}
EOT
)"

ends "list --all --json" 0 list --all --json
is "list: the bans" "$(json '.bans[]')" "$(cat <<'EOT'
{"id":8,"address":"10.20.0.0/16","jail":"sasl","state":"active","strike":1,"ground":"count","at":-300,"until":5185830,"left":86430,"failures":0,"late":0,"packets":0,"bytes":0,"why":"by root","held":2073600,"ended":null,"lifted":null,"lifted_by":null,"lifted_why":null}
{"id":7,"address":"198.51.100.7","jail":"rbl","state":"observed","strike":1,"ground":"count","at":-600,"until":9030,"left":150,"failures":1,"late":0,"packets":0,"bytes":0,"why":"1 failure","held":null,"ended":null,"lifted":null,"lifted_by":null,"lifted_why":null}
{"id":6,"address":"2001:db8:1:2::/64","jail":"sasl","state":"pending","strike":1,"ground":"count","at":-1800,"until":null,"left":null,"failures":7,"late":0,"packets":0,"bytes":0,"why":"by root: \u001b[2Jgo\n away","held":null,"ended":null,"lifted":null,"lifted_by":null,"lifted_why":null}
{"id":5,"address":"192.0.2.1","jail":"sasl","state":"active","strike":2,"ground":"count","at":-3570,"until":687630,"left":11460,"failures":3,"late":1,"packets":0,"bytes":0,"why":"3 failures in 10m","held":687630,"ended":null,"lifted":null,"lifted_by":null,"lifted_why":null}
{"id":4,"address":"198.51.100.9","jail":"sasl","state":"active","strike":2,"ground":"count","at":-4000,"until":687200,"left":11453,"failures":3,"late":1,"packets":0,"bytes":0,"why":"3 failures in 2m","held":687200,"ended":null,"lifted":null,"lifted_by":null,"lifted_why":null}
{"id":3,"address":"198.51.100.9","jail":"sasl","state":"replaced","strike":1,"ground":"count","at":-5000,"until":167800,"left":0,"failures":4,"late":0,"packets":0,"bytes":0,"why":"4 failures in 1m","held":null,"ended":-4000,"lifted":null,"lifted_by":null,"lifted_why":null}
{"id":2,"address":"198.51.100.8","jail":"sasl","state":"lifted","strike":1,"ground":"count","at":-7200,"until":165600,"left":0,"failures":3,"late":0,"packets":0,"bytes":0,"why":"3 failures in 4s","held":null,"ended":null,"lifted":-3600,"lifted_by":"alice","lifted_why":"a customer's printer"}
{"id":1,"address":"192.0.2.1","jail":"sasl","state":"expired","strike":1,"ground":"count","at":-864000,"until":-691200,"left":0,"failures":3,"late":2,"packets":0,"bytes":0,"why":"3 failures in 10m","held":null,"ended":-691200,"lifted":null,"lifted_by":null,"lifted_why":null}
EOT
)"

ends "show --json" 0 show 192.0.2.1 --json --jail sasl
is "show: whom" "$(json '[.address, .about]')" '["192.0.2.1","192.0.2.1"]'
is "show: the jail" "$(json '.jails[]')" "$(cat <<'EOT'
{"name":"sasl","offender":"192.0.2.1","exempt":null,"banned":true,"until":687630,"left":11460,"strikes":2,"failures":0,"patience":3,"window":3600,"next_strike":3,"next_bantime":2764800,"kernel":{"found":false},"kernel_error":null}
EOT
)"
is "show: its bans" "$(json '[.bans[].id]')" '[5,1]'
is "show: a failure, whole" "$(json '.failures[1]')" "$(cat <<'EOT'
{"at":-3570,"host":"192.0.2.1","jail":"sasl","user":"日本","service":"postfix/smtpd","mech":"LOGIN","count":2,"late":false,"verdict":"counted","rule":"postfix:1"}
EOT
)"
is "show: the users, as the document spells them" \
	"$(grep -o '"user":"[^,]*' "$out")" "$(cat <<'EOT'
"user":"q\"b\\s/\u007f\u009bm"
"user":"日本"
"user":"\u202egnp.exe"
"user":"bad\ufffd\ufffd utf8"
"user":"\u001b[31mred\u0007"
"user":"alice"
EOT
)"
ctl show 192.0.2.77 --json
is "show --json of nobody: status 3" "$status" 3
is "and still a document" "$(json '[.bans, .failures]')" '[[],[]]'

# ---- what can be wrong with the database ----

good=$database
# refuses TITLE STATUS PATTERN ARGUMENT...
refuses() {
	title=$1
	want=$2
	pattern=$3
	shift 3
	ctl "$@"
	is "$title: status $want" "$status" "$want"
	says "$title: said" "$pattern"
}
database=$lab/nowhere/x.db
refuses "no database" 1 "no database at '$database'; .* -d names another" list
database=$lab/text
echo "not a database, but long enough to be looked at, that much" >"$database"
refuses "a text file" 1 "'$database' is not a SQLite database" list
refuses "a text file, to be written" 1 "not a SQLite database" ban 192.0.2.9
database=$lab/other.db
sql 'CREATE TABLE t (x)'
refuses "another program's database" 1 "'$database' is another program's" list
database=$lab/newer.db
cp "$good" "$database"
sql 'PRAGMA user_version = 99'
refuses "a newer version" 1 "has version 99, made by a newer saslban" list
refuses "a newer version, to be written" 1 "version 99" ban 192.0.2.9
database=$lab/empty.db
: >"$database"
refuses "an empty file" 1 "'$database'" list
database=$lab
refuses "a directory" 1 "'$lab': it is a directory" list
mkfifo "$lab/fifo"
for database in "$lab/fifo" /dev/zero /dev/null; do
	for call in list "unban 192.0.2.1"; do
		# shellcheck disable=SC2086 # a list of arguments
		refuses "no file: '$call'" 1 \
			"'$database': it is not a regular file" $call
	done
done
database=$lab/endless.db
cp "$good" "$database"
sql "ALTER TABLE offense RENAME TO other;
	CREATE VIEW offense AS WITH RECURSIVE n(i) AS (SELECT 1
		UNION ALL SELECT i + 1 FROM n)
	SELECT other.* FROM other, n"
refuses "a view without an end" 1 "'$database'" list
database=$lab/hostile.db
cp "$good" "$database"
sql "UPDATE offense SET failures = 9223372036854775807,
		late = 9223372036854775807, at = -9223372036854775807,
		strike = 9223372036854775807 WHERE id = 5;
	UPDATE offense SET until = 9223372036854775806 WHERE id = 4;
	UPDATE jail SET seen = -9223372036854775807;
	UPDATE filter SET first = -9223372036854775807, lines = -1,
		last = 9223372036854775807;
	UPDATE entry SET since = -9223372036854775807"
for call in list "list --all --json" status "show 192.0.2.1" \
	"show 198.51.100.9" "explain 192.0.2.1" "explain 192.0.2.0/24" \
	"explain bob" "rules --json"; do
	# shellcheck disable=SC2086 # a list of arguments
	ctl $call
	ok "numbers at their limits: '$call'" [ "$status" -lt 10 ]
	is "no complaint" "$(cat "$err")" ""
done
database=$good

# as_nobody ARGUMENT...: no root, no capability.
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$ctl" -d "$database" "$@" >"$out" 2>"$err"
	status=$?
}
as_nobody list
is "reading needs no root" "$status $(wc -l <"$out")" "0 6"
as_nobody
like "status says what it may not ask" "$(cat "$out")" \
	'^  sets +saslban4, saslban6  not known: .*(permi|CAP_NET_ADMIN)'
as_nobody ban 192.0.2.9
is "banning needs it: status 1" "$status" 1
says "and said" "'$database'"
chmod 600 "$database"
as_nobody list
is "a closed database: status 1" "$status" 1
says "and said" "'$database'"
chmod 644 "$database"

# Another program writes, and goes on writing.
ok "the database is locked" lock
refuses "a locked database" 1 "another program is writing" ban 192.0.2.9
ends "can be read all the same" 0 list
unlock

# ---- ban and unban, without the kernel ----

# kept COLUMNS: of the bans of 192.0.2.9. held: by the kernel, seconds from
# the ban's begin.
kept() {
	sql "SELECT $1 FROM offense JOIN jail ON jail.id = offense.jail
		WHERE address = '192.0.2.9' AND name = 'sasl'"
}
held() {
	sql "SELECT CASE entry.held WHEN 0 THEN 0 ELSE entry.held - at END
		FROM offense JOIN entry USING (address)
		WHERE address = '192.0.2.9' AND lifted IS NULL"
}
fresh
ctl ban 192.0.2.9
is "no set, an engine: recorded, status 0" "$status" 0
says "and said" "^saslbanctl: recorded; .*there is no such set; the engine"
prints "and told" <<'EOT'
192.0.2.9 banned in jail 'sasl' for 48h, until YYYY-MM-DD hh:mm:ss, strike 1
EOT
is "the record has it all, and that it is still to be reported" \
	"$(kept "strike, until - at, why, ground, observed, failures, told")" \
	"1|172800|by root|person|0|0|0"
is "the kernel does not hold it" "$(held)" 0
no_engines
ctl ban 192.0.2.29
is "no set, no engine: recorded, status 1" "$status" 1
says "and said" "recorded, but not in force: .*takes effect when rsyslogd"
is "it was recorded" "$(sql "SELECT count(*) FROM offense
	WHERE address = '192.0.2.29'")" 1
ends "what is in no set needs no kernel" 0 unban 192.0.2.9
like "unban, told" "$(cat "$out")" "^lifted the ban of 192.0.2.9 in jail \
'sasl' \\(strike 1, 2d left\\)\$"
is "it was recorded" "$(kept 'lifted IS NOT NULL, lifted_by, told')" "1|root|0"
is "and there is nothing left to be done" "$(sql "SELECT count(*) FROM entry
	WHERE address = '192.0.2.9'")" 0
engines sasl rbl

# ---- with the kernel ----

# entry ADDRESS: how the kernel has it.
entry() {
	ipset list "saslban$2" | grep "^$1 " |
		sed -E 's/timeout ([0-9]+)[0-9]{2} /timeout \1xx /'
}
fresh
ipset create saslban4 hash:net timeout 600 counters maxelem 1000
ipset create saslban6 hash:net timeout 600 counters family inet6 maxelem 1000
ipset create saslban list:set
ipset add saslban saslban4
ipset add saslban saslban6
# One of the fixture's bans has been pending for too long.
ctl status --json
is "status: the sets, and that no rule refers to them" \
	"$(json '.jails[1].sets')" "$(cat <<'EOT'
[{"name":"saslban4","elements":0,"maxelem":1000,"references":0,"error":null,"waiting":false},{"name":"saslban6","elements":0,"maxelem":1000,"references":0,"error":null,"waiting":true}]
EOT
)"
ctl
like "status: said aloud" "$(cat "$out")" \
	'^  sets +saslban4  0 of 1000, NO FIREWALL RULE refers to it$'
like "and that a ban waits" "$(cat "$out")" \
	'^ +saslban6  0 of 1000, NO FIREWALL .*, BANS ARE WAITING for it$'
is "a ban waits: status 5" "$status" 5
sql "DELETE FROM offense WHERE id = 6"
sql "DELETE FROM entry WHERE set_name = 'saslban6'"
ctl
is "no firewall rule: status 6" "$status" 6
iptables -w -I INPUT -m set --match-set saslban src -j DROP
ends "all is well: status 0" 0
like "status: with a rule" "$(cat "$out")" \
	'^ +saslban6  0 of 1000, a firewall rule refers to it$'
ends "as JSON, too" 0 --json
is "and no trouble" "$(json '[.jails[].trouble]')" '[[],[]]'

# One set that does not fit says nothing of the other.
# second TYPE: of the set for IPv6.
second() {
	ipset del saslban saslban6
	ipset destroy saslban6
	ipset create saslban6 "$1" timeout 600 counters family inet6 maxelem 1000
	ipset add saslban saslban6
}
second hash:ip
ctl
is "a set of another type: status 5" "$status" 5
is "and the other set is fine" "$(grep -A 1 '^  sets' "$out" | cut -c 1-70)" \
	"$(cat <<'EOT'
  sets      saslban4  0 of 1000, a firewall rule refers to it
            saslban6  not known: set 'saslban6' is hash:ip family inet
EOT
)"
ends "and takes its bans" 0 ban 192.0.2.39
ends "and gives them back" 0 unban 192.0.2.39
second hash:net

ends "ban" 0 ban 192.0.2.9 --for 950s --reason 'a test'
is "ban: in the kernel at once" "$(entry 192.0.2.9 4)" \
	"192.0.2.9 timeout 9xx packets 0 bytes 0"
is "ban: and the store knows" "$(kept 'until - at, why') $(held)" \
	"950|by root: a test 950"
is "ban: its ground is a person, also in the list" "$(ctl list --json
	json '.bans[] | select(.address == "192.0.2.9") | .ground')" '"person"'
ends "ban, again" 0 ban 192.0.2.9
like "changes nothing" "$(cat "$out")" "^192.0.2.9 is banned already in jail"
is "not even a strike" "$(kept 'count(*)')" 1
ipset del saslban4 192.0.2.9
ends "ban, when somebody took it out of the kernel" 0 ban 192.0.2.9
is "puts it back" "$(entry 192.0.2.9 4)" \
	"192.0.2.9 timeout 9xx packets 0 bytes 0"
ends "ban, with another length" 0 ban 192.0.2.9 --for 32d --json
is "is in its place, and the same strike" \
	"$(json '.bans[] | [.strike, .state, (.until - .at)]')" \
	'[1,"active",2764800]'
is "the kernel has it for as long as it can" \
	"$(ipset list saslban4 | grep -c '^192.0.2.9 timeout 21474[0-8]')" 1
like "and the store knows for how long" "$(held)" '^214748[0-3]$' # it runs
ends "unban" 0 unban 192.0.2.9 --reason 'test is over' --json
is "unban: told" "$(json '.lifted[] | [.address, .state, .held,
	.lifted_by, .lifted_why]')" \
	'["192.0.2.9","lifted",null,"root","test is over"]'
is "unban: out of the kernel at once" "$(entry 192.0.2.9 4)" ""
ends "a lifted ban is no strike" 0 ban 192.0.2.9
is "the next one is the first" "$(kept 'max(strike)')" 1

# Room for one and no more: the engine could not put it in either.
ipset create small hash:net timeout 600 counters maxelem 1
ipset swap small saslban4
ipset add saslban4 192.0.2.200
ctl ban 192.0.2.19
is "a full set: recorded, status 1" "$status" 1
says "and said" "recorded, but not in force: .*is full.*adds it when another entry ends$"
sql "UPDATE entry SET since = since - 100 WHERE address = '192.0.2.19'"
ctl
is "status: and when it has been full for a minute, status 5" "$status" 5
like "status: and says so" "$(cat "$out")" \
	'saslban4  1 of 1, .*, IT IS FULL and bans are waiting$'
ends "unban, when the set was full" 0 unban 192.0.2.19
# Room for one, and it is an older ban's: that one yields, and waits.
ipset del saslban4 192.0.2.200
ends "a set of one takes a ban" 0 ban 192.0.2.18
sql "UPDATE entry SET since = since - 9999 WHERE address = '192.0.2.18'"
ends "a full set takes a newer one in its place" 0 ban 192.0.2.19
is "that is in the kernel" "$(ipset save saslban4 | sed -n 's/^add saslban4 \([^ ]*\) .*/\1/p')" \
	192.0.2.19
is "and the other one waits" "$(sql "SELECT wanted > 0, held FROM entry
	WHERE address = '192.0.2.18'")" "1|0"
# The place is another one's, who has more strikes: it is his then, and that is
# known, though this ban is refused.
sql "UPDATE entry SET since = since - 9999 WHERE address = '192.0.2.19';
     UPDATE entry SET strike = 5, held = 0 WHERE address = '192.0.2.9'"
ends "a full set refuses what has to wait for worse" 1 ban 192.0.2.17
is "the worst is in the kernel" \
	"$(ipset save saslban4 | sed -n 's/^add saslban4 \([^ ]*\) .*/\1/p')" \
	192.0.2.9
is "and the store knows it" "$(sql "SELECT address FROM entry
	WHERE held > 0 AND address IN ('192.0.2.9', '192.0.2.17', '192.0.2.18',
	'192.0.2.19')")" 192.0.2.9
ipset swap small saslban4
ipset destroy small
ctl unban 192.0.2.18
ctl unban 192.0.2.17
ends "unban, when the set is another one again" 0 unban 192.0.2.19

ends "ban forever" 0 ban 192.0.2.10 --for forever
like "is told" "$(cat "$out")" "^192.0.2.10 banned in jail 'sasl' forever, "
ends "an IPv6 host" 0 ban 2001:db8:5:6::7
is "stands for its /64" "$(entry 2001:db8:5:6::/64 6 | cut -d' ' -f1,2)" \
	"2001:db8:5:6::/64 timeout"
ends "written with a prefix" 0 ban 2001:db8:5:7::8/128
is "it is meant to the letter" "$(entry 2001:db8:5:7::8 6 | cut -d' ' -f1,2)" \
	"2001:db8:5:7::8 timeout"
ends "show" 0 show 2001:db8:5:6::ffff
like "show: the kernel has it" "$(cat "$out")" \
	'kernel +in set saslban6 as 2001:db8:5:6::/64, (2d|1d 23h) left, 0 packets \(0 B\)'
ends "show --json" 0 show 2001:db8:5:6::ffff --json
is "show --json: the kernel has it" \
	"$(json '.jails[1].kernel | del(.left)')" \
	'{"found":true,"set":"saslban6","address":"2001:db8:5:6::/64","packets":0,"bytes":0,"wanted":true}'
ipset -exist add saslban6 2001:db8:5:6::/64 packets 1 bytes 40
ctl show 2001:db8:5:6::ffff
is "show: of the ban, too" "$(grep -c 'dropped 1 packet (40 B)' "$out")" 1
sql "UPDATE entry SET packets = 1, bytes = 40;
	UPDATE offense SET packets = 9, bytes = 360 WHERE address LIKE '%:6::/64'"
ctl show 2001:db8:5:6::ffff
like "show: what was kept, and nothing of it twice" "$(cat "$out")" \
	' left, 9 packets \(360 B\) met it$'
ipset -exist add saslban6 2001:db8:5:6::/64 packets 3 bytes 120
ctl show 2001:db8:5:6::ffff --json
is "show --json: the ban has both, the kernel its own" \
	"$(json '[.bans[0].packets, .bans[0].bytes, .jails[1].kernel.packets]')" \
	'[11,440,3]'
sql "UPDATE entry SET packets = 0, bytes = 0;
	UPDATE offense SET packets = 0, bytes = 0"
ipset -exist add saslban6 2001:db8:5:6::/64 packets 1 bytes 40
ctl show 2001:db8:5:6::ffff
like "show: one packet" "$(cat "$out")" ' left, 1 packet \(40 B\) met it$'
ends "unban of another host of the /64" 0 unban 2001:db8:5:6::1
is "lifts the ban of the /64" "$(entry 2001:db8:5:6::/64 6)" ""
ends "show" 0 show 2001:db8:5:6::ffff --jail sasl
like "show: the kernel has it no more" "$(cat "$out")" \
	'kernel +not in set saslban6$'

sql "UPDATE offense SET observed = 1 WHERE id = 8"
sql "DELETE FROM entry WHERE address = '10.20.0.0/16'"
ends "an address in a network that is only observed" \
	0 ban 10.20.30.40 --for 2500m
ctl show 10.20.30.40
like "show: its own ban counts" "$(cat "$out")" \
	'now +banned until .* \(1d 17h left\), strike 1$'
ctl unban 10.20.30.40
is "unban: it is free then" "$status" 0

sql "UPDATE offense SET observed = 1 WHERE id = 4"
sql "DELETE FROM entry WHERE address = '198.51.100.9'"
ends "what was only observed" 0 ban 198.51.100.9 --json
is "can be banned, and is the same strike" \
	"$(json '.bans[] | [.state, .strike]') $(json .already)" \
	'["active",2] false'

ends "ban --force, though in ignoreip" 0 ban 203.0.113.7 --force
is "is one" "$(entry 203.0.113.7 4 | cut -d' ' -f1)" 203.0.113.7
ends "a network" 0 ban 203.0.0.0/16 --force
ctl unban 203.0.113.7
is "unban, with a wider ban around: status 1" "$status" 1
says "and said" "'203.0.113.7' is still banned, as part of '203.0.0.0/16'"
is "what was asked for was lifted" "$(entry 203.0.113.7 4)" ""

ends "a host that shares its /64 with somebody who is exempt" \
	0 ban 2001:db8:77::2
is "is banned alone, as the module does it" \
	"$(entry 2001:db8:77::2 6 | cut -d' ' -f1)" 2001:db8:77::2

export SUDO_USER=carol
ends "sudo" 0 ban 192.0.2.11 --reason "${long#0}"
is "is not the one who bans, and the longest reason fits" "$(sql "SELECT why
	FROM offense WHERE address = '192.0.2.11'")" "by carol: ${long#0}"
unset SUDO_USER

# ---- what no ban wants in the kernel ----

ipset add saslban4 192.0.2.50 timeout 90118
ipset add saslban4 10.99.0.0/16 timeout 0
ipset add saslban6 2001:db8:9:9::/64 timeout 90118
while IFS='|' read -r address line; do
	ends "show of what nobody banned: $address" 0 show "$address" \
		--jail sasl
	is "says where it is" "$(sed -n 's/^    kernel   //p' "$out")" \
		"$line; unban removes it"
done <<'EOT'
192.0.2.50|in set saslban4 as 192.0.2.50, 1d 1h left, 0 packets (0 B) met it, but no ban in the database put it there
10.99.1.1|in set saslban4 as 10.99.0.0/16, forever left, 0 packets (0 B) met it, but no ban in the database put it there
2001:db8:9:9::1|in set saslban6 as 2001:db8:9:9::/64, 1d 1h left, 0 packets (0 B) met it, but no ban in the database put it there
EOT
ctl list --kernel
is "list --kernel has them, after the bans" "$(grep foreign "$out" | sort)" \
	"$(cat <<'EOT'
10.99.0.0/16       -          -  -                    forever         -        0  foreign   in set saslban4
192.0.2.50         -          -  -                      1d 1h         -        0  foreign   in set saslban4
2001:db8:9:9::/64  -          -  -                      1d 1h         -        0  foreign   in set saslban6
EOT
)"
ctl list
unlike "list without it does not" "$(cat "$out")" foreign
ctl list --kernel --csv
like "list --kernel --csv: what no ban wants, in the same columns" \
	"$(cat "$out")" \
	'^[^,]+,,,,[^,]+,,,,,[0-9]+,[^,]+,saslban[46]'
ends "list --kernel --json" 0 list --kernel --json
is "has them, too" "$(json '.unwanted | sort_by(.address)[] |
	[.set, .address, .state, .left]')" "$(cat <<'EOT'
["saslban4","10.99.0.0/16","foreign",null]
["saslban4","192.0.2.50","foreign",1501]
["saslban6","2001:db8:9:9::/64","foreign",1501]
EOT
)"
ends "unban removes one" 0 unban 192.0.2.50
is "and says so" "$(cat "$out")" \
	"removed 192.0.2.50 from set 'saslban4' (1d 1h left), of which no ban is known"
is "it is gone" "$(entry 192.0.2.50 4)" ""
ends "unban of a host removes its /64" 0 unban 2001:db8:9:9::5 --json
is "and says so" "$(json '[.lifted, .removed]')" \
	'[[],[{"set":"saslban6","address":"2001:db8:9:9::/64","left":1501}]]'
is "it is gone" "$(entry 2001:db8:9:9::/64 6)" ""
ctl unban 10.99.1.1
is "one that is wider is named: status 1" "$status" 1
says "and left alone" "'10.99.1.1' is still in set 'saslban4', as part of \
'10.99.0.0/16', of which no ban is known; to remove that: saslbanctl unban"
ends "unban of the wider one" 0 unban 10.99.0.0/16
is "it is gone" "$(entry 10.99.0.0/16 4)" ""
ends "a ban, and one more entry inside" 0 ban 192.0.2.64/30
ipset add saslban4 192.0.2.65 timeout 90100
ctl unban 192.0.2.65
is "unban of what is inside: status 1" "$status" 1
is "it is removed" "$(cat "$out")$(entry 192.0.2.65 4)" \
	"removed 192.0.2.65 from set 'saslban4' (1d 1h left), of which no ban is known"
says "and the ban is named" "'192.0.2.65' is still banned, as part of '192.0.2.64/30'"
ends "unban of the ban" 0 unban 192.0.2.64/30
is "is the end of it" "$(entry 192.0.2.64/30 4)" ""

# A ban that is over, which the engine has not removed yet.
ends "a ban" 0 ban 192.0.2.51
sql "UPDATE offense SET lifted = $now WHERE address = '192.0.2.51'"
sql "UPDATE entry SET wanted = 0 WHERE address = '192.0.2.51'"
ctl show 192.0.2.51 --jail sasl
like "show: the engine is to remove it" "$(cat "$out")" \
	'^    kernel .*, but its ban is over: the engine is to remove it$'
ctl list --kernel
like "list --kernel: it is leaving" "$(cat "$out")" '^192\.0\.2\.51 .* leaving '
ends "unban removes it as well" 0 unban 192.0.2.51
is "it is gone" "$(entry 192.0.2.51 4)" ""
is "and the store knows" "$(sql "SELECT count(*) FROM entry
	WHERE address = '192.0.2.51'")" 0

# ---- sync ----

# By a clock that goes on, as the kernel's does.
sync_now() {
	"$lab/program" -d "$database" sync "$@" >"$out" 2>"$err"
	status=$?
}
in_set() {
	ipset list saslban4 | grep -c ' packets '
}
ctl ban 192.0.2.52
ctl ban 192.0.2.53
sync_now --jail sasl
is "sync: status" "$status$(cat "$err")" 0
ipset del saslban4 192.0.2.52
ipset add saslban4 192.0.2.54 timeout 90118
sql "UPDATE entry SET held = 0 WHERE address = '192.0.2.53'"
sync_now --jail sasl
is "sync of an entry that was lost: status" "$status$(cat "$err")" 0
like "is told, and what is foreign" "$(grep '^saslban4: ' "$out")" \
	'^saslban4: [0-9]+ entries, 1 added \(1 had been lost\); 1 entry of which no ban is known, as 192\.0\.2\.54: left alone$'
is "the other set is told of, too" "$(grep -c '^saslban6: ' "$out")" 1
unlike "it is back" "$(entry 192.0.2.52 4)" '^$'
unlike "the foreign one is where it was" "$(entry 192.0.2.54 4)" '^$'
ipset del saslban4 192.0.2.54
filled=$(in_set)
ipset flush saslban4
sync_now --jail sasl --json
is "sync of a set that was flushed: status" "$status$(cat "$err")" 0
is "sync --json" "$(jq -c '.sets[0] | [.jail, .set, .entries, .lost, .added,
	.foreign]' "$out")" \
	"[\"sasl\",\"saslban4\",$(in_set),$(in_set),$(in_set),0]"
is "all is back" "$(in_set)" "$filled"
sync_now
is "nothing is left to do" "$status $(grep '^saslban4: ' "$out")" \
	"0 saslban4: $filled entries, nothing to add"
sync_now --jail rbl
is "sync of a jail that observes: status" "$status" 3
says "and said" "^saslbanctl: jail 'rbl' only observes$"
ctl unban 192.0.2.52
ctl unban 192.0.2.53

# ---- jails that share a set ----

sql "UPDATE setting SET value = 'on' WHERE name = 'enforce'"
sql "UPDATE setting SET value = 'saslban' WHERE name = 'set'"
ctl ban 192.0.2.12
is "several jails: which one, status 2" "$status" 2
says "and said" "several jails; choose with --jail: rbl, sasl$"
ends "banned by one" 0 ban 192.0.2.12 --jail rbl --for 450s
ends "and by the other" 0 ban 192.0.2.12 --jail sasl --for 950s
is "the longer one counts" "$(entry 192.0.2.12 4 | cut -d' ' -f3)" 9xx
ends "unban from the longer one" 0 unban 192.0.2.12 --jail sasl
is "leaves the shorter one" "$(entry 192.0.2.12 4 | cut -d' ' -f3)" 4xx
ends "unban from all" 0 unban 192.0.2.12
is "takes it out" "$(entry 192.0.2.12 4)" ""

# ---- the allow list ----

fresh
ends "an empty list" 0 allow
is "is told" "$(cat "$out")" "the allow list is empty"
ends "a ban" 0 ban 192.0.2.60 --jail sasl
ends "add" 0 allow add 192.0.2.60 --reason "$(printf 'the \033 office')"
is "lifts it" "$(sed 's/, [^,]* left)/)/' "$out")" \
	"allowed 192.0.2.60 forever; bans lifted: 1
lifted the ban of 192.0.2.60 in jail 'sasl' (strike 1)"
is "in the kernel" "$(entry 192.0.2.60 4)" ""
is "with the reason" "$(sql "SELECT lifted_why FROM offense
	WHERE address = '192.0.2.60'")" "$(printf 'allowed: the \033 office')"
ends "several, for a while" 0 allow add 10.20.30.40 2001:db8:1:2::7 --for 1d
is "one of a wider ban, which goes" \
	"$(sed 's/, [^,]* left)/)/; s/20..-..-.. ..:..:../YYYY/' "$out")" \
	"allowed 10.20.30.40 until YYYY; bans lifted: 1
lifted the ban of 10.20.0.0/16 in jail 'sasl' (strike 1), which is wider
allowed 2001:db8:1:2::7 until YYYY; bans lifted: 1
lifted the ban of 2001:db8:1:2::/64 in jail 'sasl' (strike 1), which is wider"
ipset -exist add saslban4 192.0.2.61 timeout 90000
ends "add, with an entry that no ban wants" 0 allow add 192.0.2.61
like "removes it" "$(cat "$out")" "^removed 192\.0\.2\.61 from set 'saslban4'"
is "from the kernel" "$(entry 192.0.2.61 4)" ""
ends "allow list" 0 allow list
prints "allow list" <<'EOT'
ADDRESS          SINCE                   LEFT  BY    COMMENT
10.20.30.40      YYYY-MM-DD hh:mm:ss       1d  root  -
192.0.2.60       YYYY-MM-DD hh:mm:ss  forever  root  the \x1b office
192.0.2.61       YYYY-MM-DD hh:mm:ss  forever  root  -
2001:db8:1:2::7  YYYY-MM-DD hh:mm:ss       1d  root  -
EOT
ends "the same as JSON" 0 allow --json
is "is the same" "$(json '.allow[:2][]')" "$(cat <<'EOT'
{"address":"10.20.30.40","comment":"","by":"root","at":0,"until":86400,"left":1440}
{"address":"192.0.2.60","comment":"the \u001b office","by":"root","at":0,"until":null,"left":null}
EOT
)"
ctl ban 192.0.2.60
is "who is allowed is not banned" "$status" 1
says "and why" "in jail 'sasl': the allow list has '192.0.2.60' \(the .x1b office\); --force"
ends "show" 0 show 10.20.30.40 --jail sasl
like "says who is allowed" "$(cat "$out")" \
	"^    exempt   the allow list has '10\.20\.30\.40', by root, until .* \(1d left\)$"
ends "show --json" 0 show 192.0.2.60 --jail sasl --json
is "says it, too" "$(json '.jails[0].exempt | del(.text)')" \
	'{"by":"allow","entry":"192.0.2.60","address":"192.0.2.60","comment":"the \u001b office","allowed_by":"root","since":0,"until":null}'
ends "del" 0 allow del 192.0.2.60 10.20.30.40
is "is told" "$(cat "$out")" "not allowed any more: 192.0.2.60
not allowed any more: 10.20.30.40"
ctl allow del 192.0.2.61 192.0.2.60
is "one that is not there: status 3" "$status" 3
says "and said" "^saslbanctl: '192.0.2.60' is not in the allow list$"
is "but the other one is off" "$(sql 'SELECT address FROM allow')" \
	"2001:db8:1:2::7"
ends "a wide one" 0 allow add 128.0.0.0/1 --force
ctl allow add 0.0.0.0/1 --force
is "the other half is refused: status 1" "$status" 1
sql "INSERT INTO setting SELECT jail, name, ordinal + 9, 'file:$lab/none'
	FROM setting WHERE name = 'ignoreip' AND ordinal = 0"
ctl show 192.0.2.1 --jail sasl
is "a file that cannot be read is no failure" "$status" 0
says "and is told" "^saslbanctl: jail 'sasl': ignoreip file '$lab/none' is not taken: No such"

# ---- without the capability ----

fresh

powerless() {
	setpriv --bounding-set=-net_admin --inh-caps=-net_admin \
		"$ctl" -d "$database" "$@" >"$out" 2>"$err"
	status=$?
}
powerless ban 192.0.2.13 --jail sasl
is "no CAP_NET_ADMIN: recorded, status 0" "$status" 0
says "and said" "recorded; .*(permi|CAP_NET_ADMIN).*the engine of jail 'sasl'"
is "it waits" "$(sql "SELECT held FROM entry WHERE address = '192.0.2.13'")" 0

powerless unban 192.0.2.88
is "unban of what no ban is known of: status 1" "$status" 1
says "because the kernel may hold it" \
	"no ban of '192.0.2.88' is known, and the kernel cannot be asked: .*CAP_NET"
powerless list --kernel
is "list --kernel: status 1" "$status" 1
says "and said" CAP_NET_ADMIN
like "but the bans are there" "$(cat "$out")" '^192.0.2.13 '

# ---- completion ----

# bash_completes LINE: the offers, on one line. zsh_completes LINE: the line
# behind it, as it stands there after a tab.
bash_completes() {
	PATH=$completing:$PATH bash -c '. "$1"
		COMP_LINE=$2 COMP_POINT=${#2}
		_saslbanctl
		echo "${COMPREPLY[*]}"' - "$srcdir/completion/saslbanctl" "$1"
}
cat >"$lab/zsh" <<'EOT'
zmodload zsh/zpty
completes() { # LINE
	zpty -w -n shell "$1"$'\t\x14'
	zpty -r -m shell line $'*<<<*>>>*'
	line=${line##*<<<}
	print -r -- "${line%%>>>*}"
}
zpty shell zsh -f -i
zpty -w shell "PS1= PROMPT_EOL_MARK= TERM=dumb; unsetopt zle_bracketed_paste
fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D
LISTMAX=1000; dump() { print -r -- '<<''<'\$BUFFER'>>''>'; BUFFER=; }
zle -N dump; bindkey '^T' dump; print rea''dy"
zpty -r -m shell line '*ready*'
while IFS= read -r line; do
	completes "$line"
done
zpty -d shell
EOT
zsh_completes() { # <LINES
	PATH=$completing:$PATH timeout 60 zsh -f "$lab/zsh" "$srcdir/completion"
}
completing=$lab/completing
mkdir "$completing"
cp "$ctl" "$completing/saslbanctl"
fresh
ctl allow add 203.0.113.99
# Names that a shell would expand, or a terminal obey.
touched=$lab/touched
for name in "al\$(touch\${IFS}$touched)" "al;touch $touched" "al\`touch $touched\`" \
	'al*' "al'" 'al"' 'al|x'; do
	sql "INSERT INTO failure (jail, host, address, user, at, lo)
		SELECT id, '198.51.100.9', '198.51.100.9',
		'$(printf %s "$name" | sed "s/'/''/g")', $now - 60, x'04c6336409'
		FROM jail WHERE name = 'sasl'"
done
while IFS='|' read -r title line offers; do
	line=$(printf %s "$line" | sed "s|DB|-d $database|")
	is "bash: $title" "$(bash_completes "saslbanctl $line")" "$offers"
	printf 'saslbanctl %s\n' "$line" >>"$lab/zsh-lines"
	case $line in
	*:) offers=${line##* }$offers ;; # all of the word
	esac
	printf '%s\n' "zsh: $title|saslbanctl ${line% *} $offers" >>"$lab/zsh-want"
done <<'EOT'
a verb|-d x st|status
a verb after others|-d x comp|completion
an option of the verb|unban --r|--reason
an option of two words|prune --dr|--dry-run
another|import --jail-|--jail-local
what to rank|top ac|accounts
a time|list --since 7|7d
a time before|prune --before 9|90d
a ban's time|ban 192.0.2.1 --for f|forever
a verb to be explained|help st|status
a shell|completion z|zsh
an order|list --sort p|packets
the first order|list --sort ne|newest
the last ground|list --ground f|found
a kind of file|import --from s|saslfail
the first kind of file|import --from f|fail2ban
what a report is by|report --by str|strike
a report's format|report --format h|html
an export's format|export --format po|postfix
a zone|import --zone Europe/Berli|Europe/Berlin
a jail|DB list --jail s|sasl
a jail as a policy|DB simulate --policy @s|@sasl
a banned address|DB unban 192|192.0.2.1
a banned address to be explained|DB explain 192|192.0.2.1
a user|DB show al|alice
a user to be forgotten|DB prune bo|bob
a jail to be forgotten|DB prune --jail r|rbl
a user of a list|DB list --user al|alice
a network|DB list --network 198.51|198.51.100.0/24
what to do with the allow list|allow d|del
whom to allow|DB allow add 192|192.0.2.1
whom to take off it|DB allow del 203|203.0.113.99
after its colons|DB show 2001:db8:|1:2::/64
EOT
is "bash: every verb" "$(bash_completes 'saslbanctl ')" "$("$ctl" --help |
	sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | xargs)"
zsh_completes <"$lab/zsh-lines" | sed 's/ *$//' >"$lab/zsh-got"
row=0
while IFS='|' read -r title want; do
	row=$((row + 1))
	is "$title" "$(sed -n ${row}p "$lab/zsh-got")" "$want"
done <"$lab/zsh-want"
nok "no name has been expanded" [ -e "$touched" ]
for shell in bash:saslbanctl zsh:_saslbanctl; do
	ends "completion ${shell%:*}" 0 completion "${shell%:*}"
	ok "prints it" cmp "$out" "$srcdir/completion/${shell#*:}"
done
ctl completion fish
is "of another shell: status" "$status" 2
says "and said" "'completion' has no use for 'fish'; allowed: bash, zsh$"
for format in $(bash_completes 'saslbanctl export --format '); do
	ends "export --format $format" 0 export --format "$format"
done
for format in $(bash_completes 'saslbanctl report --format '); do
	ends "report --format $format" 0 report --format "$format"
done
is "export: every format is offered" \
	"$(bash_completes 'saslbanctl export --format ')" "$(
	ctl export --format x
	sed 's/.*allowed: //; s/,//g' "$err")"

# ---- the manual ----

manual=$srcdir/docs/saslbanctl.8
is "mandoc has nothing to say, apart from what is not installed here" \
	"$(mandoc -T lint "$manual" 2>/dev/null |
		grep -v 'referenced manual not found')" ""
for verb in $("$ctl" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
	ok "the manual has '$verb'" grep -q "^\.It Cm $verb\b" "$manual"
	for option in $("$ctl" "$verb" --help | grep -o -e '--[a-z]*' | sort -u)
	do
		ok "and '$option'" \
			grep -q "Fl -${option#--}\b" "$manual"
	done
done
strings -n 8 "$lab/program" | sed 's/%[0-9.*]*[a-z]*/%/g' >"$lab/strings"
sed -n '/^\.Bl -diag/,/^\.El/s/^\.It //p' "$manual" >"$lab/quotes"
while IFS= read -r quote; do
	ok "the manual quotes what is printed: $quote" grep -qF -- "$(
		printf '%s\n' "$quote" | sed 's/%[a-z]*/%/g')" "$lab/strings"
done <"$lab/quotes"
ok "and more than one" [ "$(wc -l <"$lab/quotes")" -gt 9 ]
fresh
ipset add saslban4 192.0.2.90
for call in "status" "list --all --kernel" "rules" "show 192.0.2.1" \
	"show 203.0.113.1" "explain 192.0.2.1" "explain 192.0.2.0/24" \
	"explain bob" "ban 192.0.2.10" "unban 192.0.2.90" \
	"unban 192.0.2.10" "allow add 192.0.2.98" "allow list" \
	"show 192.0.2.98" "allow del 192.0.2.98" doctor; do
	case $call in
	allow*) jail= ;;
	*) jail='--jail sasl' ;;
	esac
	# shellcheck disable=SC2086 # a list of arguments
	ctl $call $jail --json
	for field in $(jq -r '[paths | .[] | strings] | unique[]' "$out"); do
		ok "'$call': the manual has the field '$field'" \
			grep -q "^\.It .*Va $field\b" "$manual"
	done
done

done_testing
