#!/bin/sh
# docs: the manuals are well formed, the drop-ins are accepted, and the map of
# the source is complete.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"

# A reference to a manual that is not installed is no fault of ours.
for page in "$srcdir"/docs/*.[1-9]; do
	said=$(mandoc -T lint "$page" 2>&1 |
		grep -v -e 'referenced manual not found' -e 'run makewhatis')
	is "${page##*/}: mandoc has nothing to say" "$said" ""
	# In roff a backslash at the end of a line swallows that end.
	is "${page##*/}: examples keep their backslashes" \
		"$(grep -nE '(^|[^\])\\$' "$page")" ""
	# A quote ends with its line, and one within it is eaten.
	is "${page##*/}: a quote holds one thing, and its own quotes" "$(
		grep -nE '^\.(Pq )?(Dq|Ql|Sq) ([^ ]+ (, [^ ]|No )|.* ")' "$page"
	)" ""
done

# The map of the source: its table has the folders, and the files say themselves
# what they are.
map=$srcdir/docs/ARCHITECTURE.md
rooms=$(sed -n 's|^. `\([a-z./]*\)/` .*|\1|p' "$map" | sort)
is "ARCHITECTURE.md has every folder of the source in its table, and no other" \
	"$rooms" "$(cd "$srcdir" && printf '%s\n' plugin/*/ cli/ filter.d/ \
		include/saslban/ tests/ | sed 's|/$||' | sort)"
is "ARCHITECTURE.md names no file or folder that is not there" "$(
	grep -o '`[a-z_./-]*/[a-z_.-]*`' "$map" | tr -d '\`' | sort -u |
		while read -r path; do
			[ -e "$srcdir/$path" ] || [ -e "$srcdir/plugin/$path" ] ||
				echo "$path"
		done
)" ""
is "and no source that is in no room" "$(
	grep -o '`[a-z_]*\.[ch]`' "$map" | tr -d '\`' | sort -u |
		while read -r name; do
			find "$srcdir/plugin" "$srcdir/cli" -name "$name" |
				grep -q . || echo "$name"
		done
)" ""

# first FILE: its first comment, without the marks.
first() {
	awk 'NR == 1 && !/^\/\*/ { exit }
	     { print } /\*\// { exit }' "$1" |
		sed 's|^/\*||; s|\*/.*||; s|^ \*||; s|^ ||' | grep .
}
unsaid() { # FILE...: those whose first comment is not `NAME: what it is for`
	for file; do
		name=${file##*/}
		case $(first "$file" | head -n 1) in
		"${name%.*}: "?*) ;;
		*) echo "$file" ;;
		esac
	done
}
strays() { # FILE...: whose first comment refers to a header that is not there
	for file; do
		for seen in $(first "$file" | tr '\n' ' ' |
			grep -o 'see [a-z_/]*\.h' | sed 's/see //'); do
			[ -e "$srcdir/include/$seen" ] ||
				[ -e "$srcdir/plugin/$seen" ] ||
				[ -e "${file%/*}/$seen" ] ||
				echo "$file: $seen"
		done
	done
}
set -- "$srcdir"/plugin/*/*.[ch] "$srcdir"/cli/*.[ch] \
	"$srcdir"/include/saslban/*.h
is "each file begins with its name and what it is for" "$(unsaid "$@")" ""
is "and refers to headers that are there" "$(strays "$@")" ""

# shellcheck disable=SC2013 # links hold no blanks
for link in $(sed -n 's/.*](\([^)#:]*\)).*/\1/p' "$srcdir"/*.md); do
	ok "a link leads to $link" test -e "$srcdir/$link"
done
for word in quickstart selftest tools/fetch-rsyslog-headers; do
	ok "README.md: there is a $word" test -x "$srcdir/$word"
done

# The command line and its manual: the same verbs, the same options.
verbs=$("$ctl" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | sort)
like "saslbanctl has verbs" "$verbs" '^status$'
is "saslbanctl(8) tells every verb and no other" "$(
	sed -n '/^The verbs are/,/^\.El/s/^\.It Cm //p' \
		"$srcdir/docs/saslbanctl.8" | sort
)" "$verbs"
is "saslbanctl(8) tells every option and no other" "$(
	sed -n '/^The options/,/^\.El/s/^\.It .*Fl -\([a-z-]*\).*/\1/p' \
		"$srcdir/docs/saslbanctl.8" | sort
)" "$(
	for verb in $verbs; do "$ctl" "$verb" --help; done |
		sed -n 's/^  -.*--\([a-z-]*\).*/\1/p; s/^ *--\([a-z-]*\).*/\1/p' |
		sort -u
)"

is "saslbanctl(8) tells every exit status and no other" "$(
	sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/s/^\.It //p' \
		"$srcdir/docs/saslbanctl.8" | sort -u
)" "$(
	sed -n '/^enum status/,/^}/s/.*STATUS_.* = \([0-9]*\).*/\1/p' \
		"$srcdir/cli/edge.h" | sort -u
)"

# The shipped filters and their modes, the one that stands first.
is "omsaslban-filter(5) tells every filter and mode" "$(
	awk '/^\.Sh/ { inside = /SHIPPED/ }
	     /^\.Bl/ { depth++; n = 0 }
	     /^\.El/ { depth-- }
	     !inside || !/^\.It Li/ { next }
	     depth == 1 { name = $3; print name }
	     depth == 2 { print name "[" $3 "]" (n++ ? "" : " first") }' \
		"$srcdir/docs/omsaslban-filter.5" | sort
)" "$(
	for file in "$srcdir"/filter.d/*.conf; do
		name=${file##*/}
		echo "${name%.conf}"
		sed -n "s/^mdre-\([a-z-]*\) = .*/${name%.conf}[\1]/p
			s/^mode = \(.*\)/${name%.conf}[\1]=/p" "$file"
	done | awk '{ mode[$0] = 1 }
	     END { for (m in mode) if (m !~ /=$/)
		     print m ((m "=") in mode ? " first" : "") }' | sort
)"

is "it tells of each filter, once, what a client can still do" "$(
	sed -n '/^\.Ss Filter by filter/,/^\.El/s/^\.It Li //p' \
		"$srcdir/docs/omsaslban-filter.5" |
		sed 's/ , /\n/g' | sort
)" "$(
	for file in "$srcdir"/filter.d/*.conf; do
		basename "$file" .conf
	done | sort
)"
# A section is referred to by its name, which mandoc does not ask of .Sx.
for page in "$srcdir"/docs/*.[1-9]; do
	is "${page##*/}: sections that it refers to are there" "$(
		sed -n 's/^\.Sx \(.*[^ .,:;)]\)\( [.,:;)]*\)\{0,1\}$/\1/p' "$page" |
			sort -u | while read -r name; do
			grep -qixE "\\.S[hs] $name" "$page" || echo "$name"
		done
	)" ""
done

# Events and their members: the code, the manual (`NAME?` is one that may be
# missing) and the schema.
members=$("$builddir/tests/unit/event" members | sort)
like "there are events" "$members" '^ban address$'
is "omsaslban(8) tells every event with its members, and no other" "$(
	awk '/^\.Sh/ { inside = $2 == "EVENTS" }
	     !inside { next }
	     /^\.It Va/ { item = ""
		for (i = 3; i <= NF; i++)
			if ($i != "," && $i != "Va") item = item " " $i
		next
	     }
	     /^\.It Cm/ { kind = $3; next }
	     /^\.It/ { item = ""; next }
	     item { mark = /if known[;.]$/ ? "?" : ""
		n = split(item, name, " ")
		for (i = 1; i <= n; i++)
			if (kind) print kind, name[i] mark
			else common[++commons] = name[i]
		if (kind) kinds[kind] = 1
		item = ""
	     }
	     END { for (kind in kinds)
		     for (i = 1; i <= commons; i++) print kind, common[i] }' \
		"$srcdir/docs/omsaslban.8" | sort
)" "$members"
is "schema/event.json has every event with its members, and no other" "$(
	jq -r '."$defs" as $d | .oneOf[]."$ref" | sub(".*/"; "") as $kind |
		$d[$kind] as $k | $k.properties | keys[] | . as $name |
		$kind + " " + $name +
		(if $k.required | index($name) then "" else "?" end)' \
		"$srcdir/docs/schema/event.json" | sort
)" "$members"
is "each has its own name in the schema" "$(
	jq -r '."$defs" | to_entries[] | select(.value.properties) |
		select(.value.properties.event.const != .key) | .key' \
		"$srcdir/docs/schema/event.json"
)" ""

# Which lines they were written after: the sample files tell, each for itself.
table=$("$srcdir/tools/filter-table")
is "FILTERS.md has the table of tools/filter-table (--write)" \
	"$(grep '^|' "$srcdir/docs/FILTERS.md")" "$table"
is "each sample file tells where its lines come from, as its README says" "$(
	echo "$table" | sed 1,2d | awk -F ' [|] ' \
		'$4 !~ /^(captured|public sample|server source|by hand)$/'
)" ""

# The drop-in as it is installed, but for where the module and the filters
# are, on a machine that has the directory for the database.
mount -n -t tmpfs tmpfs /var/lib
mkdir /var/lib/saslban
sed "s|load=\"omsaslban\"|load=\"$module\"|
	s|name=\"sasl\"|name=\"sasl\" filter.path=\"$srcdir/filter.d\"|" \
	"$srcdir/rsyslog.d/30-saslban.conf" >"$lab/conf"
said=$("$rsyslogd" -N1 -f "$lab/conf" 2>&1)
is "30-saslban.conf passes rsyslogd -N1" $? 0
unlike "30-saslban.conf: without a word" "$said" 'error|omsaslban'

# The examples of the manuals, one by one.
for page in omsaslban.8 omsaslban-filter.5; do
	awk -v dir="$lab" -v page="$page" '
		/^\.Bd/ { n++; file = dir "/example " n " of " page; next }
		/^\.Ed/ { if (file) close(file); file = "" }
		file { gsub(/\\e/, "\\"); print >file }
	' "$srcdir/docs/$page"
done
for file in "$lab"/example*; do
	grep -q 'action(' "$file" || continue
	{
		echo "module(load=\"$module\")"
		sed "/^module(/d
			s|type=\"omsaslban\"|& filter.path=\"$srcdir/filter.d\"|" \
			"$file"
	} >"$lab/conf"
	said=$("$rsyslogd" -N1 -f "$lab/conf" 2>&1)
	is "${file##*/} passes rsyslogd -N1" $? 0
done
done_testing
