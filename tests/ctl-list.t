#!/bin/sh
# ctl-list: which bans `saslbanctl list` shows, and in which order.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/ctl.sh"

fresh
sql "UPDATE offense SET packets = id * 7 % 5 + 1, strike = id % 4 + 1;
	UPDATE offense SET ground = 'network' WHERE id IN (4, 7);
	UPDATE offense SET ground = 'person' WHERE id = 8;
	INSERT INTO failure (jail, host, address, user, at, lo) SELECT jail,
		'198.51.100.9', '198.51.100.9', 'Bob', $now - 4100,
		x'04c6336409' FROM offense WHERE id = 4"

# Arguments, and the ids of the bans.
while IFS='|' read -r arguments ids; do
	# shellcheck disable=SC2086 # a list of arguments
	ends "list $arguments" 0 list $arguments --json
	is "list $arguments: those" "$(jq -c '[.bans[].id]' "$out")" "[$ids]"
done <<'EOT'
|8,7,6,5,4
--active|8,7,6,5,4
--all|8,7,6,5,4,3,2,1
--jail rbl|7
--strike 1|8,7,6,5,4
--strike 3|7,6
--strike 4 --all|7,3
--strike 99|
--since 1h|8,7,6,5
--since 59m|8,7,6
--since 10d --all|8,7,6,5,4,3,2,1
--network 192.0.2.0/24|5
--network 192.0.2.0/24 --all|5,1
--network 192.0.2.1|5
--network 10.20.30.0/24|8
--network 0.0.0.0/0|8,7,5,4
--network ::/0|6
--network 203.0.113.0/24|
--ground person|8
--ground network|7,4
--ground trap|
--user bob|6,4
--user BOB --all|6,4,3
--user bob --network 198.51.100.0/24|4
--user bob --network 198.51.100.0/24 --all|4,3
--user bob --strike 2|6
--user bob --jail rbl|
--user bo|
--user alice|5
--user eve|
--sort newest|8,7,6,5,4
--sort address|8,5,7,4,6
--sort strike|7,6,5,8,4
--sort until|7,4,5,8,6
--sort packets|7,4,6,8,5
--sort packets --all|7,2,4,6,1,8,3,5
--sort strike --network 192.0.2.0/23 --all|5,1
--sort until --user bob|4,6
--limit 2|8,7
--limit 2 --sort address|8,5
--limit 0|8,7,6,5,4
--limit 1 --all --sort until|1
--limit 1 --user bob|6
--limit 2 --strike 3 --all|7,6
EOT

# Status, arguments, words on stderr.
while IFS='|' read -r want arguments pattern; do
	# shellcheck disable=SC2086 # a list of arguments
	ctl list $arguments
	is "list $arguments: status $want" "$status" "$want"
	says "list $arguments: says why" "$pattern"
done <<'EOT'
2|--all --active|^saslbanctl: --all or --active, not both$
2|--strike 0|--strike '0' is not allowed; allowed: a number from 1$
2|--strike x|--strike 'x' is not allowed
2|--strike -1|--strike '-1' is not allowed
2|--strike 1000000|--strike '1000000' is not allowed
2|--network office|not an address: 'office'; allowed:
2|--ground bad|--ground 'bad' is not allowed; allowed: count, account, trap, network, breach, person, found$
2|--sort size|--sort 'size' is not allowed; allowed: newest, address, strike, until, packets, oldest$
2|--limit many|--limit 'many' is not allowed
3|--jail nil|no jail 'nil'
EOT

ends "what fits nothing" 0 list --strike 99
is "is said" "$(cat "$out")" "no bans running that fit"
ends "nor anything that is over" 0 list --strike 99 --all
is "is said, too" "$(cat "$out")" "no bans that fit"
ends "a user is no SQL" 0 list --user "x' OR '1'='1" --json
is "and nobody" "$(jq -c '.bans' "$out")" '[]'
ends "--csv has the same" 0 list --sort address --csv
is "in that order" "$(cut -d, -f1 "$out" | tr -d '\r' | tr '\n' ' ')" \
	"address 10.20.0.0/16 192.0.2.1 198.51.100.7 198.51.100.9 2001:db8:1:2::/64 "

# ---- show, of a user ----

ends "show of a user" 0 show BOB
is "who has failed for him, the latest first" \
	"$(awk '/^  [0-9]/ { print $1, $2, $3 }' "$out")" "$(cat <<'EOT'
2001:db8:1:2::5 sasl 7
198.51.100.9 sasl 1
EOT
)"
sql "INSERT INTO login (address, user, first, last, lo)
	VALUES ('192.0.2.7', 'bob', $now - 900, $now - 60, x'04c0000207');
	INSERT INTO breach (jail, at, last, user, host, kind, why)
		SELECT id, $now - 50, $now - 50, 'bob', '192.0.2.7', 'banned',
		'a test' FROM jail WHERE name = 'sasl'"
ends "show of a user, as JSON" 0 show bob --json
is "who, from where, and what was guessed" "$(jq -c '[.user,
	(.attempts[] | [.host, .jail, .count]),
	(.logins[] | [.address, .last - .first]), .breaches[].why]' "$out")" \
	'["bob",["2001:db8:1:2::5","sasl",7],["198.51.100.9","sasl",1],["192.0.2.7",840],"a test"]'
ctl show bob --jail rbl
is "in another jail he has only logged in" \
	"$status $(grep -c '^failures' "$out") $(grep -c '^logins' "$out")" "0 0 1"
ctl show nobody
is "a user of whom nothing is known: status 3" "$status" 3
says "and said" "nothing is known of 'nobody'$"

# ---- a terminal is not filled with a million bans ----

more() { # FROM TO: so many addresses
	seq "$1" "$2" | awk '{ printf "203.0.%d.%d\n", $1 / 256, $1 % 256 }' \
		>"$lab/many"
	ctl ban --file "$lab/many" --jail sasl
}
lines() {
	grep -c '^203\.0\.' "$out"
}
fresh
export NO_COLOR=1
more 1 995
terminal 120 list --all --network 203.0.0.0/16 </dev/null
is "so many fit" "$(lines) $(grep -c 'and more' "$out")" "995 0"
more 1001 2000
terminal 120 list --sort oldest </dev/null
is "a terminal has a thousand" "$(grep -cE '^[0-9a-f:./]+ ' "$out")" 1000
is "and is told that there are more" "$(tail -n 1 "$out")" \
	"and more: these are the first 1000; --limit 0 has all of them"
terminal 120 list --limit 0 </dev/null
is "all of them, if asked for" "$(lines) $(grep -c 'and more' "$out")" "1995 0"
ends "in a file" 0 list
is "they are all there" "$(lines) $(grep -c 'and more' "$out")" "1995 0"
unset NO_COLOR
fresh

# What the kernel has is chosen by its network alone.
ipset create saslban4 hash:net timeout 600 counters
ipset create saslban6 hash:net timeout 600 counters family inet6
ipset add saslban4 192.0.2.50
ipset add saslban4 203.0.113.50
ctl list --kernel --network 192.0.2.0/24 --json
is "--kernel --network" "$(jq -c '[.unwanted[].address]' "$out")" \
	'["192.0.2.50"]'

done_testing
