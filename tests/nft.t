#!/bin/sh
# nft: the straight line with nftables. A real rsyslogd, real sets, real
# packets, the rules that are shipped.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/session.sh"

rules() {
	nft -f "$srcdir/ipset/saslban.nft"
}
if ! rules >/dev/null 2>&1; then
	[ -z "${SASLBAN_STRICT:-}" ] || { echo "Bail out! nft does not work"; exit 1; }
	echo "1..0 # SKIP nft or the kernel's nf_tables is not here"
	exit 0
fi
lab_up
conf 'enforcer="nftables"' </dev/null
# in_set SET KEY; left SET KEY: seconds; between LEAST NUMBER MOST.
in_set() {
	nft get element inet saslban "$1" "{ $2 }"
}
left() {
	nft -j list set inet saslban "$1" | tr '{' '\n' |
		sed -n "s/.*\"val\": \"$2\".*\"expires\": \([0-9]*\).*/\1/p"
}
between() {
	[ "$1" -le "$2" ] && [ "$2" -le "$3" ]
}
query() {
	sqlite3 -cmd '.timeout 5000' "$database" "$1"
}
ctl() {
	"$ctl" -d "$database" "$@"
}
# doctor CHECK: its levels and texts; remedy CHECK: the commands.
doctor() {
	ctl doctor --json | jq -r --arg c "$1" '.findings[] |
		select(.check == $c) | "\(.level): \(.text)"'
}
remedy() {
	ctl doctor --json | jq -r --arg c "$1" '.findings[] |
		select(.check == $c) | .remedy[]' |
		sed "s|/usr/share/saslban/|$srcdir/ipset/|"
}
listen 25 80 10465
ok "rsyslogd starts with the module" rsyslog_start
[ $tap_bad -eq 0 ] || exit 1

# ---- the first offense ----
{
	good 203.0.113.9
	three 198.51.100.1
	three 2001:db8:8000::1
} | say
ok "the third failure bans: IPv4" soon in_set saslban4 198.51.100.1
ok "and IPv6, as its /64" soon in_set saslban6/64 2001:db8:8000::
nok "who only sends mail is not banned" in_set saslban4 203.0.113.9
nok "a packet of the banned is dropped" reach 198.51.100.1 25
ok "but only on mail ports" soon reach 198.51.100.1 80
nok "a packet of the banned /64 is dropped" reach 2001:db8:8000::2 25
ok "an innocent packet passes" soon reach 198.51.100.2 25
ok "an innocent IPv6 packet passes" soon reach 2001:db8:8001::1 25
ok "the ban lasts 48 hours" between 172700 "$(left saslban4 198.51.100.1)" 172800
is "there is no ipset" "$(ipset list -n)" ""

# ---- a session that runs, a port that is not the server's own ----
in_front() {
	nft 'table inet filter {
		chain input {
			type filter hook input priority -20
			ct state established,related accept
		}
		chain prerouting {
			type nat hook prerouting priority dstnat
			tcp dport 465 redirect to :10465
		}
	}'
}
met() {
	nft list set inet saslban saslban4 |
		grep -q "$1 counter packets [1-9]"
}
ok "a firewall that accepts what is established" in_front
ok "a guesser is heard" session_open 198.51.100.5 'nc -4 -l 192.0.2.25 143'
ok "one reaches a container's port by another" reach 198.51.100.5 465
three 198.51.100.5 | say
ok "he is banned" soon in_set saslban4 198.51.100.5
session_go_on
ok "what he sends meets the set" soon met 198.51.100.5
nok "the server hears no more of him" heard_by_server 'the second guess'
nok "nor does he reach the container" reach 198.51.100.5 465
ctl unban 198.51.100.5 >/dev/null
ok "the session lived all the time" soon heard_by_server 'the second guess'
session_close
nft delete table inet filter

# ---- by hand: networks, and a ban that is longer than an ipset can ----
ctl ban 203.0.113.0/24 --for 40d >/dev/null
ok "a network is banned by hand" in_set saslban4/24 203.0.113.0
nok "and its packets are dropped" reach 203.0.113.7 25
ok "a ban of 40 days is not cut" \
	between 3455900 "$(left saslban4/24 203.0.113.0)" 3456000
is "and not to be renewed" "$(query "SELECT wanted - held FROM entry
	WHERE address = '203.0.113.0/24'")" 0
ctl ban 2001:db8:9000::/36 --for 1h >/dev/null
ok "a length that no setting mentions gets a set of its own" \
	in_set saslban6/36 2001:db8:9000::
ctl status >"$lab/status" 2>&1
is "its set has no rule: status tells, and ends with 6" "$?" 6
like "status names the enforcer" "$(cat "$lab/status")" 'enforcer +nftables'
is "so does doctor" "$(doctor rules)" \
	"ok: IPv4: a rule refers to each set of 'saslban'
fail: IPv6: no rule refers to some of the sets of 'saslban': bans in them \
block nothing; see saslban.nft"
ctl unban 2001:db8:9000::/36 >/dev/null
nok "an unban is immediate" in_set saslban6/36 2001:db8:9000::
ctl status >"$lab/status" 2>&1
is "with a rule for each set all is well" "$?" 0
nok "no rule is missing" grep -q 'NO FIREWALL RULE' "$lab/status"
is "doctor: nor for doctor" "$(doctor rules)" \
	"ok: IPv4: a rule refers to each set of 'saslban'
ok: IPv6: a rule refers to each set of 'saslban'"
is "doctor: the kernel is asked for nftables" "$(doctor kernel)" \
	"ok: it has what the sets of 'saslban' need: nftables"
is "doctor: the sets" "$(doctor sets)" \
	"ok: 'saslban4' has 2 of 262144 entries
ok: 'saslban6' has 1 of 262144 entries"
ctl show 198.51.100.1 >"$lab/show"

# ---- mail that is forwarded, as to a container ----
is "forwarded: nothing is" "$(doctor forward)" ""
forward() {
	nft 'table ip nat {
		chain prerouting {
			type nat hook prerouting priority dstnat;
			tcp dport 143 dnat to 10.0.0.2
		}
	}'
}
ok "forwarded: by a rule of nft" forward
is "forwarded: our rules stand before any route" "$(doctor forward)" ""
in_input() {
	nft 'flush chain inet saslban prerouting;
		table inet saslban { chain input {
			type filter hook input priority 0;
			jump banned
		}; }'
}
ok "forwarded: with rules for what comes to this machine alone" in_input
is "forwarded: doctor warns" "$(doctor forward)" "fail: IPv4: mail is \
forwarded ('tcp dport 143 dnat to 10.0.0.2'), and no chain of the hooks \
ingress, prerouting or forward drops what is in 'saslban4'"
nft delete table ip nat
for kind in nft legacy; do
	iptables-$kind -t nat -A PREROUTING -p tcp --dport 25 -j DNAT \
		--to-destination 10.0.0.2
	like "forwarded: by iptables-$kind" "$(doctor forward)" \
		"^fail: IPv4: mail is forwarded \('.*dport 25 "
	iptables-$kind -t nat -F
done
ok "forwarded: again by nft" forward
remedy forward >"$lab/remedy"
ok "forwarded: doctor knows the remedy" sh -e "$lab/remedy"
is "forwarded: and it helps" "$(doctor forward)" ""
nft 'delete table ip nat; delete chain inet saslban input'
like "show asks the kernel" "$(cat "$lab/show")" 'saslban4'

# ---- expiry ----
in_two_seconds() {
	query "BEGIN IMMEDIATE;
		UPDATE failure SET at = at - 172800;
		UPDATE offense SET at = at - 172800, until = until - 172800
			WHERE address = '198.51.100.1';
		UPDATE entry SET since = since - 172800,
			wanted = wanted - 172800, held = held - 172800
			WHERE address = '198.51.100.1';
		COMMIT" &&
		nft 'delete element inet saslban saslban4 { 198.51.100.1 };
		add element inet saslban saslban4 { 198.51.100.1 timeout 2s }'
}
ok "two days pass" in_two_seconds
ok "the ban expires and frees the address" soon reach 198.51.100.1 25
three 198.51.100.1 | say
ok "who comes back is banned again" soon in_set saslban4 198.51.100.1
ok "for 8 days" between 691100 "$(left saslban4 198.51.100.1)" 691200

# ---- a restart ----
ok "rsyslogd stops" rsyslog_stop
nok "the ban outlives it" reach 198.51.100.1 25
: >"$lab/said"
ok "rsyslogd starts again" rsyslog_start
ok "the jail says so" heard ': started: '
ok "the ban is still there" in_set saslban4 198.51.100.1
rsyslog_stop
nft delete table inet saslban
rules
nok "a reboot: the sets are empty" in_set saslban4 198.51.100.1
rsyslog_start
ok "a running ban is put back" soon in_set saslban4 198.51.100.1
ok "with its remaining time" \
	between 691000 "$(left saslban4 198.51.100.1)" 691200
ok "the network as well" soon in_set saslban4/24 203.0.113.0
ok "and the /64" soon in_set saslban6/64 2001:db8:8000::
nok "and packets are dropped" reach 198.51.100.1 25

# ---- the table is deleted while it runs ----
nft delete table inet saslban
ok "without the table packets pass" soon reach 198.51.100.1 25
three 198.51.100.3 | say
ok "with the next ban it is there again" soon in_set saslban4 198.51.100.3
ok "and the bans that were in it" soon in_set saslban4 198.51.100.1
rules
nok "with the rules packets are dropped" reach 198.51.100.1 25

# ---- a firewall that flushes all, and loads too little ----
nft flush ruleset
rules
nft 'flush chain inet saslban banned;
	add rule inet saslban banned ip saddr @saslban4 drop'
nok "flushed: the sets are empty" in_set saslban4 198.51.100.1
ok "flushed: filled again within a minute" \
	wait_for 80 in_set saslban4 198.51.100.1
ok "flushed: said" heard "set 'saslban4' was flushed or replaced"
nok "flushed: packets are dropped" reach 198.51.100.1 25
ok "flushed: rules that are missing now are reported" heard \
	"some sets of 'saslban4' and 'saslban6' have no firewall rule"
remedy rules >"$lab/remedy"
ok "flushed: doctor knows the remedy" sh -e "$lab/remedy"
nok "flushed: packets are dropped again" reach 198.51.100.1 25
unlike "flushed: no rule is missing any more" "$(doctor rules)" fail
ok "rsyslogd stops at the end" rsyslog_stop

# ---- sets that are not as they should be ----
nft delete table inet saslban
like "doctor: no sets" "$(doctor sets)" "^fail: .*'saslban4': there is no such"
is "doctor: no sets: a restart" "$(remedy sets | sort -u)" \
	"systemctl restart rsyslog"
nft 'add table inet saslban;
	add set inet saslban saslban4 { type ipv4_addr; }'
like "doctor: a set of another kind" "$(doctor sets)" \
	"^fail: set 'saslban4' .*'nft delete set inet saslban saslban4'"
unlike "doctor: which is no ipset" "$(remedy sets)" ipset
nft delete table inet saslban
sed 's/size 262144/size 1/' "$srcdir/ipset/saslban.nft" | nft -f -
nft 'add element inet saslban saslban4 { 198.51.100.9 }'
like "doctor: a full set" "$(doctor sets)" \
	"^fail: 'saslban4' has 1 of 1 entries: it is full.*; load one with a larger"
is "doctor: a full set is no ipset, either" "$(remedy sets)" ""
unlike "rsyslogd had nothing to complain of" \
	"$(cat "$lab/said" "$lab/stderr")" 'error|cannot|refuse|invalid'
done_testing
