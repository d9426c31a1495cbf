# shellcheck shell=sh
# tap: the few words that the shell tests speak. The plan comes at the end, so
# that a script that dies half-way is a failure.

# What a make that runs the test was told is not for one that the test runs:
# its list of tests, above all.
unset MAKEFLAGS MAKELEVEL MFLAGS

tap_n=0
tap_bad=0
tap_out=${lab:-${TMPDIR:-/tmp}}/tap.$$
trap 'rm -f "$tap_out"' EXIT

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# tap_result STATUS TITLE
tap_result() {
	tap_n=$((tap_n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_n - $2"
	else
		tap_bad=$((tap_bad + 1))
		echo "not ok $tap_n - $2"
	fi
}

# ok TITLE COMMAND...: it succeeds. What it prints is shown when it does not.
# Runs in this shell, so that a function may set variables and start jobs.
ok() {
	tap_title=$1
	shift
	"$@" >"$tap_out" 2>&1
	tap_status=$?
	tap_result $tap_status "$tap_title"
	[ $tap_status -eq 0 ] || diag "'$*' gave $tap_status: $(cat "$tap_out")"
}

# nok TITLE COMMAND...: it fails.
nok() {
	tap_title=$1
	shift
	if "$@" >"$tap_out" 2>&1; then
		tap_result 1 "$tap_title"
		diag "'$*' succeeded: $(cat "$tap_out")"
	else
		tap_result 0 "$tap_title"
	fi
}

# is TITLE GOT WANT: the same text.
is() {
	[ "$2" = "$3" ]
	tap_result $? "$1"
	[ "$2" = "$3" ] || diag "got:  $2
want: $3"
}

# like TITLE TEXT PATTERN: an extended regular expression fits a line of it.
# unlike TITLE TEXT PATTERN: it fits none.
like() {
	printf '%s\n' "$2" | grep -Eq -- "$3"
	tap_status=$?
	tap_result $tap_status "$1"
	[ $tap_status -eq 0 ] || diag "no line fits '$3' in: $2"
}
unlike() {
	tap_text=$(printf '%s\n' "$2" | grep -E -- "$3")
	[ -z "$tap_text" ]
	tap_result $? "$1"
	[ -z "$tap_text" ] || diag "fits '$3': $tap_text"
}

# skip TITLE REASON: cannot be tried here. A failure where all must be tried.
skip() {
	if [ -n "${SASLBAN_STRICT:-}" ]; then
		tap_result 1 "$1"
		diag "$2"
	else
		tap_result 0 "$1 # SKIP $2"
	fi
}

done_testing() {
	echo "1..$tap_n"
	[ $tap_bad -eq 0 ]
	exit
}
