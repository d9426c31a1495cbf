#!/bin/sh
# lost: the database vanishes, its disk fills up, the set fills up. Logging goes
# on, one message says so, and what can be made up for is.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
mkdir "$lab/db"
mount -t tmpfs -o size=4m tmpfs "$lab/db"
database=$lab/db/saslban.db
log=$lab/mail.log

setup() {
	rm -f "$log" "$lab/said" "$lab/stderr"
	conf "$*" <<-EOF
	action(type="omfile" file="$log" asyncWriting="off")
	EOF
}
logged() {
	test "$(wc -l <"$log")" -ge "$1"
}
said() { # PATTERN: how often
	grep -c "omsaslban:.*$1" "$lab/said"
}
listed() {
	"$ctl" -d "$database" list | grep -q "$1"
}
many() { # FROM TO: three guesses of each address
	seq "$1" "$2" | while read -r i; do
		three 198.18.$((i / 250)).$((i % 250 + 1))
	done
}

# ---- the database is removed while it is open ----
setup
rsyslog_start
three 198.51.100.1 | say
ok "removed: a ban before it" soon banned 198.51.100.1
rm "$database"*
ok "removed: a new one is begun" soon test -e "$database"
three 198.51.100.2 | say
ok "removed: the next ban is in it" soon listed 198.51.100.2
ok "removed: and in the kernel" soon banned 198.51.100.2
ok "removed: what the kernel had, it has" banned 198.51.100.1
ok "removed: said" heard 'was removed or replaced'
is "removed: once" "$(said 'was removed or replaced')" 1

# ---- another one is put in its place ----
"$ctl" -d "$database" ban 203.0.113.5 --for 1h >/dev/null
sqlite3 "$database" ".backup '$lab/db/other.db'"
"$ctl" -d "$database" unban 203.0.113.5 >/dev/null
mv "$lab/db/other.db" "$database"
ok "replaced: what it bans is banned" soon banned 203.0.113.5
ok "replaced: rsyslogd stops" rsyslog_stop
is "replaced: it is whole" \
	"$(sqlite3 "$database" 'PRAGMA integrity_check')" ok

# ---- the disk is full ----
setup
rsyslog_start
ok "disk full: rsyslogd works before it is" heard ': started: '
dd if=/dev/zero of="$lab/db/filling" bs=4k >/dev/null 2>&1
{
	good 203.0.113.9
	many 1 400
} | "$builddir/tests/send" @5140
ok "disk full: logging goes on" soon logged 1204
ok "disk full: it is said" heard 'disk is full'
sleep 3
rm "$lab/db/filling"
ok "disk full: what waited is made up for" soon banned 198.18.1.151
is "disk full: each failure once" "$(sqlite3 "$database" \
	"SELECT sum(count) FROM failure WHERE address LIKE '198.18.%'")" 1200
ok "disk full: rsyslogd stops" rsyslog_stop
is "disk full: said once" "$(said 'cannot record')" 1
is "disk full: the database is whole" \
	"$(sqlite3 "$database" 'PRAGMA integrity_check')" ok

# ---- the set is full ----
for s in saslban saslban4 saslban6; do ipset destroy $s; done
ipset create saslban4 hash:net timeout 60 counters maxelem 64
setup 'set.max="64"'
rsyslog_start
many 1000 1300 | "$builddir/tests/send" @5140
ok "set full: it is said" \
	heard 'some bans are recorded but not enforced.*full'
three 2001:db8:8000::1 | say
ok "set full: the other family goes in" soon banned 2001:db8:8000::1
sleep 6
ipset create larger hash:net timeout 60 counters maxelem 4096
ipset swap larger saslban4
ok "set full: a larger one is filled" wait_for 80 banned 198.18.5.51
ok "set full: and that is said" heard 'enforced again'
rsyslog_stop
is "set full: said once" "$(said 'not enforced')" 1

# ---- four jails whose database is locked: they end one after the other ----
setup 'name="a"'
for jail in b c d; do
	echo "action(type=\"omsaslban\" database=\"$database\" name=\"$jail\"
		maxretry=\"3\" findtime=\"1h\"
		filter.path=\"$srcdir/filter.d\")"
done >>"$lab/conf"
rsyslog_start
three 198.51.100.20 | say
for jail in a b c d; do
	set=saslban-$jail
	ok "four jails: a ban before it in $set" soon banned 198.51.100.20
done
set=saslban
ok "four jails: the database is locked" lock
three 198.51.100.21 | "$builddir/tests/send" @5140
kill -TERM "$rsyslog_job"
ok "four jails: rsyslogd stops within 5 s" \
	wait_for 5 sh -c "! kill -0 $rsyslog_job"
wait "$rsyslog_job"
is "four jails: each says what was lost" \
	"$(grep -c '3 failures that could not be recorded' "$lab/stderr")" 4
unlock
done_testing
