#!/bin/sh
# metrics: the numbers for Prometheus, of a database of which they are known,
# with kernel sets in a namespace of its own; and their names in the manual.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

export TZ=UTC
out=$lab/out
err=$lab/err
promtool=$builddir/prometheus/usr/bin/promtool
now=$(date +%s)

# metrics ARGUMENT...: leaves its status, $out and $err.
metrics() {
	"$ctl" -d "$database" metrics "$@" >"$out" 2>"$err"
	status=$?
}
# checked TITLE FILE: promtool has nothing to say.
checked() {
	if [ -x "$promtool" ]; then
		is "$1: promtool has nothing to say" \
			"$("$promtool" check metrics <"$2" 2>&1; echo $?)" 0
	else
		skip "$1: promtool has nothing to say" "no promtool"
	fi
}
# value SERIES: its number.
value() {
	awk -v series="$1" 'index($0, series " ") == 1 {
		print substr($0, length(series) + 2) }' "$out"
}
# table < ROWS: a series and its number, separated by a blank.
table() {
	while read -r row; do
		is "${row% *}" "$(value "${row% *}")" "${row##* }"
	done
}
names() {
	sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$out" | sort
}

# ---- a database that is not there, and an empty one ----

metrics
is "no database: the status" $status 1
is "no database: nothing is printed" "$(cat "$out")" ""
is "no database: one line" "$(grep -c . "$err")" 1
metrics --json
is "there is no JSON" "$status $(cat "$err")" \
	"2 saslbanctl: 'metrics' takes no option '--json'"
"$builddir/tests/fixture" "$database" "$now"
sqlite3 "$database" "DELETE FROM jail; DELETE FROM setting"
metrics
is "no jail: the status" $status 0
is "no jail: no series has one" "$(grep -c 'jail=' "$out")" 0
checked "no jail" "$out"
rm -f "$database"*

# ---- known numbers ----

"$builddir/tests/fixture" "$database" "$now"
size=$(stat -c %s "$database")
metrics
is "without sets: the status" $status 0
checked "without sets" "$out"
table <<EOT
saslban_engine_up{jail="sasl"} 0
saslban_engine_last_write_timestamp_seconds{jail="sasl"} $((now - 10))
saslban_jail_enforces{jail="sasl"} 1
saslban_jail_enforces{jail="rbl"} 0
saslban_failures_total{jail="sasl",verdict="counted"} 13
saslban_failures_total{jail="sasl",verdict="late"} 1
saslban_failures_total{jail="sasl",verdict="echo"} 0
saslban_failures_total{jail="rbl",verdict="counted"} 1
saslban_service_failures_total{jail="sasl",service="postfix/smtpd"} 14
saslban_logins_total{jail="sasl"} 0
saslban_trouble_lines_total{jail="sasl"} 0
saslban_foreign_lines_total{jail="sasl"} 12
saslban_bans_total{jail="sasl",ground="count",strike="1"} 2
saslban_bans_total{jail="sasl",ground="count",strike="2"} 2
saslban_bans_total{jail="sasl",ground="count",strike="3"} 0
saslban_observed_bans_total{jail="rbl",ground="count",strike="1"} 1
saslban_bans_lifted_total{jail="sasl"} 0
saslban_bans_expired_total{jail="sasl"} 0
saslban_bans_running{jail="sasl",ground="count",strike="1"} 2
saslban_bans_running{jail="sasl",ground="count",strike="2"} 2
saslban_bans_running{jail="sasl",ground="trap",strike="1"} 0
saslban_bans_running{jail="rbl",ground="count",strike="1"} 1
saslban_last_ban_timestamp_seconds{jail="sasl"} $((now - 300))
saslban_breaches_total{jail="sasl",kind="guessed"} 0
saslban_outages_total{jail="sasl"} 0
saslban_outage_open{jail="sasl"} 0
saslban_queue_dropped_total{jail="sasl",content="failures"} 0
saslban_queue_dropped_total{jail="sasl",content="others"} 0
saslban_database_refusals_total{jail="sasl"} 0
saslban_set_up{set="saslban4"} 0
saslban_set_absent_entries{set="saslban4"} 0
saslban_set_absent_entries{set="saslban6"} 1
saslban_dropped_packets_total{set="saslban4"} 0
saslban_dropped_bytes_total{set="saslban4"} 0
saslban_filter_lines_total{jail="sasl",filter="postfix"} 1234
saslban_filter_unmatched_lines_total{jail="sasl",filter="dovecot"} 25
saslban_filter_ambiguous_lines_total{jail="sasl",filter="dovecot"} 4
saslban_filter_orphan_lines_total{jail="sasl",filter="dovecot"} 3
saslban_filter_overruns_total{jail="sasl",filter="postfix"} 0
saslban_filter_blind{jail="sasl",filter="postfix"} 0
saslban_filter_blind{jail="sasl",filter="dovecot"} 1
saslban_filter_last_line_timestamp_seconds{jail="sasl",filter="dovecot"} $((now - 3600))
saslban_filter_last_match_timestamp_seconds{jail="rbl",filter="postfix[mode=rbl]"} 0
saslban_rule_hits_total{jail="sasl",filter="postfix",rule="postfix:1",kind="failure"} 42
saslban_rule_hits_total{jail="sasl",filter="postfix",rule="postfix:ok:1",kind="success"} 0
saslban_rule_overruns_total{jail="sasl",filter="dovecot",rule="dovecot:1",kind="failure"} 2
saslban_known_logins 0
saslban_database_size_bytes $size
saslban_database_wal_size_bytes 0
EOT
is "a set that is missing has no size" "$(grep -c ^saslban_set_entries "$out")" 0
is "every sample has its name and type before it" "$(awk '
	/^# TYPE/ { name = $3; next } /^#/ { next }
	{ sub(/[{ ].*/, ""); if ($0 != name) print }' "$out")" ""
is "no address and no user is in it" "$(grep -cE \
	'198\.51|192\.0\.2|2001:db8|alice|bob' "$out")" 0

# ---- the kernel's side ----

ipset restore <"$srcdir/ipset/saslban.sets"
ipset add saslban4 203.0.113.1 timeout 600
iptables -I INPUT -p tcp --dport 25 -m set --match-set saslban src -j DROP
metrics
checked "with sets" "$out"
table <<EOT
saslban_set_up{set="saslban4"} 1
saslban_set_entries{set="saslban4"} 1
saslban_set_entries{set="saslban6"} 0
saslban_set_references{set="saslban4"} 1
EOT
for series in max_entries memory_bytes; do
	ok "saslban_set_$series is there" test \
		"$(value "saslban_set_$series{set=\"saslban4\"}")" -gt 0
done

# ---- counters never fall; gauges do ----

"$ctl" -d "$database" unban 198.51.100.9 >/dev/null
"$ctl" -d "$database" ban 203.0.113.9 --for 1h --force >/dev/null
sqlite3 "$database" "DELETE FROM failure; DELETE FROM offense"
metrics
table <<EOT
saslban_failures_total{jail="sasl",verdict="counted"} 13
saslban_bans_total{jail="sasl",ground="count",strike="2"} 2
saslban_bans_total{jail="sasl",ground="person",strike="1"} 1
saslban_bans_lifted_total{jail="sasl"} 1
saslban_bans_running{jail="sasl",ground="count",strike="2"} 0
saslban_last_ban_timestamp_seconds{jail="sasl"} 0
EOT

# ---- text from outside ----

sqlite3 "$database" "
	INSERT INTO total VALUES (1, 'services',
		'a\"b\\c' || char(10, 27) || 'd' || char(0x202e, 233), 0, 5);
	INSERT INTO filter (jail, name, lines) VALUES (1, 'x\"} 1' || char(10)
		|| '# HELP', 1)"
metrics
checked "nasty text" "$out"
is "quotes, backslashes and control characters are escaped" \
	"$(grep -F 'service="a' "$out")" \
	'saslban_service_failures_total{jail="sasl",service="a\"b\\\\c\\n\\x1bd\\u{202e}\\u{e9}"} 5'
is "and nobody ends a line" "$(grep -c '^# HELP"' "$out")" 0

# ---- a file ----

prom=$lab/saslban.prom
metrics --output "$prom"
is "--output: the status" $status 0
is "--output: nothing is printed" "$(cat "$out" "$err")" ""
checked "--output" "$prom"
is "others may read it" "$(stat -c %a "$prom")" 644
before=$(cat "$prom")
mv "$database" "$database.away"
metrics --output "$prom"
is "no database: the status with --output" $status 1
is "no database: the file is as it was" "$(cat "$prom")" "$before"
mv "$database.away" "$database"
metrics --output "$lab/none/saslban.prom"
is "no such directory" "$status $(grep -c . "$err")" "1 1"
is "nothing is left beside it" "$(find "$lab" -name '*prom*' | wc -l)" 1

# ---- the manual ----

page=$srcdir/docs/saslbanctl.8
metrics
all=$(sed -n 's/.*"\(saslban_[a-z_]*\)".*/\1/p' "$srcdir/cli/metric.c" | sort)
like "there are names" "$all" saslban_engine_up
is "saslbanctl(8) tells every name and no other" "$(
	sed -n '/^\.Sh METRICS/,/^\.El/s/^\.It Va \([a-z_]*\).*/\1/p' "$page" | sort
)" "$all"
is "every name is printed" "$(names)" "$all"
is "counters are called so, and gauges are not" "$(
	sed -n 's/^# TYPE //p' "$out" |
		awk '($1 ~ /_total$/) != ($2 == "counter")'
)" ""

# ---- the examples ----

examples=$srcdir/docs/monitoring
if [ -x "$promtool" ]; then
	ok "the alerts are rules" "$promtool" check rules "$examples/alerts.yml"
	ok "and ring when they should" \
		"$promtool" test rules "$examples/alerts_test.yml"
else
	skip "the alerts" "no promtool"
fi
is "every alert is tested" "$(sed -n 's/.*alertname: //p' \
	"$examples/alerts_test.yml" | sort -u)" "$(
	sed -n 's/.*- alert: //p' "$examples/alerts.yml" | sort -u
)"
ok "the dashboard is JSON" jq -e '.panels | length > 0' "$examples/grafana.json"
for file in alerts.yml grafana.json; do
	is "$file names no metric that is not there" "$(
		grep -o 'saslban_[a-z_]*' "$examples/$file" | sort -u |
			grep -vxF -e "$all"
	)" ""
done
like "the unit calls what is there" \
	"$(grep ^ExecStart= "$examples/saslban-metrics.service")" \
	'saslbanctl metrics --output .*/saslban\.prom$'

# ---- impstats ----

page=$srcdir/docs/omsaslban.8
is "omsaslban(8) tells every counter and no other" "$(
	sed -n '/^\.Ss Counters/,/^\.El/s/^\.It Li //p' "$page"
)" "$(sed -n 's/.*\[METER_[A-Z_]*\] = "\(.*\)".*/\1/p' \
	"$srcdir/plugin/omsaslban/meters.c")"
rm -f "$database"*
conf 'bantime="1h"' </dev/null
sed -i '1i module(load="impstats" interval="1" log.syslog="off" \
	log.file="'"$lab"'/stats" format="json" resetCounters="on")' "$lab/conf"
ok "rsyslogd starts" rsyslog_start
{
	good 203.0.113.77
	three 198.51.100.1
} | say
ok "a ban" soon banned 198.51.100.1
# counts NAME: the latest of impstats.
counts() {
	[ "$(sed -n '/"origin": *"omsaslban"/s/^[^{]*//p' "$lab/stats" |
		tail -n 1 | jq -r ".[\"$1\"]")" = "$2" ]
}
ok "impstats: failures" soon counts failures 3
ok "impstats: logins" counts logins 1
ok "impstats: bans" soon counts bans 1
ok "impstats: nothing was dropped" counts dropped 0
# What was counted is not set back by impstats: by its next record but one.
records() {
	grep -c '"origin": *"omsaslban"' "$lab/stats"
}
seen=$(records)
ok "impstats: two more records" soon eval '[ "$(records)" -gt $((seen + 1)) ]'
ok "impstats: nothing is set back" counts failures 3
rsyslog_stop
metrics
table <<EOT
saslban_logins_total{jail="sasl"} 1
saslban_bans_total{jail="sasl",ground="count",strike="1"} 1
EOT
rsyslog_start
good 203.0.113.78 | say
three 198.51.100.2 | say
ok "after a restart" soon banned 198.51.100.2
rsyslog_stop
metrics
table <<EOT
saslban_logins_total{jail="sasl"} 2
saslban_bans_total{jail="sasl",ground="count",strike="1"} 2
EOT
done_testing
