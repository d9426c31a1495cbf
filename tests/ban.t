#!/bin/sh
# ban: the straight line. A real rsyslogd, real kernel sets, real packets.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
conf 'maxretry="3" findtime="10m" bantime=["1h", "8d", "32d"]
      ignoreip=["self", "203.0.113.77"]' </dev/null
saslban_firewall="$srcdir/ipset/saslban-firewall"
query() {
	sqlite3 -cmd '.timeout 5000' "$database" "$1"
}
# until_of ADDRESS: when its last ban ends. pass SECONDS: as if everything had
# been so much earlier, and the kernel's entries end in two seconds.
until_of() {
	query "SELECT until FROM offense WHERE address = '$1'
		ORDER BY id DESC LIMIT 1"
}
pass() {
	query "BEGIN IMMEDIATE;
		UPDATE failure SET at = at - $1;
		UPDATE offense SET at = at - $1, until = until - $1;
		UPDATE entry SET since = since - $1, wanted = wanted - $1,
			held = held - $1;
		COMMIT" &&
		query "SELECT set_name, address FROM entry" |
		while IFS='|' read -r pass_set pass_address; do
			ipset -exist add "$pass_set" "$pass_address" timeout 2
		done
}
ipset restore <"$srcdir/ipset/saslban.sets"
sh "$saslban_firewall" install
listen 25 80
ok "rsyslogd starts with the module" rsyslog_start
[ $tap_bad -eq 0 ] || exit 1

# ---- the first offense ----
{
	good 203.0.113.9
	guess 198.51.100.1
	guess 198.51.100.1
	three 203.0.113.77
	guess 198.51.100.99
} | say
# Lines are judged in their order: when the last one is recorded, all are.
recorded() { # ADDRESS COUNT
	[ "$(query "SELECT sum(count) FROM failure
		WHERE address = '$1'")" = "$2" ]
}
ok "failures are recorded" soon recorded 198.51.100.99 1
is "two are no offense" "$(query 'SELECT count(*) FROM offense')" 0
nok "and no ban" banned 198.51.100.1
guess 198.51.100.1 | say
ok "the third one is: IPv4" soon banned 198.51.100.1
three 2001:db8:8000::1 | say
ok "and IPv6, as its /64" soon banned 2001:db8:8000::ffff
nok "another /64 is not banned" banned 2001:db8:8000:1::1
nok "who only sends mail is not" banned 203.0.113.9
nok "who is in ignoreip is not" banned 203.0.113.77

row=$("$ctl" -d "$database" list)
like "the store has the ban, strike 1" "$row" '198\.51\.100\.1 .*\b1\b'
nok "a packet of the banned is dropped" reach 198.51.100.1 25
ok "but only on mail ports" soon reach 198.51.100.1 80
nok "a packet of the banned /64 is dropped" reach 2001:db8:8000::2 25
ok "an innocent packet passes" soon reach 198.51.100.2 25
ok "an innocent IPv6 packet passes" soon reach 2001:db8:8001::1 25
ok "the ban lasts an hour: IPv4" lasts 198.51.100.1 "$(until_of 198.51.100.1)"
ok "the ban lasts an hour: IPv6" \
	lasts 2001:db8:8000::/64 "$(until_of 2001:db8:8000::/64)"
is "by the store as well" \
	"$(query "SELECT DISTINCT until - at FROM offense")" 3600

# ---- late lines, and expiry ----
three 198.51.100.1 | say
ok "late lines are recorded" soon recorded 198.51.100.1 6
ok "an hour passes" pass 3600
ok "the ban expires and frees the address" soon reach 198.51.100.1 25
ok "the IPv6 one as well" soon reach 2001:db8:8000::2 25
ok "and it is said" heard 'the ban of 198\.51\.100\.1 ended after 1h'
is "late lines made no second strike" \
	"$(query "SELECT count(*), max(strike), sum(late)
	   FROM offense WHERE address = '198.51.100.1'")" "1|1|3"

# ---- the second offense ----
three 198.51.100.1 | say
ok "who comes back is banned again" soon banned 198.51.100.1
until=$(until_of 198.51.100.1)
is "for the second length, 8 days" "$(query "SELECT until - at FROM offense
	WHERE address = '198.51.100.1' AND strike = 2")" 691200
ok "in the kernel as well" lasts 198.51.100.1 "$until"

# ---- a ban that is longer than the kernel can ----
longest=2147483 # seconds that the kernel can
before=$(date +%s)
"$ctl" -d "$database" ban 198.51.100.32 --for 32d --reason 'by hand' \
	>/dev/null
ok "a ban of 32 days is in" banned 198.51.100.32
ok "with the kernel's longest timeout" \
	lasts 198.51.100.32 $((before + longest))
ok "and no longer one" [ "$(left 198.51.100.32)" -le $longest ]

# ---- rsyslogd restarts; the sets outlive it ----
ok "rsyslogd stops" rsyslog_stop
ok "the ban outlives it" banned 198.51.100.1
: >"$lab/said"
ok "rsyslogd starts again" rsyslog_start
ok "the jail says so, when it knows the sets" heard ': started: '
ok "the ban is still there" banned 198.51.100.1
ok "for as long as before" lasts 198.51.100.1 "$until"

# ---- the machine restarts: the sets are gone ----
rsyslog_stop
ok "the sets are lost" lose_sets
ipset restore <"$srcdir/ipset/saslban.sets"
sh "$saslban_firewall" install
rsyslog_start
ok "a running ban is put back into an empty set" \
	soon banned 198.51.100.1
ok "with its remaining time" lasts 198.51.100.1 "$until"
nok "and it drops packets" reach 198.51.100.1 25
ok "the 32 days are back" soon banned 198.51.100.32
is "two bans, no more" "$(ipset list saslban4 | grep -c "timeout [0-9]* packets")" 2

# ---- lost while it runs, and nobody made the set ----
rsyslog_stop
ok "the sets are lost again" lose_sets
rsyslog_start
ok "a set that is not there is made" soon banned 198.51.100.1

# ---- a pardon ----
"$ctl" -d "$database" unban 198.51.100.1 --reason 'new phone' >/dev/null
nok "an unban is immediate" banned 198.51.100.1
ok "the module has seen it" heard 'lifted the ban of 198\.51\.100\.1 '
# A ban of another address after that, and it has compared all again.
three 198.51.100.98 | say
ok "and goes on" soon banned 198.51.100.98
nok "and does not undo it" banned 198.51.100.1
three 198.51.100.1 | say
ok "three new failures ban again" soon banned 198.51.100.1
is "a pardoned offense is no strike" \
	"$(query "SELECT strike FROM offense WHERE
	   address = '198.51.100.1' ORDER BY id DESC LIMIT 1")" 2

# ---- HUP ----
kill -HUP "$rsyslog_job"
ok "rsyslogd takes a HUP" heard 'was HUPed'
three 198.51.100.50 | say
ok "HUP is harmless" soon banned 198.51.100.50
# Over TCP: send returns when rsyslogd has it.
three 198.51.100.51 | "$builddir/tests/send" @5140
ok "what is queued at the end is worked off" rsyslog_stop
ok "and enforced" banned 198.51.100.51
unlike "rsyslogd had nothing to complain of" \
	"$(cat "$lab/said" "$lab/stderr")" 'error|cannot|refuse|invalid'
done_testing
