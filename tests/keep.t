#!/bin/sh
# keep: saslbanctl backup and prune, on a database that tests/fixture made.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

export TZ=UTC LC_ALL=C.UTF-8
unset SUDO_USER NO_COLOR
out=$lab/out
err=$lab/err
now=$(date +%s)
backups=$lab/backup

fresh() {
	rm -rf "$database"* "$backups"
	"$builddir/tests/fixture" "$database" "$now"
}
ctl() { # ARGUMENT...
	"$ctl" -d "$database" "$@" >"$out" 2>"$err" </dev/null
	status=$?
}
ends() { # TITLE STATUS ARGUMENT...
	title=$1
	want=$2
	shift 2
	ctl "$@"
	is "$title" "$status$(cat "$err")" "$want"
}
files() { # DIRECTORY: their names
	find "$1" -mindepth 1 -printf '%f\n' | sort
}
query() { # SQL [DATABASE]
	sqlite3 "${2:-$database}" "$1"
}
fits() { # SCHEMA: the output does
	python3 - "$srcdir/docs/schema/$1.json" "$out" <<-EOT
	import json, jsonschema, sys
	schema = json.load(open(sys.argv[1]))
	jsonschema.Draft202012Validator.check_schema(schema)
	jsonschema.Draft202012Validator(schema).validate(json.load(open(sys.argv[2])))
	EOT
}

# ---- backup ----
fresh
ends "backup" 0 backup
copy=$(cat "$out")
like "backup: its name" "$copy" "^$backups/saslban\.db-[0-9]{8}T[0-9]{6}Z$"
is "backup: it is whole" "$(query 'PRAGMA integrity_check' "$copy")" ok
is "backup: it has all" "$(query 'SELECT count(*) FROM offense' "$copy")" \
	"$(query 'SELECT count(*) FROM offense')"
is "backup: who may read it" "$(stat -c %a "$copy" "$backups" | xargs)" \
	"640 750"
is "backup: it is one file" "$(files "$backups" | wc -l)" 1
cp "$copy" "$lab/as-database"
"$ctl" -d "$lab/as-database" list >"$out" 2>&1
is "backup: it can be used as a database" $? 0
ends "backup to a file" 0 backup "$lab/copy"
is "backup to a file: there it is" "$(cat "$out")" "$lab/copy"
ends "backup to a file that is there" 0 backup "$lab/copy"
for i in 1 2 3; do
	ctl backup
done
is "backup: four, and none in the place of another" \
	"$(files "$backups" | wc -l)" 4
newest=$(files "$backups" | tail -n 1)
ends "backup --keep --json" 0 backup --keep 2 --json
ok "backup --json: as its schema says" fits backup
is "backup --keep: so many are left" "$(files "$backups" | wc -l)" 2
is "backup --keep: the newest" "$(files "$backups" | head -n 1)" "$newest"
is "backup --keep: and it says how many went" "$(jq .removed "$out")" 3
chown nobody:nogroup "$database"
ends "backup of somebody else's" 0 backup
is "backup: it belongs to whom the database belongs" \
	"$(stat -c %U:%G "$(cat "$out")")" nobody:nogroup
mkdir "$lab/elsewhere"
ends "backup to a directory" 0 backup "$lab/elsewhere"
like "backup to a directory: its name" "$(cat "$out")" \
	"^$lab/elsewhere/saslban\.db-"
ctl backup /nowhere/copy
is "backup to nowhere: status" $status 1
like "backup to nowhere: why" "$(cat "$err")" "cannot create '/nowhere/copy~'"
database=$lab/none.db
ctl backup
is "backup of nothing: status" $status 1
is "backup of nothing: nothing is left" "$(files "$backups" | grep -c none)" 0
database=$lab/saslban.db

# One that is damaged is not taken for a backup, and the last one stays.
ends "a good one" 0 backup "$lab/copy"
sum=$(cksum <"$lab/copy")
query 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
dd if=/dev/urandom of="$database" bs=4096 seek=4 count=20 conv=notrunc \
	2>/dev/null
ctl backup "$lab/copy"
is "backup of a damaged one: status" $status 1
like "backup of a damaged one: why" "$(cat "$err")" 'damaged|malformed'
is "backup of a damaged one: the other stays" "$(cksum <"$lab/copy")" "$sum"
nok "backup of a damaged one: nothing is left" [ -e "$lab/copy~" ]

# ---- prune ----
fresh
rows() { # TABLE CONDITION
	query "SELECT count(*) FROM $1 WHERE $2"
}
running='ended IS NULL AND lifted IS NULL'
all=$(rows failure 1)
mine=$(rows failure "host = '192.0.2.1'")
ok "there are failures" [ "$mine" -gt 0 ]
before=$(rows offense "$running")
ends "prune --dry-run" 0 prune 192.0.2.1 --dry-run
is "prune --dry-run: says what" "$(cat "$out")" \
	"would forget: $mine failures, 1 ban that is over, 0 logins, 0 breaches"
is "prune --dry-run: does nothing" "$(rows failure 1)" "$all"
ends "prune an address" 0 prune 192.0.2.1 --json
ok "prune --json: as its schema says" fits prune
is "prune: so many" "$(jq -c '[.failures, .bans, .dry_run]' "$out")" \
	"[$mine,1,false]"
is "prune: its failures are gone" "$(rows failure "host = '192.0.2.1'")" 0
is "prune: the others are there" "$(rows failure 1)" $((all - mine))
is "prune: what runs goes on" "$(rows offense "$running")" "$before"
ends "prune what is not there" "3saslbanctl: nothing of it is stored" \
	prune 203.0.113.77
user=$(query "SELECT user FROM failure WHERE user <> '' LIMIT 1")
query "UPDATE offense SET why = 'a failure for ''$user'', under attack'
	WHERE id = 1"
ends "prune a user" 0 prune "$user"
is "prune a user: he is gone" \
	"$(rows failure "user = '$user'")$(rows offense "instr(why, 'under')")" \
	00
fresh
query "UPDATE failure SET user = 'unmistakable'
	WHERE id = (SELECT min(id) FROM failure)"
fold() {
	query 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
}
fold
ok "prune: a name is in the file" grep -q unmistakable "$database"
ends "prune: and that user is pruned" 0 prune unmistakable
fold
nok "prune: it is on no free page either" grep -q unmistakable "$database"
left=$(rows failure 1)
old=$(rows failure "at < $now - 1800")
ends "prune --before" 0 prune --before 30m
is "prune --before: what was older" "$(rows failure 1)" $((left - old))
is "prune --before: what runs goes on" "$(rows offense "$running")" "$before"
is "prune: whole" "$(query 'PRAGMA integrity_check')" ok

# ---- prune --jail ----
fresh
lines=$(rows failure 1)
ends "prune --jail: bans in force" "1saslbanctl: jail 'sasl' has 4 bans in force, \
and stays; 'saslbanctl unban --all --jail sasl' lifts them" prune --jail sasl
ends "prune --jail: a ban in force, dry" "1$(cat "$err")" \
	prune --jail sasl --dry-run
ends "prune --jail: no such jail" "3saslbanctl: no jail 'nil' in '$database'; \
there are: rbl, sasl" prune --jail nil
mkfifo "$lab/engine"
"$builddir/tests/fixture" "$database" "$now" rbl <"$lab/engine" \
	>"$lab/begun" &
engine=$!
exec 8>"$lab/engine"
ok "prune --jail: an engine begins" soon [ -s "$lab/begun" ]
ends "prune --jail: with an engine" "1saslbanctl: jail 'rbl' has an engine, and \
stays: take its action out of the configuration and restart rsyslogd" \
	prune --jail rbl
exec 8>&-
wait "$engine"
ends "prune --jail --dry-run" 0 prune --jail rbl --dry-run
is "prune --jail --dry-run: says what" "$(cat "$out")" \
	"would forget: jail 'rbl', 1 failure, 1 ban, 0 breaches"
is "prune --jail --dry-run: does nothing" "$(rows jail 1)" 2
printf 'n\n' | script -qec "$ctl -d $database prune --jail rbl" /dev/null \
	>"$out" 2>&1
like "prune --jail at a terminal: asks" "$(cat "$out")" \
	"forget jail 'rbl', 1 failure, 1 ban, 0 breaches\? \[y/N\]"
is "prune --jail at a terminal: no means no" "$(rows jail 1)" 2
ends "prune --jail" 0 prune --jail rbl --json
ok "prune --jail --json: as its schema says" fits prune
is "prune --jail: what" "$(jq -c '[.jail, .failures, .bans, .dry_run]' "$out")" \
	'["rbl",1,1,false]'
is "prune --jail: it is gone" "$(query 'SELECT name FROM jail')" sasl
id=$(query 'SELECT id FROM jail')
for table in failure offense setting filter rule outbox breach outage; do
	is "prune --jail: nothing is left in $table" \
		"$(rows $table "jail <> $id")" 0
done
is "prune --jail: nor a total" "$(rows total "jail NOT IN (0, $id)")" 0
is "prune --jail: the other has all its failures" "$(rows failure 1)" \
	$((lines - 1))
ctl status --json
is "prune --jail: status knows no more of it" "$(jq -r '.jails[].name' "$out")" \
	sasl
is "prune --jail: whole" "$(query 'PRAGMA integrity_check')" ok

# At a terminal it asks.
fresh
all=$(rows failure 1)
printf 'n\n' | script -qec "$ctl -d $database prune 192.0.2.1" /dev/null \
	>"$out" 2>&1
like "prune at a terminal: asks" "$(cat "$out")" 'forget .*\? \[y/N\]'
is "prune at a terminal: no means no" "$(rows failure 1)" "$all"
done_testing
