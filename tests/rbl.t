#!/bin/sh
# rbl: the two drop-ins as they are shipped, together. What a DNS list has
# named is banned at once, in sets of its own and for port 25 alone; the jail
# of the guessers knows nothing of it, and the other way round.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

query() {
	sqlite3 "$database" "$1"
}
from="from=<a@b.example> to=<bob@example.net> proto=ESMTP helo=<x>"
listed() { # ADDRESS [WHAT [REASON]]
	echo "postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[$1]: 554" \
		"5.7.1 Service unavailable; ${2:-Client host [$1]} blocked" \
		"using rbl.example; ${3:-listed}; $from"
}
screened() {
	echo "postfix/postscreen[9]: NOQUEUE: reject: RCPT from [$1]:4711:" \
		"550 5.7.1 Service unavailable; client [$1] blocked using" \
		"rbl.example; from=<>, to=<a@b>, proto=ESMTP, helo=<x>"
}
in_list() {
	set=saslban-rbl
	banned "$1"
	in_list_status=$?
	set=saslban
	return "$in_list_status"
}

# As shipped, but for where the module, the filters and the database are, and
# for a guesser's patience.
{
	echo "global(workDirectory=\"$lab\" processInternalMessages=\"on\")"
	echo "module(load=\"imuxsock\" SysSock.Use=\"off\")"
	echo "input(type=\"imuxsock\" Socket=\"$socket\" CreatePath=\"on\")"
	echo "syslog.* action(type=\"omfile\" file=\"$lab/said\")"
	sed "s|load=\"omsaslban\"|load=\"$module\"|
		s|type=\"omsaslban\"|& filter.path=\"$srcdir/filter.d\"|
		s|/var/lib/saslban/saslban.db|$database|
		s|# maxretry=\"6\"|maxretry=\"3\"|" \
		"$srcdir/rsyslog.d/30-saslban.conf" \
		"$srcdir/rsyslog.d/31-saslban-rbl.conf"
} >"$lab/conf"
said=$("$rsyslogd" -N1 -f "$lab/conf" 2>&1)
is "both pass rsyslogd -N1" $? 0
unlike "without a word" "$said" 'error|omsaslban'

# The commands that the second one gives for the firewall.
lab_up
listen 25 587
commands=$(sed -n 's/^#   //p' "$srcdir/rsyslog.d/31-saslban-rbl.conf" |
	sed "s|/usr/share/saslban|$srcdir/ipset|; s|/etc/saslban|$lab/etc|g")
is "it gives six" "$(echo "$commands" | wc -l)" 6
ok "they make the sets and the rules" env \
	SASLBAN_SETS="$lab/etc/saslban.sets" \
	SASLBAN_RULES="$lab/etc/saslban.rules" sh -ec "$commands"
is "six sets" "$(ipset -n list | sort | tr '\n' ' ')" \
	"saslban saslban-rbl saslban-rbl4 saslban-rbl6 saslban4 saslban6 "
ok "rsyslogd starts" rsyslog_start

{
	listed 198.51.100.1
	screened 2001:db8:8000::1
	listed 198.51.100.2 "Sender address [x@y.example]"
	listed 198.51.100.3 "" "Error: open resolver"
	guess 198.51.100.4
	good 203.0.113.5
} | say
ok "one refusal is enough" soon in_list 198.51.100.1
ok "postscreen's as well" soon in_list 2001:db8:8000::ffff
three 198.51.100.6 | say
ok "a guesser is banned, after three" soon banned 198.51.100.6
nok "a guesser is not in the list's set" in_list 198.51.100.6
nok "one guess is not enough" banned 198.51.100.4
nok "who is listed is not in the guessers' set" banned 198.51.100.1
nok "nor his IPv6 brother" banned 2001:db8:8000::1
nok "a listed sender address is not the client's" in_list 198.51.100.2
nok "a list that refuses us has named nobody" in_list 198.51.100.3
nok "an innocent is free" in_list 203.0.113.5
is "each jail has its own bans, each with strike 1" "$(query "SELECT name,
	offense.address, strike FROM offense JOIN jail ON jail.id = jail
	ORDER BY name, offense.address")" "rbl|198.51.100.1|1
rbl|2001:db8:8000::/64|1
sasl|198.51.100.6|1"
set=saslban-rbl
is "for an hour" "$(query "SELECT until - at FROM offense
	WHERE address = '198.51.100.1'")" 3600
ok "in the kernel as well" lasts 198.51.100.1 "$(query "SELECT until
	FROM offense WHERE address = '198.51.100.1'")"
nok "who is listed does not reach port 25" reach 198.51.100.1 25
ok "but submission" soon reach 198.51.100.1 587
nok "nor over IPv6" reach 2001:db8:8000::2 25
ok "an innocent reaches port 25" soon reach 203.0.113.5 25
ok "over IPv6 as well" soon reach 2001:db8:8001::1 25
ok "rsyslogd stops" rsyslog_stop
done_testing
