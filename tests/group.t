#!/bin/sh
# group: what a member of the database's group can do, who may read it and may
# write neither to it nor to its directory: with a writer that lives, with none,
# and with one that was killed.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

group=4711
mkdir "$lab/var"
database=$lab/var/saslban.db
. "$srcdir/tests/ctl.sh"
home=$lab/home
mkdir "$home"
chown 65534:65534 "$home"
echo 192.0.2.200 >"$lab/list"
guess 192.0.2.200 >"$lab/mail.log"
chmod 644 "$lab/list" "$lab/mail.log"
cp -r "$srcdir/filter.d" "$lab/filter.d"
chmod -R a+rX "$lab/filter.d"

# What saslbanctl(8), SECURITY CONSIDERATIONS, has an admin do.
grant() {
	chgrp "$group" "$lab/var" "$database"*
	chmod 750 "$lab/var"
	chmod 640 "$database"
}
# as GROUP ARGUMENT...
as() {
	as_group=$1
	shift
	(cd "$home" && setpriv --reuid=65534 --regid=65534 --groups "$as_group" \
		"$ctl" -d "$database" "$@") >"$out" 2>"$err" </dev/null
	status=$?
}
# reads STATE: all verbs that only read, with the status that each ends with: no
# engine runs, and the kernel may not be asked.
reads() {
	while IFS='|' read -r want call; do
		# shellcheck disable=SC2086 # a list of arguments
		as "$group" $call
		is "$1: '$call'" "$status" "$want"
		ok "$1: '$call' answers" [ -s "$out" ]
		unlike "$1: '$call': no word of the database" "$(cat "$err")" \
			"'$database"
	done <<-EOT
		4|status
		0|list
		0|list --all --csv
		1|list --kernel
		0|show 192.0.2.1
		0|show bob
		0|explain 192.0.2.1
		0|explain bob
		0|top
		0|report --since 30d
		0|export
		0|allow list
		0|rules
		0|simulate --policy @sasl --path $lab/filter.d --filter postfix $lab/mail.log
		0|backup copy
		0|prune bob --dry-run
		0|metrics
		2|doctor
	EOT
}
# refused STATE: all verbs that write.
refused() {
	while read -r call; do
		before=$(sql '.dump' | cksum)
		# shellcheck disable=SC2086 # a list of arguments
		as "$group" $call
		is "$1: '$call'" "$status" 1
		says "$1: '$call'" "^saslbanctl: cannot write to '$database': no permission"
		is "$1: '$call' has done nothing" "$(sql '.dump' | cksum)" "$before"
	done <<-EOT
		ban 192.0.2.201 --jail sasl
		ban --file $lab/list --jail sasl
		unban 192.0.2.1
		unban --all --jail sasl
		import --jail sasl --for 1h $lab/list
		import --dry-run --jail sasl --for 1h $lab/list
		sync
		allow add 192.0.2.202
		allow del 192.0.2.202
		learn --jail sasl --path $lab/filter.d --filter postfix $lab/mail.log
		prune bob
	EOT
}

# ---- nobody has it open ----

fresh
grant
is "closed: it is one file" "$(cd "$lab/var" && echo saslban.db-[ws]*)" \
	'saslban.db-[ws]*'
reads closed
is "closed: nothing was left" "$(cd "$lab/var" && echo saslban.db-[ws]*)" \
	'saslban.db-[ws]*'
refused closed
as 65534 list
is "closed: who is no member" "$status" 1
says "closed: who is no member" "'$database'"

# ---- a writer lives ----

lock
printf 'COMMIT; UPDATE jail SET seen = seen; BEGIN IMMEDIATE;\n.print again\n' >&9
soon grep -q again "$lab/answers"
is "a writer: its log has the group and the mode" \
	"$(stat -c '%g %a' "$database-wal" "$database-shm" | uniq)" "$group 640"
reads 'a writer'
# What saslbanctl(8) warns of: whoever may read may lock.
printf 'COMMIT;\n.print free\n' >&9
ok "the writer is idle" soon grep -q free "$lab/answers"
mkfifo "$lab/hold"
setpriv --reuid=65534 --regid=65534 --groups "$group" perl -e '
	use Fcntl;
	open(my $file, "<", $ARGV[0] . "-shm") or die;
	my $lock = pack("s s x4 q q l x4", F_RDLCK, 0, 120, 8, 0); # struct flock
	fcntl($file, F_SETLK, $lock) or die "$!";
	$| = 1;
	print "held\n";
	<STDIN>' "$database" <"$lab/hold" >"$lab/holder" &
holder=$!
exec 8>"$lab/hold"
ok "a member locks" soon grep -q held "$lab/holder"
ends "a member locks: nobody writes" 1 ban 192.0.2.203 --jail sasl
says "a member locks" 'another program is writing'
exec 8>&-
wait "$holder"
unlock
refused 'a writer was there'

# ---- a writer was killed ----

lock
printf "COMMIT; UPDATE offense SET why = 'in the log' WHERE ended IS NULL;\n.print again\n" >&9
soon grep -q again "$lab/answers"
kill -KILL "$lab_locker"
unlock 2>/dev/null
ok "killed: its log is there" [ -s "$database-wal" ]
reads killed
as "$group" list
like "killed: what is in the log is read" "$(cat "$out")" 'in the log'
cp "$database-wal" "$lab/kept"
rm "$database-shm"
as "$group" list
is "killed, and no -shm" "$status" 1
says "killed, and no -shm" "its log '$database-wal' is in use .*run as root"
ends "root reads it" 0 list

# ---- the module runs ----

fresh
rm -f "$database"*
conf </dev/null
rsyslog_start
ok "the module runs" heard ': started: '
grant
rsyslog_stop
: >"$lab/said"
rsyslog_start # what it makes anew gets the group by itself
ok "and again" heard ': started: '
three 198.51.100.1 | say
ok "somebody is banned" soon banned 198.51.100.1
is "it still has the group" "$(stat -c '%g %a' "$database"* | uniq)" "$group 640"
as "$group" status
is "a member sees the kernel's sets are not to be asked: status 5" "$status" 5
like "and that the engine runs" "$(cat "$out")" '^sasl: enforces, engine wrote'
as "$group" list
like "he sees who is banned" "$(cat "$out")" '^198\.51\.100\.1 '
as "$group" show 198.51.100.1
is "and what is known of him" "$status" 0
as "$group" unban 198.51.100.1
is "he lifts nothing" "$status" 1
says "he lifts nothing" "^saslbanctl: cannot write to '$database'"
ok "rsyslogd ends" rsyslog_stop
as "$group" list
like "he sees it when rsyslogd has ended" "$(cat "$out")" '^198\.51\.100\.1 '
done_testing
