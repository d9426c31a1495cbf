#!/bin/sh
# auto: which enforcer a jail gets whose stanza names none, on kernels that have
# ipset, that do not, and that have neither. See lacking.c for those.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

if ! nft list tables >/dev/null 2>&1; then
	[ -z "${SASLBAN_STRICT:-}" ] || { echo "Bail out! nft does not work"; exit 1; }
	echo "1..0 # SKIP nft or the kernel's nf_tables is not here"
	exit 0
fi
lab_up
# kernel NUMBER...: without these, for rsyslogd and for saslbanctl
kernel() {
	rm -f "$lab/said" "$lab/stderr" "$database"*
	RSYSLOG_UNDER="env LD_PRELOAD=$builddir/tests/.libs/lacking.so"
	SASLBAN_LACKING=$*
	export SASLBAN_LACKING
	conf </dev/null
}
# doctor CHECK: levels and texts of what it says of that
doctor() {
	env LD_PRELOAD="$builddir/tests/.libs/lacking.so" \
		"$ctl" -d "$database" doctor --json |
		jq -r --arg c "$1" '.findings[] | select(.check == $c) |
			"\(.level): \(.text)"'
}

# ---- it has both ----
kernel
ok "both: rsyslogd starts" rsyslog_start
[ $tap_bad -eq 0 ] || exit 1
ok "both: it is ipset, and the log says so" \
	heard "started: .*enforces with ipset in set 'saslban'"
three 198.51.100.1 | say
ok "both: a ban is in the ipset" soon banned 198.51.100.1
is "both: there is no table of nftables" "$(nft list tables)" ""
is "both: doctor says the same" "$(doctor kernel)" \
	"ok: it has what the sets of 'saslban' need: ipset"
like "both: so does status" "$("$ctl" -d "$database" status)" \
	'enforcer +ipset'
ok "both: rsyslogd stops" rsyslog_stop
lose_sets

# ---- it has no ipset ----
kernel 6
enforcer=nftables # as the tests ask
ok "no ipset: rsyslogd starts" rsyslog_start
ok "no ipset: it is nftables, and the log says so" \
	heard "started: .*enforces with nftables in set 'saslban'"
{
	three 198.51.100.1
	three 2001:db8:8000::1
} | say
ok "no ipset: a ban is in the set of nftables" soon banned 198.51.100.1
ok "no ipset: IPv6, too" soon banned 2001:db8:8000::/64
is "no ipset: there is none" "$(ipset list -n)" ""
is "no ipset: doctor says the same" "$(doctor kernel)" \
	"ok: it has what the sets of 'saslban' need: nftables"
is "no ipset: the sets" "$(doctor sets)" "ok: 'saslban4' has 1 of 262144 entries
ok: 'saslban6' has 1 of 262144 entries"
like "no ipset: without rules doctor says what puts them in" \
	"$(doctor rules)" '^fail: IPv4: no rule .*; see saslban.nft'
ok "no ipset: rsyslogd stops" rsyslog_stop

# ---- it has neither ----
enforcer=
kernel 6 10
ok "neither: rsyslogd starts" rsyslog_start
three 198.51.100.1 | say
ok "neither: it is said" heard "not enforced: the kernel has no ipset, and \
nftables does not work, either: cannot .*'nf_tables'"
ok "neither: bans are recorded" soon sh -c \
	"'$ctl' -d '$database' list | grep -q '^198.51.100.1 '"
like "neither: doctor says the same" "$(doctor kernel)" \
	'^fail: the kernel has no ipset, and nftables does not work, either: '
is "neither: and nothing of the sets" "$(doctor sets)" ""
sleep 7
ok "neither: rsyslogd stops" rsyslog_stop
is "neither: said once" "$(grep -c 'omsaslban:.*not enforced' "$lab/said")" 1
done_testing
