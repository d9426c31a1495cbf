#!/bin/sh
# jails: several workers, several jails on one database, a privilege drop,
# observe mode, other offender sizes.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

lab_up
query() {
	sqlite3 "$database" "$1"
}

# ---- two jails, four workers: every failure is counted once in each ----
conf 'name="sasl" maxretry="1000000"' <<-EOF
action(type="omsaslban" database="$database" name="strict" maxretry="2"
       findtime="1h" bantime="1h" network.hosts="0" account.hosts="0"
       filter.path="$srcdir/filter.d"
       queue.type="LinkedList" queue.size="100000" queue.workerThreads="4"
       queue.timeoutShutdown="60000" queue.timeoutActionCompletion="60000")
EOF
rsyslog_start
i=0
while [ $i -lt 200 ]; do
	i=$((i + 1))
	guess 198.51.100.$i
done | "$builddir/tests/send" -n 25 @5140
ok "two jails: rsyslogd stops" rsyslog_stop
is "two jails: 5000 failures in the first" "$(query "SELECT sum(count)
	FROM failure JOIN jail ON jail.id = jail WHERE name = 'sasl'")" 5000
is "two jails: 5000 in the second" "$(query "SELECT sum(count)
	FROM failure JOIN jail ON jail.id = jail WHERE name = 'strict'")" 5000
is "two jails: 200 offenses, one each" "$(query "SELECT count(*),
	count(DISTINCT address), max(strike) FROM offense")" "200|200|1"
is "two jails: each has its own set" "$(ipset -n list | sort | tr '\n' ' ')" \
	"saslban saslban-strict saslban-strict4 saslban-strict6 saslban4 saslban6 "
set=saslban-strict
ok "two jails: the bans are in the second's" banned 198.51.100.200
set=saslban
nok "two jails: and not in the first's" banned 198.51.100.200
is "two jails: nothing was dropped" "$(grep -c dropped "$lab/said")" 0

# ---- rsyslogd changes its user ----
mkdir "$lab/nobody"
chmod 755 "$lab"
chown nobody "$lab/nobody"
database=$lab/nobody/saslban.db
conf 'name="drop"' </dev/null
sed -i '1i $PrivDropToUser nobody\n$PrivDropToGroup nogroup' "$lab/conf"
ok "privilege drop: rsyslogd starts" rsyslog_start
is_nobody() { # its socket is there a moment before
	[ "$(stat -c %U /proc/"$rsyslog_job")" = nobody ]
}
ok "privilege drop: it is nobody now" soon is_nobody
three 198.51.100.1 | say
set=saslban-drop
ok "privilege drop: a ban reaches the kernel" soon banned 198.51.100.1
is "privilege drop: the database belongs to nobody" \
	"$(stat -c %U "$database")" nobody
is "privilege drop: one thread has one capability, the others none" \
	"$(cat /proc/"$rsyslog_job"/task/*/status | awk '/CapEff/ { print $2 }' |
	sort | uniq -c | awk '$2 != "0000000000000000" { print $1, $2 }')" \
	"1 0000000000001000"
rsyslog_stop

# ---- observe ----
database=$lab/observe.db
conf 'name="watch" enforce="off" maxretry="2"' </dev/null
rsyslog_start
three 198.51.100.1 | say
ok "observe: an offense is recorded" soon sh -c \
	"sqlite3 '$database' 'SELECT observed FROM offense' | grep -q 1"
ok "observe: it is said" heard 'would ban 198.51.100.1'
nok "observe: no set is touched" ipset list saslban-watch4
rsyslog_stop

# ---- what one offender is ----
database=$lab/prefix.db
conf 'name="wide" prefix.v4="24" prefix.v6="128" maxretry="2"
      ignoreip=["self", "198.51.100.5", "203.0.113.0/24"]' </dev/null
rsyslog_start
{
	guess 100.64.1.200
	guess 100.64.1.201
	guess 198.51.100.1
	guess 198.51.100.2
	three 198.51.100.9
	three 203.0.113.4
	three 2001:db8:8000::1
	three 192.0.2.25
} | say
set=saslban-wide
ok "prefix: two hosts of a /24 are one offender" \
	soon banned 100.64.1.255
ok "prefix: a single IPv6 host" soon banned 2001:db8:8000::1
nok "prefix: and not its neighbour" banned 2001:db8:8000::2
ok "prefix: beside an ignored address, the host alone" \
	soon banned 198.51.100.9
nok "prefix: the ignored address stays free" banned 198.51.100.5
nok "prefix: two hosts do not add up there" banned 198.51.100.1
nok "prefix: an ignored network" banned 203.0.113.4
nok "prefix: the way out is not banned" banned 192.0.2.1
nok "prefix: nor we ourselves" banned 192.0.2.25
rsyslog_stop
done_testing
