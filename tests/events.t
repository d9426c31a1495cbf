#!/bin/sh
# events: what other programs are told, through a real rsyslogd: each kind, what
# becomes of it where nobody takes it, and that it never comes back.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
events=$lab/events
# A template of rsyslog's names the members; the message is as it is.
template() {
	cat <<-EOF
	template(name="told" type="string" string="%\$!saslban!event% %\$!saslban!address%%\$!saslban!user% %syslogfacility-text%.%syslogseverity-text% %inputname% %syslogtag%%msg%\n")
	EOF
}
# in_file: a ruleset whose events are in a file.
in_file() {
	template
	cat <<-EOF
	ruleset(name="events" queue.type="LinkedList") {
		action(type="omfile" file="$events" template="told" $*)
	}
	EOF
}
# told N PATTERN: the Nth event comes, and fits.
told() {
	soon told_now "$1" && sed -n "$1p" "$events" | grep -qE -- "$2"
}
told_now() {
	[ "$(wc -l <"$events")" -ge "$1" ]
}
json() {
	sed -n 's/^.* @cee: //p' "$events"
}
login() { # ADDRESS USER
	echo "dovecot: imap-login: Login: user=<$2>, method=PLAIN, rip=$1," \
		"lip=192.0.2.25, mpid=4, TLS, session=<abcdefgh>"
}
anew() {
	rm -f "$database"* "$events"
	: >"$lab/said"
	lose_sets
}

# ---- each kind ----

in_file | conf 'events.ruleset="events" account.hosts="4" breaker="3"' \
	'bantime=["48h"] network.v6.wide="0" network.hosts="4"' \
	'known.window="1d"'
: >"$events"
rsyslog_start
three 198.51.100.1 | say
ok "a ban" told 1 '^ban 198\.51\.100\.1alice authpriv\.notice omsaslban omsaslban:jail sasl: banned 198\.51\.100\.1 for 48h \(strike 1\): .* @cee: \{"event":"ban",.*"enforced":true'
three 2001:db8:8000::1 | say
ok "of IPv6" told 2 '^ban 2001:db8:8000::/64alice .*"prefix":64,.*"host":"2001:db8:8000::1"'
"$ctl" -d "$database" unban 198.51.100.1 --reason 'a "friend"' >/dev/null
ok "a lift" told 3 '^lift 198\.51\.100\.1 .*"by":"[^"]+","why":"a \\"friend\\""}$'
"$ctl" -d "$database" ban 203.0.113.0/24 --for 2s >/dev/null
ok "a ban by hand" told 4 '^ban 203\.0\.113\.0/24 .*"ground":"person"'
ok "it ends" told 5 '^expire 203\.0\.113\.0/24 .*"seconds":2,'
for i in 1 2 3 4; do
	guess 198.51.100.10$i p$i
done | say
# With 198.51.100.1, the third of these is the fourth.
ok "a network" told 6 '^ban 198\.51\.100\.0/24p3 .*"ground":"network"'
for i in 1 2 3 4; do
	guess 198.18.$i.1 bob
done | say
ok "an account under attack" told 7 \
	'^account bob authpriv\.warning .*"hosts":4,"within":86400}$'
login 2001:db8:8000::1 alice | say
ok "a breach" told 8 '^breach alice authpriv\.err .*BREACH: .*"host":"2001:db8:8000::1","user":"alice","service":"dovecot"'
for i in 1 2 3 4 5; do
	login 198.18.10$i.1 user$i
done | say
sleep 1.1 # the log has whole seconds
for i in 1 2 3 4 5; do
	guess 198.18.10$i.1 user$i
done | say
ok "an outage" told 9 '^outage  authpriv\.warning '
sleep 1.1
for i in 1 2; do
	login 198.18.10$i.1 user$i
done | say
ok "its end" told 10 '^outage-over  authpriv\.notice .*"why":"users log in again"}$'
three 198.51.99.9 "x\$(rm)\";\\\\<y>@cee: {" | say
ok "a user whose name is a trap for programs" told 11 \
	'^ban 198\.51\.99\.9x\$\(rm\)";'
ok "rsyslogd ends" rsyslog_stop
is "each object is one, and the last thing in its line" \
	"$(json | jq -c . | wc -l)" 11
is "its members are those that the template has" "$(
	json | jq -r '.event + " " + (.address // "") + (.user // "")'
)" "$(sed 's/ authpriv\..*//' "$events")"
is "they are numbered" "$(json | jq .number | tr '\n' ' ')" \
	'1 2 3 4 5 6 7 8 9 10 11 '
is "and of one run" "$(json | jq .run | sort -u | wc -l)" 1
is "the schema fits all of them" "$(
	json | python3 -c '
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
check = jsonschema.Draft202012Validator(schema)
for line in sys.stdin:
	for error in check.iter_errors(json.loads(line)):
		print(line, error)
' "$srcdir/docs/schema/event.json" 2>&1
)" ""
is "the log has the same sentences" "$(
	sed -n 's/^.*omsaslban:jail/jail/; s/ @cee: .*//p' "$events" |
		while IFS= read -r line; do
			grep -qF -- "omsaslban: $line" "$lab/said" ||
				echo "$line"
		done
)" ""

# ---- it never comes back ----

# The worst that can be configured: events go to the ruleset that has the jail,
# and a filter bans whom they name.
mkdir "$lab/filters"
cat >"$lab/filters/any.conf" <<-'EOF'
[Definition]
daemon = omsaslban other
failregex = ^report: banned <ADDR> for$
            ^jail sasl: banned <ADDR> for
EOF
anew
conf 'events.ruleset="events" filter="any"' \
	"filter.path=\"$lab/filters\" maxretry=\"1\"" <<-EOF
ruleset(name="events" queue.type="LinkedList") {
	action(type="omfile" file="$events")
	call RSYSLOG_DefaultRuleset
}
EOF
sed -i "s|filter.path=\"$srcdir/filter.d\"||" "$lab/conf"
: >"$events"
rsyslog_start
echo "other: report: banned 198.51.100.7 for" | say
ok "a line of another program counts" soon banned 198.51.100.7
ok "the event is written" told 1 'banned 198\.51\.100\.7 for'
{
	echo "omsaslban: jail sasl: banned 198.51.100.8 for 48h"
	echo "other: report: banned 198.51.100.9 for"
} | say
ok "behind a line that another machine has sent back" \
	soon banned 198.51.100.9
ok "which bans nobody" told 2 'banned 198\.51\.100\.9 for'
rsyslog_stop
is "one failure for each line" "$(
	sqlite3 "$database" 'SELECT group_concat(address, " ") FROM failure'
)" '198.51.100.7 198.51.100.9'

# ---- no ruleset, or none that can be used ----

anew
conf 'events.ruleset="nowhere"' </dev/null
rsyslog_start
three 198.51.100.1 | say
ok "without the ruleset it bans" soon banned 198.51.100.1
ok "and says so" heard "jail sasl: parameter 'events.ruleset': there is no ruleset 'nowhere'"
rsyslog_stop

anew
conf 'events.ruleset="events"' <<-EOF
ruleset(name="events") { action(type="omfile" file="$events") }
EOF
: >"$events"
rsyslog_start
three 198.51.100.1 | say
ok "without a queue it bans" soon banned 198.51.100.1
ok "and says so" heard "ruleset 'events' has no queue of its own (queue.type), which it needs"
rsyslog_stop
is "and nothing is told" "$(cat "$events")" ""

# ---- outputs that do not take it ----

# stuck: a ruleset whose output waits for ever, with room for ten.
stuck() {
	cat <<-EOF
	ruleset(name="events" $*) {
		action(type="omfwd" target="127.0.0.1" port="9" protocol="tcp"
		       action.resumeRetryCount="-1" action.resumeInterval="1")
	}
	EOF
}
# Waiting would cost the engine two seconds for each.
anew
stuck 'queue.type="LinkedList" queue.size="10"' |
	conf 'events.ruleset="events"'
rsyslog_start
for i in $(seq 1 60); do
	three "198.51.100.$i"
done | say
ok "sixty bans, and nobody takes an event" wait_for 30 banned 198.51.100.60
is "all of them are in the kernel" "$(held | grep -c '^198\.51\.100\.')" 60
ok "rsyslogd ends" rsyslog_stop

anew
stuck 'queue.type="Direct"' | conf 'events.ruleset="events"'
rsyslog_start
for i in $(seq 1 60); do
	three "198.51.100.$i"
done | say
ok "the same on a thread of the module" wait_for 30 banned 198.51.100.60
ok "rsyslogd ends" rsyslog_stop

# ---- its beginning and its end ----

# What ran out while rsyslogd was not there is told when there is a queue.
anew
in_file | conf 'events.ruleset="events"'
: >"$events"
rsyslog_start
three 198.51.100.1 | say
ok "a ban" told 1 '^ban '
rsyslog_stop
: >"$events"
sqlite3 "$database" 'UPDATE offense SET at = at - 172800, until = until - 172800;
	UPDATE entry SET wanted = wanted - 172800'
rsyslog_start
ok "it has ended meanwhile" told 1 '^expire 198\.51\.100\.1 '
rsyslog_stop

# At any time.
anew
in_file | conf 'events.ruleset="events"'
for signal in TERM KILL TERM TERM KILL TERM; do
	: >"$events"
	rsyslog_start
	for i in $(seq 1 100); do
		three "198.51.100.$i"
	done | say
	rsyslog_stop -$signal
	case $signal-$? in
	TERM-0 | KILL-137) echo fine ;;
	*) echo "$signal: $?" ;;
	esac
	rm -f "$database"*
done >"$lab/ends"
is "stopped in the midst of it, rsyslogd ends as it should" \
	"$(sort -u "$lab/ends")" fine

# ---- under valgrind ----

anew
in_file | conf 'events.ruleset="events" notify.ruleset="events"'
RSYSLOG_UNDER="valgrind -q --vgdb=no --run-libc-freeres=no --keep-debuginfo=yes --leak-check=full
	--show-leak-kinds=definite --errors-for-leak-kinds=definite
	--suppressions=$srcdir/tests/valgrind.supp --error-exitcode=99
	--log-file=$lab/valgrind"
: >"$events"
rsyslog_start
{
	three 198.51.100.1
	three 2001:db8:8000::1
} | say
ok "events under valgrind" told 2 '^ban '
"$ctl" -d "$database" unban 198.51.100.1 >/dev/null
ok "a lift" told 3 '^lift '
three 198.51.100.2 | say
ok "no error, nothing definitely lost" rsyslog_stop
is "valgrind is silent" "$(cat "$lab/valgrind")" ""
done_testing
