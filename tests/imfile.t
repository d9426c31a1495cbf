#!/bin/sh
# imfile: a service that writes a file of its own. Each drop-in of
# rsyslog.d/imfile, as it is but for the paths, under a real rsyslogd: the guilty
# lines of the filter's samples, appended to the file, ban whom they name.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

# Dates as log files have them, and what writes one of now: a pattern of sed and
# a format of date(1). The first that fits is taken.
cat >"$lab/shapes" <<'END'
[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.,][0-9]+)?Z	%Y-%m-%dT%H:%M:%SZ
[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.,][0-9]+)?[+-][0-9:]{4,5}	%Y-%m-%dT%H:%M:%S+00:00
[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.,][0-9]+)?	%Y-%m-%dT%H:%M:%S
[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}([.,][0-9]+)?	%Y-%m-%d %H:%M:%S
[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}	%Y/%m/%d %H:%M:%S
[0-9]{2}[/-][A-Z][a-z]{2}[/-][0-9]{4}[: ][0-9:]{8}( [+-][0-9]{4})?	%d-%b-%Y %H:%M:%S +0000
[0-9]{4}:[0-9]{2}:[0-9]{2}-[0-9:]{8}	%Y:%m:%d-%H:%M:%S
[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}	%a %b %e %H:%M:%S %Y
[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}	%b %e %H:%M:%S
END
export TZ=UTC0

# renewed LINE: with the time of now in the place of its own; without one,
# nothing.
renewed() {
	while IFS='	' read -r shape format; do
		if printf '%s\n' "$1" | grep -Eq "$shape"; then
			printf '%s\n' "$1" |
				sed -E "s|$shape|$(date "+$format")|"
			return
		fi
	done <"$lab/shapes"
}

# guilty NAME SPEC: `ADDRESS TAG LINE` of each failure that the filter's samples
# have for this very spec. LINE is the file's, without what rsyslogd puts
# before it.
guilty() {
	awk -v spec="$2" '
		/^# filter / { mine = substr($0, 10) == spec; next }
		/^# / { ip = ""
			if (/^# fail / && match($0, /ip=[^ ]+/))
				ip = substr($0, RSTART + 3, RLENGTH - 3)
			next }
		mine && ip { tag = $5; sub(/(\[[0-9]*\])?:$/, "", tag)
			sub(/^[A-Z][a-z][a-z] [ 0-9][0-9] [^ ]+ [^ ]+ [^ ]+ /, "")
			print ip, tag, $0 }
		{ ip = "" }
	' "$srcdir/tests/samples/$1.log"
}

# value NAME < drop-in: of each of its inputs, in their order.
value() {
	sed -n "s/^[^#]*\\<$1=\"\\([^\"]*\\)\".*/\\1/p"
}

lab_up
ok "the sets" "$srcdir/ipset/saslban-firewall" install
for dropin in "$srcdir"/rsyslog.d/imfile/*.conf; do
	title=imfile/${dropin##*/}
	spec=$(value filter <"$dropin")
	name=${spec%%\[*}
	rm -rf "$lab/logs" "$lab/behind" "$lab/said" "$database"* \
		"$lab"/imfile-state*
	mkdir "$lab/logs"
	ipset flush saslban4
	ipset flush saslban6
	sed "s|^\\([^#]*\\<File=\"\\)[^\"]*/|\\1$lab/logs/|
		s|\\<database=\"[^\"]*\"|database=\"$database\"|
		s|type=\"omsaslban\"|& filter.path=\"$srcdir/filter.d\" maxretry=\"1\"|" \
		"$dropin" >"$lab/dropin"
	# A * in the name of a file stands for anything; here, for 1.
	value Tag <"$lab/dropin" >"$lab/tags"
	value File <"$lab/dropin" | tr '*' 1 | paste "$lab/tags" - >"$lab/files"
	is "$title: its filter has a file for each tag" \
		"$(echo "$spec" | grep -owFf "$lab/tags" | sort -u)" \
		"$(sort -u "$lab/tags")"
	guilty "$name" "$spec" >"$lab/guilty"
	ok "$title: tests/samples/$name.log has failures of $spec" \
		test -s "$lab/guilty"
	while IFS='	' read -r _ file; do
		: >"$file"
	done <"$lab/files"
	conf 'filter="postfix"' <<-END
	module(load="imfile")
	include(file="$lab/dropin")
	*.* action(type="omfile" file="$lab/behind")
	END
	ok "$title: rsyslogd starts" rsyslog_start
	while read -r address tag line; do
		file=$(awk -F '\t' -v tag="$tag" '$1 == tag { print $2 }' \
			"$lab/files")
		renewed "$line" >>"${file:-/dev/null}"
		ok "$title: $address is banned" soon banned "$address"
	done <"$lab/guilty"
	ok "$title: rsyslogd stops" rsyslog_stop
	is "$title: and nobody else" \
		"$("$ctl" -d "$database" list --json | jq '.bans | length')" \
		"$(cut -d ' ' -f 1 "$lab/guilty" | sort -u | wc -l)"
	is "$title: its lines are in no other log" \
		"$(grep -v 'rsyslogd: ' "$lab/behind")" ""
done
done_testing
