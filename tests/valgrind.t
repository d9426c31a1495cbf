#!/bin/sh
# valgrind: the module inside rsyslogd, from start to stop, with bans, in an
# ipset and in sets of nftables.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
conf 'ignoreip=["self", "localhost", "203.0.113.0/24"]' <<-EOF
action(type="omsaslban" database="$database" name="two" bantime="1h"
       enforcer="nftables" set="two" maxretry="3" findtime="1h"
       filter.path="$srcdir/filter.d" queue.type="LinkedList"
       queue.workerThreads="2" queue.timeoutShutdown="60000"
       queue.timeoutActionCompletion="60000")
EOF
RSYSLOG_UNDER="valgrind -q --vgdb=no --run-libc-freeres=no --keep-debuginfo=yes --leak-check=full
	--show-leak-kinds=definite --errors-for-leak-kinds=definite
	--suppressions=$srcdir/tests/valgrind.supp --error-exitcode=99
	--log-file=$lab/valgrind"
rsyslog_start
{
	good 203.0.113.9
	three 198.51.100.1
	three 2001:db8:8000::1
	three 203.0.113.10
} | say
ok "a ban under valgrind" soon banned 198.51.100.1
kill -HUP "$rsyslog_job"
ok "a HUP" heard 'was HUPed'
"$ctl" -d "$database" unban 198.51.100.1 >/dev/null
ok "a pardon" heard 'lifted the ban of 198\.51\.100\.1 '
three 198.51.100.2 | say
ok "another one" soon banned 198.51.100.2
enforcer=nftables set=two
ok "in both" soon banned 198.51.100.2
ok "the network of an IPv6 host" soon banned 2001:db8:8000::/64
"$ctl" -d "$database" unban 198.51.100.2 --jail two >/dev/null
ok "a pardon with nftables" heard 'jail two: lifted the ban of 198\.51\.100\.2 '
flush two6/64
three 2001:db8:8000:1::1 | say
ok "a set that was flushed" soon banned 2001:db8:8000:1::/64
nft delete table inet saslban
three 198.51.100.3 | say
ok "a table that was deleted" soon banned 198.51.100.3
ok "no error, nothing definitely lost" rsyslog_stop
is "valgrind is silent" "$(cat "$lab/valgrind")" ""
done_testing
