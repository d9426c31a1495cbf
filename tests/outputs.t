#!/bin/sh
# outputs: the examples of rsyslog.d that take events, as they are but for
# paths, names and ports, with the real outputs behind them.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
# example NAME [SED]: the jail, and that file, changed.
example() {
	rm -f "$database"*
	conf "events.ruleset=\"saslban-${1%%-*}\"" 'bantime=["1s", "1h"]' <<-EOF
	$(sed "${2:-}" "$srcdir/rsyslog.d/events-$1.conf")
	EOF
}
# twice ADDRESS: banned for a second, and then for an hour.
twice() {
	three "$1" | say
	soon "$ctl" -d "$database" show "$1"
	soon ended "$1"
	three "$1" | say
}
ended() {
	[ "$(sqlite3 "$database" "SELECT count(*) FROM offense
		WHERE address = '$1' AND ended IS NOT NULL")" = 1 ]
}
both() { # PATTERN-COMMAND...: both addresses are there
	soon has_both "$@"
}
has_both() {
	"$@" >"$lab/seen" 2>/dev/null
	grep -q '198\.51\.100\.1' "$lab/seen" &&
		grep -q '2001:db8:8000::' "$lab/seen"
}
ban_both() {
	three 198.51.100.1 | say
	three 2001:db8:8000::1 | say
}
# takes NAME FILE: rsyslogd has nothing to say about it.
takes() {
	said=$("$rsyslogd" -N1 -f "$lab/conf" 2>&1)
	is "events-$1.conf passes rsyslogd -N1" $? 0
	unlike "events-$1.conf: without a word" "$said" 'error|warning'
}

# ---- a file ----

example file "s|/var/log/saslban-events.json|$lab/json|"
takes file
rsyslog_start
ban_both
ok "events-file.conf: both bans are in the file" both cat "$lab/json"
rsyslog_stop
ok "events-file.conf: each line is an object" jq -Rne \
	'[inputs | fromjson | type] | unique == ["object"]' "$lab/json"
is "events-file.conf: the first one is of a ban" \
	"$(head -n 1 "$lab/json" | jq -r .event)" ban

# ---- another machine ----

# The receiver of the comment, as another rsyslogd.
{
	printf 'global(workDirectory="%s/there")\n' "$lab"
	sed -n 's/^#\t//p' "$srcdir/rsyslog.d/events-relp.conf" |
		sed "s|/var/log/saslban-events.log|$lab/received|"
	printf 'action(type="omfile" file="/dev/null")\n'
} >"$lab/receiver"
mkdir "$lab/there"
example relp 's|logs.example.org|127.0.0.1|'
takes relp
rsyslog_start
three 198.51.100.1 | say
soon banned 198.51.100.1
"$rsyslogd" -n -i "$lab/there/pid" -f "$lab/receiver" 8>&- 9>&- \
	>"$lab/there/said" 2>&1 &
receiver=$!
three 2001:db8:8000::1 | say
ok "events-relp.conf: the receiver has both, though it came later" \
	both cat "$lab/received"
like "events-relp.conf: with the tag and the object" \
	"$(head -n 1 "$lab/received")" \
	' omsaslban: ?jail sasl: banned .* @cee: \{"event":"ban",'
rsyslog_stop
kill "$receiver"
wait "$receiver"

# ---- Redis ----

# The server is a link to a tool; the package that has it would start a service.
ln -s "$(command -v redis-check-rdb)" "$lab/redis-server"
"$lab/redis-server" --bind 127.0.0.1 --port 6379 --dir "$lab" --save '' \
	8>&- 9>&- >"$lab/redis" 2>&1 &
redis=$!
soon redis-cli ping
example redis
takes redis
rsyslog_start
ban_both
ok "events-redis.conf: both bans are in the list" \
	both redis-cli LRANGE saslban:events 0 -1
is "events-redis.conf: what is taken from it is an object" \
	"$(redis-cli RPOP saslban:events | jq -r '.event + " " + .jail')" \
	'ban sasl'
rsyslog_stop
kill "$redis"
wait "$redis"

# ---- a mail ----

example abuse-mail "s|port=\"25\"|port=\"2525\"|"
takes abuse-mail
cat >"$lab/smtpd.py" <<'EOF'
import socketserver, sys
class Mail(socketserver.StreamRequestHandler):
	def handle(self):
		def say(text):
			self.wfile.write(text.encode() + b"\r\n")
		say("220 here")
		while True:
			line = self.rfile.readline()
			if not line:
				return
			verb = line[:4].upper()
			if verb != b"DATA":
				say("221 bye" if verb == b"QUIT" else "250 fine")
				if verb == b"QUIT":
					return
				continue
			say("354 go on")
			with open(sys.argv[1], "ab") as out:
				while (line := self.rfile.readline()) != b".\r\n":
					out.write(line)
			say("250 fine")
socketserver.TCPServer.allow_reuse_address = True
socketserver.TCPServer(("127.0.0.1", 2525), Mail).serve_forever()
EOF
python3 "$lab/smtpd.py" "$lab/mail" 8>&- 9>&- >"$lab/smtpd" 2>&1 &
smtpd=$!
soon nc -z 127.0.0.1 2525
rsyslog_start
twice 198.51.100.1
ok "events-abuse-mail.conf: the second ban is reported" \
	soon grep -q 'Source: 198\.51\.100\.1' "$lab/mail"
rsyslog_stop
kill "$smtpd"
wait "$smtpd"
is "events-abuse-mail.conf: it is one mail, in two parts, and names no user" "$(
	python3 -c '
import email, email.policy, sys
mail = email.message_from_bytes(open(sys.argv[1], "rb").read(),
                                policy=email.policy.default)
print(mail["Subject"], mail["X-XARF"], mail["To"])
for part in mail.iter_parts():
	print(part.get_content_type(), part.get_filename())
report = dict(line.split(": ", 1) for line in
	list(mail.iter_parts())[1].get_content().splitlines() if ": " in line)
print(report["Report-Type"], report["Service"], report["Source"],
      report["Occurrences"])
print("alice" in mail.as_string(), mail.defects)
' "$lab/mail" 2>&1
)" "abuse: login attack from 198.51.100.1 PLAIN abuse@example.org
text/plain None
text/plain report.txt
login-attack postfix/smtpd 198.51.100.1 3
False []"
done_testing
