#!/bin/sh
# forge: what a login name can do to the log of Courier, through a real
# rsyslogd. courierlogger's part, to cut lines into records, is played here, as
# Courier 5.0's does it.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
victim='::ffff:203.0.113.7'

# found: whose failures were counted, and how many.
found() {
	sqlite3 "$database" "SELECT user || ' ' || sum(count) FROM failure
		GROUP BY user ORDER BY user" | tr '\n' ' ' | sed 's/ $//'
}
# courierlogger NAME < lines: its records.
courierlogger() {
	LC_ALL=C awk -v name="$1" '{
		for (line = substr($0, 1, 1023); line != "";
		     line = substr(line, 512)) {
			record = substr(line, 1, 511)
			sub(/^(ERR|WARN|ALERT|CRIT|DEBUG|INFO):/, "", record)
			sub(/^ */, "", record)
			print name ": " record
		}
	}'
}
letters() {
	head -c "$1" /dev/zero | tr '\0' A
}
# try NAME: what imaplogin writes of it.
try() {
	printf 'INFO: LOGIN FAILED, user=%s, ip=[%s], port=[4]\n' "$1" \
		::ffff:203.0.113.9
}
# forged HEAD TAIL: a name that fills the first record, and the second one with
# HEAD and TAIL.
forged() {
	try "$(letters 486)$1$(letters $((511 - ${#1} - ${#2})))$2"
}
records() {
	{
		forged 'message repeated 999 times: [LOGIN FAILED, user=many' \
			", ip=[$victim]]"
		forged 'ERR:                    LOGIN FAILED, user=blanks' \
			", ip=[$victim]"
		forged 'LOGIN FAILED, user=plain' ", ip=[$victim]"
	} | courierlogger imapd
	try honest | courierlogger pop3d
}

is "the second record is the sender's, from its first byte to its end" \
	"$(forged 'LOGIN FAILED, user=x' ", ip=[$victim]" |
		courierlogger imapd | sed -n 2p | sed 's/A\{9,\}//')" \
	"imapd: LOGIN FAILED, user=x, ip=[$victim]"

conf 'filter="courier" maxretry="1000000" enforce="off"' <<'END'
input(type="imptcp" address="127.0.0.1" port="5141" name="imjournal")
END
rsyslog_start
records | "$builddir/tests/send" "$socket"
logger -u "$socket" -p syslog.info -t lab "read it"
soon grep -q "lab: read it" "$lab/said"
rsyslog_stop
is "none of them counts, and an honest line does" "$(found)" "honest 1"

# The name of the input is all that is known of it. This one takes the blanks
# off the end of a record, so that the first may be as short as it likes.
rsyslog_start
try unread | courierlogger imapd | "$builddir/tests/send" @5141
try read | courierlogger imapd | "$builddir/tests/send" @5140
rsyslog_stop
is "through imjournal nothing is read" "$(found)" "honest 1 read 1"
done_testing
