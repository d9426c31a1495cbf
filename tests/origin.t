#!/bin/sh
# origin: who wrote a line. With a real rsyslogd, real senders under other user
# ids, and a real journald.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
socket=/run/dev-log # where other users get at it
plain=/run/dev-plain
annotate='Annotate="on" ParseTrusted="on"'

query() {
	sqlite3 "$database" "$1"
}
# as UID [SOCKET] < lines: `PROGRAM[PID]: MESSAGE`, as that user's logger.
as() {
	while IFS= read -r as_line; do
		setpriv --reuid "$1" --regid 65534 --clear-groups \
			logger -u "${2:-$socket}" -p mail.info \
			--socket-errors=on -t "${as_line%%:*}" -- \
			"${as_line#*: }"
	done
}
# annotated: $lab/conf, and its first socket says who writes.
annotated() {
	sed -i "s|RateLimit.Interval=\"0\")|RateLimit.Interval=\"0\"\n$annotate)|" \
		"$lab/conf"
}
# found: the users that were tried, as the database has them; a number behind
# those of several failures.
found() {
	query "SELECT user || iif(sum(count) > 1, sum(count), '') FROM failure
		GROUP BY user ORDER BY user" | tr '\n' ' ' | sed 's/ $//'
}
foreign() {
	query "SELECT sum(foreign_lines) FROM jail"
}
# stop [SOCKET]: when all is read that was sent to it.
stop() {
	logger -u "${1:-$socket}" -p syslog.info -t lab "read ${1:-$socket}"
	soon grep -q "lab: read ${1:-$socket}" "$lab/said"
	rsyslog_stop
}
anew() {
	rm -f "$database"*
	: >"$lab/said"
}

# ---- the configuration that comes with the module ----

# shipped: it, with this lab's paths, and three failures instead of six.
shipped() {
	conf </dev/null
	sed -i '/^action(type="omsaslban"/,$d' "$lab/conf"
	sed -e '/^module(load="omsaslban")/d' \
		-e "s|/var/lib/saslban/saslban.db|$database|" \
		-e "s|filter=\[|filter.path=\"$srcdir/filter.d\" &|" \
		-e 's|# maxretry="6"|maxretry="3"|' \
		"$srcdir/rsyslog.d/30-saslban.conf" >>"$lab/conf"
	cat >>"$lab/conf" <<-END
	input(type="imuxsock" Socket="$plain" RateLimit.Interval="0")
	END
}
shipped
annotated
sed -i '1i module(load="impstats" interval="1" log.syslog="off"\
       log.file="'"$lab"'/stats")' "$lab/conf"
rsyslog_start
three 203.0.113.5 logger | as 65534
ok "a stranger's lines are reported" heard \
	"lines that somebody else wrote are not counted: .*, the last by uid 65534 in the name of 'postfix/smtpd'; see origin.uid"
# What a client writes into his line is not what the kernel says.
three 203.0.113.5 'text @[_PID=1 _UID=0 _GID=0 _COMM=smtpd]' | as 65534
three 203.0.113.5 'json {"uid":0}' | sed 's/: /: @cee: {"uid":0} /' | as 65534
three 203.0.113.5 socket | as 65534 "$plain"
three 203.0.113.5 tcp | "$builddir/tests/send" @5140
three 198.51.100.7 real | as 0
ok "the server's own ban" soon banned 198.51.100.7
nok "a stranger bans nobody" banned 203.0.113.5
is_counted() {
	grep -q 'sasl: .* foreign=12' "$lab/stats"
}
ok "impstats has them" soon is_counted
ok "rsyslogd stops" rsyslog_stop
is "what counted" "$(found)" "real3"
is "what did not" "$(foreign)" 12
is "one line reported it" "$(grep -c 'somebody else wrote' "$lab/said")" 1
is "nothing was said to be lacking" "$(grep -c 'is not checked' "$lab/said")" 0
like "saslbanctl status has them" \
	"$("$ctl" --database "$database" status)" \
	'^  foreign   12 lines that somebody else wrote, the last .* ago$'
is "and for programs" "$("$ctl" --database "$database" --json status |
	jq '.jails[0].foreign_lines, (.now - .jails[0].foreign_last < 600)' |
	tr '\n' ' ')" "12 true "

# ---- an input that does not say ----
anew
shipped
rsyslog_start
three 203.0.113.5 anybody | as 65534
ok "that nobody is checked is reported" heard \
	"imuxsock does not say which user wrote a line, so that origin.uid is not checked"
guess 203.0.113.5 again | as 65534 "$plain"
guess 203.0.113.5 tcp | "$builddir/tests/send" @5140
ok "rsyslogd stops" stop "$plain"
is "and lines of the sockets count" "$(found)" "again anybody3"
is "those of the network do not" "$(foreign)" 1
is "it was reported once" "$(grep -c 'is not checked' "$lab/said")" 1

# What is only appended to the text is not believed.
anew
shipped
sed -i 's|RateLimit.Interval="0")|RateLimit.Interval="0" Annotate="on")|' \
	"$lab/conf"
rsyslog_start
guess 203.0.113.5 text | as 65534
ok "annotated text says nothing" heard "origin.uid is not checked"
ok "rsyslogd stops" stop

# ---- users ----

# users LIST: of a jail that counts everything.
users() {
	anew
	conf "maxretry=\"1000000\" enforce=\"off\" $1" </dev/null
	annotated
	rsyslog_start
	for uid in 0 4242 65533 4294967294; do
		guess 203.0.113.5 "u$uid" | as $uid
		echo "postfix/smtpd[9]: connect from x[203.0.113.5]" | as $uid
	done
	stop
}
while IFS='|' read -r list want others title; do
	users "origin.uid=[$list]"
	is "$title" "$(found)" "$want"
	is "$title: and the others" "$(foreign)" "$others"
done <<'END'
"root"|u0|3|by name
"4242", "0"|u0 u4242|2|by number
"65533", "no-such-user"|u65533|3|one of them is none
"4294967294"|u4294967294|3|the last number
END
like "a user that is not there is mentioned" "$(users \
	'origin.uid=["root", "no-such-user"]'; cat "$lab/said")" \
	"jail sasl: origin.uid has 'no-such-user', and there is no such user"
users 'origin.uid="0" origin.from="127.0.0.1"'
is "user and sender" "$(found)" u0
users 'origin.uid="0" origin.from="192.0.2.1"'
is "the user of another sender" "$(found)" ""
anew
conf 'maxretry="1000000" origin.uid="0" origin.unit="a.service"' </dev/null
annotated
rsyslog_start
guess 203.0.113.5 root | as 0
guess 203.0.113.5 other | as 4242
ok "imuxsock knows no units, and that is reported" \
	heard "origin.unit is not checked"
stop
is "the users are checked all the same" "$(found)" root

# ---- senders, and the fields of a journal ----

# The name of the input is all that a jail knows of it; so one that listens to
# the network stands for imjournal, and each port for a record with other
# fields.
fields() { # PORT INPUT STATEMENTS
	cat <<-END
	input(port="$1" address="0.0.0.0" type="imptcp" name="$2"
	      ruleset="r$1")
	ruleset(name="r$1") { $3 call jail }
	END
}
journal() { # PARAMETERS
	anew
	conf </dev/null
	sed -i '/^action(type="omsaslban"/,$d' "$lab/conf"
	{
		echo 'ruleset(name="jail") {'
		echo "action(type=\"omsaslban\" database=\"$database\""
		echo "filter.path=\"$srcdir/filter.d\" maxretry=\"1000000\""
		echo "enforce=\"off\" $1) }"
		fields 6001 imjournal 'set $!_UID = "0"; set $!_SYSTEMD_UNIT = "a.service";'
		fields 6002 imjournal 'set $!_UID = "4242"; set $!_SYSTEMD_UNIT = "b.service";'
		fields 6003 imjournal 'set $!_UID = "0";'
		fields 6004 imjournal 'set $!UID = "0"; set $!uid = "0"; set $!_SYSTEMD_UNIT = "a.service";'
		fields 6005 imjournal 'set $!_UID = "x"; set $!_SYSTEMD_UNIT = "a.service";'
		fields 6006 imptcp 'set $!_UID = "0"; set $!uid = "0"; set $!_SYSTEMD_UNIT = "a.service";'
	} >>"$lab/conf"
	rsyslog_start
	soon nc -z 127.0.0.1 6006
	for port in 6001 6002 6003 6004 6005 6006; do
		guess 203.0.113.5 "p$port" | "$builddir/tests/send" @$port
	done
	guess 203.0.113.5 remote | sed 's/^/<22>Nov 20 04:58:34 mail /' |
		ip netns exec world nc -N 192.0.2.25 6006
	rsyslog_stop
}
while IFS='|' read -r given want title; do
	journal "findtime=\"400d\" $given"
	is "$title" "$(found)" "$want"
done <<'END'
|p6001 p6002 p6003 p6004 p6005 p6006 remote|nobody asks
origin.uid="root"|p6001 p6003|the journal's user
origin.unit="a.service"|p6001 p6004 p6005|the journal's unit
origin.unit=["a.service", "b.service"]|p6001 p6002 p6004 p6005|units
origin.uid="0" origin.unit="a.service"|p6001|both
origin.from="127.0.0.0/8"|p6001 p6002 p6003 p6004 p6005 p6006|senders
origin.from="192.0.2.1"|remote|another machine
origin.from=["127.0.0.1", "192.0.2.1"] origin.uid="0"|p6001 p6003 remote|of another machine nobody asks for the user, of this one yes
END

# ---- a real journald ----

journald=/lib/systemd/systemd-journald
journald_start() {
	mkdir -p /run/systemd/journal /run/systemd/journald.conf.d
	printf '[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\n' \
		>/run/systemd/journald.conf.d/test.conf
	if [ ! -s /etc/machine-id ]; then
		printf '%032d\n' 1 >/run/machine-id
		mount --bind /run/machine-id /etc/machine-id || return
	fi
	$journald >"$lab/journald" 2>&1 &
	soon [ -S /run/systemd/journal/dev-log ]
}
# native UID < text: journald's own protocol, with fields of the client's.
native() {
	{
		printf 'SYSLOG_IDENTIFIER=postfix/smtpd\nSYSLOG_FACILITY=2\n'
		printf 'UID=0\n_UID=0\n_SYSTEMD_UNIT=a.service\nMESSAGE='
		sed 's/^[^:]*: //'
	} | setpriv --reuid "$1" --regid 65534 --clear-groups perl -e '
		use Socket;
		socket(S, AF_UNIX, SOCK_DGRAM, 0) or die;
		local $/;
		send(S, <STDIN>, 0, pack_sockaddr_un(
			"/run/systemd/journal/socket")) or die'
}
both_found() {
	[ "$(found)" = "root rootnative" ]
}
through_journald() {
	anew
	journal=/run/systemd/journal/dev-log
	guess 203.0.113.5 stranger | as 65534 $journal
	guess 203.0.113.5 native | native 65534
	guess 203.0.113.5 root | as 0 $journal
	guess 203.0.113.5 rootnative | native 0
	ok "it is reported" heard "last by uid 65534"
	soon both_found
	rsyslog_stop
}
if [ -x $journald ]; then
	ok "journald starts" journald_start
	# As under systemd: it forwards to rsyslogd what it gets.
	conf 'maxretry="1000000" enforce="off" origin.uid="root"' </dev/null
	sed -i "s|^input(type=\"imuxsock\".*|input(type=\"imuxsock\" Socket=\"/run/systemd/journal/syslog\"|" \
		"$lab/conf"
	annotated
	socket=/run/systemd/journal/syslog
	rsyslog_start
	through_journald
	is "journald forwards whose it is" "$(found)" "root rootnative"
	is "and of those that are not" "$(foreign)" 2
	anew
	socket=/run/dev-log
	conf 'maxretry="1000000" enforce="off" origin.uid="root"' <<-END
	module(load="imjournal" StateFile="$lab/imjournal"
	       IgnorePreviousMessages="on")
	END
	rsyslog_start
	through_journald
	is "imjournal has whose it is" "$(found)" "root rootnative"
	is "and of those that are not" "$(foreign)" 2
else
	skip "lines of journald" "there is none"
fi
done_testing
