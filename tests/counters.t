#!/bin/sh
# counters: packets that were dropped are counted for the ban, with a real
# rsyslogd, both kinds of sets and real packets, through restarts, renewals,
# flushed sets and the end of the ban.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
query() {
	sqlite3 -cmd '.timeout 5000' "$database" "$1"
}
# knock ADDRESS: three datagrams to a port that the rules guard in this test.
# nc waits for nothing: what it sends is a file, which is there.
printf 1234567890 >"$lab/ten"
knock() {
	case $1 in
	*:*) to=2001:db8:25::25 ;;
	*) to=192.0.2.25 ;;
	esac
	for _ in 1 2 3; do
		ip netns exec world nc -u -w 0 -s "$1" $to 25 <"$lab/ten"
	done
}
# kept ADDRESS: of its latest ban, by the database. live ADDRESS PACKETS: the
# kernel has counted so many.
kept() {
	query "SELECT packets || ' ' || bytes FROM offense
		WHERE address = '$1' ORDER BY id DESC LIMIT 1"
}
live() {
	"$ctl" -d "$database" show "$1" --json |
		grep -q "\"kernel\":{[^}]*\"packets\":$2,"
}
# again: rsyslogd reads all of the sets when it starts.
again() {
	rsyslog_stop
	: >"$lab/said"
	rsyslog_start && heard ': started: '
}

# story WHICH: 10 bytes over UDP are 38 with IPv4, and 58 with IPv6.
story() {
	ok "$1: rsyslogd starts" rsyslog_start
	three 198.51.100.1 | say
	three 2001:db8:8000::1 | say
	ok "$1: IPv4 is banned" soon is_held 198.51.100.1
	ok "$1: IPv6 is banned" soon is_held 2001:db8:8000::/64
	knock 198.51.100.1
	knock 2001:db8:8000::1
	knock 198.51.100.7
	ok "$1: the kernel counts IPv4" soon live 198.51.100.1 3
	ok "$1: and IPv6" soon live 2001:db8:8000::1 3
	is "$1: the store does not know yet" "$(kept 198.51.100.1)" "0 0"
	ok "$1: show does" shows 198.51.100.1 3
	ok "$1: a restart" again
	is "$1: the store has IPv4" "$(kept 198.51.100.1)" "3 114"
	is "$1: and IPv6" "$(kept 2001:db8:8000::/64)" "3 174"
	ok "$1: show counts nothing twice" shows 198.51.100.1 3
	ok "$1: another restart" again
	is "$1: counts nothing twice" "$(kept 198.51.100.1)" "3 114"

	knock 198.51.100.1
	ok "$1: more comes" soon live 198.51.100.1 6
	ok "$1: show has it" shows 198.51.100.1 6
	ok "$1: once more" again
	is "$1: it is added" "$(kept 198.51.100.1)" "6 228"

	ok "$1: all entries are removed" empty
	ok "$1: and put back" again
	ok "$1: the kernel begins at zero" soon live 198.51.100.1 0
	knock 198.51.100.1
	knock 198.51.100.1
	knock 198.51.100.1
	ok "$1: as many as before, and more" soon live 198.51.100.1 9
	ok "$1: a restart behind that" again
	is "$1: all are kept" "$(kept 198.51.100.1)" "15 570"
}
shows() {
	"$ctl" -d "$database" show "$1" |
		grep -q "dropped $2 packets"
}

# ---- ipset ----

conf 'enforcer="ipset"' </dev/null
ipset restore <"$srcdir/ipset/saslban.sets"
iptables -I INPUT -p udp --dport 25 -m set --match-set saslban src -j DROP
ip6tables -I INPUT -p udp --dport 25 -m set --match-set saslban src -j DROP
is_held() {
	banned "$1"
}
empty() {
	ipset flush saslban4 && ipset flush saslban6
}
story ipset

# Longer than the kernel can: when it is renewed, the kernel goes on.
"$ctl" -d "$database" ban 198.51.100.32 --for 32d >/dev/null
knock 198.51.100.32
ok "32 days: it counts" soon live 198.51.100.32 3
ok "32 days: it is read" again
query "UPDATE entry SET held = unixepoch() + 1000000
	WHERE address = '198.51.100.32'"
rsyslog_stop
ipset -exist add saslban4 198.51.100.32 timeout 1000000
ok "32 days: half of it is over" again
renewed() {
	[ "$(left 198.51.100.32)" -gt 2000000 ]
}
ok "32 days: it is renewed" soon renewed
knock 198.51.100.32
ok "32 days: it goes on" soon live 198.51.100.32 6
ok "32 days: and is read again" again
is "32 days: nothing twice, nothing lost" "$(kept 198.51.100.32)" "6 228"

# It runs out.
: >"$lab/said"
query "BEGIN IMMEDIATE;
	UPDATE offense SET until = unixepoch() WHERE address = '198.51.100.1';
	UPDATE entry SET wanted = unixepoch() WHERE address = '198.51.100.1';
	COMMIT"
ok "the end says it" heard \
	'the ban of 198\.51\.100\.1 ended .*; dropped 15 packets (570 B)'
is "it is kept with the ban" "$(kept 198.51.100.1)" "15 570"
nok "and the entry is gone" banned 198.51.100.1
three 198.51.100.1 | say
ok "who comes back is banned again" soon banned 198.51.100.1
knock 198.51.100.1
ok "and counted anew" soon live 198.51.100.1 3
ok "a restart" again
is "the next ban has its own" "$(kept 198.51.100.1)" "3 114"
is "the one before keeps its own" "$(query "SELECT packets FROM offense
	WHERE address = '198.51.100.1' ORDER BY id LIMIT 1")" 15
"$ctl" -d "$database" unban 198.51.100.1 >/dev/null
is "a lift takes nothing" "$(kept 198.51.100.1)" "3 114"
rsyslog_stop

# ---- nftables ----

rm -f "$database"*
iptables -F INPUT
ip6tables -F INPUT
conf 'enforcer="nftables"' </dev/null
sed 's/tcp dport/udp dport/' "$srcdir/ipset/saslban.nft" >"$lab/nft"
nft -f "$lab/nft"
is_held() {
	"$ctl" -d "$database" show "$1" --json | grep -q '"found":true'
}
empty() {
	rsyslog_stop
	nft list sets inet | sed -n 's/^[[:space:]]*set \(.*\) {/\1/p' |
		while read -r set; do nft flush set inet saslban "$set"; done
	rsyslog_start
}
story nftables
rsyslog_stop
unlike "rsyslogd had nothing to complain of" \
	"$(cat "$lab/stderr")" 'error|cannot|refuse|invalid'
done_testing
