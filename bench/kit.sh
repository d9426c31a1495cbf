# shellcheck shell=sh
# kit: what the rows of the table share. Source it first of all.
#
# A row is a program, run-NAME. It prints figures, one a line, and nothing else:
#
#	KEY<TAB>NUMBER<TAB>UNIT
#
# A figure that is measured several times is printed several times; the table
# takes the median. The database is on a disk: build/bench.
#
# BENCH_QUICK in the environment: everything is shorter, and says little.

srcdir=$(cd "$(dirname "$0")/.." && pwd)
builddir=${builddir:-$srcdir/build}
mkdir -p "$builddir/bench"
TMPDIR=$builddir/bench
export srcdir builddir TMPDIR
. "$srcdir/tests/lab.sh"

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}
[ -x "$builddir/bench/latency" ] ||
	die "bench/run, or 'make -C build bench-programs', comes first"

# pick FULL QUICK
pick() {
	[ -z "${BENCH_QUICK:-}" ] && echo "$1" || echo "$2"
}
figure() { # KEY NUMBER UNIT
	printf '%s\t%s\t%s\n' "$1" "$2" "$3"
}
# Times in nanoseconds; since is in milliseconds.
now() {
	date +%s%N
}
since() {
	echo $((($(now) - $1) / 1000000))
}
ratio() { # A B: with three decimals
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'
}
# until_true SECONDS COMMAND...: as wait_for, and looks more often.
until_true() {
	kit_end=$(($(date +%s) + $1))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt $kit_end ] || return 1
		sleep 0.005
	done
}
cpu_us() { # PID: what it has used, in microseconds
	sed 's/.*) //' "/proc/$1/stat" |
		awk -v hz="$(getconf CLK_TCK)" '{ printf "%.0f", ($12 + $13) * 1e6 / hz }'
}
rss_kb() { # PID
	awk '/^VmRSS/ { print $2 }' "/proc/$1/status"
}
query() {
	sqlite3 -cmd '.timeout 10000' "$database" "$1"
}

# ---- sets ----

# sets ENTRIES: those of the jail, empty, with room for so many.
sets() {
	for kit_set in saslban saslban4 saslban6; do
		soon lab_lose $kit_set
	done
	sed "s/maxelem [0-9]*/maxelem $(($1 * 2 + 65536))/" \
		"$srcdir/ipset/saslban.sets" | ipset restore
}
entries() { # SET...: how many are in them
	for kit_set; do
		ipset list -t "$kit_set" 2>/dev/null
	done | awk '/^Number of entries/ { n += $4 } END { print n + 0 }'
}
hold() { # COUNT SET...: at least so many
	kit_count=$1
	shift
	[ "$(entries "$@")" -ge "$kit_count" ]
}
# all_held: the engine has nothing left to add.
all_held() {
	[ "$(query "SELECT count(*) FROM (SELECT 1 FROM entry
		WHERE held = 0 AND wanted <> 0 LIMIT 1)")" = 0 ]
}

# ---- rsyslogd ----

# launch: without waiting for anything.
launch() {
	rm -f "$socket"
	"$rsyslogd" -n -i "$lab/pid" -f "$lab/conf" \
		</dev/null >>"$lab/stderr" 2>&1 &
	rsyslog_job=$!
}
fresh() { # nothing recorded, nothing said
	rm -f "$database"* "$lab/said" "$lab/stderr"
}
dropped() {
	cat "$lab/said" "$lab/stderr" 2>/dev/null | sort -u |
		sed -n 's/.*queue was full, \([0-9]*\) failures.*/\1/p' |
		awk '{ n += $1 } END { print n + 0 }'
}

# ---- fail2ban: unpacked, never installed ----

# It looks up this host's names when it starts. Nobody answers here; on the
# loopback that is known at once.
echo 'nameserver 127.0.0.1' >"$lab/resolv.conf"
mount -n --bind "$lab/resolv.conf" "$(readlink -f /etc/resolv.conf)"
mail_log=$lab/mail.log
fail2ban_root=${FAIL2BAN_ROOT:-$builddir/fail2ban}
# Debian's, for which its package is.
python=/usr/bin/python3

# fail2ban_conf: its own configuration, and the two jails that do what ours
# does, with an ipset each. RETRY: after so many failures.
fail2ban_conf() {
	[ -d "$fail2ban_root/etc/fail2ban" ] ||
		die "no fail2ban in '$fail2ban_root': tools/prepare --tests" \
			"unpacks it"
	rm -rf "$lab/fail2ban" "$lab/fail2ban.db"
	cp -r "$fail2ban_root/etc/fail2ban" "$lab/fail2ban"
	rm -f "$lab"/fail2ban/jail.d/*.conf # Debian's jail for sshd
	cat >"$lab/fail2ban/fail2ban.local" <<-END
	[DEFAULT]
	logtarget = $lab/fail2ban.log
	socket = $lab/fail2ban.sock
	pidfile = $lab/fail2ban.pid
	dbfile = $lab/fail2ban.db
	END
	cat >"$lab/fail2ban/jail.local" <<-END
	[DEFAULT]
	banaction = iptables-ipset-proto6
	maxretry = $1
	findtime = 1h
	bantime = 48h
	[postfix-sasl]
	enabled = true
	logpath = $mail_log
	[dovecot]
	enabled = true
	logpath = $mail_log
	END
	: >"$mail_log"
}
fail2ban_run() { # PROGRAM ARGUMENT...
	kit_program=$1
	shift
	PYTHONPATH=$fail2ban_root/usr/lib/python3/dist-packages \
		"$python" "$fail2ban_root/usr/bin/$kit_program" \
		-c "$lab/fail2ban" -s "$lab/fail2ban.sock" \
		-p "$lab/fail2ban.pid" "$@"
}
fail2ban_launch() {
	PYTHONPATH=$fail2ban_root/usr/lib/python3/dist-packages \
		"$python" "$fail2ban_root/usr/bin/fail2ban-server" \
		-c "$lab/fail2ban" -s "$lab/fail2ban.sock" \
		-p "$lab/fail2ban.pid" -f start \
		</dev/null >>"$lab/fail2ban.out" 2>&1 &
	fail2ban_job=$!
}
fail2ban_start() {
	fail2ban_launch
	soon fail2ban_listens || {
		cat "$lab/fail2ban.out" >&2
		die "fail2ban does not start"
	}
}
# Both jails watch the file.
fail2ban_listens() {
	fail2ban_run fail2ban-client status dovecot &&
		fail2ban_run fail2ban-client status postfix-sasl
}
# Its own word for how it learns of a change of the file.
fail2ban_backend() {
	sed -n "s/.*Jail 'postfix-sasl' uses \([a-z]*\).*/\1/p" \
		"$lab/fail2ban.log" | tail -n 1
}
# It would lift each ban by a program of its own: it has nothing to tidy up,
# the namespace ends with the row.
fail2ban_stop() {
	kill -KILL "$fail2ban_job"
	wait "$fail2ban_job" 2>/dev/null
	rm -f "$lab/fail2ban.sock" "$lab/fail2ban.pid"
	for kit_set in f2b-postfix-sasl f2b-dovecot; do
		ipset -q flush $kit_set || :
	done
}
# guesses COUNT EACH: of so many addresses in a log file, each EACH times.
guesses() {
	awk -v stamp="$(date '+%b %e %H:%M:%S')" -v count="$1" -v each="$2" '
		BEGIN {
			for (e = 0; e < each; e++)
				for (i = 0; i < count; i++)
					printf "%s mail postfix/smtpd[9]: warning: unknown" \
						"[198.%d.%d.%d]: SASL LOGIN authentication " \
						"failed: UGFzc3dvcmQ6\n", stamp, \
						18 + int(i / 62500), int(i / 250) % 250, \
						i % 250 + 1
		}'
}
