#!/bin/sh
# moving: docs/moving-from-fail2ban.md, command by command, with the real
# fail2ban and a real rsyslogd; and its table has every setting of jail.local.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

export TZ=UTC LC_ALL=C.UTF-8
guide=$srcdir/docs/moving-from-fail2ban.md
cd "$lab" || exit

# ---- the table ----

jail_local=$(sed -n '/^## Every setting/,$s/^| *\(`[^|]*\)|.*/\1/p' "$guide" |
	grep -o '`[^`]*`' | tr -d '`')
lacks() { # NAME...: those that the table does not have
	for name; do
		printf '%s\n' "$jail_local" | grep -qxF "$name" || echo "$name"
	done
}
root=$builddir/fail2ban
if [ ! -d "$root/etc/fail2ban" ]; then
	skip "fail2ban" "'$root' is missing: tools/prepare --tests"
	done_testing
fi
# shellcheck disable=SC2046 # names
{
	is "the table has what fail2ban's reader of jails knows" "$(lacks $(
		sed -n '/_configOpts = {/,/}/s/^[^"]*"\([^"]*\)":.*/\1/p' \
			"$root/usr/lib/python3/dist-packages/fail2ban/client/jailreader.py"
	))" ""
	is "and what its jail.conf sets for all jails" "$(lacks $(
		sed -n '/^\[DEFAULT\]/,/^# JAILS/s/^#\{0,1\}\([a-z_.]*\) *=.*/\1/p' \
			"$root/etc/fail2ban/jail.conf"
	))" ""
}

# ---- the machine ----

lab_up
mount -n -t tmpfs tmpfs /var/lib
mkdir /var/lib/fail2ban bin etc etc/rsyslog.d home
database=/var/lib/saslban/saslban.db
# The filters and the firewall's program where they are installed to.
mkdir -p /run/share/saslban
cp -a "$srcdir/filter.d" "$srcdir"/ipset/* /run/share/saslban
mount -n -t overlay overlay -o ro,lowerdir=/run/share:/usr/share /usr/share
cp -a "$root/etc/fail2ban" etc/fail2ban
rm -f etc/fail2ban/jail.d/*
cat >etc/fail2ban/fail2ban.local <<END
[Definition]
dbfile = /var/lib/fail2ban/fail2ban.sqlite3
logtarget = $lab/f2b.log
END
: >mail.log
cat >etc/fail2ban/jail.local <<END
[DEFAULT]
backend = polling
bantime = 1h
bantime.increment = true
action =
ignoreip = 127.0.0.1/8 203.0.113.0/24
[postfix-sasl]
enabled = true
maxretry = 3
logpath = $lab/mail.log
[dovecot]
enabled = true
logpath = $lab/mail.log
END
modules=$(dirname "$(find /usr/lib -name imptcp.so | head -n 1)")
cat >conf <<END
global(workDirectory="$lab" net.enableDNS="off" processInternalMessages="on")
module(load="imuxsock" SysSock.Use="off")
main_queue(queue.timeoutShutdown="60000")
input(type="imuxsock" Socket="$socket" CreatePath="on" RateLimit.Interval="0")
syslog.* action(type="omfile" file="$lab/said")
mail.* action(type="omfile" file="$lab/mail.log")
include(file="$lab/etc/rsyslog.d/*.conf")
END
cat >bin/rsyslogd <<END
#!/bin/sh
exec $rsyslogd -M "$modules:$builddir/.libs" -f "$lab/conf" "\$@"
END
cat >bin/saslbanctl <<END
#!/bin/sh
exec $ctl "\$@"
END
cat >bin/fail2ban-client <<END
#!/bin/sh
PATH=$root/usr/bin:\$PATH
export PYTHONPATH=$root/usr/lib/python3/dist-packages PATH
exec /usr/bin/python3 -W ignore $root/usr/bin/fail2ban-client \
	-c "$lab/etc/fail2ban" -s "$lab/f2b.sock" -p "$lab/f2b.pid" "\$@"
END
chmod +x bin/*
PATH=$lab/bin:$PATH
rsyslogd=$lab/bin/rsyslogd
rsyslog_job=

# configured MOMENT: both jails have been, since then.
configured() {
	[ "$(sqlite3 "$database" "SELECT count(*) FROM jail
		WHERE configured >= $1")" = 2 ]
}
# systemctl VERB [--now] UNIT, as far as it is used.
systemctl() {
	case "$*" in
	'restart rsyslog')
		[ -z "$rsyslog_job" ] || rsyslog_stop || return
		now=$(date +%s)
		rsyslog_start || return
		[ ! -e etc/rsyslog.d/30-saslban.conf ] || soon configured "$now"
		;;
	'enable --now fail2ban')
		fail2ban-client start
		;;
	'disable --now fail2ban')
		fail2ban-client stop && soon test ! -e f2b.pid
		;;
	*)
		echo "no '$*' here"
		return 1
		;;
	esac
}
f2b_has() { # JAIL ADDRESS
	fail2ban-client get "$1" banip | grep -qw "$2"
}

# step PATTERN: the commands of the block in which it stands, one by one.
step() {
	awk -v pattern="$1" '
		/^```sh$/ { inside = 1; block = ""; next }
		/^```$/ { if (inside && index(block, pattern)) printf "%s", block
			inside = 0 }
		inside { block = block $0 "\n" }' "$guide" |
		sed "s|/etc/fail2ban|$lab&|; s|/etc/rsyslog\.d|$lab&|
			s|/var/log/mail\.log|$lab/mail.log|; s|/root/|$lab/home/|g" \
		>commands
	ok "there are commands with '$1'" test -s commands
	while read -r command <&7; do
		ok "$command" eval "$command"
	done 7<commands
}

# ---- step by step ----

ok "fail2ban runs" fail2ban-client start
fail2ban-client set postfix-sasl banip 198.51.100.50 203.0.113.5 >/dev/null
fail2ban-client set dovecot banip 198.51.100.70 >/dev/null
guess 198.51.100.60 | sed 's/^/Nov 20 10:00:00 mail /' >mail.log

step 'import --jail-local'
is "both jails are there" "$(grep -c 'enforce="off"' etc/rsyslog.d/30-saslban.conf)" 2
step 'saslbanctl status'
three 198.51.100.60 | say
ok "it observes" soon sh -c "saslbanctl list | grep -q '198.51.100.60.*observed'"
nok "and bans nobody" ipset list -n saslban4
step 'simulate --policy @postfix-sasl'
step 'saslbanctl learn'
step '--dry-run --jail postfix-sasl'
like "what runs waits" "$(cat "$tap_out")" 'the jail only observes'
step '/usr/share/saslban/saslban-firewall install'
like "the bans of both jails are there" "$(saslbanctl list)" '^198\.51\.100\.70 *dovecot '
ok "and in the kernel" soon ipset test saslban4 198.51.100.50
nok "but for who is exempt" ipset test saslban4 203.0.113.5
ok "a rule uses it" sh -c "iptables-save -t raw | grep -q -w saslban"
three 198.51.100.61 | say
ok "it bans by itself" soon ipset test saslban4 198.51.100.61
step 'fail2ban-client stop postfix-sasl'
step 'disable --now fail2ban'

# ---- and back ----

step 'enable --now fail2ban'
for address in 198.51.100.50 198.51.100.61 198.51.100.70; do
	ok "fail2ban has $address" soon f2b_has postfix-sasl "$address"
done
step '--all --json --output'
ok "the record is whole" sh -c "jq -e '.bans | length > 3' home/saslban.json"
step 'saslban-firewall remove'
nok "no rule is left" sh -c "iptables-save -t raw | grep -w saslban"
is "no command of the guide was left out" "$(
	grep -c '^```sh$' "$guide"
)" "$(grep -c "^step '" "$srcdir/tests/moving.t")"
ok "fail2ban ends" fail2ban-client stop
ok "rsyslogd ends" rsyslog_stop
done_testing
