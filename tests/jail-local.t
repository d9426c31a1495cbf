#!/bin/sh
# jail-local: what `saslbanctl import --jail-local` makes of fail2ban's files.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

export LC_ALL=C.UTF-8
out=$lab/out
err=$lab/err
cd "$lab" || exit
mount -n -t tmpfs tmpfs /var/lib
mkdir /var/lib/saslban

# run FILE...: leaves its status, $out and $err.
run() {
	"$ctl" import --jail-local --path "$srcdir/filter.d" "$@" \
		>"$out" 2>"$err"
	status=$?
}
# passes TITLE: the last one is taken by rsyslogd.
passes() {
	sed "s|load=\"omsaslban\"|load=\"$module\"|" "$out" >conf
	echo "mail.* action(type=\"omfile\" file=\"$lab/mail.log\")" >>conf
	said=$("$rsyslogd" -N1 -f "$lab/conf" 2>&1)
	is "$1: rsyslogd -N1" $? 0
	unlike "$1: without a word" "$said" '[Ee]rror|[Ww]arn'
}

# ---- all of fail2ban's own files, and what an admin wrote ----

if [ -d "$builddir/fail2ban/etc/fail2ban" ]; then
	cp -a "$builddir/fail2ban/etc/fail2ban" f2b
else
	skip "fail2ban's files" "build/fail2ban is missing: tools/prepare --tests"
	done_testing
fi
cat >f2b/jail.local <<'END'
[DEFAULT]
ignoreip = 127.0.0.1/8 ::1, 192.0.2.0/24
	office.example.org
bantime = 1h
bantime.increment = true
bantime.maxtime = 5w
destemail = x@example.org

[sshd]
enabled = true
maxretry = 1

[postfix-sasl]
enabled = true
maxretry = 3
port = smtp,465

[sieve]
enabled = true
ignoreself = false
ignorecommand = /bin/true
bantime.factor = 1 / 24
frobnicate = 7
END
cat >f2b/jail.d/mail.conf <<'END'
[dovecot]
enabled = true
bantime.multipliers = 1 5 30 60
findtime = 1d 12h
maxretry = 99
END
cat >f2b/jail.d/zz.local <<'END'
[dovecot]
maxretry = %(known/maxretry)s9
mode = aggressive
END
run f2b
is "a directory: status" "$status" 0
is "a directory: no complaint" "$(cat "$err")" ""
sed "s|$lab/||; s|\"$srcdir/filter.d\"|\"FILTERS\"|" "$out" >got
is "a directory" "$(cat got)" "$(cat <<'END'
# The mail jails of fail2ban, as omsaslban(8) has them. What it does beyond that
# (customers, accounts, networks, outages) has its defaults: see JUDGEMENT there.

module(load="omsaslban")

if prifilt("mail,auth,authpriv.*") then {

	# [dovecot]
	#   f2b/jail.local:7: destemail: notify has mails; mailto of 32-saslban-notify.conf
	action(
		type="omsaslban"
		name="dovecot"
		filter="dovecot[mode=aggressive]"
		filter.path="FILTERS"
		maxretry="999"
		findtime="36h"
		bantime=["1h", "5h", "30h", "60h"]
		ignoreip=["self", "192.0.2.0/24", "office.example.org"]
		set="saslban"
		# Nobody is banned until you take this line away:
		enforce="off"
	)

	# [sieve]
	#   bantime.factor, bantime.multipliers: no plain numbers; bans double instead
	#   f2b/jail.local:7: destemail: notify has mails; mailto of 32-saslban-notify.conf
	#   f2b/jail.local:21: ignorecommand: no program is run; ignoreip takes files, which are read again when they change
	#   f2b/jail.local:23: frobnicate: nothing here is called so
	action(
		type="omsaslban"
		name="sieve"
		filter="cyrus-imap"
		filter.path="FILTERS"
		maxretry="5"
		findtime="10m"
		bantime=["1h", "2h"]
		bantime.factor="2"
		bantime.max="35d"
		ignoreip=["192.0.2.0/24", "office.example.org"]
		set="saslban"
		# Nobody is banned until you take this line away:
		enforce="off"
	)

	# [postfix-sasl]
	#   f2b/jail.local:7: destemail: notify has mails; mailto of 32-saslban-notify.conf
	#   f2b/jail.local:16: port: the firewall rule has the ports, not the jail: saslban-firewall, saslban.nft
	action(
		type="omsaslban"
		name="postfix-sasl"
		filter="postfix"
		filter.path="FILTERS"
		maxretry="3"
		findtime="10m"
		bantime=["1h", "2h"]
		bantime.factor="2"
		bantime.max="35d"
		ignoreip=["self", "192.0.2.0/24", "office.example.org"]
		set="saslban"
		# Nobody is banned until you take this line away:
		enforce="off"
	)
}

# 21 mail jails that are not enabled: left out
END
)"
passes "a directory"
cp "$out" directory
run f2b/jail.local
ok "a jail.local is read with what lies beside it" cmp "$out" directory

# ---- files by other names ----

cat >one <<'END'
[DEFAULT]
bantime = -1
[mail "x"; evil]
enabled = yes
port = imap
filter = own"\filter
maxretry = many
ignoreip = not*a*name
findtime = soon
[other]
enabled = true
bantime = %(nil)s
[imap]
enabled = true
bantime = %(nil)s
filter = dovecot
END
cat >two <<'END'
[other]
port = 25
filter = postfix-sasl
END
run one two
is "files: status" "$status" 0
is "files: what is nasty is text" "$(sed -n "s|\"$srcdir/filter.d\"|\"FILTERS\"|
	/\[mail/,/^	)/p" "$out")" \
	"$(cat <<'END'
	# [mail "x"; evil]
	#   no shipped filter does what 'own"\\filter' does: fail2ban's own is read, unchanged. Copy it to /etc/saslban/filter.d before you remove fail2ban
	#   parameter 'maxretry': 'many' is not allowed; allowed: a number from 1 to 1000000
	#   findtime: 'soon' is no duration
	#   parameter 'ignoreip': 'not*a*name' is not allowed; allowed: up to 256 of: self, an address, address/prefix, a host name, file:/PATH
	#   one:5: port: the firewall rule has the ports, not the jail: saslban-firewall, saslban.nft
	action(
		type="omsaslban"
		name="mail--x---evil"
		filter="/etc/fail2ban/filter.d/own\"\\filter"
		filter.path="FILTERS"
		bantime=["forever"]
		ignoreip=["self"]
		set="saslban"
		# Nobody is banned until you take this line away:
		enforce="off"
	)
END
)"
like "files: one is read over the other" "$(cat "$out")" 'name="other"'
like "files: for ever" "$(cat "$out")" 'bantime=\["forever"\]'
like "files: what cannot be put together is told" "$(cat "$out")" \
	"bantime: one:[0-9]*: no option 'nil' for %\\(nil\\)s"

# ---- what is refused ----

printf '[x]\nenabled = true\n' >none
run none
is "no mail jail: status" "$status" 3
like "no mail jail: says so" "$(cat "$out")" '# No mail jail is enabled'
passes "no mail jail"
while IFS='|' read -r what pattern; do
	run "$what"
	is "'$what': status" "$status" 1
	is "'$what': one line" "$(grep -c . "$err")" 1
	like "'$what': says why" "$(cat "$err")" "$pattern"
done <<'END'
nil|cannot .* 'nil'
/|no jail.conf and no jail.local in '/'
/dev/null|cannot read '/dev/null'
END
printf 'text\n' >broken
run broken
like "what is no such file" "$(cat "$err")" \
	'^saslbanctl: broken:1: text before the first \[section\]'
done_testing
