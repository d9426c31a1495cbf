#!/bin/sh
# queues: the action takes the message itself, which lives in rsyslogd's
# queues. Whatever they do with it, each line is judged once, and what the
# jail's database does is never rsyslogd's trouble.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
query() {
	sqlite3 "$database" "$1" 2>/dev/null
}
failures() {
	query "SELECT ifnull(sum(count), 0) FROM failure"
}
# begin NAME [PARAMETERS]: a jail that only counts, with a database of its own.
begin() {
	database=$lab/$1.db
	rm -f "$lab/said" "$lab/stderr"
	conf 'maxretry="1000000" findtime="7d" enforce="off"' "$2"
}
patient='queue.timeoutShutdown="60000" queue.timeoutActionCompletion="60000"'

# ---- all lines, once ----

# all TITLE: 100 times 100 guesses, from four users in turn.
i=0
while [ $i -lt 100 ]; do
	i=$((i + 1))
	guess 198.51.100.$((i % 7 + 1)) user$((i % 4))
done >"$lab/guesses"
all() {
	rsyslog_start
	"$builddir/tests/send" -n 100 @5140 <"$lab/guesses"
	ok "$1: rsyslogd stops" rsyslog_stop
	is "$1: each of 10000 lines is judged once" "$(query "SELECT user,
		sum(count) FROM failure GROUP BY user" | tr '\n' ' ')" \
		"user0|2500 user1|2500 user2|2500 user3|2500 "
	is "$1: nothing was dropped" "$(grep -c dropped "$lab/said")" 0
}
begin direct </dev/null
all "direct"
is "direct: rsyslogd has no objection" "$(grep -c 'message passing' "$lab/said")" 0

begin direct4 </dev/null
sed -i 's/^main_queue(/&queue.workerThreads="4" queue.workerThreadMinimumMessages="100" /' \
	"$lab/conf"
all "direct, four workers of the main queue"

begin linked "queue.type=\"LinkedList\" queue.size=\"50000\"
	queue.workerThreads=\"4\" queue.workerThreadMinimumMessages=\"100\"
	$patient" </dev/null
all "a queue of its own, four workers"
# rsyslogd warns of what a module that changes messages could not do. The
# manual quotes it.
is "a queue of its own: rsyslogd warns once" \
	"$(grep -c 'with message passing mode uses non-direct queue' "$lab/said")" 1

begin hup </dev/null
rsyslog_start
for i in 1 2 3 4 5 6 7 8 9 10; do
	"$builddir/tests/send" -n 10 @5140 <"$lab/guesses"
	kill -HUP "$rsyslog_job"
done
ok "HUP: rsyslogd stops" rsyslog_stop
is "HUP: nothing is lost and nothing comes twice" "$(failures)" 10000

# ---- over the disk ----

# The queue's worker rests after each line, so that what comes behind many
# others is still waiting when rsyslogd stops: it goes to the disk, and is
# judged by the next one.
disk='queue.type="LinkedList" queue.filename="held" queue.size="2000"
	queue.saveOnShutdown="on"'
then=$(($(date +%s) - 1000))
stamp=$(LC_ALL=C date -d "@$then" '+%b %e %H:%M:%S')
iso=$(date -u -d "@$then" +%Y-%m-%dT%H:%M:%SZ)
mkdir "$lab/filter.d"
cat >"$lab/filter.d/hosts.conf" <<'EOF'
[Definition]
failregex = ^ relay1 toy\[5\]:? bad <F-USER>\S+</F-USER> from <ADDR>$
EOF
paths() {
	sed -i "s|filter.path=[^ ]*|filter=[\"postfix\", \"hosts\"] filter.path=[\"$srcdir/filter.d\", \"$lab/filter.d\"]|" \
		"$lab/conf"
}
begin disk "$disk queue.dequeueSlowdown=\"5000000\"
	queue.dequeueBatchSize=\"1\"" </dev/null
paths
before=$(date +%s)
rsyslog_start
good 198.51.100.3 | "$builddir/tests/send" -n 20 @5140
guess 198.51.100.1 reported | "$builddir/tests/send" -t $then @5140
guess 198.51.100.1 arrived |
	"$builddir/tests/send" -t $((before + 86400)) @5140
{
	echo "<22>$stamp relay1 toy[5]: bad hosted from 198.51.100.2"
	echo "<22>1 $iso relay1 toy 5 - - bad modern from 198.51.100.2"
} | nc -N 127.0.0.1 5140
ok "disk: rsyslogd stops" rsyslog_stop
after=$(date +%s)
is "disk: nothing was judged yet" "$(failures)" 0
ok "disk: it is in a file" [ -s "$lab/held.qi" ]
sleep 2 # so that the arrival is not the time of the second run
begin disk "$disk $patient" </dev/null
paths
rsyslog_start
four() {
	[ "$(failures)" -eq 4 ]
}
ok "disk: the next one judges them" soon four
rsyslog_stop
is "disk: as they were" "$(query "SELECT user, address, service,
	CASE WHEN at = $then THEN 'reported'
	     WHEN at BETWEEN $before AND $after THEN 'arrived' ELSE at END
	FROM failure ORDER BY user" | tr '\n' ' ')" "$(printf '%s ' \
	'arrived|198.51.100.1|postfix/smtpd|arrived' \
	'hosted|198.51.100.2|toy|reported' \
	'modern|198.51.100.2|toy|reported' \
	'reported|198.51.100.1|postfix/smtpd|reported')"

begin pure "queue.type=\"Disk\" queue.filename=\"pure\" queue.size=\"50000\"
	$patient" </dev/null
rsyslog_start
"$builddir/tests/send" -n 20 @5140 <"$lab/guesses"
ok "a queue on the disk: rsyslogd stops" rsyslog_stop
rsyslog_start # for what it left on the disk
everything() {
	[ "$(failures)" -ge 2000 ]
}
ok "a queue on the disk: all is judged" soon everything
rsyslog_stop
is "a queue on the disk: and once" "$(failures)" 2000

# ---- beside other actions ----

# What stands behind an action that does not work, for the lines that it did
# not take; nobody listens on port 9.
begin spare </dev/null
sed -i 's/^action(type="omsaslban"/action(type="omfwd" target="127.0.0.1" port="9" protocol="tcp" action.resumeInterval="600")\n& action.execOnlyWhenPreviousIsSuspended="on"/' \
	"$lab/conf"
rsyslog_start
first() {
	guess 198.51.100.1 first | "$builddir/tests/send" @5140
	sleep 0.1
	[ "$(failures)" -gt 0 ]
}
ok "the action before it is suspended" soon first
guess 198.51.100.1 second | "$builddir/tests/send" -n 3 @5140
rsyslog_stop
is "only when the previous one is suspended: it is" \
	"$(query "SELECT sum(count) FROM failure WHERE user = 'second'")" 3

begin spare2 </dev/null
sed -i "s|^action(type=\"omsaslban\"|action(type=\"omfile\" file=\"$lab/all\")\\n& action.execOnlyWhenPreviousIsSuspended=\"on\"|" \
	"$lab/conf"
rsyslog_start
guess 198.51.100.1 third | "$builddir/tests/send" -n 3 @5140
rsyslog_stop
is "only when the previous one is suspended: it is not" "$(failures)" 0
is "and the lines are there" "$(grep -c third "$lab/all")" 3

# ---- a jail that cannot record is no action that fails ----

begin broken 'name="broken"' <<EOF
action(type="omfile" file="$lab/behind")
module(load="impstats" interval="1" log.syslog="off" log.file="$lab/stats")
EOF
sed -i "s|database=\"[^\"]*\"|database=\"$lab/nowhere/x.db\"|" "$lab/conf"
rsyslog_start
"$builddir/tests/send" -n 5 @5140 <"$lab/guesses"
counted() {
	grep -q 'broken: origin=omsaslban .*failures=500 ' "$lab/stats"
}
ok "no database: all lines are judged" soon counted
is "no database: the action has neither failed nor been suspended" \
	"$(grep 'core.action' "$lab/stats" | grep broken |
	grep -vc 'failed=0 suspended=0 suspended.duration=0')" 0
rsyslog_stop
is "no database: the action behind it has them, too" \
	"$(grep -c 'SASL LOGIN' "$lab/behind")" 500

# ---- one address floods ----

# Of 40000 lines, 39900 are of one address; 100 in between are of ten others,
# ten of each. Every line comes out behind the jail, in one queue with it.
ten="10.0.0.0 10.0.0.1 10.0.0.2 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.8 10.0.0.9
	2001:db8:8000:3::1 2001:db8:8000:7::1"
passed() {
	[ "$(grep -c 'SASL LOGIN' "$lab/behind")" -eq 40000 ]
}
dropped() {
	sed -n 's/.*queue was full, \([0-9]*\) failures* dropped.*/\1/p' \
		"$lab/said" "$lab/stderr" | awk '{ n += $1 } END { print n + 0 }'
}
flood() { # TITLE
	rm -f "$lab/said" "$lab/stderr" "$lab/behind"
	database=$lab/flood-$1.db
	conf 'maxretry="10"' <<-EOF
	action(type="omfile" file="$lab/behind" asyncWriting="off")
	EOF
	rsyslog_start
	ok "flood, $1: a jail" soon query 'SELECT 1 FROM jail'
	[ "$1" = free ] || ok "flood, $1: it is" lock
	"$builddir/tests/stream" 5140 0 40000 10 0 400 >/dev/null
	ok "flood, $1: rsyslogd goes on" soon passed
	[ "$1" = free ] || unlock
	for one in $ten 172.16.0.1; do
		ok "flood, $1: $one is banned" soon banned "$one"
	done
	ok "flood, $1: rsyslogd stops" rsyslog_stop
	is "flood, $1: nothing of the others is lost" "$(query "SELECT
		sum(count), count(DISTINCT address) FROM failure
		WHERE address <> '172.16.0.1'")" "100|10"
	is "flood, $1: each line is recorded or reported as dropped" \
		$(($(failures) + $(dropped))) 40000
	for one in saslban saslban4 saslban6; do
		ipset destroy $one
	done
}
# As fast as both can; and what is in between comes when the queue is as full
# as it gets.
flood free
flood locked
like "flood, locked: it is said of whom most was dropped" \
	"$(cat "$lab/said" "$lab/stderr")" \
	'failures dropped, at least [0-9]* by 172\.16\.0\.1'

# ---- rsyslogd ends while lines come ----

# A queue of its own has 10 ms and a second then, and its workers are
# cancelled.
for i in 1 2 3; do
	begin "end$i" 'queue.type="LinkedList" queue.workerThreads="4"
		queue.workerThreadMinimumMessages="10"' </dev/null
	rsyslog_start
	"$builddir/tests/stream" 5140 1 0 1000 0 >/dev/null 2>&1 &
	stream_job=$!
	some() {
		[ "$(failures)" -gt 1000 ]
	}
	ok "cancelled $i: lines come" soon some
	kill "$rsyslog_job"
	ok "cancelled $i: rsyslogd ends within 10 s" \
		wait_for 10 sh -c "! kill -0 $rsyslog_job"
	wait "$rsyslog_job"
	wait $stream_job
	is "cancelled $i: no line was counted twice" "$(query "SELECT count(*)
		FROM (SELECT user FROM failure GROUP BY user
		HAVING count(*) > 1)")" 0
	is "cancelled $i: the database is whole" \
		"$(query 'PRAGMA integrity_check')" ok
done
done_testing
