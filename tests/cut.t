#!/bin/sh
# cut: a guesser is in the middle of a session when his ban comes, and there is
# no firewall rule. With `cut` the session ends there; without, it goes on.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/session.sh"

# The mail ports stand in three places.
ports() { # FILE PATTERN: in order
	sed -n "s/$2/\1/p" "$srcdir/$1" | tr -d ' ' | tr , '\n' | sort -n | tr '\n' ' '
}
mail=$(ports ipset/saslban-firewall '^mail=\([0-9,]*\)$')
is "what is cut are the ports of the firewall tool" "$mail" "$(
	ports plugin/kernel/sock_message.c '.* mail_port\[\] = {\(.*\)};')"
is "and of the rules for nftables" "$mail" "$(
	ports ipset/saslban.nft '^define saslban_ports = {\(.*\)}')"
like "which are some" "$mail" '^25 .*993'

query() {
	sqlite3 -cmd '.timeout 5000' "$database" "$1"
}

# serve AT CLIENT: a mail server at port 143. What its one client does, it
# writes to the log.
serve() {
	nc -l "$1" 143 | while read -r serve_line; do
		echo "$serve_line" >>"$lab/served"
		guess "$2" | say
	done
}
# keep_on FROM TO: guesses in one session, as long as it lasts.
keep_on() {
	ip netns exec world sh -c "
		while echo 'another guess'; do
			sleep 0.1
		done | nc -s $1 $2 143"
	echo over >>"$lab/over"
} >/dev/null 2>&1
over() {
	grep -q over "$lab/over"
}
# begin FROM TO AT: he and the server. leave: what is left of them ends.
begin() {
	: >"$lab/over"
	: >"$lab/served"
	serve "$3" "$1" 8>&- &
	cut_server=$!
	soon session_listens nc 143
	keep_on "$1" "$2" 8>&- &
	cut_guesser=$!
}
leave() {
	ss -K 'sport = :143' >/dev/null 2>&1
	wait "$cut_server" "$cut_guesser"
}
# late BAN COUNT: so many guesses have come since.
late() {
	[ "$(query "SELECT late FROM offense WHERE address = '$1'")" -ge "$2" ]
}

# is_cut TITLE FROM TO AT BAN; goes_on, too
is_cut() {
	begin "$2" "$3" "$4"
	ok "$1: he guesses, and is banned" soon banned "$2"
	ok "$1: his session is over" soon over
	ok "$1: it had reached the server" [ -s "$lab/served" ]
	ok "$1: and it is said" heard "cut 1 open connection of $5\\>"
	leave
}
goes_on() {
	begin "$2" "$3" "$4"
	ok "$1: he guesses, and is banned" soon banned "$2"
	ok "$1: he goes on guessing" soon late "$5" 3
	nok "$1: his session is not over" over
	leave
}

lab_up
listen 25

# ---- off, as it is unless asked for ----

conf </dev/null
rsyslog_start
goes_on "without cut" 198.51.100.1 192.0.2.25 192.0.2.25 198.51.100.1
rsyslog_stop
nok "without cut: nothing is said of it" grep 'open connection' "$lab/said"

# ---- on ----

conf 'cut="on"' </dev/null
ok "rsyslogd starts" rsyslog_start
ok "somebody else is in a session" \
	session_open 203.0.113.9 'nc -4 -l 192.0.2.25 587' 587
is_cut "IPv4" 198.51.100.2 192.0.2.25 192.0.2.25 198.51.100.2
is_cut "IPv6" 2001:db8:8000::2 2001:db8:25::25 2001:db8:25::25 \
	2001:db8:8000::/64
is_cut "IPv4 at a server for both" 198.51.100.3 192.0.2.25 :: 198.51.100.3
ok "it is no rule: he can connect again" soon reach 198.51.100.2 25
session_go_on
ok "the session of the other goes on" soon heard_by_server 'the second guess'
session_close
rsyslog_stop
nok "no word of trouble" grep 'who is banned go on' "$lab/said"

# ---- rsyslogd changes its user ----

mkdir "$lab/nobody"
chmod 777 "$lab"
rm "$lab/said"
chown nobody "$lab/nobody"
database=$lab/nobody/saslban.db
conf 'cut="on"' </dev/null
sed -i '1i $PrivDropToUser nobody\n$PrivDropToGroup nogroup' "$lab/conf"
ok "privilege drop: rsyslogd starts" rsyslog_start
is_cut "privilege drop" 198.51.100.4 192.0.2.25 192.0.2.25 198.51.100.4
"$ctl" -d "$database" doctor --json >"$lab/doctor"
is "doctor says that the kernel can" "$(jq -r '.findings[] |
	select(.check == "kernel" and (.text | test("cut"))) | .level + ": " +
	.text' "$lab/doctor")" "ok: it can end open connections (cut)"
like "status says that it is on" "$("$ctl" -d "$database" status)" \
	'enforcer +ipset, cut on'
rsyslog_stop
done_testing
