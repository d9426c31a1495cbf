#!/bin/sh
# ctl-status: the screen of `saslbanctl status`, once and again and again.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/ctl.sh"

# ---- the command line ----

fresh
while IFS='|' read -r arguments pattern; do
	# shellcheck disable=SC2086 # a list of arguments
	ctl status $arguments
	is "status $arguments: status 2" "$status" 2
	says "status $arguments: says why" "$pattern"
done <<'EOT'
5|'status' has no use for '5' without --watch$
--watch 0|--watch '0' is not allowed; allowed: 1 to 3600 seconds$
--watch x|--watch 'x' is not allowed
--watch 3601|--watch '3601' is not allowed
--watch 99999|--watch '99999' is not allowed
--watch 1 2|'status' has no use for '2'
EOT

# ---- the screen ----

# A bad day of one jail: everything that the screen can have, but breaches.
sql "DELETE FROM failure; DELETE FROM filter; DELETE FROM entry;
	DELETE FROM setting WHERE jail = (SELECT id FROM jail WHERE name = 'rbl');
	DELETE FROM offense WHERE jail = (SELECT id FROM jail WHERE name = 'rbl');
	DELETE FROM jail WHERE name = 'rbl'"
jail=$(sql "SELECT id FROM jail")
# fail SECONDS-AGO COUNT
fail() {
	sql "INSERT INTO failure (jail, host, address, user, at, count, lo)
		VALUES ($jail, '203.0.113.$3', '203.0.113.$3', 'alice',
		$now - $1, $2, x'04cb00710$3')"
}
fail 0 1 1
fail 3599 2 2
fail 3600 4 3
fail 3601 8 3
fail 86399 16 4
fail 86401 32 4
fail 89999 64 5
fail 90001 128 5
fail 172799 256 6
fail 172801 512 6
ctl status
is "hours and days are those of their failures" \
	"$(sed -n 's/^  failures *//p' "$out" | tr -s ' ')" "7 96 31 480"
is "bans of theirs" "$(sed -n 's/^  bans  *\([0-9]* *[0-9]* *[0-9]* *[0-9]*\)$/\1/p' \
	"$out" | tr -s ' ')" "3 0 6 0"
is "lifts of theirs" "$(sed -n 's/^  lifted *//p' "$out" | tr -s ' ')" "1 0 1 0"
sql "UPDATE offense SET at = at - 86400, lifted = lifted - 86400 WHERE id = 2;
	UPDATE offense SET strike = id WHERE lifted IS NULL AND ended IS NULL"
ctl status
is "a day later they are the day before's" \
	"$(sed -n 's/^  lifted *//p' "$out" | tr -s ' ')" "0 1 0 1"
like "bans by strike, the highest ones together" "$(cat "$out")" \
	'^  bans      4 running \(strike 4\+: 4\)'
is "and as JSON" "$(ctl status --json
	jq -c '.jails[0] | .strikes, .last_hour, .day_before' "$out")" "$(cat <<'EOT'
[0,0,0,4]
{"failures":7,"offenses":3,"lifted":0}
{"failures":480,"offenses":1,"lifted":1}
EOT
)"
sql "UPDATE setting SET value = 'off' WHERE name = 'set.create';
	INSERT INTO filter (jail, name, lines) VALUES ($jail, 'dovecot', 0);
	INSERT INTO filter (jail, name, lines) VALUES ($jail, 'exim', 7);
	INSERT INTO filter (jail, name, lines, first, last, matched)
		VALUES ($jail, 'postfix', 9, $now, $now, $now)"
ctl status
like "sets that are not ours to make" "$(cat "$out")" \
	'^  growth    none: set.create is off$'
terminal 80 status </dev/null
like "a terminal has the same" "$(cat "$out")" 'growth.*set\.create is off'
ok "one jail fits on a screen of 24 lines" [ "$(wc -l <"$out")" -le 24 ]
is "of 80 columns" "$(sed 's/\x1b\[[0-9;]*m//g' "$out" | grep '.\{81,\}')" ""

sql "UPDATE setting SET value = 'daily' WHERE name = 'notify';
	UPDATE setting SET value = 'saslban-notify' WHERE name = 'notify.ruleset';
	UPDATE setting SET value = 'saslban-file' WHERE name = 'events.ruleset'"
ctl status --verbose
is "what goes out of the jail" "$(grep -E '^  (notify|events) ' "$out")" \
	"$(cat <<'EOT'
  notify    daily, wait 5m, at 07:30, max 10, ruleset saslban-notify
  events    ruleset saslban-file
EOT
)"

# ---- again and again ----

# seen N: the file has N screens, or more.
screens() {
	[ "$(grep -c 'database .*, 1 jail' "$1")" -ge "$2" ]
}
"$ctl" -d "$database" status --watch 1 >"$lab/plain" 2>&1 &
watch=$!
ok "no terminal: it is printed again" soon screens "$lab/plain" 2
kill -TERM $watch
wait $watch
is "and ends when it is told to, with the status of status" $? 4
is "without a code of a terminal" "$(grep -c "$(printf '\033')" "$lab/plain")" 0
"$ctl" -d "$database" status --watch 1 --json >"$lab/json" 2>&1 &
watch=$!
ok "JSON: a document on a line" soon eval \
	'[ "$(jq -Rr "fromjson | .jails | length" "$lab/json" | grep -cx 1)" -ge 2 ]'
kill -TERM $watch
wait $watch
ok "a reader that goes away ends it" timeout 60 sh -c \
	"$ctl -d $database status --watch 1 | head -n 3"

# A terminal that we can type on, and change in size.
cat >"$lab/terminal" <<'EOT'
import fcntl, os, pty, select, signal, struct, sys, termios, time
path, term, *command = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = term
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(command[0], command)
def size(rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
size(24, 80)
text = b""
def until(condition):
    global text
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            sys.exit("nothing came: %r" % text[-400:])
        if select.select([fd], [], [], 0.1)[0]:
            try:
                text += os.read(fd, 65536)
            except OSError:
                return
home = b"\033[H" if term != "dumb" else b"1 jail\r\n"
until(lambda: text.count(home) >= 3)
before = len(text)
size(6, 60)
count = text.count(home)
until(lambda: text.count(home) >= count + 2)
os.write(fd, b"\003")
until(lambda: os.waitid(os.P_PID, pid,
                        os.WEXITED | os.WNOHANG | os.WNOWAIT))
while select.select([fd], [], [], 0.2)[0]:
    try:
        more = os.read(fd, 65536)
    except OSError:
        break
    if not more:
        break
    text += more
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
open(path, "wb").write(text)
open(path + ".small", "wb").write(text[before:].split(home)[-1])
sys.exit(0 if status == 4 else "ended with %d" % status)
EOT
ok "a terminal: in place, until Ctrl-C" python3 "$lab/terminal" "$lab/screen" \
	xterm "$ctl" -d "$database" status --watch 1
escape=$(printf '\033')
is "the cursor is hidden, and back in the end" \
	"$(grep -ao "$escape\[?25[lh]" "$lab/screen" | tr -d "$escape" | tr '\n' ' ')" \
	"[?25l [?25h "
is "the last screen is no higher than the window" \
	"$(grep -c . "$lab/screen.small")" 6
sed 's/\x1b\[[?0-9;]*[a-zA-Z]//g' "$lab/screen.small" | tr -d '\r' >"$lab/small"
is "and no wider" "$(grep '.\{61,\}' "$lab/small")" ""
ok "a dumb terminal: one after the other" python3 "$lab/terminal" \
	"$lab/dumb" dumb "$ctl" -d "$database" status --watch 1
is "without a code" "$(grep -c "$escape" "$lab/dumb")" 0

done_testing
