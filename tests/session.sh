# shellcheck shell=sh
# session: somebody who is in the middle of a session when his ban comes, and
# goes on in it. For tests that have a lab (lab.sh) and speak TAP (tap.sh).
#
# The server listens on port 143 and writes what it hears to $lab/heard.

# met ADDRESS: a packet from there has met the set that it is in.
met() {
	ipset list saslban4 | grep "^$1 " | grep -q ' packets [1-9]' ||
		ipset list saslban6 | grep "^$1 " | grep -q ' packets [1-9]'
}
heard_by_server() {
	grep -q "$1" "$lab/heard"
}
gone() {
	! kill -0 "$1"
}

# session_open SOURCE SERVER [PORT]: the first guess is heard. The server is
# a command, so that it can be one in a container.
session_open() {
	case $1 in
	*:*) session_to=2001:db8:25::25 ;;
	*) session_to=192.0.2.25 ;;
	esac
	rm -f "$lab/talk"
	mkfifo "$lab/talk"
	: >"$lab/heard"
	$2 >"$lab/heard" 2>/dev/null 8>&- &
	session_server=$!
	soon session_listens "${2%% nc *}" "${3:-143}" || return
	ip netns exec world nc -s "$1" $session_to "${3:-143}" \
		<"$lab/talk" >/dev/null 2>&1 8>&- &
	session_guesser=$!
	exec 8>"$lab/talk"
	echo 'the first guess' >&8
	soon heard_by_server 'the first guess'
}
session_listens() { # RUN-IN PORT
	case $1 in
	nc*) ss -Hltn "sport = :$2" ;;
	*) $1 ss -Hltn "sport = :$2" ;;
	esac | grep -q .
}
session_go_on() {
	echo 'the second guess' >&8
}
session_close() {
	exec 8>&-
	kill "$session_guesser" "$session_server"
	wait "$session_guesser" "$session_server"
} 2>/dev/null

# refused SOURCE PORT: an error at once; its end is only that of a hang
refused() {
	case $1 in
	*:*) session_to=2001:db8:25::25 ;;
	*) session_to=192.0.2.25 ;;
	esac
	ip netns exec world nc -v -z -w 60 -s "$1" $session_to "$2" 2>&1 |
		grep refused
}

# keeps_out TITLE HOW [SERVER-4 SERVER-6]: the rules are in, and do what they
# are for. HOW is drop or reject. Ports 25 and 80 are listened at.
keeps_out() {
	keeps_out_one "$1, IPv4" "$2" 198.51.100.7 198.51.100.8 saslban4 \
		"${3:-nc -4 -l 192.0.2.25 143}"
	keeps_out_one "$1, IPv6" "$2" 2001:db8:8000::7 2001:db8:8000::8 \
		saslban6 "${4:-nc -6 -l 2001:db8:25::25 143}"
}
keeps_out_one() { # TITLE HOW ADDRESS ANOTHER SET SERVER
	ok "$1: a guesser is heard" session_open "$3" "$6"
	ok "$1: another reaches port 25" reach "$4" 25
	ipset add "$5" "$3"
	ipset add "$5" "$4"
	session_go_on
	ok "$1: banned, what the first sends meets the set" soon met "$3"
	case $2 in
	drop) nok "$1: the other gets no answer from port 25" \
		reach "$4" 25 ;;
	reject) ok "$1: the other is refused by port 25" refused "$4" 25 ;;
	esac
	ok "$1: and has met the set" met "$4"
	ok "$1: port 80 answers him" reach "$4" 80
	nok "$1: the server hears no more of the first" \
		heard_by_server 'the second guess'
	[ "$2" = drop ] ||
		ok "$1: the session is over" soon gone "$session_guesser"
	ipset del "$5" "$3"
	ipset del "$5" "$4"
	[ "$2" = reject ] ||
		ok "$1: free again, he goes on in his session" \
			soon heard_by_server 'the second guess'
	ok "$1: free again, they reach port 25" reach "$4" 25
	session_close
}
