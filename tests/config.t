#!/bin/sh
# config: every wrong value is one clear line (what is wrong in a file is quoted
# below it), `rsyslogd -N1` exits with 1,
# and nothing is touched.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

# check PARAMETERS: what rsyslogd -N1 says of us, its status in $status.
check() {
	conf "$1" </dev/null
	said=$(timeout 60 "$rsyslogd" -N1 -f "$lab/conf" 2>&1)
	status=$?
	ours=$(printf '%s\n' "$said" | grep omsaslban:)
}

# bad PARAMETER VALUE PATTERN: refused, in one line with name and value.
bad() {
	check "$1=$2"
	is "$1=$2: exit 1" "$status" 1
	is "$1=$2: one line" "$(printf '%s\n' "$ours" | wc -l)" 1
	like "$1=$2: says what is wrong" "$ours" "$3"
}

check ''
is "no parameters at all are fine" "$status" 0
conf </dev/null
sed -i '/^action(/,$d' "$lab/conf"
echo "action(type=\"omsaslban\" filter.path=\"$srcdir/filter.d\")" >>"$lab/conf"
mount -t tmpfs tmpfs /var/lib
mkdir /var/lib/saslban
ok "the bare action is fine" "$rsyslogd" -N1 -f "$lab/conf"

bad name '"a/b"' "name.*'a/b'.*allowed"
check 'name="a b"' # a parameter of every action: rsyslogd looks first
is "name=a b: exit 1" "$status" 1
like "name=a b: says what is wrong" "$said" "'name' contains whitespace"
bad name '"0123456789012345678901234567890123"' "name.*allowed: 1 to 31"
bad filter '"no-such-filter"' "no-such-filter"
bad filter '"no-such-filter"' "in '.*' there are: .*dovecot, .*postfix, .*zimbra"
bad filter '"postfix[mode=no-such]"' "unknown mode 'no-such'; allowed: .*auth"
bad filter '"postfix, dovecot"' "'postfix, dovecot'.*\[\"postfix\", \"dovecot\"\]"
bad ignoreip '"self,192.0.2.1"' "'self,192.0.2.1'.*\[\"self\", \"192.0.2.1\"\]"
bad filter '"[x]"' "filter.*\[x\].*allowed"
bad filter '"/nowhere/x.conf"' "/nowhere/x.conf"
bad filter.path '"relative"' "filter.path.*relative.*absolute"
bad maxretry '"0"' "maxretry.*'0'.*1 to 1000000"
bad maxretry '"three"' "maxretry.*'three'"
bad findtime '"0"' "findtime.*'0'.*duration"
bad findtime '"forever"' "findtime.*'forever'"
bad findtime '"10 minutes"' "findtime.*'10 minutes'"
bad bantime '["48h", "soon"]' "bantime.*'soon'.*forever"
bad bantime '["8d", "48h"]' "bantime.*'48h'.*shorter"
bad bantime.factor '"0"' "bantime.factor.*'0'"
bad bantime.max '"1h"' "bantime.*longer than bantime.max '1h'"
bad bantime.max '"-5"' "bantime.max.*'-5'"
bad forget '"32 d"' "forget.*'32 d'"
bad ignoreip '["self", "192.0.2.256"]' "ignoreip.*'192.0.2.256'"
bad ignoreip '"192.0.2.0/33"' "ignoreip.*'192.0.2.0/33'"
bad ignoreip '"a b"' "ignoreip.*'a b'"
bad ignoreip '"file:allow"' "ignoreip.*'file:allow'.*file:/PATH"
check 'ignoreip=["self", "file:/nonexistent/allow"]'
is "a file is not looked at before rsyslogd runs" "$status" 0
bad ignoreip '["self", "0.0.0.0/0"]' \
	"ignoreip.*'0.0.0.0/0' exempts every public IPv4.*enforce 'off'"
bad ignoreip '["2000::/4", "3000::/4", "192.0.2.1"]' \
	"ignoreip.*'2000::/4' and other entries exempt every public IPv6"
check 'ignoreip=["0.0.0.0/0", "::/0"] enforce="off"'
is "everybody may be exempt where nobody is banned" "$status" 0
# What stands at the database's path is looked at, and left as it is.
mkdir "$lab/directory"
echo text >"$lab/text"
sum=$(cksum <"$lab/text")
for row in "$lab/directory:it is a directory" "$lab/text:is not a SQLite" \
	"$lab/missing/x.db:its directory is missing"; do
	was=$database
	database=${row%%:*}
	check ''
	database=$was
	is "database ${row##*/}: exit 1" "$status" 1
	like "database ${row##*/}: names it" "$ours" \
		"parameter 'database'.*'${row%%:*}'.*${row#*:}"
done
is "database: what is there stays" "$(cksum <"$lab/text")" "$sum"
nok "database: and nothing is created" test -e "$lab/missing"
bad prefix.v4 '"33"' "prefix.v4.*'33'.*8 to 32"
bad prefix.v6 '"8"' "prefix.v6.*'8'.*16 to 128"
bad set '"x y"' "set.*'x y'.*1 to 26"
bad set '"abcdefghijklmnopqrstuvwxyz1"' "set.*1 to 26"
bad set '""' "set.*''"
bad enforce '"maybe"' "enforce.*'maybe'.*on or off"
bad retain '"10m"' "retain.*'10m'"
bad origin.uid '["root", "0day"]' "origin.uid.*'0day'.*a user's number"
bad origin.uid '"no-such-user"' "origin.uid.*'no-such-user' is no user here"
check 'origin.uid=["no-such-user", "root"]'
is "one user of two is enough" "$status" 0
bad origin.unit '"dovecot"' "origin.unit.*'dovecot'.*as dovecot.service"
bad origin.from '"localhost"' "origin.from.*'localhost'.*an address"
bad events.ruleset '"no-such"' \
	"events.ruleset.*there is no ruleset 'no-such'"
bad notify.ruleset '"no-such"' \
	"notify.ruleset.*there is no ruleset 'no-such'"
conf 'events.ruleset="Later" notify.ruleset="later"' <<-EOF
ruleset(name="later" queue.type="LinkedList") { stop }
EOF
ok "a ruleset may stand behind the jail" "$rsyslogd" -N1 -f "$lab/conf"
unlike "and nothing is said of it" "$(cat "$tap_out")" '[Ll]ater'
conf </dev/null
sed -i 's|database="[^"]*"|database="relative.db"|' "$lab/conf"
said=$("$rsyslogd" -N1 -f "$lab/conf" 2>&1)
is "database=relative: exit 1" $? 1
like "database=relative: says what is wrong" "$said" \
	"database.*'relative.db'.*absolute path"
check 'nonsense="1"'
is "an unknown parameter: exit 1" "$status" 1
like "an unknown parameter is named" "$said" "nonsense"

check 'template="RSYSLOG_FileFormat"'
is "a template: exit 1" "$status" 1
like "a template is an unknown parameter" "$said" \
	"parameter 'template' not known"

check 'maxretry="x" findtime="y" set="z z"'
is "three wrong parameters are three lines" \
	"$(printf '%s\n' "$ours" | wc -l)" 3

conf 'name="one"' <<-EOF
action(type="omsaslban" database="$database" name="one"
       filter.path="$srcdir/filter.d")
EOF
said=$("$rsyslogd" -N1 -f "$lab/conf" 2>&1)
is "two jails of one name: exit 1" $? 1
like "two jails of one name: says so" "$said" "'one' is already a jail"

conf 'name="one"' <<-EOF
action(type="omsaslban" database="$database.2" name="two" set="saslban-one"
       filter.path="$srcdir/filter.d")
EOF
said=$("$rsyslogd" -N1 -f "$lab/conf" 2>&1)
is "one set, two databases: exit 1" $? 1
like "one set, two databases: says so" "$said" \
	"'saslban-one' is the set of jail 'one', too"

# ---- filter files ----
mkdir "$lab/filter.d"
printf '[Definition]\nfailregex = ^good <HOST>$\n  ^bad( <HOST>$\n' \
	>"$lab/filter.d/broken.conf"
check "filter=\"$lab/filter.d/broken.conf\""
is "a broken expression: exit 1" "$status" 1
is "a broken expression: file and line, and below them a mark at the place" \
	"$(printf '%s\n' "$ours" | sed -n 's/ \[v8.*//; s/.*omsaslban: //p' |
		sed '1s/.*broken/broken/')" "broken.conf:3: missing closing parenthesis
    ^bad( <HOST>\$
                 ^"
printf '[Definition]\nfailregex = ^no host$\n' >"$lab/filter.d/nohost.conf"
check "filter=\"$lab/filter.d/nohost.conf\""
like "a rule without a host is refused" "$ours" "nohost.conf.*2"
mkfifo "$lab/filter.d/pipe.conf"
bad filter "\"$lab/filter.d/pipe.conf\"" "pipe.conf': it is a FIFO; allowed"
bad filter "\"$lab/filter.d\"" "filter.d': it is a directory; allowed"
bad filter '"/dev/zero"' "'/dev/zero': it is a device; allowed"
truncate -s 1T "$lab/filter.d/huge.conf"
bad filter "\"$lab/filter.d/huge.conf\"" "huge.conf': longer than a mebibyte"
printf '[Definition]\nfailregex = ^a <HOST>$\n' >"$lab/filter.d/half.conf"
mkfifo "$lab/filter.d/half.local"
bad filter "\"$lab/filter.d/half.conf\"" "half.local': it is a FIFO; allowed"

ok "nothing was created: no database" test ! -e "$database"
is "nothing was created: no set" "$(ipset list -n)" ""
done_testing
