#!/bin/sh
# firewall: saslban-firewall with both kinds of iptables. Real packets, and
# somebody who is in the middle of a session when he is banned.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/session.sh"

XTABLES_LOCKFILE=/dev/null
SASLBAN_SETS=$srcdir/ipset/saslban.sets
SASLBAN_RULES=$lab/rules
export XTABLES_LOCKFILE SASLBAN_SETS SASLBAN_RULES
firewall=$srcdir/ipset/saslban-firewall

# answers STATUS COMMAND...
answers() {
	answers_want=$1
	shift
	"$@"
	[ $? -eq "$answers_want" ]
}
# rules LINE...: what the file of rules says
rules() {
	printf '%s\n' "$@" >"$SASLBAN_RULES"
}
lab_up
listen 25 80

# ---- the sets ----

cp "$srcdir/ipset/saslban.rules" "$SASLBAN_RULES"
ok "no verb is refused with 2" answers 2 "$firewall"
ok "an unknown one, too" answers 2 "$firewall" start
ok "sets" "$firewall" sets
is "the list holds both" "$(ipset list saslban | grep '^saslban' | sort)" \
	"saslban4
saslban6"
ipset add saslban4 192.0.2.201
ok "sets again" "$firewall" sets
ok "a ban in them stays" banned 192.0.2.201
ipset flush saslban
ipset destroy saslban6
ok "one that is missing is made again" "$firewall" sets
ok "and put into the list" ipset test saslban saslban6
ok "the other kept its ban" banned 192.0.2.201
ipset flush saslban
ipset destroy saslban4
ipset create saslban4 hash:net timeout 9 counters maxelem 100
ok "another size is taken as it is" "$firewall" sets
like "and stays as it is" "$(ipset list -t saslban4)" 'maxelem 100( |$)'
ok "a file that is not there is an error" \
	answers 1 env SASLBAN_SETS=/nowhere "$firewall" sets

# ---- the file of rules ----

# What is wrong is said with the line, and nothing is changed.
while read -r pattern line; do
	rules "$line"
	said=$("$firewall" install 2>&1)
	is "'$line' is refused" $? 1
	like "'$line': and quoted" "$said" "$pattern.*'$line' in '$SASLBAN_RULES'"
done <<'END'
SET saslban
SET saslban mail
SET saslban mail drop now
set s/et mail drop
set -X mail drop
numbers saslban smtp drop
drop saslban mail DROP
END
ok "a file that is not there is an error" \
	answers 1 env SASLBAN_RULES=/nowhere "$firewall" install
is "nothing was put in by any of that" \
	"$(iptables -S && iptables -t raw -S && ip6tables -t raw -S |
		grep -e '-[AN]')" "$(printf '%s\n' '-P INPUT ACCEPT' \
		'-P FORWARD ACCEPT' '-P OUTPUT ACCEPT' \
		'-P PREROUTING ACCEPT' '-P OUTPUT ACCEPT')"

# What the chain holds in the end, by table and family.
match='-m set --match-set saslban src'
mail='-p tcp -m multiport --dports 25,465,587,110,995,143,993,4190'
chain() { # FAMILY-TOOL TABLE
	"$1" -t "$2" -S saslban 2>/dev/null | sed -n 's/^-A saslban //p'
}
# becomes LINE TABLE RULE-4 [RULE-6]
becomes() {
	rules "$1"
	ok "'$1' is put in" "$firewall" install
	is "'$1' is a rule of $2" "$(chain iptables "$2")" "$3"
	is "'$1' is one of IPv6" "$(chain ip6tables "$2")" "${4:-$3}"
	ok "'$1': its status is 0" "$firewall" status
}
becomes 'saslban mail drop' raw "$mail $match -j DROP"
becomes 'saslban 25,1000:1010 drop' raw \
	"-p tcp -m multiport --dports 25,1000:1010 $match -j DROP"
becomes 'saslban all drop' raw "$match -j DROP"
becomes 'saslban mail reject' filter \
	"$mail $match -j REJECT --reject-with tcp-reset"
is "and the one before it is gone" "$(iptables -t raw -S | grep saslban)" ""
becomes 'saslban all reject' filter "-p tcp $match -j REJECT --reject-with tcp-reset
$match -j REJECT --reject-with icmp-port-unreachable" \
	"-p tcp $match -j REJECT --reject-with tcp-reset
$match -j REJECT --reject-with icmp6-port-unreachable"
ok "remove" "$firewall" remove
is "the file as it is shipped" "$(grep -v '^#' "$srcdir/ipset/saslban.rules" |
	tr -s ' ')" "saslban mail drop"

# ---- one kind of iptables after the other ----

# others: what the admin has, in each table that ours touch. It stays.
others() {
	for others_tool in $IPTABLES $IP6TABLES; do
		"$others_tool" "$1" PREROUTING -t raw -p udp -j ACCEPT
		"$others_tool" "$1" INPUT -m conntrack \
			--ctstate RELATED,ESTABLISHED -j ACCEPT
		"$others_tool" "$1" FORWARD -m conntrack \
			--ctstate RELATED,ESTABLISHED -j ACCEPT
	done
}
all_rules() {
	for all_tool in $IPTABLES $IP6TABLES; do
		"$all_tool" -t raw -S
		"$all_tool" -t filter -S
	done
}
first() { # TOOL TABLE CHAIN
	is "$1: the jump is the first rule of $3, once" "$(
		"$1" -t "$2" -S "$3" 1
		"$1" -t "$2" -S "$3" | grep -c saslban
	)" "-A $3 -j saslban
1"
}

# through_container HOW: the same, to a server in a container
through_container() {
	keeps_out "$kind, $1, to a container" "$1" \
		'ip netns exec box nc -4 -l 10.0.0.2 143' \
		'ip netns exec box nc -6 -l fd00::2 143'
}

whole_turn() {
	kind=$1
	IPTABLES=iptables-$kind
	IP6TABLES=ip6tables-$kind
	export IPTABLES IP6TABLES
	rules 'saslban mail drop'
	others -A
	before=$(all_rules)
	ok "$kind: status without the rules is 3" answers 3 "$firewall" status
	ok "$kind: install" "$firewall" install
	ok "$kind: status with the rules is 0" "$firewall" status
	ok "$kind: install again" "$firewall" install
	for t in $IPTABLES $IP6TABLES; do
		first "$t" raw PREROUTING
	done
	keeps_out "$kind, drop" drop

	# What befalls it, what status says, and that install mends it.
	while IFS=, read -r t args want; do
		# shellcheck disable=SC2086 # words
		"$t-$kind" $args
		said=$("$firewall" status)
		is "$kind: after '$t $args' status is 3" $? 3
		like "$kind: it says so" "$said" "^$t-$kind/raw: .*$want"
		ok "$kind: install" "$firewall" install
		ok "$kind: mends it" "$firewall" status
	done <<-'END'
	iptables,-t raw -I PREROUTING -p icmp -j ACCEPT,not the first of PREROUTING
	ip6tables,-t raw -D PREROUTING -j saslban,not used by PREROUTING
	iptables,-t raw -F saslban,are not there
	ip6tables,-t raw -F,are not there
	END
	"$IPTABLES" -t raw -D PREROUTING -p icmp -j ACCEPT
	first "$IPTABLES" raw PREROUTING
	"$IP6TABLES" -t raw -A PREROUTING -p udp -j ACCEPT

	# A container behind this machine, with rules as Docker has them.
	for t in $IPTABLES $IP6TABLES; do
		"$t" -N DOCKER-USER
		"$t" -I FORWARD -j DOCKER-USER
	done
	"$IPTABLES" -t nat -A PREROUTING -d 192.0.2.25 -p tcp --dport 143 \
		-j DNAT --to-destination 10.0.0.2
	"$IP6TABLES" -t nat -A PREROUTING -d 2001:db8:25::25 -p tcp \
		--dport 143 -j DNAT --to-destination fd00::2
	through_container drop
	rules 'saslban mail reject'
	ok "$kind: install, to reject" "$firewall" install
	for t in $IPTABLES $IP6TABLES; do
		first "$t" filter INPUT
		first "$t" filter DOCKER-USER
	done
	through_container reject
	for t in $IPTABLES $IP6TABLES; do
		"$t" -t nat -F
		"$t" -D FORWARD -j DOCKER-USER
		"$t" -F DOCKER-USER
		"$t" -X DOCKER-USER
	done
	ok "$kind: install, without Docker" "$firewall" install
	for t in $IPTABLES $IP6TABLES; do
		first "$t" filter FORWARD
	done
	keeps_out "$kind, reject" reject

	# Every port, for every protocol.
	rules 'saslban all drop'
	ok "$kind: install, all ports" "$firewall" install
	ok "$kind: port 80 is reached" reach 198.51.100.8 80
	ipset add saslban4 198.51.100.8
	nok "$kind: and by a banned one no more" reach 198.51.100.8 80
	ok "$kind: that met the set" met 198.51.100.8
	ipset add saslban4 198.51.100.9 packets 0
	ok "$kind: remove" "$firewall" remove
	is "$kind: all is as it was before" "$(all_rules)" "$before"
	ok "$kind: remove again" "$firewall" remove
	ok "$kind: the bans are still there" banned 198.51.100.9
	ipset flush saslban4

	# A firewall that was saved with the rules. Without the sets it is
	# refused, and nothing of it is loaded.
	ok "$kind: install" "$firewall" install
	"$IPTABLES-save" >"$lab/saved"
	"$firewall" remove
	others -D
	lose_sets
	nok "$kind: a saved firewall is refused without the sets" \
		"$IPTABLES-restore" --test "$lab/saved"
	ok "$kind: sets" "$firewall" sets
	ok "$kind: with them it is loaded" "$IPTABLES-restore" "$lab/saved"
	like "$kind: and has the rules" "$("$firewall" status)" \
		"^$IPTABLES/raw: .* -j DROP"
	"$firewall" remove
	others -D 2>/dev/null
}

ip netns add box
ip link add box type veth peer name out netns box
ip link set box up
ip addr add 10.0.0.1/24 dev box
ip addr add fd00::1/64 dev box nodad
ip -n box link set lo up
ip -n box link set out up
ip -n box addr add 10.0.0.2/24 dev out
ip -n box addr add fd00::2/64 dev out nodad
ip -n box route add default via 10.0.0.1
ip -n box -6 route add default via fd00::1
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
whole_turn nft
if iptables-legacy -S >/dev/null 2>&1; then
	whole_turn legacy
else
	skip "legacy" "iptables-legacy does not work here"
fi

# ---- from the guesses to the end of the session ----

IPTABLES=iptables
IP6TABLES=ip6tables
rules 'saslban mail drop'
others -A
ok "install" "$firewall" install
conf </dev/null
ok "rsyslogd starts" rsyslog_start
guesser=198.51.100.1
ok "a guesser is heard" session_open "$guesser" 'nc -4 -l 192.0.2.25 143'
three $guesser | say
ok "he is banned for what he guessed" soon banned "$guesser"
session_go_on
ok "what he sends meets the set" soon met "$guesser"
nok "the server hears no more of him" heard_by_server 'the second guess'
ok "he is pardoned" "$ctl" -d "$database" unban $guesser
ok "the session lived all the time" soon heard_by_server 'the second guess'
session_close
ok "rsyslogd stops" rsyslog_stop
done_testing
