#!/bin/sh
# trouble: the database or the kernel refuses. Logging goes on, one message
# says so, the work is made up for, and rsyslogd stops in time.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
mkdir "$lab/db"
mount -t tmpfs tmpfs "$lab/db"
database=$lab/db/saslban.db
log=$lab/mail.log

# The jail, and a log file behind it, in the same queue: what the module held
# up would hold up the file.
setup() {
	rm -f "$log" "$lab/said" "$lab/stderr"
	conf "$*" <<-EOF
	action(type="omfile" file="$log" asyncWriting="off")
	EOF
}
logged() {
	test "$(wc -l <"$log")" -ge "$1"
}
complaints() {
	grep -c 'omsaslban:.*\(cannot record\|not enforced\)' "$lab/said"
}
stops_in_5() {
	kill -TERM "$rsyslog_job"
	wait_for 5 sh -c "! kill -0 $rsyslog_job" && wait "$rsyslog_job"
}
flood() { # 20000 innocent lines over TCP, and three guesses of $1
	good 203.0.113.9 | "$builddir/tests/send" -n 5000 @5140
	three "$1" | say
}

# What is to be said once is counted when rsyslogd has ended: until then it may
# say more. So that it has reason to, its trouble lasts for a few tries.

# ---- locked by another writer ----
setup
rsyslog_start
three 198.51.100.1 | say
ok "a ban while all is well" soon banned 198.51.100.1
ok "locked: it is" lock
flood 198.51.100.2
ok "locked: logging goes on" soon logged 20006
ok "locked: and it is said" heard 'cannot record'
sleep 3
ok "locked: all of it before the lock was let go" kill -0 "$lab_locker"
nok "locked: nothing is banned that is not recorded" banned 198.51.100.2
unlock
ok "locked: what waited is made up for" soon banned 198.51.100.2
ok "locked: the end is said as well" heard 'is working again'
is "locked: said once" "$(complaints)" 1
ok "locked: it is again" lock
three 198.51.100.3 | "$builddir/tests/send" @5140
ok "locked: rsyslogd stops within 5 s" stops_in_5
# At the end there is nobody left to log it but the standard error.
like "locked: and says what was lost" "$(cat "$lab/stderr")" \
	'3 failures that could not be recorded'
unlock

# ---- read-only ----
mount -o remount,ro "$lab/db"
setup
rsyslog_start
flood 198.51.100.4
ok "read-only: logging goes on" soon logged 20003
ok "read-only: and it is said" heard 'cannot record'
like "read-only: names the file" "$(cat "$lab/said")" "$database"
sleep 3
nok "read-only: nothing is banned" banned 198.51.100.4
mount -o remount,rw "$lab/db"
ok "read-only: made up for" soon banned 198.51.100.4
rsyslog_stop
is "read-only: said once" "$(complaints)" 1
ok "read-only: it is again" mount -o remount,ro "$lab/db"
setup
rsyslog_start
three 198.51.100.4 | "$builddir/tests/send" @5140
ok "read-only: that is said" heard 'cannot record'
ok "read-only: rsyslogd stops within 5 s" stops_in_5
mount -o remount,rw "$lab/db"

# ---- no directory ----
database=$lab/db/none/saslban.db
setup
rsyslog_start
three 198.51.100.5 | say
ok "no directory: says which" heard "cannot record.*$database"
mkdir "$lab/db/none"
ok "no directory: made up for when it is there" soon banned 198.51.100.5
rsyslog_stop
database=$lab/db/saslban.db

# ---- no capability ----
setup
RSYSLOG_UNDER="setpriv --bounding-set=-net_admin" rsyslog_start
flood 198.51.100.6
ok "no capability: logging goes on" soon logged 20003
ok "no capability: says which" heard 'not enforced.*CAP_NET_ADMIN'
listed() {
	"$ctl" -d "$database" list | grep -q "^$1 "
}
ok "no capability: the ban is recorded" soon listed 198.51.100.6
sleep 7
ok "no capability: rsyslogd stops within 5 s" stops_in_5
is "no capability: said once" "$(complaints)" 1
setup
rsyslog_start
ok "no capability: made up for after a start with it" \
	soon banned 198.51.100.6
rsyslog_stop

# ---- a set that does not fit ----
for s in saslban saslban4 saslban6; do ipset -q destroy $s; done
ipset create saslban4 hash:ip
setup
rsyslog_start
three 198.51.100.7 | say
ok "wrong set: says which and why" heard 'not enforced.*saslban4.*hash:net'
sleep 7
ok "wrong set: it can go" soon ipset destroy saslban4
ok "wrong set: made up for when it is gone" soon banned 198.51.100.7
rsyslog_stop
is "wrong set: said once" "$(complaints)" 1

# ---- the set is destroyed, flushed ----
setup
rsyslog_start
ok "destroyed: rsyslogd knows the sets" heard ': started: '
ok "destroyed: the list is" soon ipset destroy saslban
ok "destroyed: the set is" soon ipset destroy saslban4
three 198.51.100.8 | say
ok "destroyed: the next ban makes it anew" soon banned 198.51.100.8
ok "destroyed: and the others are back" soon banned 198.51.100.7
kill -STOP "$rsyslog_job"
ipset flush saslban4
nok "flushed: the bans are gone from the kernel" banned 198.51.100.7
kill -CONT "$rsyslog_job"
ok "flushed: they are back within the minute" \
	wait_for 70 banned 198.51.100.7
rsyslog_stop

# ---- a database that is not ours ----
database=$lab/db/other.db
sqlite3 "$database" 'CREATE TABLE precious(x); INSERT INTO precious VALUES(1)'
sum=$(cksum <"$database")
setup
rsyslog_start
ok "foreign: says so" heard "cannot record.*$database.*not"
sleep 3
ok "foreign: rsyslogd stops within 5 s" stops_in_5
is "foreign: said once" "$(complaints)" 1
is "foreign: not a byte has changed" "$(cksum <"$database")" "$sum"
database=$lab/db/saslban.db
sqlite3 "$database" 'PRAGMA journal_mode=delete; PRAGMA user_version=999' \
	>/dev/null
sum=$(cksum <"$database")
setup
rsyslog_start
ok "newer: says so" heard 'version 999.*newer'
rsyslog_stop
is "newer: not a byte has changed" "$(cksum <"$database")" "$sum"
done_testing
