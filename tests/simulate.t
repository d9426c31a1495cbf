#!/bin/sh
# simulate: whom a policy would have banned by old logs. Nothing but files: no
# root, no rsyslogd, no kernel.
: "${builddir:=build}" "${srcdir:=.}"
lab=$(mktemp -d "${TMPDIR:-/tmp}/saslban.XXXXXX") || exit 1
. "$srcdir/tests/tap.sh"
trap 'rm -rf "$lab"' EXIT

builddir=$(cd "$builddir" && pwd) srcdir=$(cd "$srcdir" && pwd)
export TZ=UTC LC_ALL=C.UTF-8
unset NO_COLOR
out=$lab/out
err=$lab/err
cd "$lab" || exit 1

# ctl ARGUMENT...: leaves its status, $out and $err.
ctl() {
	"$builddir/saslbanctl" "$@" >"$out" 2>"$err"
	status=$?
}

# A filter of the test's own, so that it is not about ours.
mkdir filters other
cat >filters/toy.conf <<'END'
[Definition]
daemon = toy
_user = user=<F-USER>\S*</F-USER>
failregex = ^fail from <ADDR> %(_user)s$
okregex = ^ok from <ADDR> %(_user)s$
troubleregex = ^backend gone$
END
sed 's/^daemon = toy/daemon = old/' filters/toy.conf >other/toy.conf
# Policies that do not depend on the defaults.
base='maxretry=3 findtime=1h bantime=48h,8d account.hosts=0 network.hosts=0'
strict="$base known.maxretry=0"
mild="$base ignoreip=198.51.100.0/24"
try() { # ARGUMENT...
	ctl simulate -d "$lab/nil.db" --path "$lab/filters" --filter toy "$@"
}
ends() { # TITLE STATUS: of the last call; nothing on stderr if 0
	[ $status -eq 0 ] && [ -s "$err" ] && status="0, with words"
	is "$1" "$status" "$2"
}
answer() { # FILTER: of the last call's document
	jq -c "$1" "$out"
}

# An attack, a customer in its midst; two days later the next one.
cat >old <<'END'
2026-01-01T08:00:00Z mail toy[1]: ok from 192.0.2.7 user=alice
2026-01-01T10:00:01Z mail toy[1]: fail from 198.51.100.1 user=info
2026-01-01T10:00:02Z mail toy[1]: fail from 198.51.100.1 user=admin
2026-01-01T10:00:03Z mail toy[1]: fail from 198.51.100.1 user=root
2026-01-01T10:00:04Z mail toy[1]: fail from 198.51.100.1 user=test
no date
2026-01-01T10:00:05Z mail toy[1]: fail from 192.0.2.7 user=bob
2026-01-01T10:00:06Z mail toy[1]: fail from 192.0.2.7 user=carol
2026-01-01T10:00:07Z mail toy[1]: fail from 192.0.2.7 user=dave
2026-01-01T10:00:09Z mail toy[1]: ok from 192.0.2.7 user=alice
2026-01-01T10:00:10Z mail toy[1]: backend gone
2026-01-01T10:00:11Z mail toy[1]: login failed, and no rule knows it
END
cat >new <<'END'
2026-01-03T11:00:01Z mail toy[1]: fail from 198.51.100.1 user=info
2026-01-03T11:00:02Z mail toy[1]: fail from 198.51.100.1 user=admin
2026-01-03T11:00:03Z mail toy[1]: fail from 198.51.100.1 user=root
2026-01-03T11:00:04Z mail toy[1]: fail from 203.0.113.9 user=eve
2026-01-03T11:00:05Z mail toy[1]: fail from 203.0.113.9 user=frank
2026-01-03T11:00:06Z mail toy[1]: fail from 203.0.113.9 user=grace
2026-01-03T11:00:08Z mail toy[1]: ok from 203.0.113.9 user=mallory
END

# ---- for people ----

try --policy "$strict" old new
ends "two files" 0
is "the report" "$(cat "$out")" "$(cat <<END
policy      $strict
logs        19 lines, 2026-01-01 08:00:00 to 2026-01-03 11:00:08
left out    1 line without a date
unmatched   1 line like failed logins that no rule matches; 'saslbanctl test' shows them

failures                    13
logins                       3
lines of trouble             1
bans                         4
  for failures               4
addresses                    3
failures kept out            1
customers' logins kept out   1
  of users                   1
  from addresses             1
breaches                     1

Customers locked out: 1
  AT                   USER   ADDRESS    BANNED
  2026-01-01 10:00:09  alice  192.0.2.7  as 192.0.2.7

Breaches: 1
  AT                   USER     ADDRESS      WHY
  2026-01-03 11:00:08  mallory  203.0.113.9  the address is or was banned

Bans: 4
  ADDRESS       AT                   FOR  STRIKE  FAILURES  WHY
  198.51.100.1  2026-01-01 10:00:03  48h       1         4  3 failures within 1h, last by toy (toy:1)
  192.0.2.7     2026-01-01 10:00:07  48h       1         3  3 failures within 1h, last by toy (toy:1)
  198.51.100.1  2026-01-03 11:00:03  8d        2         3  3 failures within 1h, last by toy (toy:1)
  203.0.113.9   2026-01-03 11:00:06  48h       1         3  3 failures within 1h, last by toy (toy:1)
END
)"
try --policy "$strict" --policy "$mild" old new
ends "two policies" 0
is "side by side" "$(sed -n '/^policy/p; /^  *A /,/^$/p' "$out")" "$(cat <<END
policy A    $strict
policy B    $mild
                             A   B
failures                    13  13
logins                       3   3
lines of trouble             1   1
bans                         4   1
  for failures               4   1
addresses                    3   1
failures kept out            1   0
customers' logins kept out   1   0
  of users                   1   0
  from addresses             1   0
breaches                     1   1

END
)"
is "whom A alone would have banned" \
	"$(sed -n '/^Banned only by A: 2/,/^$/s/^  \([1-9][0-9.]*\) .*/\1/p' "$out" |
		tr '\n' ' ')" "198.51.100.1 192.0.2.7 "
unlike "and B nobody" "$(cat "$out")" 'only by B'
unlike "the lists are for who asks" "$(cat "$out")" '^Bans'
try -v --policy "$strict" --policy "$mild" old new
like "--verbose gives them" "$(cat "$out")" '^Bans B: 1$'

# More than anybody reads.
i=0
while [ $i -lt 30 ]; do
	i=$((i + 1))
	for n in $(seq 1 $((3 + i))); do
		echo "2026-01-01T10:$i:$n mail toy[1]: fail from 198.51.$i.1 user=u$n"
	done
done | sed 's/:\([0-9]\)\b/:0\1/g' >many
try --policy "$base" many
is "of many those with the most failures" "$(
	grep -A 3 '^Bans' "$out" |
		awk '{ print $1, $2, $NF == "(toy:1)" ? $6 : $3 }'
)" "$(cat <<'END'
Bans: 30, the
ADDRESS AT FOR
198.51.30.1 2026-01-01 33
198.51.29.1 2026-01-01 32
END
)"
is "twenty" "$(grep -c '^  198' "$out")" 20
try --policy "$base" --verbose many
is "or all" "$(grep -c '^  198' "$out")" 30
like "in the order of time" "$(grep -m 1 '^  198' "$out")" '198.51.1.1 '

# On a terminal of 80 columns, with the longest addresses.
{
	for host in 2001:db8:1234:5678:9abc:def0:1234:5678 10.1.1.1; do
		name=somebody.with.a.long.name@subdomain.example.org
		echo "2026-01-01T08:00:00Z mail toy[1]: ok from $host user=$name"
		for n in 1 2 3; do
			echo "2026-01-01T10:00:0${n}Z mail toy[1]: fail from $host user=u$n"
		done
		echo "2026-01-01T10:00:09Z mail toy[1]: ok from $host user=$name"
		echo "2026-01-01T10:00:09Z mail toy[1]: ok from $host user=new"
	done
} | sort >long6
NO_COLOR=1 TERM=xterm script -qec "stty cols 80; $builddir/saslbanctl simulate \
	-d $lab/nil.db --path $lab/filters --filter toy --policy \
	'$strict prefix.v6=128' long6" /dev/null </dev/null | tr -d '\r' >"$out"
is "80 columns: nothing is longer" "$(grep '.\{81,\}' "$out")" ""
is "whom the bans hit is there, as what he was banned" \
	"$(sed -n '/^Customers/,/^$/p' "$out")" "$(cat <<'END'
Customers locked out: 2
  AT                USER                  ADDRESS
  2026-01-01 10:00  somebody.with.a.lon…  10.1.1.1
      as 10.1.1.1
  2026-01-01 10:00  somebody.with.a.lon…  2001:db8:1234:5678:9abc:def0:1234:5678
      as 2001:db8:1234:5678:9abc:def0:1234:5678
END
)"

# ---- for programs ----

try --json --policy "$strict" old new
ends "a document" 0
is "the bans" "$(answer '.bans[0, 2]')" "$(cat <<'END'
{"jail":"sasl","ip":"198.51.100.1","at":1767261603,"until":1767434403,"strike":1,"ground":"count","why":"3 failures within 1h, last by toy (toy:1)","lifted":false,"failures":3,"kept_out":1}
{"jail":"sasl","ip":"198.51.100.1","at":1767438003,"until":1768129203,"strike":2,"ground":"count","why":"3 failures within 1h, last by toy (toy:1)","lifted":false,"failures":3,"kept_out":0}
END
)"
is "the breaches" "$(answer .breaches)" \
	'[{"user":"mallory","ip":"203.0.113.9","at":1767438008,"kind":"banned","why":"the address is or was banned"}]'
is "who was locked out" "$(answer .locked_out)" \
	'[{"user":"alice","ip":"192.0.2.7","at":1767261609,"ban":"192.0.2.7"}]'
is "the summary" "$(answer .summary)" \
	'{"lines":19,"undated":1,"behind":0,"unmatched":1,"failures":13,"successes":3,"trouble":1,"bans":4,"by_count":4,"by_account":0,"by_trap":0,"by_network":0,"by_breach":0,"lifted":0,"addresses":3,"networks":0,"kept_out":1,"lockouts":1,"lockout_users":1,"lockout_addresses":1,"breaches":1,"outages":0,"first":1767254400,"last":1767438008}'
# What the schema says is there, and nothing else.
schema=$srcdir/docs/schema/simulate.json
for part in result ban breach lockout; do
	case $part in
	result) of=. ;;
	ban) of='.bans[0]' ;;
	breach) of='.breaches[0]' ;;
	lockout) of='.locked_out[0]' ;;
	esac
	is "the schema: $part" "$(answer "$of | keys")" \
		"$(jq -c ".\"\$defs\".$part.required | sort" "$schema")"
done
is "the schema: summary" "$(answer '.summary | keys')" \
	"$(jq -c '."$defs".summary.required | sort' "$schema")"
cp "$out" one
try --json --policy "$strict" --policy "maxretry=3 bantime=forever" old new
ends "a document of two" 0
is "has both" "$(answer '.policies | map(.policy)')" \
	"[\"$strict\",\"maxretry=3 bantime=forever\"]"
is "the first as it is alone" "$(answer '.policies[0]')" "$(jq -c . one)"
is "a ban without end" "$(answer '.policies[1].bans | map(.until)')" \
	'[null,null]'

# ---- the logs ----

try --json new old
is "files in the wrong order are counted" "$(answer .summary.behind)" 11
try new old
like "and said" "$(cat "$out")" \
	'^order  *11 lines more than an hour older .* from the oldest to the newest$'
cat old new | "$builddir/saslbanctl" simulate --path filters --filter toy \
	-d nil.db --json --policy "$strict" - >"$out" 2>"$err"
is "standard input gives the same" "$(answer .)" "$(jq -c . one)"
try --json old nil
is "a file that is not there: status" "$status" 1
is "and said, before anything is read" "$(cat "$err" "$out")" \
	"saslbanctl: cannot open 'nil': No such file or directory"
: >empty
try empty
ends "an empty file" 0
is "is no line" "$(sed -n 2p "$out")" "logs        0 lines"

# ---- compressed ones ----

gzip -c <old >old.gz
zstd -q <new >new.log # its name does not matter
try --json --policy "$strict" old.gz new.log
ends "gzip and zstd" 0
is "give the same" "$(answer .)" "$(jq -c . one)"
{ gzip -c old; gzip -c new; } >both.gz
try --json --policy "$strict" both.gz
is "so do parts of one file" "$(answer .)" "$(jq -c . one)"
{ zstd -q <old; zstd -q <new; } >both.zst
try --json --policy "$strict" both.zst
is "of zstd, too" "$(answer .)" "$(jq -c . one)"
gzip -c old | "$builddir/saslbanctl" simulate --path filters --filter toy \
	-d nil.db --json --policy "$strict" - new >"$out" 2>"$err"
is "standard input may be compressed" "$(answer .)" "$(jq -c . one)"
gzip -c </dev/null >nothing.gz
zstd -q </dev/null >nothing.zst
try --json --policy "$strict" nothing.gz old nothing.zst new
is "and a file may hold nothing" "$(answer .)" "$(jq -c . one)"

# Of many lines, so that something stands before the damage.
awk 'BEGIN { srand(1); for (i = 0; i < 60000; i++)
	printf "2026-01-01T10:00:00Z mail toy[1]: hello %d\n", 1e9 * rand() }' >long
for kind in gzip zstd; do
	$kind -q -c <long >long.z
	size=$(wc -c <long.z)
	head -c $((size / 2)) long.z >cut.z
	try --json cut.z old
	is "$kind, cut off: status" "$status" 1
	is "and said" "$(cat "$err")" "saslbanctl: 'cut.z' ends too early, at byte $((size / 2)) ($kind); what stands before it was read"
	lines=$(answer .summary.lines)
	ok "what stands before it was read" [ "$lines" -gt 20000 ]
	is "and the next file" "$(answer .summary.failures)" 7
	{
		head -c $((size / 2)) long.z
		head -c 64 /dev/zero | tr '\0' '\377'
		tail -c +$((size / 2 + 65)) long.z
	} >bad.z
	try --json bad.z old
	is "$kind, damaged: status" "$status" 1
	like "and said" "$(cat "$err")" "^saslbanctl: 'bad.z' is damaged at byte [0-9]+ \($kind\); what stands before it was read$"
	is "and said in one line" "$(wc -l <"$err")" 1
	is "and the next file is read" "$(answer .summary.failures)" 7
	ctl test --path filters --filter toy cut.z
	is "$kind, cut off: test reports what it has read" \
		"$status $(grep -c '^60000 lines\|^[1-9][0-9]* lines: 0 failures' "$out")" \
		"1 1"
	ctl test --path filters --filter toy --json long.z
	is "$kind: test takes it" "$status $(wc -l <"$out")" "0 60000"
done
{ cat old.gz; echo behind; } >behind.gz
try --json behind.gz
is "something behind it" "$status $(cat "$err")" \
	"1 saslbanctl: 'behind.gz' is damaged at byte $(($(wc -c <old.gz) + 2)) (gzip); what stands before it was read"

# ---- the policy ----

try old
is "without one, and without a database" "$(head -n 1 "$out")" \
	"policy      the defaults (no database at '$lab/nil.db')"
now=$(date +%s)
"$builddir/tests/fixture" jails.db "$now"
try -d jails.db old
is "with a database of several jails" "$(head -n 1 "$out")" \
	"policy      the defaults (there are several jails, @NAME takes one: rbl, sasl)"
try -d jails.db --policy @rbl --json old
is "a jail of the database" "$(answer '.bans[0] | .jail, .until - .at')" \
	"$(printf '"rbl"\n3600')"
try -d jails.db --policy @none old
is "one that is not there" "$status $(cat "$err")" \
	"2 saslbanctl: --policy: no jail 'none' in 'jails.db'; there are: rbl, sasl"
sqlite3 jails.db "PRAGMA foreign_keys = ON;
	DELETE FROM failure WHERE jail = 2; DELETE FROM offense WHERE jail = 2;
	DELETE FROM jail WHERE name = 'rbl'" 2>/dev/null
before=$(cksum jails.db)
try -d jails.db old
is "with a database of one jail" "$(head -n 1 "$out")" \
	"policy      jail 'sasl' of 'jails.db'"
is "which is not written to" "$(cksum jails.db)" "$before"

cat >conf <<'END'
action(type="omsaslban" name="toy" filter.path="./filters" filter="toy"
       maxretry="2" account.hosts="0")
END
sed -i "s|\./filters|$lab/filters|" conf
ctl simulate -d nil.db --policy conf --json old new
ends "an rsyslog.conf" 0
is "with its filters and its jail" \
	"$(answer '.bans | map(.jail + " " + .ip) | unique')" \
	'["toy 198.51.100.1","toy 203.0.113.9"]'
sed "s|$lab/filters|$lab/other|; s/maxretry.*)/)/" conf >conf2
ctl simulate -d nil.db --policy conf --policy conf2 --json old new
is "each policy reads with its own filters" \
	"$(answer '.policies | map(.summary.failures)')" '[13,0]'
ctl simulate -d nil.db --policy conf2 --path "$lab/filters" --json old new
is "--path goes before" "$(answer .summary.failures)" 13

while IFS='|' read -r policy words; do
	try --policy "$policy" old
	is "'$policy': status" "$status" 2
	is "'$policy': says why" "$(cat "$err" "$out")" "saslbanctl: $words"
done <<END
maxretry|--policy: 'maxretry' is no parameter=value
maxretry=0|--policy: parameter 'maxretry': '0' is not allowed; allowed: a number from 1 to 1000000
@sasl|--policy: no database at '$lab/nil.db'
./nil.conf|--policy: cannot open './nil.conf': No such file or directory
conf:b|--policy: 'conf' has no jail 'b'; there are: toy
END
try --policy a=1 --policy b=2 --policy c=3 old
is "three policies" "$status $(cat "$err")" \
	"2 saslbanctl: --policy: two at most"
try
is "no file" "$status $(cat "$err")" "2 saslbanctl: 'simulate' needs FILE..."
"$builddir/saslbanctl" simulate -d nil.db --path filters --filter toy old \
	>/dev/full 2>"$err"
is "a full disk is no success" $? 1
done_testing
