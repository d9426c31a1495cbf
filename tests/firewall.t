#!/bin/sh
#
# firewall: the script that is shipped, in a network namespace of its own.

if [ "${1:-}" != inside ]; then
	for flags in -n -rn; do
		unshare $flags true 2>/dev/null && exec unshare $flags "$0" inside
	done
	echo '1..0 # SKIP no network namespace can be made here'
	exit 0
fi

PATH=/usr/sbin:/usr/bin:/sbin:/bin
XTABLES_LOCKFILE=/dev/null
SASLBAN_SETS=${srcdir:-.}/ipset/saslban.sets
export PATH XTABLES_LOCKFILE SASLBAN_SETS
script=${srcdir:-.}/ipset/saslban-firewall
n=0

if ! ipset list -n >/dev/null 2>&1 || ! iptables -S >/dev/null 2>&1; then
	echo '1..0 # SKIP ipset or iptables does not work here'
	exit 0
fi

# ok TITLE COMMAND...
ok()
{
	title=$1
	shift
	n=$((n + 1))
	if "$@" >/dev/null 2>&1; then
		echo "ok $n - $title"
	else
		echo "not ok $n - $title"
	fi
}

answers()
{
	wanted=$1
	shift
	"$@"
	[ $? -eq "$wanted" ]
}

rules()
{
	[ "$("$2" -S INPUT | grep -c 'match-set saslban src -j DROP')" -eq "$1" ]
}

first()
{
	"$1" -S INPUT 1 | grep -q 'match-set saslban src -j DROP'
}

holds()
{
	ipset test saslban4 192.0.2.1
}

# knock ADDRESS PORT [SECONDS]: 1 = refused, nobody listens; 124 = no answer at
# all. A refusal comes as soon as the machine can; only silence has to last.
knock()
{
	timeout "${3:-60}" bash -c ": </dev/tcp/$1/$2"
}

# silent ADDRESS PORT SET: no answer, and a packet from there has met the set
silent()
{
	while answers 124 knock "$1" "$2" 1; do
		ipset list "$3" | grep "^$1 " | grep -qv 'packets 0 ' && return
	done
	return 1
}

whole_turn()
{
	IPTABLES=iptables-$1
	IP6TABLES=ip6tables-$1
	export IPTABLES IP6TABLES
	for t in $IPTABLES $IP6TABLES; do
		"$t" -A INPUT -m state --state ESTABLISHED -j ACCEPT
	done
	ok "$1: status without the rule is 3" answers 3 "$script" status
	ok "$1: start" "$script" start
	ok "$1: status with the rule is 0" "$script" status
	ok "$1: start again" "$script" start
	for t in $IPTABLES $IP6TABLES; do
		ok "$t: one rule" rules 1 "$t"
		ok "$t: it is the first" first "$t"
	done
	ipset -exist add saslban4 192.0.2.1
	for host in 127.0.0.1 ::1; do
		set_of=saslban4
		[ $host != ::1 ] || set_of=saslban6
		ok "$1: $host is heard" answers 1 knock $host 25
		ipset add $set_of $host
		ok "$1: $host is banned" silent $host 25 $set_of
		ok "$1: only from mail" answers 1 knock $host 80
		ipset del $set_of $host
		ok "$1: $host is heard again" answers 1 knock $host 25
	done
	ok "$1: one family without it is 3" eval \
		"$IP6TABLES -D INPUT 1 && answers 3 $script status"
	ok "$1: start mends it" eval "$script start && rules 1 $IP6TABLES"
	ok "$1: stop" "$script" stop
	for t in $IPTABLES $IP6TABLES; do
		ok "$t: no rule left" rules 0 "$t"
		"$t" -F INPUT
	done
	ok "$1: stop again" "$script" stop
	ok "$1: the ban is still there" holds
}

ip link set lo up
ok 'no verb is refused with 2' answers 2 "$script"
ok 'sets' "$script" sets
ok 'the list holds both' eval \
	'ipset test saslban saslban4 && ipset test saslban saslban6'
ipset add saslban4 192.0.2.1
ok 'sets again' "$script" sets
ok 'a ban in them stays' holds
ipset flush saslban
ipset destroy saslban6
ok 'one that is missing is made again' "$script" sets
ok 'and put into the list' ipset test saslban saslban6
ok 'the other kept its ban' holds
ipset flush saslban
ipset destroy saslban4
ipset create saslban4 hash:net timeout 9 counters maxelem 100
ok 'another size is taken as it is' eval \
	"$script sets && ipset list -t saslban4 | grep -q 'maxelem 100 '"
ok 'a file that is not there is an error' \
	env SASLBAN_SETS=/nowhere sh -c "! $script sets"

whole_turn nft
if iptables-legacy -S >/dev/null 2>&1; then
	whole_turn legacy
else
	ok 'legacy # SKIP iptables-legacy does not work here' true
fi
echo "1..$n"
