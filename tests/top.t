#!/bin/sh
# top: who comes out on top, and with which numbers.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/month.sh"
month

# ---- for people ----

ends "top: the addresses of the last week" 0 top --limit 5
prints "top: most attempts first, as many by their names" <<'EOT'
ADDRESS            ATTEMPTS  ACCOUNTS  BANS  STRIKE  BANNED  FIRST                LAST
198.51.100.7             48         1     1       2  yes     2026-11-28 12:30:00  2026-11-30 11:30:00
2001:db8:1:2::/64        10         1     1       4  yes     2026-11-30 10:00:00  2026-11-30 10:00:00
203.0.113.1               6         3     1       3  yes     2026-11-27 11:59:00  2026-11-27 11:59:00
203.0.113.10              6         3     0       -  yes     2026-11-27 11:50:00  2026-11-27 11:50:00
203.0.113.11              6         3     0       -  yes     2026-11-27 11:49:00  2026-11-27 11:49:00
EOT
cp "$out" "$lab/addresses"
ends "top addresses" 0 top addresses --limit 5
ok "is the same" cmp "$out" "$lab/addresses"
ends "top: a lifted ban is none" 0 top --since 1h
prints "top --since: only what came since then" <<'EOT'
ADDRESS       ATTEMPTS  ACCOUNTS  BANS  STRIKE  BANNED  FIRST                LAST
192.0.2.66           4         3     1       1  no      2026-11-30 11:50:00  2026-11-30 11:50:00
198.51.100.7         1         1     0       -  yes     2026-11-30 11:30:00  2026-11-30 11:30:00
EOT
ends "top networks" 0 top networks
prints "top networks: as wide as the jail has them" <<'EOT'
NETWORK          ATTEMPTS  ADDRESSES  BANS  RUNNING  BANNED  FIRST                LAST
203.0.113.0/24         72         12     2        2  yes     2026-11-27 11:48:00  2026-11-27 11:59:00
198.51.100.0/24        48          1     1        1  no      2026-11-28 12:30:00  2026-11-30 11:30:00
2001:db8:1::/56        10          1     1        1  no      2026-11-30 10:00:00  2026-11-30 10:00:00
192.0.2.0/24            4          1     1        0  no      2026-11-30 11:50:00  2026-11-30 11:50:00
EOT
ends "top accounts" 0 top accounts
prints "top accounts: capital letters are small ones; who logs in; breaches" <<'EOT'
ACCOUNT                       ATTEMPTS  ADDRESSES  LOGINS  BREACHES  FIRST                LAST
info                                72         13       0         0  2026-11-27 11:48:00  2026-11-30 11:30:00
bob                                 24         12       2         1  2026-11-27 11:48:00  2026-11-27 11:59:00
sales                               24         12       0         0  2026-11-27 11:48:00  2026-11-27 11:59:00
<img src=x onerror=alert(1)>        10          1       0         0  2026-11-30 10:00:00  2026-11-30 10:00:00
\x1b[31m                             1          1       0         0  2026-11-30 11:50:00  2026-11-30 11:50:00
=cmd|x                               1          1       0         0  2026-11-30 11:50:00  2026-11-30 11:50:00
a|b`*c*                              1          1       0         0  2026-11-30 11:50:00  2026-11-30 11:50:00
EOT
ends "top services" 0 top services
prints "top services" <<'EOT'
SERVICE        ATTEMPTS  ADDRESSES  ACCOUNTS  FIRST                LAST
dovecot              82         13         4  2026-11-27 11:48:00  2026-11-30 10:00:00
postfix/smtpd        48          1         1  2026-11-28 12:30:00  2026-11-30 11:30:00
e"><b>vil             4          1         3  2026-11-30 11:50:00  2026-11-30 11:50:00
EOT
ends "top rules" 0 top rules --limit 1 --since 60d
prints "top rules, over a longer time" <<'EOT'
RULE       ATTEMPTS  ADDRESSES  ACCOUNTS  FIRST                LAST
dovecot:1       182         14         5  2026-10-21 12:00:00  2026-11-30 10:00:00
EOT
ends "top of another jail" 0 top --jail rbl
prints "none" <<'EOT'
no attempts since 2026-11-23 12:00:00
EOT
NO_COLOR=1 TERM=xterm script -qec "stty cols 80; $ctl -d $database top" \
	/dev/null </dev/null | tr -d '\r' >"$out"
is "80 columns: top" "$(sed -n 1,2p "$out")" "$(cat <<'EOT'
ADDRESS            ATTEMPTS  ACCOUNTS  BANS  STRIKE  BANNED  LAST
198.51.100.7             48         1     1       2  yes     2026-11-30 11:30
EOT
)"

# ---- for programs ----

ends "top --csv" 0 top accounts --csv
is "top --csv: no cell is a formula" "$(sed 's/\r$/;/' "$out")" "$(cat <<'EOT'
account,attempts,addresses,logins,breaches,first,last;
info,72,13,0,0,2026-11-27 11:48:00,2026-11-30 11:30:00;
bob,24,12,2,1,2026-11-27 11:48:00,2026-11-27 11:59:00;
sales,24,12,0,0,2026-11-27 11:48:00,2026-11-27 11:59:00;
<img src=x onerror=alert(1)>,10,1,0,0,2026-11-30 10:00:00,2026-11-30 10:00:00;
\x1b[31m,1,1,0,0,2026-11-30 11:50:00,2026-11-30 11:50:00;
'=cmd|x,1,1,0,0,2026-11-30 11:50:00,2026-11-30 11:50:00;
a|b`*c*,1,1,0,0,2026-11-30 11:50:00,2026-11-30 11:50:00;
EOT
)"
for kind in addresses networks accounts services rules; do
	ends "top $kind --json" 0 top $kind --json
	valid "top $kind --json" top
	is "all attempts, however many rows" "$(jq .attempts "$out")" 134
done
ends "top --json" 0 top addresses --json --limit 3
is "top --json: what the table has" "$(jq -c '.addresses[0], .addresses[2]' \
	"$out")" "$(cat <<'EOT'
{"address":"198.51.100.7","attempts":48,"accounts":1,"bans":1,"strike":2,"banned":true,"first":1795869000,"last":1796038200}
{"address":"203.0.113.1","attempts":6,"accounts":3,"bans":1,"strike":3,"banned":true,"first":1795780740,"last":1795780740}
EOT
)"
for kind in addresses networks accounts services rules; do
	ctl top $kind --json
	for field in $(jq -r '[paths | .[] | strings] | unique[]' "$out"); do
		ok "'top $kind': the manual has the field '$field'" \
			grep -q "^\.It .*Va $field\b" "$srcdir/docs/saslbanctl.8"
	done
done

# ---- what it says no to ----

ends "top of something else" 2 top users
like "says what there is" "$(cat "$err")" \
	"^saslbanctl: 'top' has no use for 'users'; allowed: addresses, networks,"
ends "an unknown jail" 3 top --jail nil
ends "a moment that is none" 2 top --since tomorrow

# ---- what is only observed ----

sqlite3 "$database" "UPDATE offense SET observed = 1
	WHERE address IN ('198.51.100.7', '203.0.113.0/24')"
ends "top: two bans that are only observed" 0 top --limit 4 --json
is "ban nobody" "$(jq -c '[.addresses[] | .address, .bans, .banned]' \
	"$out")" "$(tr -d '\n' <<'EOT'
["198.51.100.7",1,false,"2001:db8:1:2::/64",1,true,
"203.0.113.1",1,true,"203.0.113.10",0,false]
EOT
)"
ends "top networks: with these" 0 top networks --limit 2 --json
is "they do not run" "$(jq -c '[.networks[] | .network, .bans, .running,
	.banned]' "$out")" \
	'["203.0.113.0/24",2,1,false,"198.51.100.0/24",1,0,false]'

# An edited row is no reason to stop.
sqlite3 "$database" "UPDATE failure SET lo = x'00', address = 'nobody',
	at = 9999999999999, count = 9223372036854775807, verdict = 'odd'
	WHERE address = '198.51.100.7'"
ends "rows that somebody edited" 0 top --limit 1
like "are counted" "$(cat "$out")" '^nobody +206158430160 +1 +0 +- +no '
ends "and have no network" 0 top networks --limit 1
like "the next one is first" "$(cat "$out")" '^203'

sqlite3 "$database" 'DELETE FROM failure; DELETE FROM offense'
ends "an empty store" 0 top --json
is "has nothing" "$(jq -c .addresses "$out")" "[]"
ends "in a table" 0 top accounts
prints "none at all" <<'EOT'
no attempts since 2026-11-23 12:00:00
EOT
echo garbage >"$database"
ends "a broken database" 1 top
is "one line" "$(wc -l <"$err")" 1
rm -f "$database" "$database"-*
ends "no database" 1 top
like "says where it is looked for" "$(cat "$err")" \
	"^saslbanctl: no database at '$database'"

done_testing
