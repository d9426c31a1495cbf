#!/bin/sh
# allow: never banned, by the allow list and by a file. A real rsyslogd and
# real kernel sets.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

list=$lab/allow
lab_up
conf "maxretry=\"3\" findtime=\"10m\" prefix.v4=\"32\"
      ignoreip=[\"self\", \"file:$list\"]" <<-EOF
	action(type="omsaslban" name="net" database="$database" prefix.v4="24"
	       filter.path="$srcdir/filter.d" filter="postfix" maxretry="7"
	       ignoreip=["self", "file:$list"])
EOF
query() {
	sqlite3 -cmd '.timeout 5000' "$database" "$1"
}
allow() {
	"$ctl" -d "$database" allow "$@"
}
# judged ADDRESS: what was said before this is judged; the address is nobody's.
judged() {
	guess "$1" | say
	soon recorded "$1"
}
recorded() { # ADDRESS
	[ "$(query "SELECT count(*) FROM failure WHERE host = '$1'")" -gt 0 ]
}
free() { # ADDRESS
	! banned "$1"
}

ok "rsyslogd takes a file that is not there" "$rsyslogd" -N1 -f "$lab/conf"
mkfifo "$list"
ok "rsyslogd starts, though it is a FIFO" rsyslog_start
[ $tap_bad -eq 0 ] || exit 1
ok "and says so" heard "ignoreip file '$list' is not taken: it is no regular file; nobody is exempt"
three 198.51.100.1 | say
ok "a guesser is banned all the same" soon banned 198.51.100.1

# ---- the allow list ----
said=$(allow add 198.51.100.1 --reason 'our office')
is "add: status 0" $? 0
nok "an address that is added is free at once" banned 198.51.100.1
is "and that is told" "$(printf '%s\n' "$said" | sed 's/, [^,]* left)/)/')" \
	"allowed 198.51.100.1 forever; bans lifted: 1
lifted the ban of 198.51.100.1 in jail 'sasl' (strike 1)"
ok "the module reports it" heard \
	'lifted the ban of 198\.51\.100\.1 (strike 1, .*: allowed: our office'
three 198.51.100.1 | say
judged 203.0.113.1
nok "further failures do not ban" banned 198.51.100.1
like "show says so" "$("$ctl" -d "$database" show 198.51.100.1 2>/dev/null)" \
	"exempt +the allow list has '198\.51\.100\.1' \(our office\), by [a-z]+, forever$"
said=$("$ctl" -d "$database" ban 198.51.100.1 --jail sasl 2>&1 |
	tail -n 1)
is "nobody bans it by mistake" "$said" \
	"saslbanctl: cannot ban '198.51.100.1' in jail 'sasl': the allow list has '198.51.100.1' (our office); --force bans it nevertheless"

ok "del" allow del 198.51.100.1
three 198.51.100.1 | say
ok "who is deleted is banned again" soon banned 198.51.100.1
again() { # ADDRESS
	three "$1" | say
	banned "$1"
}

# A ban that is wider, and one inside, in other jails too.
for n in 1 2 3 4 5 6 7; do guess 203.0.113.$n; done | say
set=saslban-net
all_judged() { # or the last one comes after the ban was lifted
	[ "$(query "SELECT count(*) FROM failure f JOIN jail j ON j.id = f.jail
		WHERE j.name = 'net' AND host = '203.0.113.7'")" -gt 0 ]
}
ok "a /24 is banned" soon banned 203.0.113.200
soon all_judged
said=$(allow add 203.0.113.128/25 --for 1h)
like "a prefix is added, for a while" "$said" \
	"^lifted the ban of 203\.0\.113\.0/24 in jail 'net' .*, which is wider$"
nok "and the /24 is free" banned 203.0.113.200
set=saslban
is "as is told" "$(query "SELECT lifted_why FROM offense
	WHERE address = '203.0.113.0/24'")" allowed

# ---- the end of an entry ----
three 198.51.100.20 | say
ok "a guesser is banned" soon banned 198.51.100.20
ok "add, for a few seconds" allow add 198.51.100.20 --for 9s
nok "he is free" banned 198.51.100.20
ok "and is banned again when they are over" soon again 198.51.100.20
is "not before" "$(query "SELECT count(*) FROM offense o, allow a
	WHERE o.address = '198.51.100.20' AND a.address = o.address
	  AND o.lifted IS NULL AND o.at < a.until")" 0

# ---- by another program, and while rsyslogd is down ----
three 198.51.100.30 | say
ok "a guesser is banned" soon banned 198.51.100.30
query "INSERT INTO allow (address, comment) VALUES ('198.51.100.30', 'x')"
ok "plain SQL frees him soon" soon free 198.51.100.30
three 198.51.100.31 | say
ok "another one is banned" soon banned 198.51.100.31
rsyslog_stop
query "INSERT INTO allow (address) VALUES ('198.51.100.31')"
ok "rsyslogd starts again" rsyslog_start
ok "and frees him, too" soon free 198.51.100.31

# ---- the file ----
three 198.51.100.40 | say
ok "a guesser is banned" soon banned 198.51.100.40
rm "$list"
printf '# the office\n198.51.100.40\n198.51.100.400\n' >"$list"
ok "an address in the file is free soon" soon free 198.51.100.40
ok "the bad line is reported" heard "$list:3: '198\.51\.100\.400' is not allowed; allowed: "
three 198.51.100.40 | say
judged 198.51.100.41
nok "and further failures do not ban" banned 198.51.100.40
said=$("$ctl" -d "$database" show 198.51.100.40 --jail sasl 2>"$lab/err")
like "show says so" "$said" "exempt +$list has '198\.51\.100\.40'"
like "and what is wrong with the file" "$(cat "$lab/err")" \
	"$list:3: '198\.51\.100\.400' is not allowed"
rm "$list"
mkfifo "$list"
ok "a FIFO in its place is reported" heard 'what it had before stays exempt'
three 198.51.100.40 | say
three 198.51.100.42 | say
ok "and holds up nobody" soon banned 198.51.100.42
nok "what the file had stays exempt" banned 198.51.100.40
rm "$list"
echo 0.0.0.0/0 >"$list"
ok "a file that exempts everybody is not taken" heard 'with it, every public IPv4 address would be exempt'
three 198.51.100.43 | say
ok "guessers are banned" soon banned 198.51.100.43
echo 198.51.100.43 >"$list"
ok "a file that is right again is taken" soon free 198.51.100.43
ok "who is in it no more is banned" soon again 198.51.100.40
ok "rsyslogd stops" rsyslog_stop
done_testing
