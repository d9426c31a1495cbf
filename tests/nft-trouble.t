#!/bin/sh
# nft-trouble: what may befall the sets of nftables while rsyslogd runs, and
# what it may lack. One message says so, and what can be made up for is.
: "${builddir:=build}" "${srcdir:=.}"
enforcer=nftables
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

if ! nft list tables >/dev/null 2>&1; then
	[ -z "${SASLBAN_STRICT:-}" ] || { echo "Bail out! nft does not work"; exit 1; }
	echo "1..0 # SKIP nft or the kernel's nf_tables is not here"
	exit 0
fi
lab_up
log=$lab/mail.log

setup() {
	rm -f "$log" "$lab/said" "$lab/stderr"
	conf "$*" <<-EOF
	action(type="omfile" file="$log" asyncWriting="off")
	EOF
}
anew() { # another database, and no sets
	rm -f "$database"*
	lose_sets
	setup "$@"
}
logged() {
	test "$(wc -l <"$log")" -ge "$1"
}
said() { # PATTERN: how often
	grep -c "omsaslban:.*$1" "$lab/said"
}
many() { # FROM TO: three guesses of each address
	seq "$1" "$2" | while read -r i; do
		three 198.18.$((i / 250)).$((i % 250 + 1))
	done
}
query() {
	sqlite3 -cmd '.timeout 5000' "$database" "$1"
}
lasts() { # ADDRESS SECONDS: some minutes less at most
	lasts_left=$(left "$1")
	[ "$lasts_left" -le "$2" ] && [ "$lasts_left" -gt $(($2 - 600)) ]
}

# ---- what a ban can be ----
setup 'network.hosts="0" bantime=["32d"]'
ok "rsyslogd starts" rsyslog_start
[ $tap_bad -eq 0 ] || exit 1
{
	three 198.51.100.1
	three 2001:db8:8000::1
} | say
ok "32 days: IPv4" soon banned 198.51.100.1
ok "32 days: are not cut" lasts 198.51.100.1 2764800
ok "32 days: IPv6, as a /64" soon banned 2001:db8:8000::/64
ok "32 days: are not cut there, either" lasts 2001:db8:8000::/64 2764800
for a in 2001:db8:9000:100::/56 2001:db8:9001::/48 203.0.113.0/24 \
	2001:db8:9002::7/128 198.51.100.77; do
	"$ctl" -d "$database" ban $a --for forever >/dev/null
	ok "for ever: $a has a hundred years" lasts ${a%/128} 3153600000
done
is "for ever: nothing is to be renewed" "$(query "SELECT count(*) FROM entry
	WHERE held < strftime('%s') + 3153000000 AND address LIKE '%900%'")" 0
"$ctl" -d "$database" unban 2001:db8:9000:100::/56 >/dev/null
nok "for ever: until it is lifted" banned 2001:db8:9000:100::/56

# ---- a set is flushed ----
kill -STOP "$rsyslog_job"
flush saslban4
nok "flushed: the ban is gone" banned 198.51.100.1
kill -CONT "$rsyslog_job"
ok "flushed: it is back within a minute" wait_for 80 banned 198.51.100.1
ok "flushed: and it is said" heard "set 'saslban4' was flushed or replaced"
is "flushed: of this one alone" "$(said "'saslban6' was flushed")" 0
ok "flushed: 32 days are 32 days" lasts 198.51.100.1 2764800

# ---- a set is deleted ----
nft delete set inet saslban saslban4
three 198.51.100.2 | say
ok "deleted: with the next ban it is there again" soon banned 198.51.100.2
ok "deleted: with the bans that were in it" soon banned 198.51.100.1
nft delete set inet saslban saslban6/64
nok "deleted: IPv6, too" banned 2001:db8:8000::/64
three 2001:db8:8000:1::1 | say
ok "deleted: IPv6: it is there again" soon banned 2001:db8:8000:1::/64
ok "deleted: IPv6: with its bans" soon banned 2001:db8:8000::/64

# ---- a set of another kind comes in its place ----
other_kind() { # LINE
	nft "delete set inet saslban saslban4;
		add set inet saslban saslban4 { $1 }"
}
ok "another kind: it is put there" \
	other_kind 'type ipv4_addr; flags interval, timeout;'
three 198.51.100.3 | say
ok "another kind: it is said, and what is needed" heard \
	"not enforced.*'saslban4'.*of another kind.*type ipv4_addr; flags timeout"
three 2001:db8:8000:2::1 | say
ok "another kind: the other family goes in" soon banned 2001:db8:8000:2::/64
nft delete set inet saslban saslban4
ok "another kind: made up for when it is gone" soon banned 198.51.100.3
ok "another kind: and that is said" heard 'enforced again'
is "another kind: said once" "$(said 'not enforced')" 1

# ---- single entries are removed and added ----
take_out 198.51.100.2
nft 'add element inet saslban saslban4 { 198.51.100.222 timeout 1h }'
"$ctl" -d "$database" ban 198.51.100.222 --for 2h >/dev/null
ok "added by somebody: a ban has its own time" lasts 198.51.100.222 7200
"$ctl" -d "$database" unban 198.51.100.2 >/dev/null
is "removed by somebody: it can be lifted" $? 0

# ---- the set is full ----
rsyslog_stop
anew 'set.max="64"'
nft 'table inet saslban { set saslban4 { type ipv4_addr; flags timeout;
	counter; size 64; timeout 1d; gc-interval 30s; }; }'
rsyslog_start
many 1000 1099 | "$builddir/tests/send" @5140
ok "full: it is said" heard 'recorded but not enforced.*full (64 entries)'
three 2001:db8:8000::1 | say
ok "full: the other family goes in" soon banned 2001:db8:8000::1
is "full: 64 are in" "$(held | grep -c '^198\.18')" 64
like "full: doctor" "$("$ctl" -d "$database" doctor 2>&1)" \
	"'saslban4' has 64 of 64 entries: it is full"
sleep 2 # of those that came in one second none is the newest
three 203.0.113.201 | say
ok "full: the newest displaces an old one" soon banned 203.0.113.201
is "full: 64 are still in" "$(held | grep -c '\.')" 64
sleep 3
nft 'add set inet saslban saslban4 { type ipv4_addr; flags timeout;
	counter; size 4096; timeout 1d; gc-interval 30s; }'
grown() {
	[ "$(held | grep -c '^198\.18')" -eq 100 ]
}
if nft list set inet saslban saslban4 | grep -q 'size 4096'; then
	ok "full: made larger, it takes all" wait_for 80 grown
	ok "full: and that is said" heard 'enforced again'
else
	skip "full: made larger" "this kernel does not change the size of a set"
fi
rsyslog_stop
is "full: said once" "$(said 'not enforced')" 1

# ---- a set without a size ----
anew
nft 'table inet saslban { set saslban4 { type ipv4_addr; flags timeout;
	counter; }; }'
rsyslog_start
many 1 100 | "$builddir/tests/send" @5140
ok "no size: all go in" soon grown
unlike "no size: it is never full" \
	"$("$ctl" -d "$database" doctor 2>&1 | grep saslban4)" 'full|fail'

# ---- no capability ----
rsyslog_stop
anew
RSYSLOG_UNDER="setpriv --bounding-set=-net_admin" rsyslog_start
three 198.51.100.6 | say
ok "no capability: logging goes on" soon logged 3
ok "no capability: says which" heard 'not enforced.*CAP_NET_ADMIN'
ok "no capability: the ban is recorded" soon sh -c \
	"'$ctl' -d '$database' list | grep -q '^198.51.100.6 '"
sleep 7
ok "no capability: rsyslogd stops" rsyslog_stop
is "no capability: said once" "$(said 'not enforced')" 1
setup
rsyslog_start
ok "no capability: made up for after a start with it" \
	soon banned 198.51.100.6

# ---- rsyslogd changes its user ----
rsyslog_stop
mkdir "$lab/nobody"
chmod 755 "$lab"
chown nobody "$lab/nobody"
database=$lab/nobody/saslban.db
setup
# shellcheck disable=SC2016 # rsyslog's words
sed -i '1i $PrivDropToUser nobody\n$PrivDropToGroup nogroup' "$lab/conf"
: >"$log"
chmod 666 "$log"
ok "privilege drop: rsyslogd starts" rsyslog_start
is_nobody() {
	[ "$(stat -c %U /proc/"$rsyslog_job")" = nobody ]
}
ok "privilege drop: it is nobody now" soon is_nobody
{
	three 198.51.100.7
	three 2001:db8:8000:7::1
} | say
ok "privilege drop: a ban reaches the kernel" soon banned 198.51.100.7
ok "privilege drop: IPv6, too" soon banned 2001:db8:8000:7::/64
is "privilege drop: one thread has one capability, the others none" \
	"$(cat /proc/"$rsyslog_job"/task/*/status | awk '/CapEff/ { print $2 }' |
	sort | uniq -c | awk '$2 != "0000000000000000" { print $1, $2 }')" \
	"1 0000000000001000"
nft delete table inet saslban
three 198.51.100.8 | say
ok "privilege drop: the table is made anew" soon banned 198.51.100.8
ok "privilege drop: and filled" soon banned 198.51.100.7
rsyslog_stop

# ---- killed while it restores ----
database=$lab/saslban.db
rm -f "$database"*
lose_sets
setup
rsyslog_start
three 198.51.100.1 | say
ok "20000 bans: the first" soon banned 198.51.100.1
rsyslog_stop
copies() { # TABLE: of its one row
	echo "INSERT INTO $1 SELECT $(query "SELECT group_concat(CASE name
		WHEN 'address' THEN 'n.address' WHEN 'held' THEN '0'
		WHEN 'id' THEN 'NULL' ELSE 't.' || name END)
		FROM pragma_table_info('$1')") FROM (SELECT * FROM $1) t, n;"
}
query "BEGIN;
	CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL
		SELECT i + 1 FROM n WHERE i < 19999)
		SELECT '10.9.' || (i / 250) || '.' || (i % 250) AS address
		FROM n;
	$(copies offense)
	$(copies entry)
	COMMIT;"
is "20000 bans: in the database" "$(query 'SELECT count(*) FROM offense')" 20001
lose_sets
all() {
	[ "$(held | wc -l)" -eq 20001 ]
}
for try in 1 2 3; do
	rsyslog_start
	ok "20000 bans: the first is back, try $try" soon banned 198.51.100.1
	rsyslog_stop -KILL 2>/dev/null
	diag "killed with $(held | wc -l)"
	[ $try -eq 3 ] || lose_sets
done
rsyslog_start
ok "20000 bans: all are back" soon all
settled() {
	[ "$(query "SELECT count(*) FROM entry WHERE held = wanted")" -eq 20001 ]
}
ok "20000 bans: the database knows it" soon settled
ok "20000 bans: with their time" lasts 10.9.79.249 "$(left 198.51.100.1)"
ok "rsyslogd stops" rsyslog_stop
is "the database is whole" "$(query 'PRAGMA integrity_check')" ok
done_testing
