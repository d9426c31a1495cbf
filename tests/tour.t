#!/bin/sh
# tour: the commands of docs/tour.md are run, one after the other, and print
# what stands there. The nights before are told to the judge by tests/story;
# rsyslogd with the module, the sets and the rule are real.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

export LC_ALL=C.UTF-8 NO_COLOR=1 TERM=xterm
unset SUDO_USER
tour=$srcdir/docs/tour.md
mount -n -t tmpfs tmpfs /var/lib
mkdir "$lab/bin" "$lab/home" /var/lib/saslban
chmod 755 "$lab"
chmod 750 /var/lib/saslban
database=/var/lib/saslban/saslban.db
# The firewall's program and the filters where they are installed to.
mkdir -p /run/share/saslban
cp -a "$srcdir/filter.d" "$srcdir"/ipset/* /run/share/saslban
mount -n -t overlay overlay -o ro,lowerdir=/run/share:/usr/share /usr/share

# For saslbanctl it is one moment all the time, so that what is left of a ban
# is exact; between eight and nine in the morning, so that each night lies on
# the same day.
now=$(date +%s)
TZ=LAB$(($(date -u -d "@$now" +%-H) - 8))
export TZ
cat >"$lab/bin/saslbanctl" <<EOT
#!/bin/sh
LD_PRELOAD=$builddir/tests/.libs/clock.so SASLBAN_CLOCK=$now \
	exec $ctl "\$@"
EOT
chmod 755 "$lab/bin/saslbanctl"
PATH=$lab/bin:$PATH

# ---- the days before ----

# six OFFSET ADDRESS USER: failures, every ten seconds.
six() {
	for i in 0 10 20 30 40 50; do
		echo "$(($1 + i)) failure $2 $3 postfix/smtpd"
	done
}
{
	echo "-800000 success 192.0.2.60 alice@example.org dovecot"
	six -780000 198.51.100.23 info@example.org
	six -600000 198.51.100.23 sales@example.org
	six -500000 203.0.113.200 root
	six -50000 198.51.100.23 admin@example.org
	six -43000 203.0.113.200 root
	for i in $(seq 1 20); do
		echo "$((-36000 + 20 * i)) failure 203.0.113.$((i * 7))" \
			"name$i@example.org dovecot"
	done
	six -20000 198.51.100.99 root
	six -1500 198.51.100.77 alice@example.org
} | "$builddir/tests/story" "$database" "$now" filter=postfix filter=dovecot \
	ignoreip=self
sqlite3 "$database" "UPDATE failure SET rule = CASE service
		WHEN 'dovecot' THEN 'dovecot:1' ELSE 'postfix:1' END;
	UPDATE offense SET why = replace(why, 'story:',
		CASE WHEN why LIKE '%dovecot%' THEN 'dovecot:' ELSE 'postfix:' END)"
lab_up
cat >"$lab/conf" <<EOT
global(workDirectory="$lab" processInternalMessages="on" net.enableDNS="off")
module(load="imuxsock" SysSock.Use="off")
module(load="$module")
input(type="imuxsock" Socket="$socket" CreatePath="on" RateLimit.Interval="0")
syslog.* action(type="omfile" file="$lab/said")
action(type="omsaslban" filter=["postfix", "dovecot"] ignoreip=["self"]
       filter.path="$srcdir/filter.d")
EOT
mount -n --bind "$lab/conf" /etc/rsyslog.conf
cat >"$lab/bin/rsyslogd" <<EOT
#!/bin/sh
exec $rsyslogd -n -i "$lab/pid" -f /etc/rsyslog.conf
EOT
chmod 755 "$lab/bin/rsyslogd"
rsyslogd=$lab/bin/rsyslogd
sh "$srcdir/ipset/saslban-firewall" install
rsyslog_start
good 192.0.2.60 | say
ok "a login is noticed" soon sh -c "[ \"\$(sqlite3 '$database' \
	\"SELECT count(*) FROM login WHERE user = 'bob'\")\" = 1 ]"
rsyslog_stop # what the filters have read is written by now
: >"$lab/said"
rsyslog_start
ok "rsyslogd runs with the module" heard ': started: '

# ---- the tour ----

cd "$lab/home" || exit
# Dates and times of day, what the kernel counts down, free space and the
# process are any; nothing else is.
plain() {
	sed -E 's/20[0-9]{2}-[0-9]{2}-[0-9]{2}/YYYY-MM-DD/g
		s/\b[0-9]{2}:[0-9]{2}:[0-9]{2}\b/hh:mm:ss/g
		s/YYYY-MM-DD [0-9]{2}:[0-9]{2}/YYYY-MM-DD hh:mm/g
		s/db-20[0-9]{6}T[0-9]{6}Z/db-YYYYMMDDThhmmssZ/g
		s/^(    kernel .*, )[0-9]+m [0-9]+s left/\1TIME left/
		s/[0-9]+ MiB free/N MiB free/
		s/\(pid [0-9]+\)/(pid N)/'
}
# Each command becomes a file N, what follows it N.want.
awk -v to="$lab/step" '
	/^```/ { console = $0 == "```console"; n += 0; next }
	console && /^\$ / { n++; print substr($0, 3) >(to n); printf "" >(to n ".want"); next }
	console { print >(to n ".want") }
	END { print n >(to "s") }' "$tour"
n=0
while [ $((n += 1)) -le "$(cat "$lab/steps")" ]; do
	script -qe -E never -c "stty cols 80 rows 50; sh $lab/step$n" /dev/null \
		</dev/null | tr -d '\r' >"$lab/step$n.got"
	is "$(cat "$lab/step$n")" "$(plain <"$lab/step$n.got")" \
		"$(plain <"$lab/step$n.want")"
done
ok "there are steps" [ $n -gt 15 ]
ok "rsyslogd ends" rsyslog_stop
done_testing
