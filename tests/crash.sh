# shellcheck shell=sh
# crash: the body of tests/crash.t and tests/campaign-crash.
#
# rsyslogd is killed with -9 at random moments of an attack, again and again,
# while saslbanctl bans and pardons; now and then the sets are lost as well.
# After each start, with the attack paused, everything is judged from outside,
# by the database and the dumps of the sets alone:
#
#   once     a name that was sent once is counted once at most in each jail,
#            and nothing is recorded that was not sent; failures that came
#            too late are one row per address and hour. (A line that rsyslogd had
#            taken and not recorded is lost with it: its queues are in memory.
#            With a queue on disk it may deliver the last batch again; that is
#            its doing, and not tried here.)
#   kept     what was in the database before the kill is in it afterwards
#   strikes  the strikes of an address are 1, 2, 3 ... in each jail; a pardoned
#            one is given again; no two of its bans run at the same time
#   in force within five seconds of the start, every running ban is in the set
#            with the time that it has left, and the database knows it; nothing
#            else is in the set
#   whole    integrity_check and foreign_key_check find nothing
#
# Two jails share a database and a set: what the kernel has of an address is
# the longest of their bans.
#
# Wants: KILLS, and enforcer as lab.sh has it. CRASH_SEED repeats the choices of
# another run (the moments themselves are the machine's). CRASH_KEEP names a
# directory for what is left of a run that failed.
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

crash_seed=${CRASH_SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
crash_next=1 # the number of the next name
crash_rate=20000

# random N: 0 to N - 1, in $random. In the shell: no subshell would keep it.
random() {
	crash_seed=$(((crash_seed * 1103515245 + 12345) % 2147483648))
	random=$((crash_seed / 65536 % $1))
}

query() { # SQL
	sqlite3 -cmd '.timeout 5000' "$database" "$1" 2>&1
}

# Who is not as the database says; nothing when all is well. Long bans are
# put in with the kernel's longest timeout, and a ban that ends in this very
# second may be in or out.
differences() { # errors are differences, too
	held >"$lab/held"
	sqlite3 -cmd '.timeout 5000' "$database" 2>&1 <<-EOF
	CREATE TEMP TABLE held (address TEXT PRIMARY KEY, left INTEGER);
	.mode csv
	.import $lab/held held
	.mode list
	CREATE TEMP TABLE now AS SELECT unixepoch() AS t;
	CREATE TEMP TABLE runs AS
	  SELECT address, max(coalesce(until, 9223372036854775807)) AS until
	  FROM offense, now WHERE ended IS NULL AND lifted IS NULL
	    AND (until IS NULL OR until > t) GROUP BY address;
	SELECT 'not in the set: ' || address || ' for ' || (until - t)
	  FROM runs, now WHERE until > t + 1
	    AND address NOT IN (SELECT address FROM held);
	SELECT 'wrong time: ' || address || ' has ' || left || ', not '
	  || (until - t) FROM runs JOIN held USING (address), now
	  WHERE until - t < 2147000 AND abs(until - t - left) > 3
	    OR until - t >= 2147000 AND left < 2140000;
	SELECT 'not noted: ' || address || ' is held for ' || left
	  || ', known for ' || coalesce(e.held - t, 'nothing')
	  FROM runs JOIN held USING (address) LEFT JOIN entry e USING (address),
	    now
	  WHERE until > t + 1
	    AND (e.held IS NULL OR abs(e.held - t - left) > 3);
	SELECT 'wanted for ' || (e.wanted - t) || ', not ' || (until - t)
	  || ': ' || address FROM runs JOIN entry e USING (address), now
	  WHERE until > t + 1 AND e.wanted <> until;
	SELECT 'nobody bans: ' || address || ' for ' || left FROM held
	  WHERE address NOT IN (SELECT address FROM offense, now
	    WHERE lifted IS NULL AND (ended IS NULL OR ended = until)
	      AND (until IS NULL OR until > t - 3));
	EOF
}

settled() {
	[ -z "$(differences)" ]
}

# Rows that must not be; each is a sentence.
wrong_rows() {
	query "
	SELECT 'recorded ' || count(*) || ' times: ' || user FROM failure
	  WHERE verdict NOT IN ('late', 'old') GROUP BY user, jail HAVING count(*) > 1;
	SELECT 'more failures than lines: ' || sum(count) FROM failure
	  GROUP BY jail HAVING sum(count) >= $crash_next;
	SELECT 'not folded: ' || address FROM failure
	  WHERE verdict IN ('late', 'old')
	  GROUP BY jail, address, at / 3600 HAVING count(*) > 1;
	SELECT 'recorded and never sent: ' || user FROM failure
	  WHERE CAST(substr(user, 2) AS INTEGER) >= $crash_next;
	WITH o AS (SELECT *,
	    lag(strike) OVER a AS before, lag(lifted) OVER a AS pardon,
	    lag(coalesce(lifted, ended, until)) OVER a AS over
	  FROM offense WINDOW a AS (PARTITION BY jail, address ORDER BY id))
	SELECT 'strike ' || strike || ' of ' || address || ' after '
	  || coalesce(before, 0) || iif(pardon, ' (pardoned)', '') FROM o
	  WHERE strike <> coalesce(before, 0) + (pardon IS NULL)
	UNION ALL SELECT 'two bans at once: ' || address FROM o
	  WHERE at < over;
	SELECT 'no offense: ' || address || ' has ' || sum(count)
	  || ' counted failures in jail ' || jail FROM failure f
	  WHERE verdict IN ('counted', 'grace') AND NOT EXISTS (SELECT 1 FROM offense o
	    WHERE o.address = f.address AND o.jail = f.jail)
	  GROUP BY jail, address HAVING sum(count) >= 3;
	SELECT 'not whole: ' || integrity_check
	  FROM pragma_integrity_check WHERE integrity_check <> 'ok';
	SELECT 'dangling: ' || \"table\" FROM pragma_foreign_key_check;" |
		head -n 20
}

remember() { # what is committed at this moment
	query "SELECT (SELECT count(*) FROM failure) || ' ' ||
		(SELECT max(id) FROM failure) || ' ' ||
		(SELECT count(*) FROM offense) || ' ' ||
		(SELECT max(id) FROM offense)"
}
kept() { # FAILURES TO-ID OFFENSES TO-ID
	is "$crash_title: kept" "$(query "SELECT
		(SELECT count(*) FROM failure WHERE id <= $2) || ' ' ||
		(SELECT count(*) FROM offense WHERE id <= $4)")" "$1 $3"
}

# Somebody with saslbanctl, who is killed with the rest.
meddle() {
	while :; do
		random 500
		crash_who=10.0.$((random / 256)).$((random % 256))
		random 3
		case $random in
		0) "$ctl" -d "$database" unban "$crash_who" ;;
		1) "$ctl" -d "$database" ban "$crash_who" --jail sasl --for 1h ;;
		2) "$ctl" -d "$database" unban "$crash_who" --jail strict ;;
		esac >/dev/null 2>&1
	done
}

lose() { # what may happen to the sets while rsyslogd is down
	random 8
	case $random in
	0 | 1)
		crash_lost="the sets lost"
		lose_sets >/dev/null 2>&1
		;;
	2)
		crash_lost="a set flushed"
		flush saslban4
		;;
	3)
		crash_lost="some entries deleted"
		held | awk -F, 'NR % 3 == 1 { print $1 }' | while read -r who; do
			take_out "$who"
		done
		;;
	*) crash_lost="the sets left" ;;
	esac
}

# Another database from here on: judging one takes longer with each attack.
anew() {
	rm -f "$database"*
	lose_sets >/dev/null 2>&1
	crash_known=
	crash_title="$crash_title, begun anew"
}

# Killed while it reads and restores.
stumble() {
	random 3
	[ "$random" -eq 0 ] || return 0
	random 150
	rsyslog_start || return
	sleep "0.$(printf %03d "$random")"
	kill -9 "$rsyslog_job"
	wait "$rsyslog_job" 2>/dev/null
	crash_title="$crash_title, killed at its start"
}

# One start and what has come of it.
judge() {
	rsyslog_start || return
	crash_since=$(date +%s%N)
	ok "$crash_title: in force within 5 s" wait_for 5 settled
	[ $tap_status -eq 0 ] || differences | head -n 20 | sed 's/^/# /'
	crash_took=$((($(date +%s%N) - crash_since) / 1000000))
	[ "$crash_took" -le "$crash_most" ] || crash_most=$crash_took
	is "$crash_title: once, strikes, whole" "$(wrong_rows)" ""
	# shellcheck disable=SC2086 # four numbers
	[ -z "$crash_known" ] || kept $crash_known
}

attack_and_kill() {
	"$builddir/tests/stream" 5140 "$crash_next" 0 2000 $crash_rate \
		>"$lab/sent" 2>/dev/null &
	crash_stream=$!
	meddle &
	crash_meddler=$!
	random 1000
	sleep "0.$(printf %03d "$random")"
	crash_known=
	random 2
	[ "$random" -eq 1 ] || crash_known=$(remember)
	kill -9 "$rsyslog_job" "$crash_meddler"
	wait "$rsyslog_job" "$crash_meddler" "$crash_stream" 2>/dev/null
	[ ! -s "$lab/sent" ] || crash_next=$(cat "$lab/sent")
}

crash_campaign() {
	crash_most=0
	crash_known=
	crash_enforcer=${enforcer:+"enforcer=\"$enforcer\""}
	crash_title="at first"
	diag "seed $crash_seed"
	lab_up
	conf 'name="sasl" set="saslban" maxretry="3" forget="0"
	      bantime=["2s", "5s", "1h", "32d"]' <<-EOF
	action(type="omsaslban" database="$database" name="strict"
	       set="saslban" $crash_enforcer
	       maxretry="2" bantime=["1s", "3s", "2h"] forget="0"
	       findtime="1h" network.hosts="0" account.hosts="0"
	       filter.path="$srcdir/filter.d")
	EOF
	crash_i=0
	while [ $crash_i -lt "$KILLS" ]; do
		[ $((crash_i % 40)) -ne 39 ] || anew
		stumble
		judge || break
		attack_and_kill
		lose
		crash_i=$((crash_i + 1))
		crash_title="kill $crash_i, $crash_lost"
	done
	judge
	diag "$crash_i kills; $(query "SELECT count(*) || ' failures, ' ||
		(SELECT count(*) || ' offenses up to strike ' || max(strike) ||
		 ', ' || sum(lifted IS NOT NULL) || ' pardoned' FROM offense)
		FROM failure") recorded; $((crash_next - 1)) lines sent;" \
		"in force after $crash_most ms at most"
	ok "rsyslogd stops" rsyslog_stop
	ok "the attack was one: strikes" test \
		"$(query 'SELECT max(strike) FROM offense')" -ge 2
	[ $tap_bad -eq 0 ] || [ -z "${CRASH_KEEP:-}" ] ||
		cp -a "$lab" "$CRASH_KEEP"
	done_testing
}
