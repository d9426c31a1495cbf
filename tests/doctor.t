#!/bin/sh
# doctor: each thing that keeps a ban from taking effect, brought about for
# real, is found; and where that can be tried here, what doctor proposes ends
# it.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
export TZ=UTC LC_ALL=C.UTF-8
chmod 755 "$lab"
out=$lab/out
mkdir "$lab/db"
mount -n -t tmpfs -o size=600m,mode=755 tmpfs "$lab/db"
database=$lab/db/saslban.db

# Where every user may come.
mkdir "$lab/bin"
cp "$ctl" "$builddir/tests/.libs/clock.so" "$lab/bin"
cp "$module" "$lab/omsaslban.so"
module=$lab/omsaslban.so

# The clock of this machine may not be synchronised, and need not be.
cat >"$lab/doctor" <<EOT
#!/bin/sh
LD_PRELOAD=$lab/bin/clock.so SASLBAN_CLOCK=\$(date +%s) \
	exec $lab/bin/saslbanctl -d "\$DATABASE" doctor "\$@"
EOT
chmod 755 "$lab/doctor"

# doctor [UNDER...]: for programs; leaves its status and $out.
doctor() {
	DATABASE=$database "$@" "$lab/doctor" --json >"$out"
	status=$?
}
# found CHECK LEVEL: what doctor said last, the texts; and the commands.
found() {
	jq -r --arg c "$1" --arg l "$2" \
		'.findings[] | select(.check == $c and .level == $l) | .text' \
		"$out"
}
remedy() {
	jq -r --arg c "$1" '.findings[] |
		select(.check == $c and .level != "ok") | .remedy[]' "$out" |
		sed "s|/usr/share/saslban/|$srcdir/ipset/|"
}
# finds TITLE STATUS CHECK LEVEL PATTERN: doctor, asked now.
finds() {
	doctor
	is "$1: status $2" "$status" "$2"
	like "$1: $4 of $3" "$(found "$3" "$4")" "$5"
}
# cure TITLE CHECK: its commands are run.
cure() {
	remedy "$2" >"$lab/remedy"
	ok "$1: the remedy runs" sh -e "$lab/remedy"
}
bad() { # what is not well
	jq -r '.findings[] | select(.level != "ok") |
		"\(.check) \(.level) \(.text)"' "$out"
}

# ---- nothing there ----
finds "no database" 2 database fail "^no database at '$database'"
like "no database: a remedy" "$(remedy database)" '^rsyslogd -N1'

# ---- all well ----
cp "$srcdir/filter.d/postfix.conf" "$lab/mine.conf"
conf "filter=\"$lab/mine.conf\"" </dev/null
rsyslog_start
ok "the sets are there" heard ': started: '
ok "so is the rule" sh "$srcdir/ipset/saslban-firewall" install
three 198.51.100.1 | say
ok "somebody is banned" soon banned 198.51.100.1
rsyslog_stop # what filters have read is written by now
rsyslog_start
ok "the engine is back" soon sh -c \
	"[ \$(grep -c ': started: ' '$lab/said') -eq 2 ] ||
		{ kill -TTOU $rsyslog_job; false; }"
doctor
is "all well: nothing is found" "$(bad)" ""
is "all well: status 0" "$status" 0
is "all well: says so" "$(jq -r .level "$out")" ok
like "all well: the capability" "$(found capability ok)" \
	"^rsyslogd \(pid [0-9]+\) has CAP_NET_ADMIN$"
like "all well: the configuration" "$(found config ok)" "'$lab/conf'"
like "all well: lines" "$(found lines ok)" 'has read 3 lines'
is "all well: what is looked at" "$(jq -r '[.findings[].check] | unique |
	join(" ")' "$out")" "capability clock config database dates engine \
filters integrity kernel lines rules sets space writable"

# ---- the rule ----
firewall() {
	sh "$srcdir/ipset/saslban-firewall" "$1"
}
own_rules() { # of somebody who does without the tool
	firewall remove
	iptables -F INPUT
	ip6tables -F INPUT
	iptables -A INPUT -m set --match-set saslban src -j DROP
	ip6tables -A INPUT -m set --match-set saslban src -j DROP
}
firewall remove
finds "no rule" 2 rules fail "IPv4: no rule of INPUT drops what is in 'saslban'"
cure "no rule" rules
doctor
is "no rule: cured" "$status" 0
own_rules
ip6tables -F INPUT
finds "no rule for IPv6" 2 rules fail '^IPv6: no rule'
is "no rule for IPv6: there is one for IPv4" "$(found rules ok | wc -l)" 1
cure "no rule for IPv6" rules
own_rules
iptables -I INPUT 1 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
finds "below ESTABLISHED" 1 rules warn \
	"below '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'"
cure "below ESTABLISHED" rules
doctor
is "below ESTABLISHED: cured" "$status" 0
own_rules
iptables -F INPUT
iptables -A INPUT -p tcp --dport 25 -j ACCEPT
iptables -A INPUT -m set --match-set saslban4 src -j DROP
finds "below an ACCEPT of mail" 2 rules fail \
	"below '-A INPUT -p tcp -m tcp --dport 25 -j ACCEPT'"
iptables -F INPUT
iptables -N mine
iptables -A mine -p tcp -m set --match-set saslban4 src -j REJECT
iptables -A INPUT -j mine
iptables -A INPUT -p tcp --dport 25 -j ACCEPT
doctor
is "the rule in a chain of one's own" "$status" 0
own_rules

# ---- a mail server in a container ----
iptables -t nat -A PREROUTING -p tcp --dport 143 -j DNAT \
	--to-destination 172.17.0.2:143
finds "forwarded mail" 2 forward fail "IPv4: mail is forwarded"
iptables -N DOCKER-USER
doctor
is "forwarded mail: the rule belongs to Docker's chain" "$(remedy forward)" \
	"iptables -I DOCKER-USER -m set --match-set saslban src -j DROP"
iptables -A FORWARD -j DOCKER-USER
cure "forwarded mail" forward
doctor
is "forwarded mail: cured" "$status" 0
iptables -t nat -F PREROUTING
iptables -F
iptables -X
for kind in nft legacy; do
	own_rules
	iptables-$kind -t nat -A PREROUTING -p tcp --dport 993 -j DNAT \
		--to-destination 172.17.0.2
	finds "forwarded mail, iptables-$kind" 2 forward fail \
		"^IPv4: mail is forwarded .*dport 993 "
	iptables-$kind -t nat -F
done
nft 'table ip mine { chain p { type nat hook prerouting priority dstnat;
	tcp dport { 25, 143 } dnat to 172.17.0.2; }; }'
finds "forwarded mail, a rule of nft" 2 forward fail \
	"^IPv4: mail is forwarded .'tcp dport . 25, 143 . dnat to 172.17.0.2'"
cure "forwarded mail, a rule of nft" forward
nft delete table ip mine
iptables -F
ip6tables -F
firewall install

# ---- the engine ----
rsyslog_stop -KILL
finds "killed" 2 engine fail "jail 'sasl' has no engine: nobody is banned"
like "killed: a remedy" "$(remedy engine)" 'systemctl restart rsyslog'
RSYSLOG_UNDER="setpriv --bounding-set=-net_admin" rsyslog_start
finds "no capability" 2 capability fail \
	'is not allowed to have CAP_NET_ADMIN'
like "no capability: a remedy" "$(remedy capability)" \
	'CapabilityBoundingSet=CAP_NET_ADMIN'
rsyslog_stop

# ---- the sets ----
lose_sets
finds "no sets" 2 sets fail "'saslban'?.*there is no such set"
cure "no sets" sets
doctor
is "no sets: they are back" "$(found sets fail)" ""
lose_sets
ipset create saslban4 hash:ip timeout 60 counters
ipset create saslban6 hash:net family inet6 timeout 60 counters
ipset create saslban list:set
ipset add saslban saslban4
ipset add saslban saslban6
finds "a wrong set" 2 sets fail "'saslban4' is hash:ip family inet, needed: hash:net"
remedy sets | sed '/^systemctl/d' >"$lab/remedy"
ok "a wrong set: the remedy runs" sh -e "$lab/remedy"
finds "a wrong set: it is gone" 2 sets fail "'saslban4'.*there is no such set"
lose_sets
ipset create saslban4 hash:net maxelem 10 timeout 60 counters
ipset create saslban6 hash:net family inet6 timeout 60 counters
ipset create saslban list:set
ipset add saslban saslban4
ipset add saslban saslban6
for i in 1 2 3 4 5 6 7 8 9; do
	ipset add saslban4 203.0.113.$i
done
finds "nearly full" 2 sets warn "^'saslban4' has 9 of 10 entries$"
ipset add saslban4 203.0.113.10
finds "full" 2 sets fail "^'saslban4' has 10 of 10 entries: it is full"
remedy sets | sed "s|/etc/saslban|$lab/etc|; s|/usr/share/saslban|$srcdir/ipset|" \
	>"$lab/remedy"
ok "full: the remedy runs" sh -e "$lab/remedy"
like "full: the next boot makes it as large" \
	"$(grep '^create saslban4 ' "$lab/etc/saslban.sets")" 'maxelem 20 '
like "full: and the other as it was" \
	"$(grep '^create saslban6 ' "$lab/etc/saslban.sets")" 'maxelem 262144 '
doctor
like "full: it is twice as large" "$(found sets ok)" "'saslban4' has 10 of 20"
lose_sets
rsyslog_start
ok "the sets are as they were" soon banned 198.51.100.1
firewall install
doctor
is "and all is well" "$(bad)" ""

# ---- the database ----
chmod 644 "$database"
finds "a mode for everybody" 1 writable warn '^mode 0644 lets everybody read it'
cure "a mode for everybody" writable
rsyslog_stop # what it has open for writing keeps the file system writable
mount -n -o remount,ro "$lab/db"
rsyslog_start
finds "read-only" 2 writable fail "'$database' is on a read-only file system"
cure "read-only" writable
three 198.51.100.2 | say
ok "read-only: cured" soon banned 198.51.100.2
dd if=/dev/zero of="$lab/db/ballast" bs=1M count=500 2>/dev/null
finds "little space" 1 space warn '^[0-9]+ MiB free'
dd if=/dev/zero of="$lab/db/more" bs=1M 2>/dev/null
finds "no space" 2 space fail '^[0-9]+ MiB free'
rm "$lab/db/ballast" "$lab/db/more"
doctor
is "with space again" "$(bad)" ""
sqlite3 "$database" "UPDATE failure SET at = at + 7200"
finds "failures of tomorrow" 1 dates warn \
	'the last failure lies (1h 5.m|2h) in the future'
sqlite3 "$database" "UPDATE failure SET at = at - 7200"
doctor env SASLBAN_ADRIFT=1
is "the clock: status" "$status" 1
like "the clock" "$(found clock warn)" '^nobody keeps it right'

# ---- filters ----
echo 'failregex = ^(' >>"$lab/mine.conf"
finds "a broken filter" 2 filters fail "'$lab/mine.conf' does not load"
like "a broken filter: so says rsyslogd" "$(found config fail)" \
	"finds fault with '$lab/conf'.*mine"
cp "$srcdir/filter.d/postfix.conf" "$lab/mine.conf"
sqlite3 "$database" "UPDATE filter SET last = last - 90000"
finds "no line for a day" 1 lines warn 'has read its last line 1d 1h ago'
sqlite3 "$database" "UPDATE filter SET unmatched_since_match = 20,
	matched = 0, first = last - 700000"
finds "a blind filter" 1 lines warn 'mine.conf. is blind: 20 lines'
sqlite3 "$database" "UPDATE filter SET lines = 0, unmatched_since_match = 0"
finds "no line at all" 1 lines warn 'has read no line of a mail server yet'
rsyslog_stop

# ---- who writes a line ----
conf "filter=\"$lab/mine.conf\" origin.uid=\"root\"" </dev/null
rsyslog_start
ok "with origin.uid" soon sh -c "sqlite3 '$database' \
	\"SELECT 1 FROM setting WHERE name = 'origin.uid'\" | grep -q 1"
finds "a silent socket" 1 origin warn "socket $socket of '$lab/conf'"
cp "$lab/conf" "$lab/conf.new"
cure_socket() {
	remedy origin | sed '/^systemctl/d' >"$lab/remedy"
	sh -e "$lab/remedy"
}
sed "s|^input(type=\"imuxsock\".*|\$AddUnixListenSocket $socket|
	/RateLimit/d" "$lab/conf.new" >"$lab/conf"
finds "a silent socket, the old way" 1 origin warn "socket $socket of"
ok "a silent socket, the old way: the remedy runs" cure_socket
doctor
is "a silent socket, the old way: cured" "$(found origin warn)" ""
is "a silent socket, the old way: nothing else is changed" \
	"$(diff "$lab/conf" "$lab/conf.new" | grep -c '^[<>]')" 3
sed 's/SysSock.Use="off"//' "$lab/conf.new" >"$lab/conf"
finds "the system's socket" 1 origin warn "imuxsock's own socket of"
ok "the system's socket: the remedy runs" cure_socket
finds "the system's socket: cured, the other is not" 1 origin warn \
	"socket $socket of '$lab/conf'"
cp "$lab/conf.new" "$lab/conf"
finds "a silent socket again" 1 origin warn "socket $socket of"
ok "a silent socket: the remedy runs" cure_socket
rsyslog_stop
rsyslog_start
doctor
is "an annotated one" "$(found origin warn)" ""
like "an annotated one is said to be" "$(found origin ok)" 'who wrote a line'

# ---- events and mails ----
rsyslog_stop
cp "$lab/conf" "$lab/conf.new"
told() { # [PARAMETER...], and rsyslogd has taken them
	conf "filter=\"$lab/mine.conf\"" "$@" <<-END
	ruleset(name="own" queue.type="LinkedList") {
		action(type="omfile" file="$lab/told")
	}
	ruleset(name="bare") { action(type="omfile" file="$lab/told") }
	END
	rsyslog_start
	soon sh -c "[ \"\$(sqlite3 '$database' \"SELECT 1 FROM setting
		WHERE jail = 1 AND name = 'notify.ruleset' AND value = '$name'\")\" ]"
}
name=nil
ok "a ruleset that is not there" told 'notify="smart"' 'notify.ruleset="nil"' \
	'events.ruleset="none"'
finds "a ruleset that is not there" 2 notify fail \
	"^jail 'sasl': notify.ruleset gets nothing: there is no ruleset 'nil'$"
like "a ruleset that is not there: events" "$(found events fail)" \
	"^jail 'sasl': events.ruleset gets nothing: there is no ruleset 'none'$"
like "a ruleset that is not there: a remedy" "$(remedy events)" \
	'^grep -rnF -e none -e queue.type '
rsyslog_stop
name=bare
ok "a ruleset without a queue" told 'notify="smart"' \
	'notify.ruleset="bare"' 'events.ruleset="own"'
finds "a ruleset without a queue" 2 notify fail \
	"notify.ruleset gets nothing: ruleset 'bare' has no queue of its own"
like "a ruleset without a queue: events have one" "$(found events ok)" \
	"^jail 'sasl' tells them to ruleset 'own'$"
rsyslog_stop
name=own
ok "a ruleset with a queue" told 'notify="smart"' 'notify.ruleset="own"' \
	'notify.wait="1h"'
doctor
is "a ruleset with a queue" "$(found notify ok)" "jail 'sasl' writes mails \
(smart), and none is overdue; mails that rsyslogd has taken: none in the last \
week"
is "a ruleset with a queue: without events.ruleset" "$(jq '[.findings[] |
	select(.check == "events")] | length' "$out")" 0
# notice KIND SECONDS [SENT]: one that was due so long ago, beyond the hour of
# notify.wait.
notice() {
	sqlite3 "$database" "INSERT INTO outbox
		(jail, kind, about, address, at, due, sent) SELECT
		1, '$1', 999, '192.0.2.9', 0, unixepoch() - 3600 - $2,
		iif(${3:-0}, unixepoch() - ${3:-0}, NULL)"
}
rsyslog_stop # it would take them
notice ban 890
notice ban 0 7300
doctor
like "a notice that waits its time" "$(found notify ok)" \
	'none is overdue; mails that rsyslogd has taken: the last one 2h 1m ago$'
notice ban 7300
notice ban 3700
doctor
is "overdue" "$(found notify warn)" "jail 'sasl': 2 notices are overdue: \
due for 3h 1m, the latest for 2h 1m; mails that rsyslogd has taken: the last \
one 2h 1m ago"
like "overdue: a remedy" "$(remedy notify)" '^journalctl -u rsyslog '
notice breach 7400
doctor
like "overdue: a breach" "$(found notify fail)" \
	'^jail .sasl.: 3 notices are overdue, 1 of breaches: due for 3h 3m'
rsyslog_start
overdue() {
	[ "$(sqlite3 "$database" "SELECT count(*) FROM outbox
		WHERE sent IS NULL")" -le "$1" ]
}
ok "overdue: a ruleset that takes them" soon overdue 0
doctor
like "overdue: cured" "$(found notify ok)" 'the last one [0-9]+s ago$'
conf "filter=\"$lab/mine.conf\"" 'notify="daily"' </dev/null
finds "mails without a ruleset" 2 config fail \
	"parameter 'notify': 'daily' needs notify.ruleset, which sends the mails"
rsyslog_stop
told # the settings say no more of it
is "none configured: nothing is looked at" "$(DATABASE=$database \
	"$lab/doctor" --json | jq '[.findings[] |
	select(.check == "notify")] | length')" 0
rsyslog_stop
cp "$lab/conf.new" "$lab/conf"
rsyslog_start

# ---- the unit ----
mkdir -p /run/systemd/system
unit() { # WHAT SYSTEMCTL PRINTS
	printf '#!/bin/sh\necho "$@" >%s\necho "%s"\n' "$lab/asked" "$1" \
		>"$lab/bin/systemctl"
	chmod 755 "$lab/bin/systemctl"
}
PATH=$lab/bin:$PATH
unit 'AF_INET AF_INET6 AF_UNIX'
finds "a unit without netlink" 2 unit fail 'allows no netlink sockets'
like "a unit without netlink: asked" "$(cat "$lab/asked")" \
	'^show --property=RestrictAddressFamilies --value .*\.service$'
like "a unit without netlink: a remedy" "$(remedy unit)" \
	'RestrictAddressFamilies=AF_NETLINK'
unit 'AF_INET AF_NETLINK'
doctor
like "a unit with netlink" "$(found unit ok)" 'allows netlink sockets'
rm "$lab/bin/systemctl"
rmdir /run/systemd/system

# ---- by whom ----
nobody="setpriv --reuid nobody --regid nogroup --clear-groups"
# shellcheck disable=SC2086 # a list of words
doctor $nobody
is "not root: status 1" "$status" 1
is "not root: what cannot be seen" "$(jq -r '[.findings[] |
	select(.level == "skip") | .check] | join(" ")' "$out")" \
	"database capability config kernel"
like "not root: a remedy" "$(remedy database)" \
	"^sudo saslbanctl doctor -d $database$"

# ---- for people ----
rsyslog_stop
DATABASE=$database "$lab/doctor" >"$out"
is "for people: status 2" $? 2
like "for people: one line" "$(cat "$out")" \
	'^ok    database    .*saslban\.db., 1 jail$'
like "for people: what is wrong" "$(cat "$out")" \
	"^fail  engine      jail 'sasl' has no engine"
like "for people: the remedy" "$(cat "$out")" \
	'^      rsyslogd -N1 && systemctl restart rsyslog$'
like "for people: a sum" "$(tail -n 1 "$out")" '^[0-9]+ failures?, .* ok$'
is "for people: no line is longer than 80" "$(grep -n '.\{81\}' "$out")" ""
DATABASE=$database "$lab/doctor" --jail nil >"$out" 2>"$lab/err"
is "no such jail: status 3" $? 3
sqlite3 "$database" "INSERT INTO jail (name, configured)
		SELECT 'smtp', configured FROM jail;
	INSERT INTO setting SELECT j.id, name, ordinal,
		iif(name = 'name', 'smtp', value)
		FROM setting, (SELECT max(id) AS id FROM jail) AS j"
DATABASE=$database "$lab/doctor" --json >"$out"
is "two jails with the same sets: a look at each set once" \
	"$(jq '[.findings[] | select(.check == "sets")] | length' "$out")" 2
DATABASE=$database "$lab/doctor" --jail smtp --json >"$out"
is "one of them: its sets, too" \
	"$(jq '[.findings[] | select(.check == "sets")] | length' "$out")" 2

# ---- privileges ----
mkdir "$lab/db/nobody"
database=$lab/db/nobody/saslban.db
chown nobody "$lab/db/nobody"
conf 'name="drop"' </dev/null
sed -i '1i $PrivDropToUser nobody\n$PrivDropToGroup nogroup' "$lab/conf"
rsyslog_start
three 198.51.100.1 | say
three 2001:db8:8000::1 | say
set=saslban-drop
ok "privilege drop: bans" soon banned 198.51.100.1
ok "privilege drop: IPv6, too" soon banned 2001:db8:8000::1
doctor
like "privilege drop: one thread has kept it" "$(found capability ok)" \
	'has CAP_NET_ADMIN in a thread of its own$'
like "privilege drop: the database is its own" "$(found writable ok)" \
	"belongs to 'nobody', mode 0640, and rsyslogd may write to it"
rsyslog_stop
for s in saslban-drop saslban-drop4 saslban-drop6; do
	ok "privilege drop: $s is lost" soon lab_lose $s
done
rsyslog_start
ok "privilege drop: bans are back after a restart" soon banned 198.51.100.1
ok "privilege drop: IPv6, too" soon banned 2001:db8:8000::1
rsyslog_stop
chown -R root "$lab/db/nobody"
rsyslog_start
ok "root's database: rsyslogd says so" heard 'cannot record'
doctor
like "root's database" "$(found writable fail)" \
	"runs as 'nobody' and may not write to '$lab/db/nobody'"
cure "root's database" writable
three 198.51.100.9 | say
ok "root's database: cured, without a restart" soon banned 198.51.100.9
rsyslog_stop
chmod 777 "$lab" # a unit with User= and nothing else
RSYSLOG_UNDER="setpriv --reuid nobody --regid nogroup --clear-groups"
cp -r "$srcdir/filter.d" "$lab/filter.d"
chmod -R a+rX "$lab/filter.d"
sed -i "/PrivDrop/d; s|$srcdir/filter.d|$lab/filter.d|" "$lab/conf"
rm -f "$lab/said" "$lab/stderr"
touch "$lab/stderr"
rsyslog_start
ok "a unit with User=: not enforced" heard 'CAP_NET_ADMIN'
doctor
like "a unit with User=" "$(found capability fail)" \
	'does not have CAP_NET_ADMIN'
like "a unit with User=: a remedy" "$(remedy capability)" \
	'AmbientCapabilities=CAP_NET_ADMIN'
rsyslog_stop
rm -f "$lab/said"
RSYSLOG_UNDER="setpriv --reuid nobody --regid nogroup --clear-groups
	--inh-caps=+net_admin --ambient-caps=+net_admin"
rsyslog_start
three 198.51.100.77 | say
ok "a unit with User=: that is what it takes" soon banned 198.51.100.77
rsyslog_stop
RSYSLOG_UNDER=

# ---- damaged; the last, as there is no way back ----
truncate -s 70M "$database-wal"
doctor
like "a long log" "$(found log warn)" 'has grown to 70 MiB'
rm -f "$database-wal" "$database-shm"
page=$(sqlite3 "$database" "SELECT rootpage FROM sqlite_schema
	WHERE name = 'offense_at'")
size=$(sqlite3 "$database" 'PRAGMA page_size')
dd if=/dev/urandom of="$database" bs="$size" seek=$((page - 1)) count=1 \
	conv=notrunc 2>/dev/null
doctor
like "damaged" "$(found integrity fail)" 'is damaged|malformed'
echo 'no database' >"$database"
finds "no database" 2 database fail 'it is damaged'
rm "$database-engines"
finds "another file" 2 database fail 'is not a SQLite database'
done_testing
