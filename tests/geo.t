#!/bin/sh
# geo: where addresses are, in what saslbanctl prints; and nothing of it
# without geoip.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/ctl.sh"

dir=$lab/geo
mkdir -p "$dir"
"$srcdir/tests/mmdb" "$dir"
chmod -R a+rX "$dir"

# geoip FILE...: the setting of the jail sasl; the first one is of rbl, too.
geoip() {
	sql "DELETE FROM setting WHERE name = 'geoip'"
	geoip_n=0
	for file; do
		sql "INSERT INTO setting VALUES (1, 'geoip', $geoip_n, '$file')"
		[ $geoip_n -gt 0 ] ||
			sql "INSERT INTO setting VALUES (2, 'geoip', 0, '$file')"
		geoip_n=$((geoip_n + 1))
	done
}

# schema NAME FILE: the file is as docs/schema/NAME.json has it.
schema() {
	python3 -W ignore -c '
import json, jsonschema, os, sys
schema = json.load(open(sys.argv[1]))
kind = jsonschema.validators.validator_for(schema)
base = "file://" + os.path.abspath(sys.argv[1])
resolver = jsonschema.RefResolver(base, schema)
kind(schema, resolver=resolver).validate(json.load(open(sys.argv[2])))
' "$srcdir/docs/schema/$1.json" "$2"
}

fresh
# What every verb printed before there was such a parameter.
outputs() {
	while read -r arguments; do
		# shellcheck disable=SC2086 # a list of arguments
		ctl $arguments
		printf '%s: %s\n' "$arguments" "$status"
		cat "$out" "$err"
	done <<-'END'
	list --all
	list --all --json
	list --all --csv
	show 192.0.2.1
	show 192.0.2.1 --json
	show bob
	show bob --json
	top
	top --json
	top networks --csv
	report --by ip
	report --by network --format json
	report
	report --json
	report --format html
	END
}
outputs >"$lab/before"
is "without geoip there is no country" \
	"$(grep -ci 'country\|asn\|as_name' "$lab/before")" 0
geoip
outputs >"$lab/after"
ok "and with an empty one" cmp "$lab/before" "$lab/after"

# ---- list ----

geoip "$dir/country.mmdb" "$dir/asn.mmdb"
ends "list" 0 list --all
is "list: country, number and name" \
	"$(awk '{ print $1, $2, $3 }' "$out")" "$(cat <<'EOT'
ADDRESS COUNTRY AS
10.20.0.0/16 - -
198.51.100.7 BR 64511
2001:db8:1:2::/64 JP 65550
192.0.2.1 DE 64496
198.51.100.9 FR -
198.51.100.9 FR -
198.51.100.8 BR -
192.0.2.1 DE 64496
EOT
)"
like "list: a name that is escaped" "$(cat "$out")" \
	' 64511 =evil\\x1b\[31m<b>\|\\u\{202e\} '
ends "list --json" 0 list --json
is "list --json: members" "$(jq -c '.bans[] | [.address, .country, .asn,
	.as_name]' "$out" | head -n 2)" "$(cat <<'EOT'
["10.20.0.0/16",null,null,null]
["198.51.100.7","BR",64511,"=evil\u001b[31m<b>|‮"]
EOT
)"
ends "list --csv" 0 list --csv
is "list --csv: three more columns, and no formula" \
	"$(tr -d '\r' <"$out" | cut -d, -f13- | head -n 4)" "$(cat <<'EOT'
country,asn,as_name
,,
BR,64511,'=evil\x1b[31m<b>|\u{202e}
JP,65550,ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé
EOT
)"
terminal 80 list
sed -i "s/$(printf '\033')\[[0-9;]*m//g" "$out"
is "a narrow terminal has the country" "$(head -n 1 "$out" | tr -s ' ')" \
	"ADDRESS COUNTRY JAIL STRIKE SINCE LEFT STATE"
is "in 80 columns" "$(awk 'length > 80' "$out" | wc -l)" 0

# ---- show ----

ends "show" 0 show 192.0.2.1
is "show: the second line" "$(sed -n 2p "$out")" \
	"  country DE, AS 64496 Example Networks GmbH"
ends "show of a country alone" 0 show 198.51.100.9
is "has no operator" "$(sed -n 2p "$out")" "  country FR"
ends "show: escaped" 0 show 198.51.100.7
is "show: no code for the terminal" "$(sed -n 2p "$out")" \
	'  country BR, AS 64511 =evil\x1b[31m<b>|\u{202e}'
ends "show of what is nowhere" 0 show 10.20.0.0/16
is "show: nothing is said" "$(grep -c country "$out")" 0
ends "show --json" 0 show 192.0.2.1 --json
is "show --json: members" "$(jq -c '[.country, .asn, .as_name]' "$out")" \
	'["DE",64496,"Example Networks GmbH"]'

# ---- top and report ----

sql "INSERT INTO failure (jail, host, address, user, at, lo) SELECT 1,
	'198.51.100.7', '198.51.100.7', 'bob', $now - 90, x'04c6336407'"
for kind in addresses networks; do
	ends "top $kind --json" 0 top "$kind" --json
	is "top $kind: where" "$(jq -c --arg kind "$kind" \
		'.[$kind][0] | [.country, .asn]' "$out")" '["DE",64496]'
	ok "top $kind: as the schema has it" schema top "$out"
done
ends "top" 0 top
is "top: columns" "$(head -n 1 "$out" | tr -s ' ')" \
	"ADDRESS COUNTRY AS AS NAME ATTEMPTS ACCOUNTS BANS STRIKE BANNED FIRST LAST"
ends "top accounts" 0 top accounts
is "top accounts: is nowhere" "$(grep -c COUNTRY "$out")" 0
ends "report as a page" 0 report --by ip --format html
like "report as a page: escaped, and the number is no quantity" \
	"$(cat "$out")" \
	'<td>BR</td><td>64511</td><td class="w">=evil\\x1b\[31m&lt;b&gt;\|'
ends "report as Markdown" 0 report --by ip --format md
like "report as Markdown: escaped" "$(cat "$out")" \
	'\| BR \| 64511 \| =evil.*31m.*b.*\\\|'
ends "report as JSON" 0 report --by network --format json
is "report as JSON: where" \
	"$(jq -c '.networks[0] | [.country, .asn]' "$out")" '["DE",64496]'
ok "report: as the schema has it" schema report "$out"
sql "UPDATE offense SET strike = 3 WHERE address = '198.51.100.7'"
ends "report: bans one by one" 0 report --json
is "report: where each is" \
	"$(jq -c '.latest[] | [.address, .country, .asn]' "$out")" "$(cat <<'EOT'
["10.20.0.0/16",null,null]
["198.51.100.7","BR",64511]
["2001:db8:1:2::/64","JP",65550]
["192.0.2.1","DE",64496]
["198.51.100.9","FR",null]
["198.51.100.9","FR",null]
["198.51.100.8","BR",null]
["192.0.2.1","DE",64496]
EOT
)"
is "report: the third strikes, too" "$(jq -c '.third_strikes[] |
	[.address, .country, .asn]' "$out")" '["198.51.100.7","BR",64511]'
ok "report of all: as the schema has it" schema report "$out"
ends "report as text" 0 report
is "report as text: columns" "$(sed -n '/^Bans, the latest/{n;p}' "$out" |
	tr -s ' ')" \
	"SINCE ADDRESS COUNTRY AS AS NAME JAIL STRIKE GROUND UNTIL STATE"
ends "report as Markdown" 0 report --format md
like "report as Markdown: a ban, escaped" "$(cat "$out")" \
	'\| 198.51.100.7 \| BR \| 64511 \| =evil.*\\\|.* \| rbl \|'
ends "report as a page, of all" 0 report --format html
like "report as a page, of all: a ban" "$(cat "$out")" \
	'<td[^>]*>198.51.100.7</td><td>BR</td><td>64511</td>.*<td>rbl</td>'
terminal 80 report
sed -i "s/$(printf '\033')\[[0-9;]*m//g" "$out"
ok "report, in 80 columns" [ "$(wc -L <"$out")" -le 80 ]

# ---- show of a user ----

sql "DELETE FROM failure; DELETE FROM login;
	INSERT INTO failure (jail, host, address, user, at, lo) VALUES
		(1, '192.0.2.1', '192.0.2.1', 'bob', $now - 60, x'04c0000201'),
		(1, '10.20.0.1', '10.20.0.0/16', 'bob', $now - 70, x'040a140001');
	INSERT INTO login (address, user, first, last, lo) VALUES
		('198.51.100.7', 'bob', $now - 900, $now - 60, x'04c6336407')"
ends "show of a user" 0 show bob
is "show of a user: where those are who failed" \
	"$(sed -n '/^failures/,/^$/p' "$out" | awk '{ print $1, $2, $3, $4 }')" \
	"$(cat <<'EOT'
failures   
HOST COUNTRY AS JAIL
192.0.2.1 DE 64496 Example
10.20.0.1 - - sasl
   
EOT
)"
like "show of a user: where he logs in, escaped" "$(cat "$out")" \
	'^  198.51.100.7 +BR +64511 =evil\\x1b\[31m<b>\|\\u\{202e\} '
ends "show of a user --json" 0 show bob --json
is "show of a user --json: members" "$(jq -c '(.attempts + .logins)[] |
	[.host // .address, .country, .asn]' "$out")" "$(cat <<'EOT'
["192.0.2.1","DE",64496]
["10.20.0.1",null,null]
["198.51.100.7","BR",64511]
EOT
)"
ok "show of a user: as the schema has it" schema show "$out"
terminal 80 show bob
sed -i "s/$(printf '\033')\[[0-9;]*m//g" "$out"
ok "show of a user, in 80 columns" [ "$(wc -L <"$out")" -le 80 ]

# ---- trouble ----

# trouble TITLE PATTERN: one line, and the list as it is without that file.
trouble() {
	ctl list --json
	is "$1: the list is there" "$status $(jq '.bans | length' "$out")" "0 5"
	says "$1" "$2"
}
geoip "$dir/none.mmdb" "$dir/country.mmdb"
trouble "a missing file" \
	"^saslbanctl: cannot use geoip '$dir/none.mmdb': No such file"
is "the other one is used" "$(jq -c '.bans[1].country' "$out")" '"BR"'
head -c 700 "$dir/country.mmdb" >"$dir/cut.mmdb"
geoip "$dir/cut.mmdb"
trouble "a file that was cut" "cannot use geoip '$dir/cut.mmdb': "
head -c 5000 /dev/zero >"$dir/zero.mmdb"
geoip "$dir/zero.mmdb"
trouble "a file of another kind" "cannot use geoip '$dir/zero.mmdb': "
geoip "$dir/country.mmdb" "$dir/asn.mmdb"
# An empty library in front of the real one.
: >"$lab/empty.c"
mkdir "$lab/lib"
"${CC:-cc}" -shared -o "$lab/lib/libmaxminddb.so.0" -x c "$lab/empty.c"
LD_LIBRARY_PATH=$lab/lib
export LD_LIBRARY_PATH
trouble "a library that is none" "parameter 'geoip' needs libmaxminddb"
is "without it there are no countries" "$(jq -c '.bans[1] |
	has("country")' "$out")" false
unset LD_LIBRARY_PATH
done_testing
