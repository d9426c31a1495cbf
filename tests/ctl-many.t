#!/bin/sh
# ctl-many: bans and pardons of more than one address at a time.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/ctl.sh"

ip link set lo up
ipset create saslban4 hash:net timeout 600 counters maxelem 1000
ipset create saslban6 hash:net timeout 600 counters family inet6 maxelem 1000

# running: the addresses whose bans run; in_set: those that the kernel has.
running() {
	sql "SELECT group_concat(address, ' ') FROM (SELECT address FROM offense
		WHERE ended IS NULL AND lifted IS NULL ORDER BY address)"
}
in_set() {
	{
		ipset save saslban4
		ipset save saslban6
	} | sed -n 's/^add [^ ]* \([^ ]*\) .*/\1/p' | sort | tr '\n' ' '
}
standing='10.20.0.0/16 192.0.2.1 198.51.100.7 198.51.100.9 2001:db8:1:2::/64'

# ---- what is refused, and changes nothing ----

fresh
while IFS='|' read -r want arguments pattern; do
	# shellcheck disable=SC2086 # a list of arguments
	ctl $arguments </dev/null
	is "'$arguments': status $want" "$status" "$want"
	says "'$arguments': says why" "$pattern"
	is "'$arguments': prints nothing" "$(cat "$out")" ""
done <<'EOT'
2|ban|'ban' needs ADDRESS\[/PREFIX\] or --file FILE$
2|unban|'unban' needs ADDRESS\[/PREFIX\] or --file FILE$
2|ban 192.0.2.9 --file -|'ban' takes an address or --file, not both$
2|unban 192.0.2.9 --file -|'unban' takes an address or --file, not both$
2|unban --all|'unban --all' needs ADDRESS/PREFIX or --jail NAME$
2|unban --all --file -|'unban' takes --all or --file, not both$
2|unban 192.0.2.300 --all|not an address: '192.0.2.300'
2|ban --all 192.0.2.9|'ban' takes no option '--all'
2|ban --file - --for 0|--for '0' is not allowed
1|ban --file /nowhere|'/nowhere'
1|unban --file /nowhere|'/nowhere'
3|unban 203.0.113.0/24 --all|nothing in '203.0.113.0/24' is banned$
3|unban 192.0.2.0/24 --all --jail rbl|nothing in '192.0.2.0/24' is banned in jail 'rbl'$
3|unban --all --jail nil|no jail 'nil'
1|unban 10.20.30.0/24 --all|'10.20.30.0/24' is still banned, as part of '10.20.0.0/16' in jail 'sasl'; to lift that: saslbanctl unban 10.20.0.0/16$
EOT
cat >"$lab/list" <<'EOT'
# whom we had by hand
192.0.2.20
 192.0.2.21	# with blanks

192.0.2.300
2001:db8:5:6::1
not an \x1b address
203.0.113.7
EOT
for verb in ban unban; do
	ctl $verb --file "$lab/list"
	is "$verb --file of a wrong line: status 2" "$status" 2
	is "$verb: every wrong line is named" "$(cat "$err")" "$(cat <<EOT
saslbanctl: $lab/list, line 5: not an address: '192.0.2.300'
saslbanctl: $lab/list, line 7: not an address: 'not an \\\\x1b address'
saslbanctl: $lab/list: nothing was done, as 2 lines are wrong
EOT
)"
	is "$verb: nothing was done" "$(running)" "$standing"
done
sed '/300/d; /not an/d' "$lab/list" >"$lab/good"
ctl ban --file "$lab/good" --jail sasl
is "ban --file of one who is exempt: status 1" "$status" 1
is "he is named" "$(cat "$err")" "$(cat <<EOT
saslbanctl: $lab/good, line 6: cannot ban '203.0.113.7' in jail 'sasl': ignoreip has '203.0.113.0/24'; --force bans it nevertheless
saslbanctl: $lab/good: nothing was done, as 1 line is wrong
EOT
)"
is "and nothing was done" "$(running)" "$standing"
seq 30 | ctl unban --file -
is "many wrong lines: the first 20 are named" \
	"$(grep -c 'standard input, line' "$err") $(tail -n 1 "$err")" \
	"20 saslbanctl: standard input: nothing was done, as 30 lines are wrong"
ctl unban --file - </dev/null
is "an empty list: status 3" "$status" 3
says "and said" '^saslbanctl: standard input: nobody in it is banned$'
ctl ban --file - --jail sasl </dev/null
is "an empty list bans nobody" "$status $(cat "$out")" "0 0 banned in jail 'sasl'"

# ---- and what is done ----

ctl ban --file "$lab/good" --jail sasl --force --for 1h --reason old
is "ban --file: status, with --force" "$status$(cat "$err")" 0
is "ban --file: told" "$(cat "$out")" "4 banned in jail 'sasl'"
is "ban --file: recorded, each in its own name" "$(sql "SELECT address, strike,
	ground, until - at, why FROM offense WHERE id > 8 ORDER BY id")" "$(cat <<'EOT'
192.0.2.20|1|person|3600|by root: old
192.0.2.21|1|person|3600|by root: old
2001:db8:5:6::/64|1|person|3600|by root: old
203.0.113.7|1|person|3600|by root: old
EOT
)"
is "ban --file: they are in the kernel, with what else is due" "$(in_set)" \
	"192.0.2.20 192.0.2.21 2001:db8:1:2::/64 2001:db8:5:6::/64 203.0.113.7 "
is "the engine is to report each" "$(sql "SELECT count(*) FROM offense
	WHERE id > 8 AND told = 0")" 4
printf '192.0.2.20\n192.0.2.22\n192.0.2.22\n' >"$lab/again"
ctl ban --file - --jail sasl --json <"$lab/again"
is "those who are banned already stay as they are" \
	"$status $(jq -c 'del(.now)' "$out")" \
	'0 {"jail":"sasl","banned":1,"already_banned":2}'
ctl unban --file - --reason moved <"$lab/again"
is "unban --file: told" "$status $(cat "$out" "$err")" \
	"0 lifted 2 bans; 1 of 3 addresses had none"
is "unban --file: who, and why" "$(sql "SELECT address, lifted = $now,
	lifted_by, lifted_why, told FROM offense WHERE lifted_why = 'moved'")" \
	"192.0.2.20|1|root|moved|0
192.0.2.22|1|root|moved|0"
is "they are out of the kernel" "$(in_set)" \
	"192.0.2.21 2001:db8:1:2::/64 2001:db8:5:6::/64 203.0.113.7 "
echo 2001:db8:5:6::77 >"$lab/host"
ctl unban --file "$lab/host" --json
is "a host of a file stands for its /64, as elsewhere" \
	"$status $(jq -c 'del(.now)' "$out")" \
	'0 {"lifted_bans":1,"not_banned":[]}'
ctl unban --file "$lab/host"
is "and is not banned then: status 3" "$status $(cat "$err")" \
	"3 saslbanctl: $lab/host: nobody in it is banned"

fresh
ipset flush saslban4
ipset flush saslban6
ctl ban --file - --jail sasl <<'EOT'
192.0.2.20
192.0.2.21/32
192.0.2.128/25
EOT
is "ban --file takes prefixes" "$(cat "$out")" "3 banned in jail 'sasl'"
ends "unban --all of a prefix" 0 unban 192.0.2.0/24 --all
is "is told" "$(cat "$out")" "lifted 4 bans in 192.0.2.0/24"
is "what else is banned stays" "$(running)" \
	"10.20.0.0/16 198.51.100.7 198.51.100.9 2001:db8:1:2::/64"
is "none is in the kernel" "$(in_set | tr ' ' '\n' | grep '^192')" ""
ends "unban --all of a host is of what it stands for" 0 \
	unban 2001:db8:1:2::9 --all
is "is told, too" "$(cat "$out")" "lifted 1 ban in 2001:db8:1:2::9"
ends "unban --all of a jail" 0 unban --all --jail sasl --json
is "as JSON" "$(jq -c 'del(.now)' "$out")" '{"lifted_bans":2,"not_banned":[]}'
is "the other jail's stay" "$(running)" 198.51.100.7
ctl unban --all --jail sasl
is "a second time: status 3" "$status" 3
says "and said" "nothing is banned in jail 'sasl'$"
ends "one that is only observed can be lifted" 0 unban --all --jail rbl

# ---- the question ----

fresh
for answer in n '' yess; do
	echo "$answer" | terminal 80 unban --all --jail sasl
	is "a terminal is asked, and '$answer' is no" "$(cat "$out")" \
		"lift 4 bans? [y/N] saslbanctl: nothing was done"
done
is "then nothing was done" "$(running)" "$standing"
for answer in y Yes; do
	fresh
	echo $answer | terminal 80 unban --all --jail sasl
	is "'$answer' is yes" "$(cat "$out")" \
		"lift 4 bans? [y/N] lifted 4 bans in jail 'sasl'"
done
fresh
terminal 80 unban --all --jail sasl --yes </dev/null
is "--yes is not asked" "$(cat "$out")" "lifted 4 bans in jail 'sasl'"
terminal 80 unban 198.51.100.7/32 --all </dev/null
is "nor is one ban" "$(cat "$out")" "lifted 1 ban in 198.51.100.7"
fresh
echo n | terminal 80 ban --file "$lab/again" --jail sasl
is "ban --file asks" "$(cat "$out")" \
	"ban 3 addresses in jail 'sasl'? [y/N] saslbanctl: nothing was done"
echo n | terminal 80 unban --file "$lab/again"
is "unban --file asks" "$(cat "$out")" \
	"lift the bans of 3 addresses? [y/N] saslbanctl: nothing was done"

# ---- when something refuses ----

fresh
ipset destroy saslban4
ipset destroy saslban6
ctl unban --all --jail sasl
is "sets that are gone hold nothing: no word of it" "$status $(cat "$out" "$err")" \
	"0 lifted 4 bans in jail 'sasl'"
ctl ban --file "$lab/again" --jail sasl
is "but a ban is not in force: status 1" "$status" 1
says "and said" "recorded, but not in force: .*there is no such set"
fresh
ok "the database is locked" lock
ctl unban --all --jail sasl
is "a locked database: status 1" "$status" 1
says "and said" "another program is writing"
unlock

done_testing
