#!/bin/sh
# message: what becomes of a record in any form that rsyslogd takes, from its
# bytes on the wire to the failure in the database. Each record has a user of
# its own; what is expected was written by hand.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
mkdir "$lab/filter.d"
cat >"$lab/filter.d/hosts.conf" <<'EOF'
[Definition]
failregex = ^ relay1 toy(?:\[\d+\])?:? bad <F-USER>\S+</F-USER> from <ADDR>$
            ^ \S+ echotext: bad <F-USER>\S+</F-USER> from <ADDR>$
EOF
conf 'maxretry="1000000" findtime="7d" enforce="off"
      filter=["postfix", "dovecot", "hosts"]' <<EOF
module(load="imfile")
input(type="imptcp" address="127.0.0.1" port="5141")
input(type="imfile" File="$lab/plain" Tag="postfix/smtpd:")
input(type="imfile" File="$lab/blank" Tag="dovecot imap-login:")
EOF
sed -i "s|filter.path=[^ ]*|filter.path=[\"$srcdir/filter.d\", \"$lab/filter.d\"]|" \
	"$lab/conf"

now=$(date +%s)
then=$((now - 1000)) # what records say of themselves
stamp=$(LC_ALL=C date -d "@$then" '+%b %e %H:%M:%S')
iso=$(date -u -d "@$then" +%Y-%m-%dT%H:%M:%SZ)
far=$(date -u -d "@$((now + 86400))" +%Y-%m-%dT%H:%M:%SZ)
dead='warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: x,'
dead="$dead sasl_username="
left='imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user='
many() { # N: so many bytes
	head -c "$1" /dev/zero | tr '\0' u
}

# Records in octet counting, so that they may hold any byte; escapes are
# printf's. octets: as it stands. old, new: RFC 3164 and RFC 5424, from what
# stands behind the host name.
octets() {
	# shellcheck disable=SC2059 # a format without conversions
	printf "$1" >"$lab/octets"
	printf '%d ' "$(wc -c <"$lab/octets")"
	cat "$lab/octets"
}
old() {
	octets "<22>$stamp mail $1"
}
new() {
	octets "<22>1 $iso mail $1"
}
records() {
	old "postfix/smtpd[9]: ${dead}plain"
	old "postfix/smtpd[9]:${dead}noblank"
	old "postfix/smtpd[9]:   ${dead}blanks"
	old "postfix/smtpd[9] ${dead}nocolon"
	old "postfix/smtpd: ${dead}nopid"
	old "postfix/submission/smtpd[9]: ${dead}longname"
	old "postfix/smtpd [9]: ${dead}blankpid"
	old "postfix-out/submission/smtpd[9]: ${dead}instance"
	old "Postfix/SMTPD[9]: ${dead}capitals"
	old "postfix/smtpd[9]:\t${dead}tab"
	old "postfix/smtpd[9]:"
	old "postfix/smtpd[9]:    "
	old "postfix/smtpdx[9]: ${dead}otherprogram"
	old "rsyslogd: ${dead}ourown"
	old "postfix/smtpd[9]: ${dead}m\303\274ller"
	old "postfix/smtpd[9]: ${dead}\377\200"
	old "postfix/smtpd[9]: ${dead}con\037trol"
	old "postfix/smtpd[9]: message repeated 3 times: [ ${dead}repeated]"
	octets "<22>postfix/smtpd[9]: ${dead}nodate"
	old "postfix/smtpd[9]: ${dead}long$(many 7000)"
	old "postfix/smtpd[9]: ${dead}toolong$(many 8200)"
	new "postfix/smtpd 9 - - ${dead}modern"
	new "postfix/smtpd - - - ${dead}modernnopid"
	new "postfix/smtpd 9 ID [a@1 b=\"c]d\"] ${dead}modernsd"
	new "postfix/smtpd 9 - -  ${dead}modernblank"
	new "postfix/smtpd 9 - - ${dead}mo\000dern"
	new "postfix/smtpd 9 - -"
	new "POSTFIX-out/smtpd 9 - - ${dead}moderncapitals"
	new "postfix/smtpd - - - [9]: ${dead}modernblankpid"
	new "- 9 - - ${dead}modernnoapp"
	new "smtpd 9 - - ${dead}modernother"
	new "dovecot - - - $left<login>, rip=198.51.100.7, lip=192.0.2.25"
	octets "<22>1 $iso - postfix/smtpd 9 - - ${dead}modernnohost"
	octets "<22>1 - mail postfix/smtpd 9 - - ${dead}modernnodate"
	octets "<22>1 $far mail postfix/smtpd 9 - - ${dead}tomorrow"
	octets "<22>$stamp relay1 toy[5]: bad hosted from 198.51.100.7"
	octets "<22>$stamp relay2 toy[5]: bad otherhost from 198.51.100.7"
	octets "<22>1 $iso relay1 toy - - - bad modernhosted from 198.51.100.7"
	octets "<22>$stamp x echotext: bad whole from 198.51.100.7"
}

: >"$lab/plain"
: >"$lab/blank"
rsyslog_start
records | nc -N 127.0.0.1 5141
{
	printf '%sfile\n' "$dead"
	printf '%sfilenul\000x\n' "$dead"
	printf '%s mail postfix/smtpd[9]: %sfilewhole\n' "$stamp" "$dead"
	printf '%sfilelast\n' "$dead"
} >>"$lab/plain"
# A NUL ends nothing: the address is the last one of the line.
{
	printf '%s<fileblank>, rip=198.51.100.7, lip=192.0.2.25\n' \
		"${left#imap-login: }"
	printf '%s<forged>, rip=203.0.113.5, lip=192.0.2.25\000>, %s\n' \
		"${left#imap-login: }" \
		"method=PLAIN, rip=198.51.100.7, lip=192.0.2.25"
} >>"$lab/blank"
query() {
	sqlite3 "$database" "$1"
}
read_files() {
	[ "$(query "SELECT count(*) FROM failure
		WHERE user = 'filelast' OR user LIKE 'forged%'")" -eq 2 ]
}
ok "imfile's lines are judged" soon read_files
ok "rsyslogd stops" rsyslog_stop
end=$(date +%s)

# found USER: `SERVICE COUNT WHEN` of each failure with that user.
found() {
	query "SELECT service, count, CASE
			WHEN at = $then THEN 'reported'
			WHEN at BETWEEN $now AND $end THEN 'arrived'
			ELSE at END,
			CASE address WHEN '198.51.100.7' THEN '' ELSE address END
		FROM failure WHERE user = '$1'" | tr '|' ' ' | sed 's/ $//'
}
while IFS='|' read -r user want title; do
	is "$title" "$(found "$user")" "$want"
done <<EOF
plain|postfix/smtpd 1 reported|RFC 3164
noblank|postfix/smtpd 1 reported|no blank behind the tag
blanks|postfix/smtpd 1 reported|several blanks behind the tag
nocolon|postfix/smtpd 1 reported|no colon behind the tag
nopid|postfix/smtpd 1 reported|no pid in the tag
longname|postfix/submission/smtpd 1 reported|a long program name
blankpid|postfix/smtpd 1 reported|a pid behind a blank
instance|postfix-out/submission/smtpd 1 reported|another instance
capitals|Postfix/SMTPD 1 reported|a program's name in capitals
tab||a tab behind the tag is part of the message
otherprogram||a program that no filter reads
ourown||rsyslogd's own lines
müller|postfix/smtpd 1 reported|UTF-8
con#037trol|postfix/smtpd 1 reported|a control character, as rsyslogd escapes it
repeated|postfix/smtpd 3 reported|a repeated message
nodate|postfix/smtpd 1 arrived|no date: it counts at its arrival
long$(many 123)|postfix/smtpd 1 reported|a long line; of its user, the beginning
toolong$(many 120)||what is longer than 8192 bytes has no end to be judged
modern|postfix/smtpd 1 reported|RFC 5424
modernnopid|postfix/smtpd 1 reported|RFC 5424 without a pid
modernsd|postfix/smtpd 1 reported|RFC 5424 with structured data
modernblank|postfix/smtpd 1 reported|RFC 5424, a message that begins with a blank
mo#000dern|postfix/smtpd 1 reported|RFC 5424, a NUL
moderncapitals|POSTFIX-out/smtpd 1 reported|RFC 5424, capitals
modernblankpid|postfix/smtpd 1 reported|RFC 5424, the pid in the message
modernnoapp||RFC 5424 without a name of a program
modernother||RFC 5424, another program
login|dovecot 1 reported|RFC 5424 of Dovecot
modernnohost|postfix/smtpd 1 reported|RFC 5424 without a host name
modernnodate|postfix/smtpd 1 arrived|RFC 5424 without a date
tomorrow|postfix/smtpd 1 arrived|a date in the future: it counts at its arrival
hosted|toy 1 reported|a filter of fail2ban's kind sees host, tag and message
otherhost||and another host
modernhosted|toy 1 reported|and an RFC 5424 record as a file would show it
whole|echotext 1 reported|and the lines of any program
file|postfix/smtpd 1 arrived|a line of a file, with the input's tag
filenul|postfix/smtpd 1 arrived|a NUL in it
filewhole||a whole line of a log file is no message
filelast|postfix/smtpd 1 arrived|the line behind it
fileblank|dovecot 1 arrived|a tag with a blank in it
EOF
is "a user name that is no UTF-8" "$(query "SELECT count(*) FROM failure
	WHERE hex(user) = 'FF80'")" 1
is "text behind a NUL counts" "$(query "SELECT address FROM failure
	WHERE user LIKE 'forged%'")" 198.51.100.7

# The same records as lines of a file: saslbanctl test finds the same. What
# rsyslogd escapes stands aside, as a file of its own making has it escaped.
octets() {
	# shellcheck disable=SC2059 # a format without conversions
	printf "$1\n"
}
records | "$builddir/saslbanctl" test --json --path "$srcdir/filter.d" \
	--path "$lab/filter.d" --filter postfix --filter dovecot \
	--filter hosts - 2>&1 |
	jq -r 'select(.verdict == "failure") | "\(.user) \(.count)"' |
	LC_ALL=C grep -av -e '^[a-z]*[^a-z ]' -e '^mo ' | sort >"$lab/tested"
query "SELECT user, count FROM failure WHERE user NOT LIKE 'f%'" |
	tr '|' ' ' | LC_ALL=C grep -av '^[a-z]*[^a-z ]' | sort >"$lab/judged"
ok "the module has judged" [ "$(wc -l <"$lab/judged")" -gt 20 ]
is "saslbanctl test finds the same in the same lines" \
	"$(diff "$lab/judged" "$lab/tested")" ""
is "and nothing else was found" "$(query "SELECT count(*) FROM failure")" 34
done_testing
