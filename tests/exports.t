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

# What a message holds is asked of functions: none of its fields is touched,
# whatever rsyslog's headers say of them.
needed='LogError
LogMsg
MsgGetProp
MsgSetFlowControlType
MsgSetHOSTNAME
MsgSetInputName
MsgSetMSGoffs
MsgSetRawMsg
MsgSetRcvFrom
MsgSetRcvFromIP
MsgSetRuleset
MsgSetTAG
OMSRconstruct
OMSRdestruct
OMSRsetEntry
bHaveMainQueue
cnfparamvalsDestruct
getHOSTNAME
getMSG
getMSGLen
getProgramName
getTAG
getTimeReported
iConfigVerify
msgAddJSON
msgConstruct
msgDestruct
msgSetPRI
nvlstGetParams
objGetObjInterface
parser_errmsg
r_dbgprintf
submitMsg2
tplAddLine
tplToString'
is "no field of a message is touched" \
	"$(grep -nE '\<(msg|smsg)->' "$srcdir"/plugin/omsaslban/*.c)" ""

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
	is "of rsyslogd it needs these" "$({
		names_kind='^[TWVRDBGi]$'
		names "$rsyslogd"
		names_kind='^U$'
		names "$module"
	} | sort | uniq -d)" "$needed"
	is "nothing that it needs is missing" "$(
		names "$module" | while read -r name; do
			echo "$have" | grep -Fqx "$name" || echo "$name"
		done
	)" ""
else
	skip "nothing that it needs is missing" "there is no $rsyslogd"
fi
done_testing
