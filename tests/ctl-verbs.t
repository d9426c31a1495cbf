#!/bin/sh
# ctl-verbs: every verb on a database that has nothing, that is being written,
# or that cannot be used: the exit status, and the first line that is printed.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/ctl.sh"
ip link set lo up # doctor asks a name

directory=$lab/db
database=$directory/saslban.db
mkdir "$directory"
: >"$lab/log"
echo 198.51.100.66 >"$lab/list"
chmod 644 "$lab/log" "$lab/list"
filters=$lab/filter.d
cp -R "$srcdir/filter.d" "$filters"

# Two databases: one with a jail and nothing else, and the same with a ban of
# 198.51.100.7, a failure of bob's, and 192.0.2.9 in the allow list.
fresh
sql "PRAGMA foreign_keys = ON; DELETE FROM failure; DELETE FROM offense;
	DELETE FROM entry; DELETE FROM filter; DELETE FROM rule;
	DELETE FROM jail WHERE name = 'rbl'; VACUUM;
	PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
cp "$database" "$lab/empty.db"
fresh
sql "PRAGMA foreign_keys = ON; DELETE FROM failure WHERE user <> 'bob';
	DELETE FROM offense; DELETE FROM entry;
	DELETE FROM jail WHERE name = 'rbl'"
ctl ban 198.51.100.7
ctl allow add 192.0.2.9
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp "$database" "$lab/some.db"

# put NAME: that database, in a directory of its own.
put() {
	chmod 755 "$directory"
	rm -rf "$directory"
	mkdir -m 755 "$directory"
	cp "$lab/$1.db" "$database"
	chmod 644 "$database"
}

# call WORDS: of the table, with its LOG, LIST and FILTERS put in.
call() {
	call_words=$(echo "$1" | sed "s,LOG,$lab/log,; s,LIST,$lab/list,
		s,FILTERS,--path $filters,")
	# shellcheck disable=SC2086 # lists of arguments
	$as "$ctl" -d "$database" $call_words >"$out" 2>"$err" </dev/null
	status=$?
}
nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
as=

# first: the first line of what was said, else of what was printed, with
# times replaced.
first() {
	[ -s "$err" ] && first_of=$err || first_of=$out
	sed -E -n '1{s/^saslbanctl: //; s/  +/ /g
		s/20..-..-.. ..:..(:..)?/TIME/g; s/-20[0-9]*T[0-9]*Z/-TIME/
		s,'"$database"'($|[^-]),DB\1,g; s,'"$lab"',LAB,g; p}' "$first_of"
}

# answers STATE CALL STATUS LINE [silent]: a line may end in three dots; and with --json the same, with a document or
# nothing on standard output.
answers() {
	call "$2"
	case $4 in
	*...) is "$1: '$2'" "$status $(first | cut -c "1-$((${#4} - 3))")..." \
		"$3 $4" ;;
	*) is "$1: '$2'" "$status $(first)" "$3 $4" ;;
	esac
	[ -s "$err" ] && is "$1: '$2': one line" "$(grep -c . "$err")" 1
	[ -z "$5" ] || is "$1: '$2': prints nothing" "$(cat "$out")" ""
	has_json "${2%% *}" || return 0
	call "$2 --json"
	is "$1: '$2 --json'" "$status" "$3"
	if [ -n "$5" ]; then
		is "$1: '$2 --json': prints nothing" "$(cat "$out")" ""
	else
		ok "$1: '$2 --json': JSON or nothing" jq . "$out"
		# What went well has an answer; test has one for each line.
		[ "$status" -ne 0 ] || [ "${2%% *}" = test ] || ok "$1: '$2 --json': it is there" \
			jq -es 'length > 0' "$out"
	fi
}
has_json() {
	"$ctl" "$1" --help | grep -q -e '--json  '
}

# ---- with a jail alone, and while another program writes ----

# CALL|STATUS|LINE with a jail alone|STATUS|LINE of the other while it writes.
cat >"$lab/calls" <<'EOT'
status|4|database DB, 1 jail|4|database DB, 1 jail
list|0|no bans running|0|ADDRESS JAIL STRIKE SINCE LEFT FAILURES DROPPED STATE WHY
show 198.51.100.7|3|no ban and no failure of '198.51.100.7' is known|0|198.51.100.7
explain 198.51.100.7|3|nothing is known of '198.51.100.7'|0|198.51.100.7
top|0|no attempts since TIME|0|ADDRESS ATTEMPTS ACCOUNTS BANS STRIKE BANNED FIRST LAST
report|0|saslban: TIME to TIME (30d)|0|saslban: TIME to TIME (1h)
ban 198.51.100.8|1|recorded, but not in force: cannot add to set 'saslban4': there is no such set...|1|cannot write to 'DB': another program is writing
unban 198.51.100.7|3|'198.51.100.7' is not banned|1|cannot write to 'DB': another program is writing
export|0||0|198.51.100.7
import LIST|0|jail 'sasl' has no engine that puts bans into the kernel; rsyslogd does when...|1|cannot write to 'DB': another program is writing
sync|0|saslban4: 0 entries, nothing to add|1|cannot write to 'DB': another program is writing
allow|0|the allow list is empty|0|ADDRESS SINCE LEFT BY COMMENT
allow add 198.51.100.8|0|allowed 198.51.100.8 forever; bans lifted: 0|1|cannot write to 'DB': another program is writing
allow del 192.0.2.9|3|'192.0.2.9' is not in the allow list|1|cannot write to 'DB': another program is writing
rules|0|no rules: no engine has run with this database yet|0|JAIL FILTER RULE KIND HITS OVERRUNS FIRST LAST
test FILTERS LOG|0|filters: postfix, dovecot (51 rules)|0|filters: postfix, dovecot (51 rules)
simulate FILTERS LOG|0|policy jail 'sasl' of 'DB'|0|policy jail 'sasl' of 'DB'
learn FILTERS LOG|0|learned 0 pairs|1|cannot write to 'DB': another program is writing
backup|0|LAB/db/backup/saslban.db-TIME|0|LAB/db/backup/saslban.db-TIME
prune bob|3|nothing of it is stored|1|cannot write to 'DB': another program is writing
prune --jail sasl --dry-run|0|would forget: jail 'sasl', 0 failures, 0 bans, 0 breaches|1|jail 'sasl' has 1 ban in force, and stays; 'saslbanctl unban --all --jail sasl' lifts them
doctor|2|ok database 'DB', 1 jail|2|ok database 'DB', 1 jail
metrics|0|# HELP saslban_build_info The version of saslbanctl; always 1.|0|# HELP saslban_build_info The version of saslbanctl; always 1.
filter FILTERS postfix|0|reads the lines of postfix*/smtpd postfix*/postscreen|0|reads the lines of postfix*/smtpd postfix*/postscreen
completion zsh|0|#compdef saslbanctl|0|#compdef saslbanctl
help|0|usage: saslbanctl [-d DATABASE] [VERB] [--json] ...|0|usage: saslbanctl [-d DATABASE] [VERB] [--json] ...
EOT
while IFS='|' read -r words ends line _; do
	put empty
	answers "a jail alone" "$words" "$ends" "$line" ''
done <"$lab/calls"
put some
ok "another program writes" lock
while IFS='|' read -r words _ _ ends line; do
	answers "locked" "$words" "$ends" "$line" ''
done <"$lab/calls"
unlock

is "every verb has its rows" "$(cut -d '|' -f 1 "$lab/calls" | cut -d ' ' -f 1 |
	sort -u)" "$("$ctl" --help | sed -n '/^$/,/^$/s/^  \([a-z]*\) .*/\1/p' |
	sort)"

# ---- one that cannot be used ----

# What it is to each verb, STATE|CALL|STATUS|LINE; what is not here refuses:
# status 1, the line of the state, nothing printed, nothing made.
cat >"$lab/others" <<'EOT'
any|test FILTERS LOG|0|filters: postfix, dovecot (51 rules)
any|filter FILTERS postfix|0|reads the lines of postfix*/smtpd postfix*/postscreen
any|completion zsh|0|#compdef saslbanctl
any|help|0|usage: saslbanctl [-d DATABASE] [VERB] [--json] ...
missing|simulate FILTERS LOG|0|policy the defaults (no database at 'DB')
damaged|simulate FILTERS LOG|0|policy the defaults (cannot open 'DB': it is damaged...
old|simulate FILTERS LOG|0|policy the defaults ('DB' has version 3 and is not readable...
closed|simulate FILTERS LOG|0|policy the defaults (cannot open 'DB': Permission denied)
missing|doctor|2|fail database no database at 'DB'...
damaged|doctor|2|fail database cannot open 'DB'...
old|doctor|2|fail database 'DB' has version 3...
closed|doctor|1|skip database cannot open 'DB'...
EOT

# made: what is there, but for what SQLite puts beside a database to read it.
made() {
	find "$directory" ! -name '*-wal' ! -name '*-shm' | sort
}

# refuses STATE LINE: all the others.
refuses() {
	refuses_made=$(made)
	while IFS='|' read -r words _; do
		other=$(grep "^$1|$words|\|^any|$words|" "$lab/others")
		if [ -n "$other" ]; then
			other=${other#*|*|}
			answers "$1" "$words" "${other%%|*}" "${other#*|}" ''
			continue
		fi
		answers "$1" "$words" 1 "$2" silent
	done <"$lab/calls"
	is "$1: nothing was made" "$(made)" "$refuses_made"
}

put empty
rm "$database"
refuses missing "no database at 'DB'; rsyslogd makes it when it starts with omsaslban, -d names another"
put empty
dd if=/dev/urandom of="$database" bs=4096 seek=1 count=200 conv=notrunc \
	2>/dev/null
refuses damaged "cannot open 'DB': it is damaged; rsyslogd sets it aside and begins a new one"
put empty
sql 'PRAGMA user_version = 3'
refuses old "'DB' has version 3 and is not readable before rsyslogd has brought it to 4: start rsyslogd with the new module"
put empty
chmod 700 "$directory"
as=$nobody
refuses closed "cannot open 'DB': Permission denied"
as=

done_testing
