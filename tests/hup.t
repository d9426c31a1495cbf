#!/bin/sh
# hup: at HUP filter files and lists of those who are exempt are read again,
# with a real rsyslogd and several workers, and no line is lost by it.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
mkdir "$lab/filter.d"
rules() { # EXPRESSION...
	printf '[Definition]\ndaemon = d\nfailregex =' >"$lab/new"
	for rule; do
		printf ' %s\n           ' "$rule" >>"$lab/new"
	done
	echo >>"$lab/new"
	mv "$lab/new" "$lab/filter.d/mine.conf"
}
# hup PATTERN: it has said so since.
hup() {
	: >"$lab/said"
	kill -HUP "$rsyslog_job"
	heard "$1"
}
failures() {
	sqlite3 -cmd '.timeout 5000' "$database" \
		"SELECT coalesce(sum(value), 0) FROM total WHERE name = 'failures'"
}
has_failures() {
	[ "$(failures)" -eq "$1" ]
}
hits() {
	sqlite3 -cmd '.timeout 5000' "$database" \
		"SELECT coalesce(sum(hits), 0) FROM rule"
}
echo 203.0.113.5 >"$lab/list"
rules '^failed <ADDR>$'
conf "filter=\"$lab/filter.d/mine.conf\" ignoreip=\"file:$lab/list\"
	queue.type=\"LinkedList\" queue.workerThreads=\"3\"
	queue.workerThreadMinimumMessages=\"10\"
	queue.timeoutShutdown=\"60000\"" <<EOT
EOT
ok "rsyslogd starts" rsyslog_start
ok "the engine runs" heard ': started: '
# So few lines have one worker: when the second one counts, the first was read.
printf 'd: %s 198.51.100.1\n' bad failed | say
ok "the first rules count" soon has_failures 1

rules '^bad <ADDR>$' '^failed <ADDR>$'
ok "HUP: it says what was read" hup \
	'sasl: filters read again: 2 rules, new or changed: 1, gone: 0'
echo 'd: bad 198.51.100.1' | say
ok "the new rule counts, and what came before does not" soon has_failures 2
ok "nothing has changed" hup 'filters read again: nothing has changed, 2 rules'

rules '^bad (<ADDR>$'
ok "a broken file: what and where" hup \
	"filters not read again, the old rules stay: $lab/filter.d/mine.conf:3: "
is "it is one line" "$(grep -c 'read again' "$lab/said")" 1
echo 'd: bad 198.51.100.2' | say
ok "the old rules stay" soon has_failures 3
rm "$lab/filter.d/mine.conf"
ok "no file" hup "filters not read again, the old rules stay: .*mine.conf"
echo 'd: failed 198.51.100.2' | say
ok "they stay then, too" soon has_failures 4

# ---- a list ----

rules '^bad <ADDR>$' '^failed <ADDR>$'
ok "HUP: the list is read, though it is the same" hup \
	"ignoreip file '$lab/list' is read: 1 entry"

# ---- in a loop, while lines come ----

before=$(failures)
seq 200 | sed 's/.*/d: failed 198.51.100.9/' >"$lab/lines"
for i in $(seq 31); do
	if [ $((i % 2)) -eq 0 ]; then
		rules '^bad <ADDR>$' '^failed <ADDR>$'
	else
		rules '^failed <ADDR>$'
	fi
	say <"$lab/lines" &
	sender=$!
	hup 'filters read again: ' && echo "$i"
	wait $sender
done >"$lab/read"
is "each HUP is answered" "$(cat "$lab/read")" "$(seq 31)"
ok "the latest rules are read" hup 'filters read again: .*\b1 rule\b'
ok "every line counts once" soon has_failures $((before + 31 * 200))
ok "and rsyslogd is there" kill -0 "$rsyslog_job"
rsyslog_stop
is "the counters of all editions are kept" "$(hits)" "$(failures)"
is "what is loaded is the latest" "$(sqlite3 "$database" \
	"SELECT sum(loaded), count(*) FROM rule")" "1|3"
unlike "rsyslogd had nothing else to complain of" "$(grep -v 'not read again' \
	"$lab/stderr")" 'error|cannot|refuse|invalid'
done_testing
