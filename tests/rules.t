#!/bin/sh
# rules: which rules have matched and which never, kept by the real rsyslogd,
# and nothing private beside it.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
secret=Tr0ubadour
word=correcthorsebattery
# Two filters that read the same program, so that both get every line.
cat >"$lab/toy.conf" <<'EOT'
[Definition]
daemon = toy
failregex = ^bad password from <ADDR>$
            ^never seen from <ADDR>$
            ^zz(([a-z])+.)+[A-Z]([a-z])+$|^<ADDR>y
okregex = ^welcome <ADDR>$
EOT
cat >"$lab/other.conf" <<'EOT'
[Definition]
daemon = other
failregex = ^bad password from <ADDR>$
EOT
# The log file stands behind the jail: what is in it has been judged.
setup() {
	rm -f "$lab/log.txt" "$lab/said" "$lab/stderr"
	conf "filter=[\"$lab/toy.conf\", \"$lab/other.conf\"]" <<-EOF
	mail.* action(type="omfile" file="$lab/log.txt" asyncWriting="off")
	EOF
	rsyslog_start || cat "$lab/stderr"
}
# judged N: all N lines are, and rsyslogd is stopped. What it has in its hands
# then is counted, too.
judged() {
	soon sh -c "test \$(wc -l <'$lab/log.txt') -ge $1" ||
		diag "not all lines arrived"
	rsyslog_stop
}
repeat() { # N TEXT...
	n=$1
	shift
	while [ "$n" -gt 0 ]; do
		echo "$*"
		n=$((n - 1))
	done
}
ctl() {
	"$ctl" -d "$database" "$@"
}
# rule NUMBER FIELD, source FILTER FIELD
rule() {
	ctl rules --json | jq -r ".rules[] | select(.rule == \"$1\").$2"
}
stats_of() {
	ctl status --json | jq -r ".jails[0].filters[] |
		select(.filter == \"$lab/$1.conf\").$2"
}

setup
ok "each rule has its row at once" \
	wait_for 10 sh -c "test \$('$ctl' -d '$database' rules --json |
		jq '.rules | length') -eq 5"
is "and has never matched" "$(rule toy:1 hits) $(rule toy:1 first)" "0 null"
{
	repeat 3 "toy[1]: bad password from 198.51.100.1"
	repeat 2 "toy[1]: welcome 198.51.100.2"
	repeat 4 "toy[1]: nothing of interest"
	repeat 30 "toy[1]: login failed for $secret from 198.51.100.3"
	repeat 30 "toy[1]: login failed for user $word (password $secret)"
	repeat 7 "sshd[1]: Failed password for $word from 198.51.100.4"
	repeat 5 "rsyslogd: login failed for $word"
	repeat 1 "toy: zz$(printf '%01000d' 0 | tr 0 a)xybPA,!!"
} | say
judged 82
is "hits" "$(rule toy:1 hits)" 3
is "a success" "$(rule toy:ok:1 hits)" 2
is "the rule that never fired" "$(rule toy:2 hits) $(rule toy:2 last)" "0 null"
is "a rule that ran into its limits" "$(rule toy:3 overruns)" 1
like "is told of" "$(cat "$lab/said" "$lab/stderr")" \
	"rule 'toy:3' in .*toy.conf:5 ran into its limits, 1 time so far"
is "lines: those of the filter's programs" \
	"$(stats_of toy lines) $(stats_of other lines)" "70 0"
is "those that look like failures, and match nothing" \
	"$(stats_of toy unmatched) $(stats_of toy unmatched_since_match)" "60 0"
like "an example of them" "$(stats_of toy example)" \
	'^toy: login failed for (\*|user \*) (from \*|\(password \*\))$'
like "status shows the lines" "$(ctl status --verbose)" 'toy.conf: 70 lines, last match '
like "and how many of them are unmatched" "$(ctl status --verbose)" \
	'^ +60 unmatched lines that look like a failed login, such as$'
unlike "and does not warn" "$(ctl status --verbose)" BLIND
like "rules tells" "$(ctl rules)" 'toy:2 +failure +0 +0 +- +-$'

# ---- a week later, and the same ----

# It begins to go blind with the next start; a week is put into the record.
week() {
	sqlite3 "$database" "UPDATE filter SET first = first - 8 * 86400,
		matched = matched - 8 * 86400"
}
week
setup
repeat 25 "toy[1]: login failed for $secret from 198.51.100.3" | say
judged 25
like "the log says that it is blind" "$(cat "$lab/said" "$lab/stderr")" \
	"filter '.*toy.conf' seems blind: no match for 8d, but 25 unmatched lines"
like "status does" "$(ctl status --verbose)" 'BLIND for 8d: 25 unmatched lines'
is "and for programs" "$(stats_of toy blind) $(stats_of other blind)" \
	"true false"
setup
repeat 25 "toy[1]: login failed for $secret from 198.51.100.3" | say
judged 25
unlike "the log says so once a day" "$(cat "$lab/said" "$lab/stderr")" \
	'seems blind'
is "it is still counted" "$(stats_of toy unmatched_since_match)" 50
setup
repeat 1 "toy[1]: bad password from 198.51.100.1" | say
judged 1
unlike "a match, and it is not blind any more" "$(ctl status)" BLIND
is "nothing is unmatched since" "$(stats_of toy unmatched_since_match)" 0
is "added up over all starts" "$(rule toy:1 hits) $(stats_of toy lines)" \
	"4 121"

# ---- what must not be there ----

sqlite3 "$database" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
for text in "$secret" "$word" 198.51.100.3 "login failed for user c"; do
	nok "the database does not hold '$text'" \
		grep -aq "$text" "$database"
	nok "nor does what the module says" \
		sh -c "grep -h omsaslban '$lab/said' '$lab/stderr' |
			grep -q '$text'"
done
ok "but what can be kept" grep -aq 'login failed for' "$database"
done_testing
