#!/bin/sh
# grow: sets that fill up become larger while rsyslogd runs. Nobody who is
# banned gets through meanwhile, bans and lifts go on, and a kill in the middle
# loses nothing.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up

# small MAXELEM: sets as an old file of sets would create them
small() {
	for s in saslban saslban4 saslban6; do ipset -q destroy "$s"; done
	ipset create saslban4 hash:net timeout 172800 counters \
		maxelem "$1"
	ipset create saslban6 hash:net family inet6 timeout 172800 counters \
		maxelem "$1"
	ipset create saslban list:set
	ipset add saslban saslban4
	ipset add saslban saslban6
}
maxelem() { # SET
	ipset list -t "$1" | sed -n 's/.* maxelem \([0-9]*\).*/\1/p'
}
at_least() { # SET MAXELEM
	[ "$(maxelem "$1")" -ge "$2" ]
}
many() { # FROM TO: three guesses of each address
	seq "$1" "$2" | while read -r i; do
		three 198.18.$((i / 250)).$((i % 250 + 1))
		three "2001:db8:9:$(printf %x "$i")::1"
	done
}
running() { # what the database bans
	sqlite3 -cmd '.timeout 5000' "$database" "SELECT DISTINCT address
		FROM offense WHERE lifted IS NULL AND ended IS NULL" | sort
}
listed() {
	for s in saslban4 saslban6; do ipset list "$s"; done |
		awk '$2 == "timeout" { print $1 }' | sort
}
recorded() { # ADDRESSES
	[ "$(sqlite3 -cmd '.timeout 5000' "$database" "SELECT
		count(DISTINCT address) FROM offense
		WHERE ground <> 'person'")" -ge "$1" ]
}
all_in() {
	running >"$lab/running"
	listed | cmp -s - "$lab/running"
}
no_leftover() {
	! ipset list -n | grep -q '\.new$'
}

# ---- somebody who is banned tries all the time ----
small 256
conf 'set.max="16384"' 'network.hosts="0"' <<-EOF
action(type="omsaslban" database="$database" name="strict" set="saslban"
       maxretry="2" findtime="1h" set.max="16384" network.hosts="0"
       account.hosts="0" filter.path="$srcdir/filter.d")
EOF
listen 25
for version in 4 6; do
	command="iptables"
	[ $version = 4 ] || command="ip6tables"
	$command -I INPUT -p udp --dport 7 -m set --match-set saslban src \
		-j DROP
	$command -A INPUT -p udp --dport 7 -j ACCEPT
done
rsyslog_start
ok "rsyslogd starts" heard ': started: '
{
	three 203.0.113.7
	three 2001:db8:8000::7
} | say
ok "a banned client of IPv4" soon banned 203.0.113.7
ok "a banned client of IPv6" soon banned 2001:db8:8000::7
ip netns exec world "$builddir/tests/knock" 203.0.113.7 192.0.2.25 7 \
	>"$lab/knocks4" &
knock4=$!
ip netns exec world "$builddir/tests/knock" 2001:db8:8000::7 \
	2001:db8:25::25 7 >"$lab/knocks6" &
knock6=$!
through() { # COMMAND: packets that no rule has dropped
	"$1" -nvx -L INPUT | awk '$3 == "ACCEPT" && /dpt:7/ { print $1 }'
}
dropped() { # COMMAND
	"$1" -nvx -L INPUT | awk '$3 == "DROP" && /dpt:7/ { print $1 }'
}
knocked() { # COMMAND NUMBER
	[ "$(dropped "$1")" -gt "$2" ]
}
ok "he knocks, by IPv4" soon knocked iptables 100
ok "he knocks, by IPv6" soon knocked ip6tables 100
from=1
while [ $from -lt 900 ]; do
	many $from $((from + 29)) | "$builddir/tests/send" @5140
	soon recorded $(((from + 29) * 2))
	from=$((from + 30))
	case $from in
	*1) soon "$ctl" -d "$database" ban 203.0.113.$((from / 30)) \
		--jail sasl --for 1h ;;
	esac
	soon "$ctl" -d "$database" unban 198.18.0.$((from / 30 + 1))
done
ok "the set of IPv4 grows" soon at_least saslban4 2048
ok "the set of IPv6 grows" soon at_least saslban6 2048
ok "all who are banned are in, and nobody else" soon all_in
ok "saslbanctl's ban is in" banned 203.0.113.3
ok "the one that was lifted is not" \
	sh -c '! ipset list saslban4 | grep "^198.18.0.4 "'
four=$(dropped iptables)
six=$(dropped ip6tables)
ok "he still knocks, by IPv4" soon knocked iptables "$((four + 100))"
ok "he still knocks, by IPv6" soon knocked ip6tables "$((six + 100))"
kill $knock4 $knock6
wait $knock4 $knock6 2>/dev/null
is "no packet of IPv4 came through" "$(through iptables)" 0
is "no packet of IPv6 came through" "$(through ip6tables)" 0
ok "he is banned at the end" banned 203.0.113.7
ok "nothing is left over" soon no_leftover
ok "that is said" heard "set 'saslban4' held .*; it has room for 2048 now"
is "nobody took it for a loss" \
	"$(grep -c 'flushed or replaced' "$lab/said")" 0
ok "rsyslogd stops" rsyslog_stop

# ---- killed in the middle ----
# before the larger set is created, filled, put in place, the old one destroyed
from=901
for kill in 2 9 6 3; do
	iptables -F INPUT
	ip6tables -F INPUT
	size=$(($(running | grep -vc :) * 5 / 4 + 8)) # a few more, and it grows
	small $size
	RSYSLOG_UNDER="env SASLBAN_STOP=$kill LD_PRELOAD=$builddir/tests/.libs/stop.so"
	rsyslog_start
	RSYSLOG_UNDER=
	soon all_in
	many $from $((from + 59)) | "$builddir/tests/send" @5140
	wait "$rsyslog_job" 2>/dev/null
	is "kill $kill: it was killed" $? 137
	rsyslog_start
	ok "kill $kill: all are in after the next start" soon all_in
	ok "kill $kill: and the sets are larger" \
		soon at_least saslban4 $((2 * size))
	ok "kill $kill: nothing is left over" soon no_leftover
	rsyslog_stop
	from=$((from + 60))
done

# ---- a set that was filled, and is small again ----
small 512
rsyslog_start
ok "lost and small: all are in" soon all_in
ok "lost and small: the set is as large as they need" \
	soon at_least saslban4 2048
rsyslog_stop

# ---- sets of somebody else ----
iptables -F INPUT
ip6tables -F INPUT
for s in saslban saslban4 saslban6; do ipset -q destroy "$s"; done
rm -f "$database"* "$lab/said"
ipset create saslban4 hash:ip timeout 60
conf 'set.create="off"' 'prefix.v6="128"' </dev/null
rsyslog_start
ok "no set of IPv6: it is said" heard \
	"cannot read set 'saslban6': there is no such set; set.create 'off'"
{
	three 203.0.113.7
	three 2001:db8:8000::7
} | say
ok "hash:ip without counters: a ban is in" soon banned 203.0.113.7
ok "hash:ip: a network is recorded" soon "$ctl" -d "$database" ban \
	198.51.100.0/24 --for 1h
ok "hash:ip: that it is not enforced is said" \
	heard "cannot ban '198.51.100.0/24': set 'saslban4' is hash:ip"
is "and no set is created" "$(ipset list -n)" saslban4
ipset create saslban6 hash:ip family inet6 timeout 60 counters
ok "the set of IPv6 is there: the ban is in" soon banned 2001:db8:8000::7
sleep 6
is "it was said once" "$(grep -c 'no such set' "$lab/said")" 1
is "still no set is created" "$(ipset list -n | tr '\n' ' ')" \
	'saslban4 saslban6 '
rsyslog_stop
done_testing
