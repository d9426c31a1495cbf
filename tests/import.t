#!/bin/sh
# import: what fail2ban, saslfail, tables and lists have, into the database; and
# back. fail2ban is the real one, and makes its database itself.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

export TZ=UTC LC_ALL=C.UTF-8
out=$lab/out
err=$lab/err
cd "$lab" || exit
lab_up
now=$(date +%s)
# Two jails, sasl and rbl, of which the second only observes.
fresh() {
	rm -f "$database" "$database"-wal "$database"-shm
	"$builddir/tests/fixture" "$database" "$now"
	sql 'DELETE FROM offense; DELETE FROM entry'
}
sql() {
	sqlite3 "$database" "$1"
}
# run ARGUMENT...: leaves its status, $out and $err.
run() {
	"$ctl" -d "$database" import "$@" >"$out" 2>"$err"
	status=$?
}
# ends TITLE STATUS ARGUMENT...
ends() {
	title=$1
	want=$2
	shift 2
	run "$@"
	is "$title: status" "$status" "$want"
}
# says TITLE < TEXT: of the last call, on standard output.
says() {
	is "$1" "$(cat "$out")" "$(cat)"
}
# bans: all of them, as text. Times are offsets from $now, in minutes.
bans() {
	sql "SELECT j.name, o.address, o.strike, (o.at - $now) / 60,
		coalesce((o.until - $now) / 60, 'never'),
		CASE WHEN o.lifted IS NOT NULL THEN 'lifted'
		WHEN o.ended = o.until THEN 'expired'
		WHEN o.ended IS NOT NULL THEN 'replaced' ELSE 'runs' END
		FROM offense o JOIN jail j ON j.id = o.jail
		ORDER BY o.at, o.id"
}

# ---- what is refused ----

fresh
echo 198.51.100.1 >one
while IFS='|' read -r want arguments pattern; do
	# shellcheck disable=SC2086 # a list of arguments
	run $arguments
	is "'$arguments': status $want" "$status" "$want"
	like "'$arguments': says why" "$(cat "$err")" "$pattern"
	is "'$arguments': prints nothing" "$(cat "$out")" ""
done <<'END'
2||'import' needs FILE...
2|one one|'import' has no use for 'one': one file at a time
2|one --from xml|--from 'xml' is not allowed; allowed: fail2ban, saslfail, csv, json, list$
2|-|--from says what standard input is
2|one --zone Mars/Olympus|--zone 'Mars/Olympus' is not known; allowed: local, UTC, and names
2|one --zone ../../etc/passwd|--zone '../../etc/passwd' is not known
2|one --for 3y|--for '3y' is not allowed
3|one --jail nil|no jail 'nil'
3|one --jail sshd=nil|no jail 'nil'
1|nil|cannot open 'nil': No such file
1|.|'\.'
1|one -d /nowhere/x|no database at '/nowhere/x'
1|one --from fail2ban|it is not a SQLite database
2|one --from json|'one': it has no array 'bans'$
2|one --from csv|'one': the first line has no heading 'address' or 'ip'
END

# ---- lists ----

cat >list <<'END'
# who is known to be bad

198.51.100.1
198.51.100.0/25  # a network
2001:db8:9::7	their host
203.0.113.9
127.0.0.1
fe80::1
64.0.0.0/4
198.51.100.300
not one
198.51.100.1
END
ends "a list: dry run" 1 --dry-run list
says "a list: dry run" <<'END'
would import 3 bans from 'list' (list): 3 run, 0 are over
  1 ban known already
  left out: 2 bans of nobody's address (as 127.0.0.1)
  left out: 1 ban of a prefix that is too wide (as 64.0.0.0/4)
  left out: 1 ban that would run, of who is exempt (as 203.0.113.9: ignoreip has '203.0.113.0/24')
  line 10: not an address: '198.51.100.300'
  line 11: not an address: 'not one'
END
is "and it has changed nothing" "$(bans)" ""
ends "a list" 1 list --for 2h
like "says the same" "$(cat "$out")" "^imported 3 bans from 'list' \\(list\\): 3 run"
is "a host of IPv6 stands for its /64, and --for counts" "$(bans)" \
	"$(printf 'sasl|%s|1|0|120|runs\n' 198.51.100.1 198.51.100.0/25 \
		2001:db8:9::/64)"
is "and it is said where they come from" \
	"$(sql 'SELECT DISTINCT why, ground, told FROM offense')" \
	"imported from list|person|1"
is "the sets are told" "$(sql "SELECT set_name, address FROM entry
	WHERE wanted = $(sql 'SELECT max(until) FROM offense') AND held = 0
	ORDER BY 2")" "$(cat <<'END'
saslban4|198.51.100.0/25
saslban4|198.51.100.1
saslban6|2001:db8:9::/64
END
)"
like "and who is to carry it out" "$(cat "$err")" \
	"^saslbanctl: jail 'sasl' has no engine"
ends "a list, again" 1 list
like "adds nothing" "$(cat "$out")" '^imported 0 bans'
like "they are known" "$(cat "$out")" '^  4 bans known already$'
ends "into a jail that only observes" 1 list --jail rbl
like "what would run is left out" "$(cat "$out")" \
	'^  left out: [0-9] bans that would run: the jail only observes .* \(as rbl\)$'
# shellcheck disable=SC2016 # jq's
like "standard input" "$("$ctl" -d "$database" import --from list --json \
	--dry-run - <one)" '"kind":"list","dry_run":true,"bans":1'

# ---- tables ----

fresh
cat >table.csv <<END
IP;Since;until;reason;more
198.51.100.1;$((now - 7200));$((now + 3600));"a ""quoted""; reason";x
198.51.100.2;2020-01-01T00:00:00+01:00;2020-01-02 00:00Z;;
198.51.100.3;$now;forever;
198.51.100.4;tomorrow;forever;
198.51.100.5;$now;$((now - 1));
198.51.100.6;$now;;
;$now;forever;
"198.51.100.8;$now
END
ends "a table" 1 table.csv
sed -i "s/$now/NOW/; s/$((now - 1))/BEFORE/" "$out"
says "a table" <<'END'
imported 3 bans from 'table.csv' (csv): 2 run, 1 is over
  line 5: not a time, as 2026-11-20T14:30:05Z: '198.51.100.4;tomorrow;forever;'
  line 6: it ends before it began: '198.51.100.5;NOW;BEFORE;'
  line 7: it began, and has no end: until is missing: '198.51.100.6;NOW;;'
  line 8: not an address: ';NOW;forever;'
  line 9: a quote does not end: '"198.51.100.8;NOW'
END
is "its bans" "$(bans | sed 's/|-3[0-9]*|-3[0-9]*|/|PAST|/')" "$(cat <<'END'
sasl|198.51.100.2|1|PAST|expired
sasl|198.51.100.1|1|-120|60|runs
sasl|198.51.100.3|1|0|never|runs
END
)"
is "its text" "$(sql "SELECT why FROM offense WHERE address LIKE '%.1'")" \
	'a "quoted"; reason'
echo 'address,at,until
198.51.100.1,2026-01-01 00:00:00,2026-01-01 12:00:00' >zoneless.csv
ends "times without a zone" 2 zoneless.csv
is "are asked for" "$(cat "$err")" \
	"saslbanctl: the times in 'zoneless.csv' have no zone; --zone says which, as --zone Europe/Berlin, or --zone local for this machine's"
ends "with one" 0 zoneless.csv --zone America/New_York
is "they are of that zone" "$(sql 'SELECT min(at) FROM offense
	WHERE at > 1700000000')" 1767243600

# ---- saslfail ----

fresh
at() { # SECONDS-FROM-NOW: as New York's clocks show it
	TZ=America/New_York date -d "@$((now + $1))" '+%Y-%m-%d %H:%M:%S'
}
day=86400
cat >history <<END
timestamp|ip|jail|action|strike_level|notified
$(at $((-30 * day)))|198.51.100.1|postfix-sasl-first|ban|1|1
$(at $((-28 * day)))|198.51.100.1|postfix-sasl-first|unban|1|0
$(at $((-20 * day)))|198.51.100.1|postfix-sasl-second|ban|2|0
$(at $((-20 * day)))|198.51.100.1|postfix-sasl-first|restore-unban|1|0
$(at $((-19 * day)))|198.51.100.1|postfix-sasl-first|restore-ban|1|0
$(at $((-1 * day)))|198.51.100.1|postfix-sasl-third|ban|3|0
$(at $((-1 * day)))|198.51.100.2|dovecot-first|ban|1|0
$(at -60)|198.51.100.3|postfix-sasl-first|ban|9|0
$(at -60)|198.51.100.3|postfix-sasl-first|jump|1|0
$(at -60)|198.51.100|postfix-sasl-first|ban|1|0
never|198.51.100.4|postfix-sasl-first|ban|1|0
half a line
END
ends "saslfail, without a zone" 2 history
like "is asked for one" "$(cat "$err")" "the times in 'history' have no zone"
is "and nothing was taken" "$(bans)" ""
ends "saslfail" 1 history --zone America/New_York
says "saslfail" <<END
imported 4 bans from 'history' (saslfail): 2 run, 2 are over
  2 lines of a restart of fail2ban, which is no ban
  1 line of an end, which the length of the ban tells
  line 9: not a strike: 1 to 3: '$(at -60)|198.51.100.3|postfix-sasl-first|ban|9|0'
  line 10: neither ban, unban, restore-ban nor restore-unban: '$(at -60)|198.51.100.3|postfix-sasl-first|jump|1|0'
  line 11: not an address: '$(at -60)|198.51.100|postfix-sasl-first|ban|1|0'
  line 12: not a time, as 2026-11-20 14:30:05: 'never|198.51.100.4|postfix-sasl-first|ban|1|0'
  line 13: not 6 fields between |: 'half a line'
END
is "its strikes, and how long they last" "$(bans)" "$(cat <<'END'
sasl|198.51.100.1|1|-43200|-40320|expired
sasl|198.51.100.1|2|-28800|-17280|expired
sasl|198.51.100.1|3|-1440|44640|runs
sasl|198.51.100.2|1|-1440|1440|runs
END
)"
ends "saslfail, again" 1 history --zone America/New_York
like "adds nothing" "$(cat "$out")" '^imported 0 bans'

# ---- fail2ban ----

root=$builddir/fail2ban
f2b() {
	PYTHONPATH=$root/usr/lib/python3/dist-packages \
		PATH=$root/usr/bin:$PATH /usr/bin/python3 -W ignore \
		"$root/usr/bin/fail2ban-client" -c "$lab/f2b" \
		-s "$lab/f2b.sock" -p "$lab/f2b.pid" "$@" >>"$lab/f2b.said" 2>&1
}
banned() { # JAIL ADDRESS
	: >"$lab/f2b.said"
	f2b get "$1" banip
	grep -qw "$2" "$lab/f2b.said"
}
free() {
	! banned "$@"
}
if [ ! -x "$root/usr/bin/fail2ban-client" ]; then
	skip "fail2ban" "'$root' is missing: tools/prepare --tests"
	done_testing
fi
cp -a "$root/etc/fail2ban" f2b
rm -f f2b/jail.d/*
: >mail.log
cat >f2b/fail2ban.local <<END
[Definition]
dbfile = $lab/f2b.db
logtarget = $lab/f2b.log
END
cat >f2b/jail.local <<END
[DEFAULT]
backend = polling
bantime = 1h
bantime.increment = true
action =
[postfix-sasl]
enabled = true
logpath = $lab/mail.log
[dovecot]
enabled = true
logpath = $lab/mail.log
[nginx-http-auth]
enabled = true
logpath = $lab/mail.log
END
ok "fail2ban starts" f2b start
f2b set postfix-sasl banip 198.51.100.50 198.51.100.51 2001:db8:9::1 \
	203.0.113.5 127.0.0.9
f2b set nginx-http-auth banip 198.51.100.60
f2b set dovecot bantime 1
f2b set dovecot banip 198.51.100.70
ok "a ban of it runs out" soon free dovecot 198.51.100.70
f2b set dovecot banip 198.51.100.70
ok "and another one" soon free dovecot 198.51.100.70
f2b set dovecot bantime 2h
f2b set dovecot banip 198.51.100.70
ok "its database has the latest" soon sh -c \
	"sqlite3 f2b.db 'SELECT count(*) FROM bips WHERE bantime > 7000' |
	grep -qx 1"
ok "fail2ban stops" f2b stop
ok "and is gone" soon test ! -e f2b.pid
cp f2b.db f2b.before

fresh
ends "fail2ban: dry run" 0 --dry-run f2b.db
like "fail2ban: dry run" "$(cat "$out")" \
	"^would import 6 bans from 'f2b.db' \\(fail2ban\\): 4 run, 2 are over$"
is "it has changed nothing" "$(bans)" ""
ends "fail2ban" 0 f2b.db
says "fail2ban" <<'END'
imported 6 bans from 'f2b.db' (fail2ban): 4 run, 2 are over
  left out: 1 ban of a jail that is not of mail; --jail THERE=HERE takes them (as nginx-http-auth)
  left out: 1 ban of nobody's address (as 127.0.0.9)
  left out: 1 ban that would run, of who is exempt (as 203.0.113.5: ignoreip has '203.0.113.0/24')
END
is "its history is strikes" "$(sql "SELECT strike, until - at, ended IS NULL
	FROM offense WHERE address = '198.51.100.70' ORDER BY at")" "$(cat <<'END'
1|1|0
2|2|0
3|28800|1
END
)"
is "what runs has the rest of its time" "$(sql "SELECT count(*) FROM offense o
	JOIN (SELECT address, wanted FROM entry) e USING (address)
	WHERE e.wanted = o.until AND o.ended IS NULL")" 4
ok "its database is as it was" cmp f2b.db f2b.before
is "and nothing lies beside it" "$(echo f2b.db*)" f2b.db
before=$(bans)
ends "fail2ban, again" 0 f2b.db
like "adds nothing" "$(cat "$out")" '^imported 0 bans .*: 0 run, 0 are over$'
is "and changes nothing" "$(bans)" "$before"
ends "fail2ban: another jail" 0 f2b.db --jail nginx-http-auth=sasl
like "is taken when it is named" "$(cat "$out")" '^imported 1 ban from'
# shellcheck disable=SC2016 # jq's
run --json f2b.db
ok "the answer for programs: as docs/schema/import.json has it" \
	/usr/bin/python3 -W ignore -m jsonschema -i "$out" \
	"$srcdir/docs/schema/import.json"
is "its numbers" "$(jq -c '[.kind, .bans, .imported, .known, .bad,
	(.left_out | map(.reason))]' "$out")" \
	'["fail2ban",9,0,6,0,["other","special","exempt"]]'

# ---- there and back ----

dump() {
	"$ctl" -d "$1" export --all --json | jq -c .bans
}
sql "UPDATE offense SET lifted = $now, lifted_by = 'a,b', lifted_why = '=1',
	why = '''x \"y\" \\ ' || char(27) || char(10) || 'ü', packets = 7,
	bytes = 99 WHERE strike = 2"
for form in json csv; do
	"$ctl" -d "$database" export --all --format $form --output all.$form \
		>"$out"
	"$builddir/tests/fixture" other.db "$now"
	sqlite3 other.db 'DELETE FROM offense; DELETE FROM entry'
	ok "$form: taken by a fresh database" \
		"$ctl" -d other.db import all.$form
	is "$form: which is the same then" "$(dump other.db)" \
		"$(dump "$database")"
	is "$form: also what is wanted in the sets" \
		"$(sqlite3 other.db 'SELECT * FROM entry')" \
		"$(sql 'SELECT * FROM entry')"
	rm other.db*
done
ok "fail2ban starts again" f2b start
"$ctl" -d "$database" export >back
# shellcheck disable=SC2046 # a list of addresses
ok "it takes the list" f2b set postfix-sasl banip $(cat back)
while read -r address; do
	ok "and bans $address" banned postfix-sasl "$address"
done <back
ok "it stops" f2b stop

# ---- a pipe ----

fresh
mkfifo slow
printf '198.51.100.1\n198.51.100.2\n' >slow &
ends "a pipe whose kind is found out" 0 slow
says "is read from its first byte" <<'END'
imported 2 bans from 'slow' (list): 2 run, 0 are over
END
wait
"$ctl" -d "$database" import --from list - <slow >"$out" 2>"$err" &
reader=$!
exec 7>slow
# More than a pipe holds: the last of it goes in when the first was read.
{ echo 198.51.100.3 && yes '#' | head -n 100000; } >&7
ok "while its writer takes his time, the database is free" \
	sql 'BEGIN IMMEDIATE; ROLLBACK'
exec 7>&-
wait $reader
is "then it is taken" "$(grep -c "imported 1 ban from '-'" "$out")" 1

# ---- a database that means harm ----

cp f2b.before evil.db
chmod u+w evil.db
sqlite3 evil.db "INSERT INTO bans VALUES
	('postfix-sasl', x'00ff41', $now, 60, 1, NULL),
	('postfix-sasl', 12345, $now, 60, 1, 'no JSON'),
	(x'1b5b324a', '198.51.100.80', $now, 99999999999999999, -7, '[]'),
	('postfix-sasl', '198.51.100.81', 'yesterday', 60, 1, NULL),
	('postfix-sasl', '198.51.100.82', -5, 60, 1, NULL),
	('postfix-sasl', '198.51.100.83', 9e99, 60, 1, NULL),
	('postfix-sasl', '198.51.100.84', $now, -1, 9e99,
	 '{\"failures\": \"' || hex(zeroblob(2000000)) || '\"}'),
	('postfix-sasl', hex(zeroblob(2000000)), $now, 60, 1, NULL),
	('postfix-sasl', '198.51.100.85
198.51.100.86', $now, 60, 1, NULL);
	CREATE TRIGGER t AFTER INSERT ON bips BEGIN DELETE FROM bans; END"
fresh
ends "it is read" 1 evil.db --jail sasl
like "what is well is taken" "$(cat "$out")" '^imported 7 bans'
is "without an end, as it says" "$(sql "SELECT coalesce(until, 'never'), strike
	FROM offense WHERE address = '198.51.100.84'")" "never|1000000"
is "and nothing else" "$(sql "SELECT count(*) FROM offense
	WHERE address LIKE '198.51.100.8%'")" 1
is "what is told of it is one line each" "$(grep -c '^  ban [0-9]*: ' "$out")" 5
is "without a control character" "$(LC_ALL=C grep -c '[^ -~]' "$out")" 0
sqlite3 foreign.db 'CREATE TABLE t(a)'
ends "another program's database" 1 foreign.db
like "is refused" "$(cat "$err")" \
	"'foreign.db' is a database, but not one of fail2ban"
head -c 5000 f2b.db >cut.db
ends "half a database" 1 cut.db
is "is refused, in one line" "$(grep -c . "$err")" 1
sqlite3 view.db "CREATE TABLE bips(jail, ip, timeofban, bantime, bancount, data);
	CREATE VIEW bans AS SELECT * FROM bips"
ends "a view in the place of a table" 1 view.db
printf '{"bans":[{"address":"198.51.100.1"' >half.json
ends "half a document" 2 half.json
like "is refused" "$(cat "$err")" 'it is not whole'
is "and nothing is taken of it" "$(sql "SELECT count(*) FROM offense
	WHERE address = '198.51.100.1'")" 0
printf '{"bans":[{"address":"198.51.100.1","at":[1]},{"address":7},
	{"address":"198.51.100.2","strike":1.5},{"jail":"sasl"},{},
	{"a":"%070000d"},{"address":"198.51.100.3"}], "more":[{"address":"x"}]}' \
	0 >odd.json
ends "a document with odd bans" 1 odd.json
like "what is well is taken" "$(cat "$out")" '^imported 1 ban '
like "the rest is told of" "$(cat "$out")" '^  1 further one that cannot be read'

# ---- who runs meanwhile ----

rm -f "$database"*
conf 'name="sasl"' 'ignoreip="self"'
ok "rsyslogd starts" rsyslog_start
has_jail() {
	sql 'SELECT name FROM jail' | grep -qx sasl
}
ok "and has a jail in its database" soon has_jail
in_kernel() {
	ipset test saslban4 "$1"
}
echo 198.51.100.90 >another
ends "into a database that is in use" 0 another
is "nothing is said of engines" "$(cat "$err")" ""
ok "the engine takes it into the kernel" soon in_kernel 198.51.100.90
ends "of fail2ban, too" 0 f2b.db
ok "what ran there runs here" soon in_kernel 198.51.100.50
ok "rsyslogd stops" rsyslog_stop
unlike "and reports none of it as new" "$(cat said)" '198\.51\.100\.50'
done_testing
