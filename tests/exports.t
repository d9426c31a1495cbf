#!/bin/sh
# exports: the module shows rsyslogd one name, and lacks none.
#
# rsyslogd exports some 700 names, `hash` and `main` among them: an ordinary
# name of ours would be bound to the host's.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/tap.sh"

module=$builddir/.libs/omsaslban.so
rsyslogd=${RSYSLOGD:-/usr/sbin/rsyslogd}

ok "the module is built" [ -s "$module" ]
is "it shows one name" "$(nm -D --defined-only "$module" | awk '{ print $3 }')" \
	modInit

# Bound at the first call, a name that nobody has would be found out at night.
names() {
	nm -D "$@" | awk -v kind="$names_kind" '
		$(NF - 1) ~ kind { sub(/@.*/, "", $NF); print $NF }' | sort -u
}
if [ -x "$rsyslogd" ]; then
	names_kind='^[TWVRDBGi]$'
	have=$(ldd "$module" | awk '$3 ~ /^\// { print $3 }' | {
		while read -r library; do names "$library"; done
		names "$rsyslogd"
	} | sort -u)
	names_kind='^U$'
	is "nothing that it needs is missing" "$(
		names "$module" | while read -r name; do
			echo "$have" | grep -Fqx "$name" || echo "$name"
		done
	)" ""
else
	skip "nothing that it needs is missing" "there is no $rsyslogd"
fi
done_testing
