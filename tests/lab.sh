# shellcheck shell=sh
# lab: a mail host and a world of attackers, for tests of the real thing.
#
# Source it first of all: it runs the script again in namespaces of its own
# (mount, network, processes), so that the host's sets, rules and services are
# out of reach and everything ends when the script ends, however it ends.
#
#   here         192.0.2.25, 2001:db8:25::25: the mail host, rsyslogd, the sets
#   world        198.51.100.0/24, 203.0.113.0/24, 192.0.2.128/25,
#                2001:db8:8000::/33: any of these can be a source
#
# Needs: builddir, srcdir. Gives: $lab, a directory that is removed at the end.
# With enforcer=nftables its jails and its words about sets are nftables', else
# ipset's.

if [ -z "${SASLBAN_LAB:-}" ]; then
	if [ "$(id -u)" -ne 0 ]; then
		[ -z "${SASLBAN_STRICT:-}" ] || { echo "Bail out! needs root"; exit 1; }
		echo "1..0 # SKIP needs root, for namespaces"
		exit 0
	fi
	lab_dir=${TMPDIR:-/tmp}
	[ ${#lab_dir} -le 80 ] || lab_dir=/tmp # a socket's path is short
	SASLBAN_LAB=$(mktemp -d "$lab_dir/saslban.XXXXXX") || exit 1
	export SASLBAN_LAB
	trap 'rm -rf "$SASLBAN_LAB"' EXIT
	trap 'exit 1' HUP INT TERM
	unshare --mount --net --pid --fork --kill-child --mount-proc \
		sh "$0" "$@"
	exit
fi

lab=$SASLBAN_LAB
builddir=$(cd "$builddir" && pwd)
srcdir=$(cd "$srcdir" && pwd)
rsyslogd=${RSYSLOGD:-/usr/sbin/rsyslogd}
module=${module:-$builddir/.libs/omsaslban.so}
ctl=$builddir/saslbanctl
database=$lab/saslban.db
socket=$lab/log
PATH=$PATH:/usr/sbin:/sbin
mount -n -t tmpfs tmpfs /run # without -n, it would make /run/mount first

# wait_for SECONDS COMMAND...: until it succeeds; false when it never does. For
# what is promised to happen in that time. soon COMMAND...: for what is to
# happen, however slow the machine is; its end is only that of a hang.
wait_for() {
	lab_tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		lab_tries=$((lab_tries - 1))
		[ $lab_tries -gt 0 ] || return 1
		sleep 0.05
	done
}
soon() {
	wait_for 60 "$@"
}

# The two hosts and the wire between them.
lab_up() {
	ip link set lo up
	ip netns add world
	ip link add mail type veth peer name world netns world
	ip link set mail up
	ip addr add 192.0.2.25/25 dev mail
	ip addr add 2001:db8:25::25/64 dev mail nodad
	ip -n world link set lo up
	ip -n world link set world up
	ip -n world addr add 192.0.2.1/25 dev world
	ip -n world addr add 2001:db8:25::1/64 dev world nodad
	ip route add default via 192.0.2.1
	ip -6 route add default via 2001:db8:25::1
	for lab_net in 198.51.100.0/24 203.0.113.0/24 192.0.2.128/25; do
		ip -n world route add local $lab_net dev lo
	done
	ip -n world -6 route add local 2001:db8:8000::/33 dev lo
	ip netns exec world sh -c \
		'echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind'
}

# conf [STANZA-PARAMETERS]: a configuration with one jail in $lab/conf. What
# is piped in comes behind it. No DNS: rsyslogd asks for its own name at each
# HUP, and nobody answers here. What a test is about does not change with the
# defaults; and what it sends comes from a few networks, for one account.
conf() {
	conf_more=
	for conf_one in 'maxretry="3"' 'findtime="1h"' \
		'bantime=["48h", "8d", "32d"]' 'forget="32d"' \
		'network.hosts="0"' 'account.hosts="0"' \
		${enforcer:+"enforcer=\"$enforcer\""}; do
		case " $*" in
		*[[:space:]]"${conf_one%%=*}="*) ;;
		*) conf_more="$conf_more
       $conf_one" ;;
		esac
	done
	cat >"$lab/conf" <<-EOF
	global(workDirectory="$lab" maxMessageSize="64k"
	       processInternalMessages="on" net.enableDNS="off")
	module(load="imuxsock" SysSock.Use="off")
	module(load="imptcp")
	module(load="$module")
	main_queue(queue.timeoutShutdown="60000")
	input(type="imuxsock" Socket="$socket" CreatePath="on"
	      RateLimit.Interval="0")
	input(type="imptcp" address="127.0.0.1" port="5140")
	syslog.* action(type="omfile" file="$lab/said")
	action(type="omsaslban" database="$database"
	       filter.path="$srcdir/filter.d"$conf_more
	       $*)
	EOF
	[ -t 0 ] || cat >>"$lab/conf"
}

# Started when there is somebody behind the socket and each TCP port. What it
# says while it runs goes to $lab/said, errors to $lab/stderr as well.
rsyslog_start() {
	rm -f "$socket"
	${RSYSLOG_UNDER:-} "$rsyslogd" -n -i "$lab/pid" -f "$lab/conf" \
		</dev/null >>"$lab/stderr" 2>&1 8>&- 9>&- &
	rsyslog_job=$!
	soon lab_has_begun
	kill -0 "$rsyslog_job" && return
	cat "$lab/stderr"
	return 1
}
lab_has_begun() {
	kill -0 "$rsyslog_job" || return 0 # and there is no more to wait for
	[ -S "$socket" ] || return
	# shellcheck disable=SC2013 # numbers
	for lab_port in $(sed -n 's/.*"imptcp".*port="\([0-9]*\)".*/\1/p' \
		"$lab/conf"); do
		grep -q "^ *[0-9]*: 0100007F:$(printf %04X "$lab_port") .* 0A " \
			/proc/net/tcp || return
	done
}

# Ended when the process is; its status is rsyslogd's.
rsyslog_stop() {
	kill "${1:--TERM}" "$rsyslog_job"
	wait "$rsyslog_job"
}

# heard PATTERN: until rsyslogd has said that.
#
# What rsyslogd says itself its main thread writes, when a SIGTTOU wakes it.
# It looks whether there is anything, and then goes to sleep: a message that
# comes between the two stays where it is until the next one, or until the
# thread has slept for ten minutes. So it is woken here, as it wakes itself.
heard() {
	soon lab_hears "$1"
}
lab_hears() {
	kill -TTOU "$rsyslog_job"
	grep -q -- "$1" "$lab/said"
}

# lock: another program writes to the database, and goes on until unlock.
lock() {
	rm -f "$lab/orders" "$lab/answers"
	mkfifo "$lab/orders"
	sqlite3 -bail "$database" <"$lab/orders" >"$lab/answers" &
	lab_locker=$!
	exec 9>"$lab/orders"
	printf '.timeout 60000\nBEGIN IMMEDIATE;\n.print locked\n' >&9
	soon grep -q locked "$lab/answers"
}
unlock() {
	exec 9>&-
	wait "$lab_locker"
}

# say < lines: to the socket, see send.c.
say() {
	"$builddir/tests/send" "$@" "$socket"
}

# Postfix and Dovecot words. guess ADDRESS [USER]; good is innocent traffic.
guess() {
	echo "postfix/smtpd[9]: warning: unknown[$1]: SASL LOGIN" \
		"authentication failed: (reason unavailable)," \
		"sasl_username=${2:-alice}"
}
good() {
	echo "postfix/smtpd[9]: connect from mail.example[$1]"
	echo "postfix/smtpd[9]: 4C1D2: client=mail.example[$1]"
	echo "dovecot: imap-login: Login: user=<bob>, method=PLAIN, rip=$1," \
		"lip=192.0.2.25, mpid=4, TLS, session=<abcdefgh>"
	echo "postfix/smtpd[9]: disconnect from mail.example[$1] ehlo=1 mail=1"
}
three() {
	guess "$1" "${2:-alice}"
	guess "$1" "${2:-alice}"
	guess "$1" "${2:-alice}"
}

# banned ADDRESS: is it in the kernel's set? left ADDRESS: for how long.
banned() {
	case ${enforcer:-ipset},$1 in
	nftables,*) lab_nft "$1" ;;
	*:*) ipset -q test "${set:-saslban}6" "$1" ;;
	*) ipset -q test "${set:-saslban}4" "$1" ;;
	esac
}
left() {
	held | sed -n "s|^$1,||p"
}
# lab_nft ADDRESS: is it there, or its /64?
lab_nft() {
	lab_base=${set:-saslban}4
	case $1 in *:*) lab_base=${set:-saslban}6 ;; esac
	case $1 in
	*/*) lab_nft_get "/${1#*/}" "${1%/*}" ;;
	*:*) lab_nft_get '' "$1" || lab_nft_get /64 "${1%::*}::" ;;
	*) lab_nft_get '' "$1" ;;
	esac
}
lab_nft_get() { # LENGTH KEY
	nft get element inet saslban "$lab_base$1" "{ $2 }" >/dev/null 2>&1
}

# held: all that the kernel's sets have, as ADDRESS,SECONDS.
held() {
	case ${enforcer:-ipset} in
	nftables)
		nft -j list table inet saslban 2>/dev/null |
			jq -r '.nftables[].set | select(. != null) |
				(.name | sub("^[^/]*"; "")) as $length |
				.elem[]?.elem | "\(.val)\($length),\(.expires)"'
		;;
	*)
		for lab_set in "${set:-saslban}4" "${set:-saslban}6"; do
			ipset list "$lab_set" 2>/dev/null
		done | awk '$2 == "timeout" { print $1 "," $3 }'
		;;
	esac
}

# flush SET; take_out ADDRESS: what others may do to a set.
flush() {
	case ${enforcer:-ipset} in
	nftables) nft flush set inet saslban "$1" ;;
	*) ipset flush "$1" ;;
	esac
}
# Of one that has just run out nothing is said.
take_out() {
	case ${enforcer:-ipset},$1 in
	nftables,*:*/*) lab_delete "saslban6/${1#*/}" "${1%/*}" ;;
	nftables,*:*) lab_delete saslban6 "$1" ;;
	nftables,*) lab_delete saslban4 "$1" ;;
	*:*) ipset -q del saslban6 "$1" ;;
	*) ipset -q del saslban4 "$1" ;;
	esac
}

lab_delete() { # SET KEY
	lab_answer=$(nft delete element inet saslban "$1" "{ $2 }" 2>&1) ||
		case $lab_answer in
		*': No such file or directory'*"{ $2 }"*) return 1 ;;
		*)
			echo "$lab_answer" >&2
			return 1
			;;
		esac
}

# lasts ADDRESS UNTIL: the kernel has it until then, or for as long as it can.
# What is left is compared with both ends of the time that reading it took; the
# rest is what an engine may take between its clock and the kernel.
lasts() {
	lab_before=$(date +%s)
	lab_left=$(left "$1")
	lab_after=$(date +%s)
	[ "$lab_left" -ge $(($2 - lab_after - 2)) ] &&
		[ "$lab_left" -le $(($2 - lab_before + 10)) ]
}

# lose_sets: what a reboot does to them. A list goes before its members.
lose_sets() {
	if [ "${enforcer:-ipset}" = nftables ]; then
		nft delete table inet saslban
		return
	fi
	sh "$srcdir/ipset/saslban-firewall" remove
	for lab_set in saslban saslban4 saslban6; do
		soon lab_lose $lab_set
	done
	! ipset list -n | grep -q saslban
}
lab_lose() { # SET
	ipset -q destroy "$1"
	! ipset list -n | grep -qx "$1"
}

# listen PORT...: something that answers. reach SOURCE PORT: does it answer?
listen() {
	for lab_port; do
		nc -l -k -4 192.0.2.25 "$lab_port" >/dev/null 2>&1 &
		nc -l -k -6 2001:db8:25::25 "$lab_port" >/dev/null 2>&1 &
	done
	for lab_port; do
		soon nc -z 192.0.2.25 "$lab_port"
		soon nc -z 2001:db8:25::25 "$lab_port"
	done
}
reach() {
	case $1 in
	*:*) lab_to=2001:db8:25::25 ;;
	*) lab_to=192.0.2.25 ;;
	esac
	ip netns exec world nc -z -w 1 -s "$1" $lab_to "$2" >/dev/null 2>&1
}
