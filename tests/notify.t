#!/bin/sh
# notify: mails, from a ban to the mailbox: rsyslogd with the drop-in as it is
# shipped, but for the port and how long it waits, and Debian's Postfix, which
# is unpacked in build/postfix (tools/prepare), with a configuration, a spool
# and a mailbox of its own.
#
# SASLBAN_DOWN=3600: the mail server is down for so many seconds, and rsyslogd
# waits as long as the drop-in says between its attempts.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

if [ ! -d "$builddir/postfix" ]; then
	skip "mails" "Postfix is not unpacked; see tools/prepare"
	done_testing
fi
cp -a "$builddir/postfix" /run/postfix # the tree may be below /usr
mount -n -t overlay overlay -o lowerdir=/run/postfix/usr:/usr /usr
lab_up
chmod 755 "$lab"
TZ=UTC
export TZ
down=${SASLBAN_DOWN:-0}

# ---- a mail server ----

{
	cat /etc/passwd
	echo 'postfix:x:65001:65001::/:/bin/false'
} >"$lab/passwd"
{
	cat /etc/group
	echo 'postfix:x:65001:'
	echo 'postdrop:x:65002:'
} >"$lab/group"
for file in passwd group; do
	mount -n --bind "$lab/$file" /etc/$file
done
mkdir "$lab/postfix" "$lab/spool" "$lab/data" "$lab/mail"
chown 65001 "$lab/data" "$lab/mail"
cat >"$lab/postfix/main.cf" <<-END
compatibility_level = 3.6
meta_directory = /run/postfix/etc/postfix
queue_directory = $lab/spool
data_directory = $lab/data
maillog_file = $lab/maillog
maillog_file_prefixes = $lab
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx1.example.org
mydestination =
mynetworks = 127.0.0.0/8
local_header_rewrite_clients =
smtpd_forbid_bare_newline = yes
virtual_mailbox_domains = example.org
virtual_mailbox_base = $lab/mail
virtual_mailbox_maps = static:postmaster/
virtual_uid_maps = static:65001
virtual_gid_maps = static:65001
virtual_minimum_uid = 1
END
cat >"$lab/postfix/master.cf" <<-END
2525      inet       n  -  n  -      -  smtpd
pickup    unix       n  -  n  60     1  pickup
cleanup   unix       n  -  n  -      0  cleanup
qmgr      unix       n  -  n  300    1  qmgr
rewrite   unix       -  -  n  -      -  trivial-rewrite
bounce    unix       -  -  n  -      0  bounce
defer     unix       -  -  n  -      0  bounce
trace     unix       -  -  n  -      0  bounce
flush     unix       n  -  n  1000?  0  flush
proxymap  unix       -  -  n  -      -  proxymap
error     unix       -  -  n  -      -  error
retry     unix       -  -  n  -      -  error
virtual   unix       -  n  n  -      -  virtual
anvil     unix       -  -  n  -      1  anvil
postlog   unix-dgram n  -  n  -      1  postlogd
END
postfix_do() {
	postfix -c "$lab/postfix" "$1" >>"$lab/postfix.out" 2>&1 </dev/null
}
# postfix_reload: until its master has done it.
postfix_reload() {
	reloads=$(grep -c 'reload -- version' "$lab/maillog")
	postfix_do reload
	soon has_reloaded
}
has_reloaded() {
	[ "$(grep -c 'reload -- version' "$lab/maillog")" -gt "$reloads" ]
}

# mails: how many have come. mail_of PATTERN: the file of the one whose subject
# fits; subjects: all of them, sorted.
mails() {
	find "$lab/mail" -path '*/new/*' | wc -l
}
mails_are() {
	[ "$(mails)" -eq "$1" ]
}
mail_of() {
	grep -l "^Subject: .*$1" "$lab"/mail/postmaster/new/*
}
subjects() {
	sed -n 's/^Subject: \[saslban\] [^:]*: //p' \
		"$lab"/mail/postmaster/new/* | sort
}
header() { # NAME FILE
	sed -n "/^\$/q; s/^$1: //p" "$2"
}
body() {
	sed '1,/^$/d' "$1"
}

resume=1 # seconds
# jail [PARAMETER...]: with the drop-in.
jail() {
	sed -e 's/port="25"/port="2525"/' \
		-e "s/resumeInterval=\"30\"/resumeInterval=\"$resume\"/" \
		"$srcdir/rsyslog.d/32-saslban-notify.conf" |
		conf "$@" 'notify.ruleset="saslban-notify"'
}
outbox() {
	sqlite3 "$database" "SELECT count(*) FROM outbox WHERE sent IS $1"
}

# ---- one mail ----

cat >"$lab/template" <<'END'
Subject: [saslban] %place%: %headline%

. begins with a dot, and is no end: 100%%
..
%news%

Grüße, %id%
END
jail 'notify="immediate"' "notify.template=\"$lab/template\""
postfix_do start
ok "Postfix runs" soon grep -q 'daemon started' "$lab/maillog"
rsyslog_start
three 198.51.100.1 "x\\\"@'|<>" | say
ok "a ban is told" soon mails_are 1
mail=$(mail_of '198.51.100.1 strike 1, banned for 48h$')
like "its id is the mail's" "$(header Message-ID "$mail")" \
	'^<sasl\.1\.[0-9]+@[A-Za-z0-9.-]+>$'
is "what it is made of" "$(header Content-Type "$mail")" \
	"text/plain; charset=utf-8"
is "nobody answers it" "$(header Auto-Submitted "$mail")" auto-generated
is "the head has nothing else" "$(sed '/^$/q' "$mail" |
	sed -n 's/^\([A-Za-z-]*\): .*/\1/p' | tr '\n' ' ')" "Return-Path \
X-Original-To Delivered-To Received Date From To Subject Message-ID \
MIME-Version Content-Type Content-Transfer-Encoding Auto-Submitted X-Mailer "
is "the body is the template's" "$(body "$mail" | sed '3s/^[0-9: -]*//')" \
	". begins with a dot, and is no end: 100%
..
banned 198.51.100.1 for 48h (strike 1)
    3 failures within 1h, last by postfix/smtpd (postfix:1)

Grüße, $(header Message-ID "$mail" | tr -d '<>')"
rsyslog_stop
is "it counts as sent" "$(outbox NULL)" 0

# ---- the mail server is down ----

# have TITLE N: rsyslogd has got so many mails, which are all.
in_queue() {
	[ "$(outbox 'NOT NULL')" -eq "$1" ] && [ "$(outbox NULL)" -eq 0 ]
}
have() {
	ok "$1" soon in_queue "$2"
}

postfix_do stop
[ "$down" -eq 0 ] || resume=30
jail 'notify="immediate"'
rsyslog_start
three 198.51.100.2 | say
have "without a mail server rsyslogd takes the mails" 2
ok "and finds out that there is none" heard "'saslban-notify' suspended"
three 198.51.100.3 | say
have "a second one" 3
rsyslog_stop
rsyslog_start
three 198.51.100.4 | say
have "and one after a restart" 4
rsyslog_stop -KILL 2>/dev/null
rsyslog_start
three 198.51.100.5 | say
have "and one after a kill" 5
rsyslog_stop -KILL 2>/dev/null
rsyslog_start
sleep "$down"
is "none has come" "$(mails)" 1
postfix_do start
# rsyslogd waits for longer and longer: by each ten attempts as long again.
ok "when the server is back, all of them come" \
	wait_for $((60 + down / 10)) mails_are 5
rsyslog_stop
resume=1
is "each once" "$(subjects)" "198.51.100.1 strike 1, banned for 48h
198.51.100.2 strike 1, banned for 48h
198.51.100.3 strike 1, banned for 48h
198.51.100.4 strike 1, banned for 48h
198.51.100.5 strike 1, banned for 48h"

# ---- the mail server refuses ----

postconf -c "$lab/postfix" -e "smtpd_recipient_restrictions = reject"
ok "Postfix is to refuse" postfix_reload
rsyslog_start
three 198.51.100.6 | say
three 198.51.100.7 | say
ok "a mail is refused" soon grep -q 'reject: RCPT' "$lab/maillog"
have "and stays with rsyslogd, and so do the others" 7
postconf -c "$lab/postfix" -X smtpd_recipient_restrictions
postfix_reload
ok "until they are taken" soon mails_are 7
rsyslog_stop
is "each once, again" "$(subjects | sort -u | wc -l)" 7

# ---- smart ----

# waits N: so many notices do. The wait is longer than any machine is slow; when
# it is to be over, that is written into the outbox.
waits() {
	[ "$(outbox NULL)" -eq "$1" ]
}
jail 'notify="smart"' 'notify.wait="1h"' 'bantime=["1s", "2s", "8d"]'
rsyslog_start
three 198.51.100.11 | say
three 198.51.100.12 | say
ok "smart: first strikes wait" soon waits 2
rsyslog_stop -KILL 2>/dev/null
rsyslog_start
ok "and are there after a kill" waits 2
over() {
	[ "$(sqlite3 "$database" "SELECT count(*) FROM offense WHERE
		address = '198.51.100.11' AND strike = $1
		AND ended IS NOT NULL")" -eq 1 ]
}
soon over 1
three 198.51.100.11 | say
soon over 2
three 198.51.100.11 | say
ok "a third strike does not wait" soon mails_are 8
mail=$(mail_of '198.51.100.11 strike 3, banned for 8d$')
is "and takes the others along" "$(body "$mail" |
	grep -o '(strike [0-9])' | tr '\n' ' ')" \
	"(strike 3) (strike 2) (strike 1) "
sqlite3 -cmd '.timeout 60000' "$database" "UPDATE outbox
	SET due = unixepoch() + 2 WHERE sent IS NULL"
ok "the other one comes after the wait" soon mails_are 9
is "about each there is one" "$(subjects | grep -c '198.51.100.1[12] ')" 2
rsyslog_stop

# ---- too many; a breach ----

jail 'notify="immediate"' 'notify.max="0"'
rsyslog_start
for i in 1 2 3 4 5 6 7 8; do
	three 203.0.113.$i
done | say
many() {
	sed -n '/became one mail/,$p' \
		"$lab"/mail/postmaster/new/* | grep -c '  203.0.113.'
}
many_are() {
	[ "$(many)" -gt 0 ]
}
ok "many at once become one" soon many_are
three 198.51.100.21 | say
echo "dovecot: imap-login: Login: user=<bob@example.org>, method=PLAIN," \
	"rip=198.51.100.21, lip=192.0.2.25, mpid=4, TLS, session=<abcdefgh>" |
	say
ok "a breach" soon mail_of 'BREACH: bob@example.org from 198.51.100.21$'
mail=$(mail_of 'BREACH: bob@example.org')
like "says what to do" "$(body "$mail" | tr '\n' ' ')" \
	'Change the password, .* saslbanctl allow add 198.51.100.21'
rsyslog_stop

# ---- daily, weekly, none ----

n=$(mails)
sqlite3 "$database" "DELETE FROM outbox WHERE sent IS NULL;
	UPDATE offense SET at = at - 648000;
	UPDATE breach SET at = at - 648000" # seven days and a half
past() { # the digest tells from eight days ago on, until yesterday or longer
	sqlite3 "$database" "UPDATE outbox SET at = at - 8 * 86400
		WHERE kind = 'digest' AND sent IS NULL"
}
for mode in daily weekly; do
	jail "notify=\"$mode\""
	rsyslog_start
	ok "$mode: not yet" soon waits 1
	rsyslog_stop
	is "$mode: nothing came" "$(mails)" "$n"
	past
	rsyslog_start
	n=$((n + 1))
	ok "$mode: one, when it is due" soon mails_are $n
	rsyslog_stop
	rsyslog_start
	rsyslog_stop
	is "$mode: and no other one" "$(mails) $(outbox NULL)" "$n 1"
done
like "the subject of a day" "$(subjects | grep '^20')" \
	'^[0-9-]{10}: [0-9]+ bans, 1 third strike, 1 BREACH$'
like "and of a week" "$(subjects | grep week)" \
	'^week to [0-9-]{10}: [0-9]+ bans, 1 third strike, 1 BREACH$'
mail=$(mail_of week)
is "its parts" "$(body "$mail" | grep -o '^[A-Z][A-Za-z]*' | tr '\n' ' ')" \
	"From BREACHES The Day Is "
is "no line is longer than a terminal is wide" \
	"$(grep -c '.\{79,\}' "$mail")" 0
past
jail
sed -i 's/notify.ruleset="[a-z-]*"//' "$lab/conf"
rsyslog_start
three 203.0.113.99 | say
ok "none: what waited is dropped" soon waits 0
rsyslog_stop
is "and nothing comes" "$(mails)" "$n"
postfix_do stop
done_testing
