# shellcheck shell=sh
# ctl: saslbanctl, called by a test on a database that tests/fixture made, with
# a clock that stands still: what is left of a ban does not depend on how long
# the test takes. The kernel's goes on. Source it behind lab.sh and tap.sh.
#
# Gives: $out and $err, what the last call has printed; $status, how it ended;
# $now, the fixture's moment, where it is not set before.

export TZ=UTC LC_ALL=C.UTF-8
unset SUDO_USER NO_COLOR
chmod 755 "$lab"
out=$lab/out
err=$lab/err
now=${now:-$(date +%s)}
export SASLBAN_CLOCK="$now"

# Copies: the tree may be where only root can look.
cp "$ctl" "$lab/program"
cp "$builddir/tests/.libs/clock.so" "$lab/clock.so"
ctl=$lab/saslbanctl
cat >"$ctl" <<EOT
#!/bin/sh
LD_PRELOAD=$lab/clock.so exec $lab/program "\$@"
EOT
chmod 755 "$ctl"

# fresh: the fixture, anew.
fresh() {
	rm -f "$database" "$database"-wal "$database"-shm
	"$builddir/tests/fixture" "$database" "$now"
	chmod 644 "$database"
}

# ctl ARGUMENT...
ctl() {
	"$ctl" -d "$database" "$@" >"$out" 2>"$err"
	status=$?
}

# ends TITLE STATUS ARGUMENT...: the exit status, nothing on stderr if 0.
ends() {
	ctl_title=$1
	ctl_want=$2
	shift 2
	ctl "$@"
	[ $status -eq 0 ] && [ -s "$err" ] && status="0, with words"
	is "$ctl_title" "$status" "$ctl_want"
}

# says TITLE PATTERN: of the last call, one line on stderr that fits.
says() {
	is "$1: one line" "$(grep -c . "$err")" 1
	like "$1" "$(cat "$err")" "$2"
}

# prints TITLE < TEXT: of the last call, with times replaced.
prints() {
	is "$1" "$(sed -E 's/20..-..-.. ..:..:../YYYY-MM-DD hh:mm:ss/g' \
		"$out")" "$(cat)"
}

# sql STATEMENT
sql() {
	sqlite3 "$database" "$1"
}

# terminal COLUMNS ARGUMENT...: what a terminal of that width gets, in $out.
# Standard input is what is typed.
terminal() {
	ctl_columns=$1
	shift
	TERM=xterm script -qe -E never -c \
		"stty cols $ctl_columns rows 24; $ctl -d $database $*" \
		/dev/null | tr -d '\r' >"$out"
}
