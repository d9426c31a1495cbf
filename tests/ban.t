#!/bin/sh
# ban: the straight line. A real rsyslogd, real kernel sets, real packets.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
conf 'maxretry="3" findtime="10m" bantime=["6s", "8d", "32d"]
      ignoreip=["self", "203.0.113.77"]' </dev/null
saslban_firewall="$srcdir/ipset/saslban-firewall"
ipset restore <"$srcdir/ipset/saslban.sets"
sh "$saslban_firewall" start
listen 25 80
ok "rsyslogd starts with the module" rsyslog_start
[ $tap_bad -eq 0 ] || exit 1

# ---- the first offense ----
{
	good 203.0.113.9
	guess 198.51.100.1
	guess 198.51.100.1
	three 203.0.113.77
} | say
sleep 0.3
nok "two failures are no offense" banned 198.51.100.1
guess 198.51.100.1 | say
ok "the third one is: IPv4" wait_for 5 banned 198.51.100.1
three 2001:db8:8000::1 | say
ok "and IPv6, as its /64" wait_for 5 banned 2001:db8:8000::ffff
nok "another /64 is not banned" banned 2001:db8:8000:1::1
nok "who only sends mail is not" banned 203.0.113.9
nok "who is in ignoreip is not" banned 203.0.113.77

row=$("$ctl" -d "$database" list)
like "the store has the ban, strike 1" "$row" '198\.51\.100\.1 .*\b1\b'
nok "a packet of the banned is dropped" reach 198.51.100.1 25
ok "but only on mail ports" reach 198.51.100.1 80
nok "a packet of the banned /64 is dropped" reach 2001:db8:8000::2 25
ok "an innocent packet passes" reach 198.51.100.2 25
ok "an innocent IPv6 packet passes" reach 2001:db8:8001::1 25

# ---- late lines, and expiry ----
three 198.51.100.1 | say
ok "the ban expires and frees the address" wait_for 10 reach 198.51.100.1 25
ok "the IPv6 one as well" wait_for 10 reach 2001:db8:8000::2 25
is "late lines made no second strike" \
	"$(sqlite3 "$database" "SELECT count(*), max(strike), sum(late)
	   FROM offense WHERE address = '198.51.100.1'")" "1|1|3"

# ---- the second offense ----
three 198.51.100.1 | say
ok "who comes back is banned again" wait_for 5 banned 198.51.100.1
seconds=$(left 198.51.100.1)
ok "for the second length, 8 days (got $seconds s)" \
	test "$seconds" -gt 691190 -a "$seconds" -le 691200

# ---- a ban that is longer than the kernel can ----
"$ctl" -d "$database" ban 198.51.100.32 --for 32d --reason 'by hand' \
	>/dev/null
ok "a ban of 32 days is in" banned 198.51.100.32
is "with the kernel's longest timeout" \
	"$(left 198.51.100.32 | sed 's/214748[23]/2147483/')" 2147483

# ---- rsyslogd restarts; the sets outlive it ----
ok "rsyslogd stops" rsyslog_stop
ok "the ban outlives it" banned 198.51.100.1
ok "rsyslogd starts again" rsyslog_start
sleep 1
ok "the ban is still there" banned 198.51.100.1

# ---- the machine restarts: the sets are gone ----
rsyslog_stop
ok "the sets are lost" lose_sets
sleep 2
ipset restore <"$srcdir/ipset/saslban.sets"
sh "$saslban_firewall" start
rsyslog_start
ok "a running ban is put back into an empty set" \
	wait_for 10 banned 198.51.100.1
now=$(left 198.51.100.1)
ok "with its remaining time ($seconds, now $now)" \
	test "$now" -lt "$seconds" -a "$now" -gt $((seconds - 60))
nok "and it drops packets" reach 198.51.100.1 25
ok "the 32 days are back" banned 198.51.100.32
is "two bans, no more" "$(ipset list saslban4 | grep -c "timeout [0-9]* packets")" 2

# ---- lost while it runs, and nobody made the set ----
rsyslog_stop
ok "the sets are lost again" lose_sets
rsyslog_start
ok "a set that is not there is made" wait_for 10 banned 198.51.100.1

# ---- a pardon ----
"$ctl" -d "$database" unban 198.51.100.1 --reason 'new phone' >/dev/null
nok "an unban is immediate" banned 198.51.100.1
sleep 5
nok "and the module does not undo it" banned 198.51.100.1
three 198.51.100.1 | say
ok "three new failures ban again" wait_for 5 banned 198.51.100.1
is "a pardoned offense is no strike" \
	"$(sqlite3 "$database" "SELECT strike FROM offense WHERE
	   address = '198.51.100.1' ORDER BY id DESC LIMIT 1")" 2

# ---- HUP ----
kill -HUP "$rsyslog_job"
sleep 0.5
three 198.51.100.50 | say
ok "HUP is harmless" wait_for 5 banned 198.51.100.50
# Over TCP: send returns when rsyslogd has it.
three 198.51.100.51 | "$builddir/tests/send" @5140
ok "what is queued at the end is worked off" rsyslog_stop
ok "and enforced" banned 198.51.100.51
unlike "rsyslogd had nothing to complain of" \
	"$(cat "$lab/said" "$lab/stderr")" 'error|cannot|refuse|invalid'
done_testing
