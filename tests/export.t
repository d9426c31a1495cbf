#!/bin/sh
# export: bans in the forms of other programs, read by these programs.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

export TZ=UTC LC_ALL=C.UTF-8
out=$lab/out
err=$lab/err
cd "$lab" || exit
ip link set lo up
now=$(date +%s)
export SASLBAN_CLOCK="$now"
clock=$builddir/tests/.libs/clock.so
"$builddir/tests/fixture" "$database" "$now"
sql() {
	sqlite3 "$database" "$1"
}

# run ARGUMENT...: leaves its status, $out and $err.
run() {
	LD_PRELOAD=$clock "$ctl" -d "$database" export "$@" >"$out" 2>"$err"
	status=$?
}
# writes TITLE ARGUMENT... < TEXT: exactly that, but for lines' ends and times.
writes() {
	title=$1
	shift
	run "$@"
	[ -s "$err" ] && status="$status: $(cat "$err")"
	is "$title: status" "$status" 0
	is "$title" "$(tr -d '\r' <"$out" | sed -E '
		s/20..-..-..T..:..:..Z/TIME/g
		s/20..-..-.. ..:..:../TIME/g')" "$(cat)"
}

# ---- what is refused ----

while IFS='|' read -r want arguments pattern; do
	# shellcheck disable=SC2086 # a list of arguments
	run $arguments
	is "'$arguments': status $want" "$status" "$want"
	like "'$arguments': says why" "$(cat "$err")" "$pattern"
	is "'$arguments': writes nothing" "$(cat "$out")" ""
done <<'END'
2|--format xml|--format 'xml' is not allowed; allowed: list, csv, md, json, ipset, nft, postfix$
2|--format md --json|--format md or --json, not both
2|--format nft --csv|--format nft or --csv, not both
2|--format ipset --all|--all does not go with --format ipset
2|--format nft --all|--all does not go with --format nft
2|--strike x|--strike 'x' is not allowed; allowed: a number
2|--strike -1|--strike '-1' is not allowed
2|--strike 1234567|--strike '1234567' is not allowed
2|--since tomorrow|--since 'tomorrow' is not allowed
2|x|'export' has no use for 'x'
3|--jail nil|no jail 'nil'
1|-d /nowhere/x|no database at '/nowhere/x'
1|--output /nowhere/x|cannot write '/nowhere/x': No such file
END

# ---- every ban ----

sql "UPDATE offense SET why = '=HYPERLINK(\"http://x\")|<b>,[a](b)&amp; www.x'
	WHERE address = '198.51.100.7';
     UPDATE offense SET why = '''x', packets = 7, bytes = 420
	WHERE address = '192.0.2.1' AND strike = 2"

writes "csv" --csv <<'END'
address,jail,strike,ground,at,until,ended,lifted,lifted_by,lifted_why,failures,late,packets,bytes,observed,why
198.51.100.9,sasl,2,count,TIME,TIME,,,,,3,1,0,0,0,3 failures in 2m
192.0.2.1,sasl,2,count,TIME,TIME,,,,,3,1,7,420,0,''x
2001:db8:1:2::/64,sasl,1,count,TIME,never,,,,,7,0,0,0,0,by root: \x1b[2Jgo\n away
198.51.100.7,rbl,1,count,TIME,TIME,,,,,1,0,0,0,1,"'=HYPERLINK(""http://x"")|<b>,[a](b)&amp; www.x"
10.20.0.0/16,sasl,1,count,TIME,TIME,,,,,0,0,0,0,0,by root
END
writes "csv, all of an address's third and higher" --csv --all --strike 3 <<'END'
address,jail,strike,ground,at,until,ended,lifted,lifted_by,lifted_why,failures,late,packets,bytes,observed,why
END
writes "csv, what began within an hour and a half, over or not" \
	--format csv --all --since 90m --jail sasl <<'END'
address,jail,strike,ground,at,until,ended,lifted,lifted_by,lifted_why,failures,late,packets,bytes,observed,why
198.51.100.9,sasl,1,count,TIME,TIME,TIME,,,,4,0,0,0,0,4 failures in 1m
198.51.100.9,sasl,2,count,TIME,TIME,,,,,3,1,0,0,0,3 failures in 2m
192.0.2.1,sasl,2,count,TIME,TIME,,,,,3,1,7,420,0,''x
2001:db8:1:2::/64,sasl,1,count,TIME,never,,,,,7,0,0,0,0,by root: \x1b[2Jgo\n away
10.20.0.0/16,sasl,1,count,TIME,TIME,,,,,0,0,0,0,0,by root
END
writes "Markdown" --format md --strike 2 --since 1d <<'END'
# Banned addresses

As of TIME, since TIME, from strike 2 on.

| address | jail | strike | since | until | state | why |
|---|---|---:|---|---|---|---|
| 192.0.2.1 | sasl | 2 | TIME | TIME | active | &#39;x |
| 198.51.100.9 | sasl | 2 | TIME | TIME | active | 3 failures in 2m |

2 bans
END
run --format md --jail rbl
is "Markdown: what is nasty is text" "$(grep -o 'observed .*' "$out")" \
	'observed | =HYPERLINK\(&quot;http://x&quot;\)\|&lt;b&gt;,\[a\]\(b\)&amp;amp; www.x |'
run --format md --jail rbl --since 1m
is "Markdown: none" "$(tail -n 1 "$out")" "0 bans"

run --json --all
is "json: status" "$status" 0
is "json: all of a ban" \
	"$(jq -c --argjson at "$now" '.bans[] | select(.lifted != null) |
		.at -= $at | .until -= $at | .lifted -= $at' "$out")" \
	'{"address":"198.51.100.8","jail":"sasl","strike":1,"ground":"count","at":-7200,"until":165600,"ended":null,"lifted":-3600,"lifted_by":"alice","lifted_why":"a customer'\''s printer","failures":3,"late":0,"packets":0,"bytes":0,"observed":false,"why":"3 failures in 4s"}'
is "json: what is nasty" \
	"$(jq -c '.bans[] | select(.jail == "rbl") | .why' "$out")" \
	'"=HYPERLINK(\"http://x\")|<b>,[a](b)&amp; www.x"'
ok "json: as docs/schema/export.json has it" /usr/bin/python3 -W ignore \
	-m jsonschema -i "$out" "$srcdir/docs/schema/export.json"
run --format json --strike 9
is "json: none" "$(jq -c .bans "$out")" '[]'

# ---- each address once ----

# Two jails ban an address, one for longer.
sql "INSERT INTO jail (name, configured) VALUES ('web', 0);
     INSERT INTO setting SELECT j.id, v.name, 0, v.value FROM jail j,
	(SELECT 'name' AS name, 'web' AS value UNION
	 SELECT 'set', 'saslban-web') v WHERE j.name = 'web';
     INSERT INTO offense (jail, address, strike, at, until, failures, late, why,
	observed, lifted_by, lifted_why, lo, hi, ground, told)
	SELECT j.id, address, 5, at, until + 3600, 1, 0, 'x', 0, '', '', lo, hi,
	ground, 1 FROM offense o, jail j
	WHERE j.name = 'web' AND address = '198.51.100.9' AND strike = 2"

writes "list: sorted, each once, who is kept out" <<'END'
10.20.0.0/16
192.0.2.1
198.51.100.9
2001:db8:1:2::/64
END
writes "list: by threshold and age, of those that are over too" --all \
	--strike 1 --since 11d --format list --jail sasl <<'END'
10.20.0.0/16
192.0.2.1
198.51.100.9
2001:db8:1:2::/64
END
writes "list: of one jail" --jail web <<'END'
198.51.100.9
END
writes "list: of a jail that only observes, nobody" --jail rbl </dev/null

writes "postfix" --format postfix <<'END'
# For check_client_access cidr:FILE, as of TIME
10.20.0.0/16 REJECT Too many failed logins, blocked until TIME
192.0.2.1 REJECT Too many failed logins, blocked until TIME
198.51.100.9 REJECT Too many failed logins, blocked until TIME
2001:db8:1:2::/64 REJECT Too many failed logins
END
is "postfix: until the longer one ends" \
	"$(sed -n 's/^198.*until //p' "$out")" \
	"$(date -u -d "@$((now - 4000 + 8 * 86400 + 3600))" +%FT%TZ)"
cp "$out" access
root=$builddir/postfix
mkdir postfix
printf '%s\n' 'mail_owner = daemon' 'setgid_group = utmp' \
	'compatibility_level = 3.6' >postfix/main.cf
query() {
	LD_LIBRARY_PATH=$root/usr/lib/postfix "$root/usr/sbin/postmap" \
		-c postfix -q "$1" "cidr:$lab/access" 2>&1
}
if [ -x "$root/usr/sbin/postmap" ]; then
	like "Postfix refuses an address of a prefix" "$(query 10.20.3.4)" \
		'^REJECT Too many failed logins, blocked until 20'
	is "Postfix refuses one of IPv6" "$(query 2001:db8:1:2::9)" \
		'REJECT Too many failed logins'
	is "Postfix takes another" "$(query 10.21.3.4; query 2001:db8::1)" ""
else
	skip "Postfix reads it" "'$root' is missing: tools/prepare --tests"
fi

writes "ipset" --format ipset <<'END'
# For `ipset -exist restore`
create saslban4 hash:net family inet hashsize 65536 maxelem 262144 timeout 172800 counters
add saslban4 10.20.0.0/16 timeout 2147483
add saslban4 192.0.2.1 timeout 687630
add saslban4 198.51.100.9 timeout 687200
create saslban6 hash:net family inet6 hashsize 65536 maxelem 262144 timeout 172800 counters
add saslban6 2001:db8:1:2::/64 timeout 2147483
create saslban-web4 hash:net family inet hashsize 65536 maxelem 262144 timeout 172800 counters
add saslban-web4 198.51.100.9 timeout 690800
END
cp "$out" sets
members() {
	ipset save | sed -n 's/^add \([^ ]* [^ ]*\) .*/\1/p' | sort
}
ok "ipset takes it" ipset -exist restore -file sets
want=$(sed -n 's/^add \([^ ]* [^ ]*\) .*/\1/p' sets | sort)
is "and holds it" "$(members)" "$want"
ok "ipset takes it again" ipset -exist restore -file sets
ipset destroy
ok "and beside the module's own sets" sh -c "ipset restore <'$srcdir/ipset/saslban.sets' &&
	ipset -exist restore -file sets"
is "it is in these" "$(members)" "$want"

run --format nft
is "nft: status" "$status" 0
is "nft: its elements" "$(grep -E '^add|^	[0-9]' "$out")" \
	"$(cat <<'END'
add element inet saslban saslban4 {
	192.0.2.1 timeout 7d82830s,
	198.51.100.9 timeout 7d82400s
add element inet saslban saslban4/16 {
	10.20.0.0 timeout 60d1830s
add element inet saslban saslban6/64 {
	2001:db8:1:2:: timeout 36500d0s
add element inet saslban saslban-web4 {
	198.51.100.9 timeout 7d86000s
END
)"
cp "$out" elements
ok "nft takes it" nft -f elements
ok "nft takes it again" nft -f elements
in_set() {
	nft get element inet saslban "$1" "{ $2 }" >/dev/null
}
ok "and holds a host" in_set saslban4 192.0.2.1
ok "and the first address of a prefix" in_set saslban4/16 10.20.0.0
ok "and one of IPv6" in_set saslban6/64 2001:db8:1:2::
nft delete table inet saslban
ok "and beside the rules that are shipped" sh -c \
	"nft -f '$srcdir/ipset/saslban.nft' && nft -f elements"
ok "which use it" in_set saslban6/64 2001:db8:1:2::
sql "UPDATE setting SET value = 'a:b' WHERE value = 'saslban-web'"
run --format nft
is "nft: a name that it cannot read: status" "$status" 1
is "nft: a name that it cannot read: says so" "$(cat "$err")" \
	"saslbanctl: nft cannot read the name of set 'a:b'"
run --format nft --output elements
is "and the file stays as it was" "$(grep -c '^add' elements)" 4
is "and there is no other one" "$(echo elements*)" elements

# ---- into a file ----

writes "a file: says what" --output list <<'END'
wrote 4 addresses to 'list'
END
is "a file: is what would be printed" "$(tail -n 1 list)" 2001:db8:1:2::/64
is "a file: everybody may read it" "$(stat -c %a list)" 644
chmod 600 list
writes "a file: again" --output list --jail web <<'END'
wrote 1 address to 'list'
END
is "a file: its mode stays" "$(stat -c %a list)" 600
is "a file: is new" "$(cat list)" 198.51.100.9
writes "a file: bans" --output bans.csv --csv --jail rbl <<'END'
wrote 1 ban to 'bans.csv'
END
is "a file: without rest" "$(echo ./list* ./bans*)" "./list ./bans.csv"

# ---- many ----

sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
	WHERE i < 1200)
     INSERT INTO offense (jail, address, strike, at, until, failures, late, why,
	observed, lifted_by, lifted_why, lo, hi, ground, told)
     SELECT 1, '203.0.' || (i >> 8) || '.' || (i & 255), 1, $now, $now + 999, 1,
	0, '', 0, '', '', x'04', x'04', 'count', 1 FROM n"
run --format nft --jail sasl
is "nft: commands of 500 elements" "$(grep -c '^add' "$out")" 5
nft flush ruleset
ok "nft takes many" nft -f "$out"
is "and holds them" "$(nft list set inet saslban saslban4 |
	grep -o '[0-9.]* timeout' | wc -l)" 1202
done_testing
