#!/bin/sh
# ctl-test: saslbanctl test and saslbanctl filter. Nothing but files: no root,
# no database, no rsyslogd.
: "${builddir:=build}" "${srcdir:=.}"
lab=$(mktemp -d "${TMPDIR:-/tmp}/saslban.XXXXXX") || exit 1
. "$srcdir/tests/tap.sh"
trap 'rm -rf "$lab"' EXIT

export TZ=UTC LC_ALL=C.UTF-8
unset NO_COLOR
filters=$srcdir/filter.d
out=$lab/out
err=$lab/err

# ctl ARGUMENT...: leaves its status, $out and $err.
ctl() {
	"$builddir/saslbanctl" "$@" >"$out" 2>"$err"
	status=$?
}

# judge ARGUMENT...: test, with the filters of this tree.
judge() {
	ctl test --path "$filters" "$@"
}

# ends TITLE STATUS: of the last call; nothing on stderr if 0.
ends() {
	[ $status -eq 0 ] && [ -s "$err" ] && status="0, with words"
	is "$1" "$status" "$2"
}

# said TITLE TEXT: of the last call, all of stderr.
said() {
	is "$1" "$(cat "$err")" "saslbanctl: $2"
}

# answers FILTER: of the last call, its JSON lines.
answers() {
	jq -c "$1" "$out"
}

g1='postfix/smtpd[9]:'
g2='warning: unknown[198.51.100.1]: SASL LOGIN authentication failed:'
g3='(reason unavailable), sasl_username=alice'
guilty="$g1 $g2 $g3"

# ---- every form of a line ----

cat >"$lab/forms" <<EOT2
Nov 20 04:58:34 mail $guilty
Nov  2 04:58:34 mail $guilty
Nov 20 2025 04:58:34 mail $guilty
Nov 20 04:58:34 2025 mail $guilty
2025-11-20T04:58:34+01:00 mail $guilty
2025-11-20T04:58:34.123456Z mail $guilty
2025-11-20 04:58:34 mail $guilty
<22>Nov 20 04:58:34 mail $guilty
<22>1 2025-11-20T04:58:34Z mail postfix/smtpd 9 - - $g2 $g3
<22>1 2025-11-20T04:58:34Z mail postfix/smtpd 9 ID [a@1 b="c]d"] $g2 $g3
$guilty
EOT2
printf 'Nov 20 04:58:34 mail %s\r\n' "$guilty" >>"$lab/forms"
printf 'Nov 20 04:58:34 mail %s' "$guilty" >>"$lab/forms" # and no newline
judge --json "$lab/forms"
ends "lines of every form" 0
n=0
while IFS='|' read -r title; do
	n=$((n + 1))
	is "form: $title" "$(answers "select(.line == $n)")" \
		'{"line":'$n',"verdict":"failure","ip":"198.51.100.1","user":"alice","count":1,"mech":"LOGIN","rule":"postfix:1"}'
done <<'EOT2'
RFC 3164
RFC 3164, day of one digit
RFC 3164 with a year behind the day
RFC 3164 with a year behind the time
ISO 8601 with a zone
ISO 8601 with a fraction
ISO 8601 with a blank
RFC 3164 with its priority
RFC 5424
RFC 5424 with structured data
tag and message
a carriage return at the end
no newline at the end
EOT2
is "form: and no line more" "$(wc -l <"$out")" $n
"$builddir/saslbanctl" test --path "$filters" - --json <"$lab/forms" |
	cmp -s - "$out"
is "standard input gives the same" $? 0

# ---- a program's own log ----

cat >"$lab/own" <<'EOT2'
Nov 20 04:58:34 imap-login: Info: Disconnected (auth failed, 1 attempts in 2 secs): user=<alice>, method=PLAIN, rip=198.51.100.1
Nov 20 04:58:34 auth(alice,198.51.100.1,sasl:login)<S>: Info: sql: Password mismatch
Nov 20 04:58:34 mail dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<alice>, method=PLAIN, rip=198.51.100.1
mail-1  | Nov 20 04:58:34 imap-login: Info: Disconnected (auth failed, 1 attempts in 2 secs): user=<alice>, method=PLAIN, rip=198.51.100.1
EOT2
verdicts() {
	answers .verdict | tr -d '"' | tr '\n' ' '
}
judge --json --filter 'dovecot[mode=both,file=dovecot-log]' "$lab/own"
is "a log of Dovecot's own, as a file's lines" "$(verdicts)" \
	"failure failure failure failure "
judge --json --filter 'dovecot[mode=both,file=docker/*]' "$lab/own"
is "with any tag" "$(verdicts)" "failure failure failure failure "
judge --json --filter 'dovecot[mode=both]' "$lab/own"
is "and for a filter that reads no file" "$(verdicts)" "none none failure none "
judge --json --filter postfix --filter 'dovecot[file=dovecot-log]' "$lab/own"
is "with a filter that reads none in front" "$(verdicts)" \
	"failure none failure failure "

# ---- for people ----

# A filter of the test's own, so that the report is not about ours.
mkdir "$lab/filters"
cat >"$lab/filters/toy.conf" <<'EOT2'
[Definition]
daemon = toy toys/*
_user = user=<F-USER>\S*</F-USER>
failregex = ^fail from <ADDR> %(_user)s(?: times=<F-COUNT>\d+</F-COUNT>)?$
            ^never <ADDR>$
            ^fail of <HOST>$
            ^<F-MLFID>s\d+</F-MLFID> wrong$
okregex = ^ok from <ADDR> %(_user)s by <F-MECH>\w+</F-MECH>$
troubleregex = ^backend gone$
ignoreregex = user=monitor\b
datepattern = ^EPOCH
EOT2
toy() {
	ctl test --path "$lab/filters" --filter toy "$@"
}
# A secret: NUL, dave, NUL, bad.
cat >"$lab/sample" <<'EOT2'
Nov 20 04:58:30 mail toy[1]: hello
Nov 20 04:58:31 mail toy[1]: fail from 198.51.100.10 user=alice
Nov 20 04:58:32 mail toys/1[2]: fail from 2001:db8::1 user=bob times=3
Nov 20 04:58:33 mail toy[1]: ok from 198.51.100.11 user=carol by PLAIN
Nov 20 04:58:34 mail toy[1]: backend gone
Nov 20 04:58:35 mail toy[1]: fail from 127.0.0.1 user=webmail
Nov 20 04:58:36 mail toy[1]: fail from 198.51.100.12 user=monitor
Nov 20 04:58:37 mail toy[1]: fail of mail.example.org
Nov 20 04:58:38 mail toy[1]: s7 wrong
Nov 20 04:58:39 mail imapd[7]: LOGIN FAILED, user=erin, ip=[198.51.100.18]
Nov 20 04:58:40 mail imapd[8]: LOGIN FAILED, user=frank, ip=[198.51.100.19]
Nov 20 04:58:41 mail smtpd: 535 Authentication failed: AUTH PLAIN AGRhdmUAYmFk
Nov 20 04:58:42 mail toy[1]: fail from 127.0.0.9 user=webmail
EOT2
toy "$lab/sample"
ends "a sample" 0
is "the report" "$(cat "$out")" "$(cat <<'EOT2'
filters: toy (7 rules)
13 lines: 2 failures (4 attempts), 1 success, 1 trouble, 9 nothing

toy:1  2 lines, failure, 4 attempts
      line 2: Nov 20 04:58:31 mail toy[1]: fail from 198.51.100.10 user=alice
      ip 198.51.100.10, user alice

toy:ok:1  1 line, success
      line 4: Nov 20 04:58:33 mail toy[1]: ok from 198.51.100.11 user=carol by PLAIN
      ip 198.51.100.11, user carol, mech PLAIN

toy:trouble:1  1 line, trouble
      line 5: Nov 20 04:58:34 mail toy[1]: backend gone
      no ip

matched nothing: toy:2 toy:3 toy:4

Look like failed logins, and no rule matches: 3 lines
  'login failed', 2 lines
      line 10: Nov 20 04:58:39 mail imapd[7]: LOGIN FAILED, user=erin, ip=[198.51.100.18]
  'authentication fail', 1 line
      line 12: Nov 20 04:58:41 mail smtpd: 535 Authentication failed: AUTH PLAIN [hidden]

Refused, though a rule matches: 5 lines
  toy:1, 2 lines: loopback, link-local, multicast or unspecified address
      line 6: Nov 20 04:58:35 mail toy[1]: fail from 127.0.0.1 user=webmail
  toy:ignore:1, 1 line: ignoreregex matches
      line 7: Nov 20 04:58:36 mail toy[1]: fail from 198.51.100.12 user=monitor
  toy:3, 1 line: a host name instead of an address
      line 8: Nov 20 04:58:37 mail toy[1]: fail of mail.example.org
  toy:4, 1 line: no address yet from its session
      line 9: Nov 20 04:58:38 mail toy[1]: s7 wrong
EOT2
)"
toy --json "$lab/sample"
is "the same for programs" "$(cat "$out")" "$(cat <<'EOT2'
{"line":1,"verdict":"none"}
{"line":2,"verdict":"failure","ip":"198.51.100.10","user":"alice","count":1,"rule":"toy:1"}
{"line":3,"verdict":"failure","ip":"2001:db8::1","user":"bob","count":3,"rule":"toy:1"}
{"line":4,"verdict":"success","ip":"198.51.100.11","user":"carol","count":1,"mech":"PLAIN","rule":"toy:ok:1"}
{"line":5,"verdict":"trouble","count":1,"rule":"toy:trouble:1"}
{"line":6,"verdict":"none","refused":"special","rule":"toy:1"}
{"line":7,"verdict":"none","refused":"ignored","rule":"toy:ignore:1"}
{"line":8,"verdict":"none","refused":"name","rule":"toy:3"}
{"line":9,"verdict":"none","refused":"session","rule":"toy:4"}
{"line":10,"verdict":"none","unmatched":"login failed"}
{"line":11,"verdict":"none","unmatched":"login failed"}
{"line":12,"verdict":"none","unmatched":"authentication fail"}
{"line":13,"verdict":"none","refused":"special","rule":"toy:1"}
EOT2
)"
: >"$lab/empty"
toy "$lab/empty"
ends "an empty file" 0
is "is told" "$(sed -n 2p "$out")" \
	"0 lines: 0 failures, 0 successes, 0 trouble, 0 nothing"
toy --json "$lab/empty"
is "and no document" "$status $(wc -c <"$out")" "0 0"

# 300 kinds of lines, each with a word of its own; then the first, often.
awk 'BEGIN {
	for (i = 0; i < 300; i++)
		printf "x: login failed %c%c\n", 97 + i / 26, 97 + i % 26
	for (i = 0; i < 9; i++)
		print "x: login failed zz aa"
	for (i = 0; i < 5; i++)
		print "x: login failed aa"
}' >"$lab/many"
toy "$lab/many"
is "of many kinds 20 are shown" "$(grep -c "^  'login failed'" "$out")" 20
is "the most frequent first" "$(grep -m 1 -A 1 "^  'login" "$out")" \
	"  'login failed', 6 lines
      line 1: x: login failed aa"
is "and the rest is a number" "$(tail -n 1 "$out")" \
	"  not shown: 289 lines; --verbose shows more"
toy --verbose "$lab/many"
is "with --verbose as many as are told apart" "$(
	grep -c "^  'login failed'" "$out")" 256
is "and the rest is a number" "$(tail -n 1 "$out")" "  not shown: 53 lines"

# ---- what is shown ----

# line|as it is shown: escapes and secrets. \NNN is for printf.
while IFS='|' read -r title line shown; do
	printf '%b\n' "login failed $line" >"$lab/line"
	toy "$lab/line"
	is "shown: $title" "$(sed -n 's/^ *line 1: login failed //p' "$out")" \
		"$shown"
done <<'EOT2'
a control character|\0033[31m|\x1b[31m
a byte that is no UTF-8|\0377|\xff
UTF-8|\0303\0244|ä
what turns the line around|\0342\0200\0256|\u{202e}
a NUL|a\0000b|a\x00b
a backslash|a\\b|a\\b
a tab|a\tb|a\tb
SASL PLAIN without a word in front|AGRhdmUAYmFk|[hidden]
a command|AUTH PLAIN =|AUTH PLAIN =
a command in small letters|auth plain YQ== x|auth plain [hidden] x
a command with two words|AUTH LOGIN ZGF2ZQ== x|AUTH LOGIN [hidden] x
a short answer|AUTH CRAM-MD5 abc x|AUTH CRAM-MD5 [hidden] x
no command|AUTH failed abc x|AUTH failed abc x
base64 of text with padding|x c2VjcmV0MQ== y|x [hidden] y
base64 of text|x c2VjcmV0MTIz y|x [hidden] y
a name and its empty value|logname= uid=0|logname= uid=0
the server's prompt|failed: UGFzc3dvcmQ6|failed: UGFzc3dvcmQ6
a session|session=<RxRhGq9glpZ/AAAB>|session=<RxRhGq9glpZ/AAAB>
a given password|(given password: a b) x|(given password: [hidden]) x
a password with its name|Password=a,b=c|Password=[hidden],b=c
one in quotes|pass="a b" c|pass=[hidden]" c
EOT2
awk 'BEGIN { printf "login failed "; for (i = 0; i < 999; i++) printf "x" }' \
	>"$lab/line"
toy "$lab/line"
is "shown: a long line is cut" \
	"$(sed -n 's/^ *line 1: \(.*x\)\.\.\.$/\1/p' "$out" | wc -c)" 401
toy --json "$lab/sample"
unlike "no line is in the JSON" "$(cat "$out")" 'AGRhdmUAYmFk'

# ---- any bytes ----

# Line 1: NULs around the rule. 2: a user that is no UTF-8. 3: 1 MB of user.
# 4: 1 MB of nothing. 5: as if nothing had been.
{
	printf 'a\000b\000\n'
	printf 'toy: fail from 198.51.100.1 user=\377\303(\000x\n'
	awk 'BEGIN {
		printf "toy: fail from 198.51.100.2 user="
		for (i = 0; i < 1048576; i++) printf "u"
		print ""
		for (i = 0; i < 1048576; i++) printf "n"
		print ""
	}'
	printf 'toy: fail from 198.51.100.3 user=z\n'
} >"$lab/bytes"
toy --json "$lab/bytes"
ends "any bytes" 0
is "valid JSON for each line" "$(answers .line | tr '\n' ' ')" "1 2 3 4 5 "
is "NULs" "$(sed -n 1p "$out")" '{"line":1,"verdict":"none"}'
is "a user of any bytes" "$(sed -n 2p "$out" | jq -r .ip,.user)" \
	"198.51.100.1
$(printf '\357\277\275\357\277\275(')"
is "a line of 1 MB of nothing" "$(sed -n 4p "$out" | jq -r .verdict)" none
is "and the one behind it" "$(sed -n 5p "$out" | jq -r .ip)" 198.51.100.3
toy "$lab/bytes"
ends "any bytes, for people" 0
is "not one of them is shown as it is" \
	"$(LC_ALL=C tr -d '\n -~' <"$out" | wc -c)" 0
head -c 100000000 /dev/zero | prlimit --as=67108864 \
	"$builddir/saslbanctl" test --path "$filters" --json - \
	>"$out" 2>"$err"
is "a line of 100 MB, in 64 MB of memory" "$(cat "$out" "$err")" \
	'{"line":1,"verdict":"none"}'
yes "toy: hello" | head -n 100001 >"$lab/lines"
echo "toy: fail from 198.51.100.1 user=x" >>"$lab/lines"
toy --json - <"$lab/lines"
is "many lines, none lost at the seams" "$(wc -l <"$out") $(
	grep -c '"none"' "$out") $(tail -n 1 "$out" | jq -c '[.line, .ip]')" \
	'100002 100001 [100002,"198.51.100.1"]'

# ---- every sample of every filter ----

# split FILE: its sections into $lab/N.spec, N.log and N.note. A note becomes
# one line: kind, then name=value, split by US, without quotes and escapes.
split() {
	rm -f "$lab"/[0-9]*.spec
	LC_ALL=C awk -v to="$lab/" -v name="$(basename "$1" .log)" '
	function section(spec) {
		n++
		print spec >(to n ".spec")
		printf "" >(to n ".log")
		printf "" >(to n ".note")
	}
	function plain(s,   out, i) {
		while (i = index(s, "\\")) {
			out = out substr(s, 1, i - 1)
			if (substr(s, i + 1, 1) == "x") {
				out = out sprintf("%c", hex(substr(s, i + 2, 2)))
				s = substr(s, i + 4)
			} else {
				out = out substr(s, i + 1, 1)
				s = substr(s, i + 2)
			}
		}
		return out s
	}
	function hex(s) {
		return (index(digits, substr(s, 1, 1)) - 1) * 16 + \
			index(digits, substr(s, 2, 1)) - 1
	}
	function note(s,   out, field) {
		match(s, /^[a-z]+/)
		out = substr(s, 1, RLENGTH)
		s = substr(s, RLENGTH + 1)
		while (match(s, /^ [a-z]+=("([^"\\]|\\.)*"|[^ ]*)/)) {
			field = substr(s, 2, RLENGTH - 1)
			s = substr(s, RLENGTH + 1)
			if (field ~ /="/) {
				sub(/="/, "=", field)
				field = plain(substr(field, 1, length(field) - 1))
			}
			out = out US field
		}
		return out
	}
	BEGIN { US = sprintf("%c", 31); digits = "0123456789abcdef"
		section(name) }
	/^# filter / { section(substr($0, 10)); next }
	/^##/ || /^$/ { next }
	/^# / { print note(substr($0, 3)) >(to n ".note"); next }
	{ print >(to n ".log") }' "$1"
}

# What differs between notes and answers. Escapes in a note are the only text
# of ours that may be no UTF-8, and jq writes U+FFFD for that as we do.
differs() { # NOTES
	jq -rn --rawfile notes "$1" --slurpfile got "$out" '
	{none: "none", fail: "failure", ok: "success", trouble: "trouble",
		unmatched: "none", ambiguous: "none", doubtful: "doubtful",
		summary: "summary"} as $kinds |
	($notes | split("\n")[:-1]) as $want |
	if ($want | length) != ($got | length)
	then "\($want | length) notes, \($got | length) answers" else empty end,
	(range($want | length) as $i |
	($want[$i] | split("\u001f")) as $w |
	($w[1:] | map(capture("^(?<key>[a-z]+)=(?<value>.*)$"; "m")) |
		from_entries | if has("guess") then .guess = "true" else .
		end) as $fields |
	({verdict: $kinds[$w[0]]} + (if $kinds[$w[0]] == "none" then {}
		elif ["fail", "doubtful", "summary"] | index($w[0])
		then {count: "1"} + $fields
		else $fields end)) as $expected |
	($expected | with_entries(
		.value = (($got[$i][.key] // "") | tostring))) as $found |
	select($expected != $found) |
	"line \($i + 1): expected \($expected), got \($got[$i])"),
	"\($want | length) compared"'
}

for file in "$srcdir"/tests/samples/*.log; do
	split "$file"
	for spec in "$lab"/[0-9]*.spec; do
		[ -s "${spec%.spec}.log" ] || continue
		judge --json --filter "$(cat "$spec")" "${spec%.spec}.log"
		ends "samples of $(cat "$spec") are judged" 0
		is "$(wc -l <"$out") lines as annotated" \
			"$(differs "${spec%.spec}.note")" \
			"$(grep -c '' "${spec%.spec}.log") compared"
	done
done
printf '# fail ip=192.0.2.1\n%s\n# none\n%s\n' "$guilty" "$guilty" >"$lab/liar.log"
split "$lab/liar.log"
judge --json "$lab/1.log"
is "a wrong note is found" "$(differs "$lab/1.note" | cut -c 1-40)" \
	'line 1: expected {"verdict":"failure","c
line 2: expected {"verdict":"none"}, got
2 compared'

# ---- one line, explained ----

ctl test --path "$lab/filters" --filter toy --explain \
	'Nov 20 04:58:31 mail toy[1]: fail from 198.51.100.10 user=alice times=2'
ends "--explain" 0
is "tells how" "$(cat "$out")" "$(cat <<'EOT2'
host                     mail
tag                      toy[1]:
message                  fail from 198.51.100.10 user=alice times=2
toy                      asked
  toy:trouble:1          not tried: does not begin with 'backend gone'
  toy:ok:1               not tried: does not begin with 'ok from '
  toy:1                  matches
  toy:ignore:1           not tried: no 'user=monitor'
verdict                  failure
by                       toy:1
ip                       198.51.100.10
count                    2
user                     alice
EOT2
)"
ctl test --path "$lab/filters" --filter toy --path "$filters" --filter haraka \
	--explain 'toy: fail of x.example login failed'
is "a rule that nearly matches" "$(cat "$out")" "$(cat <<'EOT2'
host                     -
tag                      toy:
message                  fail of x.example login failed
toy                      asked
  toy:trouble:1          not tried: does not begin with 'backend gone'
  toy:ok:1               not tried: does not begin with 'ok from '
  toy:1                  not tried: does not begin with 'fail from '
  toy:2                  not tried: does not begin with 'never '
  toy:3                  does not match
  toy:4                  not tried: does not begin with 's'
haraka                   not asked: it reads 'haraka'
verdict                  none
looks like a failure     login failed
EOT2
)"
ctl test --path "$lab/filters" --filter toy --json \
	--explain "$(printf 'toy: fail from 127.0.0.1 user=a\377')"
ends "--explain --json" 0
is "tells the same" "$(cat "$out")" "$(cat <<'EOT2'
{"line":1,"host":"","tag":"toy:","message":"fail from 127.0.0.1 user=a\ufffd","steps":[{"filter":"toy","step":"asked","text":"fail from 127.0.0.1 user=a\ufffd"},{"rule":"toy:trouble:1","step":"begins","text":"backend gone"},{"rule":"toy:ok:1","step":"begins","text":"ok from "},{"rule":"toy:1","step":"matched"},{"rule":"toy:ignore:1","step":"lacks","text":"user=monitor"},{"rule":"toy:1","step":"refused","why":"special","text":"127.0.0.1"}],"verdict":"none","refused":"special","rule":"toy:1"}
EOT2
)"

# verdict: what each step was, of the last call.
steps() {
	answers '[.steps[] | .step + (if .why then ":" + .why else "" end)]'
}
cat >"$lab/filters/old.conf" <<'EOT2'
[Definition]
prefregex = ^ \S+ \S+ <F-CONTENT>.+</F-CONTENT>$
failregex = ^no for <ADDR>$
            ^(?:a+)+b <ADDR>$
            ^<F-NOFAIL>hm</F-NOFAIL> <ADDR>$
EOT2
old() {
	ctl test --path "$lab/filters" --json "$@"
}
old --filter old --explain 'Nov 20 04:58:31 mx x: no for 192.0.2.1'
is "prefregex is a step" "$(answers '.steps[1]')" \
	'{"rule":"prefregex","step":"matched","text":"no for 192.0.2.1"}'
old --filter old --explain 'Nov 20 04:58:31 mx x: hm 192.0.2.1'
is "a rule that says no" "$(steps) $(answers .refused)" \
	'["asked","matched","begins","no-match","matched","refused:no-failure"] null'
old --filter old --explain 'Nov 20 04:58:31 mx rsyslogd: no for 192.0.2.1'
is "lines of rsyslogd are never judged" "$(steps)" '["skipped"]'
old --filter toy --filter old --explain "toy: fail from 192.0.2.1 user=x"
is "who comes later is not needed" \
	"$(answers '[.steps[] | select(.filter) | .filter + ":" + .step]')" \
	'["toy:asked","old:needless"]'
old --filter old \
	--explain "Nov 20 04:58:31 mx x: $(printf '%040d' 0 | tr 0 a)b 192.0.2"
is "a rule that ran into a limit" "$(steps)" \
	'["asked","matched","begins","overran","begins"]'
echo "Nov 20 04:58:31 mx x: $(printf '%040d' 0 | tr 0 a)b 192.0.2" \
	>"$lab/line"
ctl test --path "$lab/filters" --filter old "$lab/line"
is "is told of in the report" "$(sed -n '/^Ran/,$p' "$out")" \
	"Ran into limits:
  old:2, 1 time, $lab/filters/old.conf:4"

# What a filter knows and does not count.
cat >"$lab/filters/known.conf" <<'EOT2'
[Definition]
daemon = k
failregex = ^no for <ADDR>$
knownregex = ^worker: login failed
EOT2
old --filter known --explain 'k: worker: login failed'
is "a line that is known" "$(steps) $(answers '.unmatched, .refused')" \
	'["asked","begins","refused:known"] null
null'
old --filter known --explain 'k: login failed'
is "one that is not" "$(steps) $(answers '.unmatched, .refused')" \
	'["asked","begins","begins"] "login failed"
null'
echo 'k: worker: login failed' >"$lab/line"
ctl test --path "$lab/filters" --filter known "$lab/line"
is "a known line is nothing to look at" "$(cat "$out")" 'filters: known (2 rules)
1 line: 0 failures, 0 successes, 0 trouble, 1 nothing

matched nothing: known:1'

# What counts for nobody, because of what the sender wrote.
cat >"$lab/filters/ambiguous.conf" <<'EOT2'
[Definition]
daemon = k
failregex = ^no for <ADDR>$
ambiguousregex = ^worker: login failed
EOT2
old --filter ambiguous --explain 'k: worker: login failed'
is "a line that is ambiguous" "$(steps) $(answers '.unmatched, .refused')" \
	'["asked","begins","refused:ambiguous"] null
"ambiguous"'
ctl test --path "$lab/filters" --filter ambiguous "$lab/line"
is "an ambiguous line is shown as refused" \
	"$(sed -n '/^Refused/,$p' "$out")" "$(cat <<'EOT2'
Refused, though a rule matches: 1 line
  ambiguous:ambiguous:1, 1 line: what the sender wrote hides the address
      line 1: k: worker: login failed
EOT2
)"

# Lines that are no plain failures.
cat >"$lab/filters/sorts.conf" <<'EOT2'
[Definition]
daemon = s
failregex = ^bad <ADDR>$
            ^bad <ADDR> \(SHA1 of given password: <F-GUESS>\w+</F-GUESS>\)$
doubtregex = ^lost <ADDR>$
summaryregex = ^left <ADDR> <F-COUNT>\d+</F-COUNT>$
EOT2
cat >"$lab/line" <<'EOT2'
s: bad 192.0.2.1 (SHA1 of given password: 5baa61)
s: lost 192.0.2.1
s: left 192.0.2.1 9
EOT2
ctl test --json --path "$lab/filters" --filter sorts "$lab/line"
is "doubt and sums are verdicts of their own, a guess is not shown" \
	"$(cat "$out")" "$(cat <<'EOT2'
{"line":1,"verdict":"failure","ip":"192.0.2.1","count":1,"guess":true,"rule":"sorts:2"}
{"line":2,"verdict":"doubtful","ip":"192.0.2.1","count":1,"rule":"sorts:doubt:1"}
{"line":3,"verdict":"summary","ip":"192.0.2.1","count":9,"rule":"sorts:summary:1"}
EOT2
)"
ctl test --path "$lab/filters" --filter sorts "$lab/line"
is "for people, too" "$(sed -n 2,6p "$out")" \
	"3 lines: 1 failure, 1 doubtful, 1 summary, 0 successes, 0 trouble, 0 nothing

sorts:2  1 line, failure
      line 1: s: bad 192.0.2.1 (SHA1 of given password: [hidden])
      ip 192.0.2.1"
old --filter sorts --explain "s: bad 192.0.2.1 (SHA1 of given password: 5baa61)"
is "a guess is told of" "$(answers '[.verdict, .guess]')" '["failure",true]'
ctl filter --json --path "$lab/filters" sorts
is "filter --json tells them apart" "$(answers '[.rules[] | .name, .kind]')" \
	'["sorts:1","failure","sorts:2","failure","sorts:doubt:1","doubtful","sorts:summary:1","summary"]'

# ---- filter ----

ctl filter --path "$lab/filters" old
ends "filter" 0
is "prints the rules" "$(sed 's/^    .*/    .../' "$out")" "$(cat <<EOT2
reads the lines of every program
prefregex  before all others  $lab/filters/old.conf:2
    ...
old:1  failure  $lab/filters/old.conf:3
    ...
old:2  failure  $lab/filters/old.conf:4
    ...
old:3  failure  $lab/filters/old.conf:5
    ...
EOT2
)"
ctl filter -v --path "$lab/filters" toy
is "filter --verbose tells whose lines, and what has no effect" \
	"$(sed -n '1p;$p' "$out")" \
	"reads the lines of toy toys/*
toy: datepattern means nothing here"
like "options are put in, and nothing is escaped twice" "$(cat "$out")" \
	'^    \^ok from .*user=.*\\S\*.*by .*\\w\+\)\$$'
ctl filter --json --path "$lab/filters" toy
is "filter --json" "$(answers '[.name, .daemon, .prefix, .notes,
	(.rules | length), (.rules[4] | .name, .kind, .line),
	(.rules[6].regex)]')" \
	'["toy","toy toys/*",null,["datepattern"],7,"toy:ok:1","success",8,"user=monitor\\b"]'
ctl filter --json --path "$lab/filters" old
is "with a prefix" "$(answers '[.daemon, .prefix.line, .notes]')" '[null,2,[]]'
for file in "$filters"/*.conf; do
	name=$(basename "$file" .conf)
	ctl filter --path "$filters" "$name"
	is "filter $name" "$status $(grep -c "^$name:" "$out")" "0 $(
		"$builddir/saslbanctl" filter --json "$file" |
			jq '.rules | length')"
done

# ---- what is wrong ----

# Status, arguments, words on stderr.
while IFS='|' read -r want arguments words; do
	# shellcheck disable=SC2086 # a list of arguments
	ctl $arguments
	is "'$arguments': status $want" "$status" "$want"
	said "'$arguments': says why" "$words"
	is "'$arguments': prints nothing" "$(cat "$out")" ""
done <<EOT2
2|test|'test' needs a file, - for standard input, or --explain LINE
2|test x --explain y|'test' needs a file, - for standard input, or --explain LINE, and not both
2|test x y|'test' has no use for 'y'
2|test x --filter|option '--filter' needs a value: FILTER
2|test x --jail y|'test' takes no option '--jail'
2|filter|'filter' needs NAME
2|filter x --filter y|'filter' takes no option '--filter'
2|list --path x|'list' takes no option '--path'
1|test $lab/nil --path $filters|cannot open '$lab/nil': No such file or directory
1|test $lab --path $filters|cannot read '$lab': Is a directory
EOT2
set --
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
	set -- "$@" --filter postfix
done
judge "$@" -
is "one filter too many" "$status" 2
said "and said" "too many '--filter'; allowed: 16"

# The same words as the module's.
printf '[Definition]\nfailregex = x\n  (<HOST>\n' >"$lab/filters/broken.conf"
printf '[Definition]\nfailregex = x\n' >"$lab/filters/nohost.conf"
mkfifo "$lab/filters/pipe.conf"
for name in broken nohost missing "toy[x" "$lab/filters/none.conf" pipe \
	/dev/zero "$lab/filters"; do
	"$builddir/tests/judge" "$lab/filters" "$name" </dev/null 2>"$lab/module"
	for verb in "filter $name" "test --filter $name -"; do
		# shellcheck disable=SC2086 # a list of arguments
		ctl $verb --path "$lab/filters"
		is "'$verb': status" "$status" 1
		said "'$verb': says why" "$(cat "$lab/module")"
	done
done
"$builddir/saslbanctl" test --path "$lab/filters" --filter toy "$lab/sample" \
	>/dev/full 2>"$err"
is "a full disk is no success" $? 1
said "and said" "cannot write to standard output: No space left on device"
yes "toy: hello" | "$builddir/saslbanctl" test --json --path "$lab/filters" \
	--filter toy - 2>"$err" >/dev/full
is "and noticed while there is more to read" $? 1

# ---- the words ----

is "saslbanctl(8) has the words that look like failed logins" "$(
	sed -n '/one of these words/,/^\.Ed/{/^\./!p}' \
		"$srcdir/docs/saslbanctl.8" | sed '/one of these words/d' |
		tr '\n' ' ' | sed 's/, */\n/g; s/ *$//' |
		tr '[:upper:]' '[:lower:]' | LC_ALL=C sort
)" "$(
	sed -n '/^static const char .*words/,/^};/p' "$srcdir/plugin/line/unmatched.c" |
		grep -o '"[^"]*"' | tr -d '"' | LC_ALL=C sort
)"
done_testing
