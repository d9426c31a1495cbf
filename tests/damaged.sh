# shellcheck shell=sh
# damaged: the body of tests/damaged.t and tests/nft-damaged.t. The database is
# damaged while rsyslogd runs and while it does not. The sets hold what they
# held, what they hold is known again, new guessers are banned, and the damaged
# file is kept.
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

query() { # SQL
	sqlite3 -cmd '.timeout 5000' "$database" "$1" 2>&1
}

# spoil FIRST [LAST]: pages of the database, counted from 0.
spoil() {
	damaged_end=$(($(stat -c %s "$database") / 4096 - 1))
	dd if=/dev/urandom of="$database" bs=4096 seek="$1" conv=notrunc \
		count=$((${2:-$damaged_end} - $1 + 1)) 2>/dev/null
}
fold() { # all that the log holds is in the file
	query 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
}
kept() {
	find "$lab/db" -regex '.*/saslban\.db\.corrupt-[0-9TZ]*' | wc -l
}
# What the sets hold, but for how long.
who() {
	held | sed 's/,.*//' | sort
}
known() {
	"$ctl" -d "$database" list --json 2>/dev/null |
		grep -q "\"$1\""
}
listed() { # how many bans run
	query "SELECT count(*) FROM offense WHERE ended IS NULL
		AND lifted IS NULL"
}
listed_is() {
	[ "$(listed)" = "$1" ]
}
# still ADDRESS...: each is in its set.
still() {
	for damaged_one; do
		banned "$damaged_one" || return
	done
}
begin() { # and what it has said before is forgotten
	: >"$lab/said"
	rsyslog_start
}
renewed() { # TIMES
	[ "$(kept)" -ge "$1" ]
}
# One who is banned: what he does while the database is replaced waits, and is
# made up for.
attack() {
	three "$1" | say
	soon banned "$1"
}

damaged_run() {
	lab_up
	mkdir "$lab/db"
	database=$lab/db/saslban.db
	conf 'name="sasl"' <<-EOT
	action(type="omsaslban" database="$database" name="strict" maxretry="2"
	       findtime="1h" bantime="1h" network.hosts="0" account.hosts="0"
	       enforcer="${enforcer:-ipset}"
	       filter.path="$srcdir/filter.d")
	EOT
	rsyslog_start
	for damaged_i in 1 2 3 4 5; do
		three "198.51.100.$damaged_i"
	done | say
	three 2001:db8:8000::1 | say
	ok "bans, before" soon still 198.51.100.5 2001:db8:8000::1
	ok "of both jails" soon listed_is 12
	rsyslog_stop

	# ---- while it does not run ----
	before=$(who)
	fold
	spoil 1
	rsyslog_start
	ok "stopped: it is said" heard 'DATABASE.*WAS DAMAGED and is kept as'
	is "stopped: one jail has done it" "$(kept)" 1
	ok "stopped: all bans are known again" soon listed_is 12
	is "stopped: the sets hold what they held" "$(who)" "$before"
	is "stopped: whose they are" "$(query "SELECT count(*) FROM offense
		WHERE ground = 'found' AND strike = 1")" 12
	ok "stopped: a new guesser is banned" attack 198.51.100.6
	is "stopped: it was damaged once" "$(kept)" 1
	rsyslog_stop

	# ---- while it runs ----
	begin
	ok "running: it has begun" heard ': started: '
	fold
	spoil 1
	ok "running: a new guesser is banned" attack 198.51.100.7
	ok "running: it is noticed" soon renewed_or_ask 2
	ok "running: the next one, too" attack 198.51.100.8
	ok "running: the others are still" still 198.51.100.1 198.51.100.5 \
		198.51.100.6 198.51.100.7 2001:db8:8000::1
	ok "running: and known" soon known 198.51.100.5
	is "running: the damaged file is kept, too" "$(kept)" 2
	rsyslog_stop
	is "running: whole again" "$(query 'PRAGMA integrity_check')" ok

	# ---- its header, with a backup ----
	ok "backup: it is made" "$ctl" -d "$database" backup
	before=$(who)
	fold
	spoil 0 0
	begin
	ok "backup: it is said" heard 'going on with the backup'
	ok "backup: it has begun" heard ': started: '
	is "backup: the sets hold what they held" "$(who)" "$before"
	is "backup: and failures are known" "$(query "SELECT count(*) > 0
		FROM failure WHERE host = '198.51.100.8'")" 1
	rsyslog_stop

	# ---- killed, again and again ----
	fold
	spoil 1
	for damaged_i in 1 2 3 4 5 6 7 8; do
		"$rsyslogd" -n -i "$lab/pid" -f "$lab/conf" </dev/null \
			>>"$lab/stderr" 2>&1 &
		damaged_job=$!
		sleep "0.0$damaged_i"
		kill -KILL "$damaged_job"
		wait "$damaged_job" 2>/dev/null
	done
	rsyslog_start
	ok "killed: a new guesser is banned" attack 198.51.100.9
	ok "killed: nobody was let in" still 198.51.100.1 198.51.100.5 \
		198.51.100.6 198.51.100.7 198.51.100.8 2001:db8:8000::1
	ok "killed: and all are known" soon known 198.51.100.1
	rsyslog_stop
	is "killed: whole" "$(query 'PRAGMA integrity_check')" ok
	is "killed: nothing is left of it" "$(find "$lab/db" -name '*renew*')" ""
	done_testing
}

# What is in memory of the file hides the damage until somebody has written.
renewed_or_ask() { # TIMES
	renewed "$1" && return
	query "INSERT INTO learning VALUES (1, 1)" >/dev/null
	guess "203.0.113.$((damaged_asked = ${damaged_asked:-0} + 1))" | say
	renewed "$1"
}
