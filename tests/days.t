#!/bin/sh
# days: simulated days, judged; the goals are those of tests/days/score.py.
# tests/days/run has more worlds, and more days of each.
: "${builddir:=build}" "${srcdir:=.}"
lab=$(mktemp -d "${TMPDIR:-/tmp}/saslban.XXXXXX") || exit 1
. "$srcdir/tests/tap.sh"
trap 'rm -rf "$lab"' EXIT

if ! command -v python3 >/dev/null; then
	skip "a simulated day" "there is no python3"
	done_testing
fi
SASLBANCTL=$(cd "$builddir" && pwd)/saslbanctl
export SASLBANCTL

"$srcdir/tests/days/run" --seeds 1 --first 2 --worlds campus \
	--policies saslban \
	--keep "$lab" >"$lab/table" 2>"$lab/err"
status=$?
is "a day is judged, and each goal is met" $status 0
diag "$(cat "$lab/table" "$lab/err")"
for figure in 'honest refused' 'botnet through' 'fast through' \
	'net48 through' 'breaches missed' 'breaches false'; do
	like "it has the figure: $figure" "$(cat "$lab/table")" \
		"^  saslban  *$figure  *[0-9]"
done

# Guessers who share the customers' addresses, all night: who knows the
# customers locks out none of them.
"$srcdir/tests/days/run" --seeds 1 --first 2 --worlds hard \
	--policies saslban --known \
	>"$lab/known" 2>&1
is "a hard day, with known customers" $? 0
diag "$(cat "$lab/known")"

# The document, as docs/schema/simulate.json has it.
schema=$srcdir/docs/schema/simulate.json
document=$lab/campus-2.saslban
ok "the document is there" [ -s "$document" ]
fits() { # PART FILTER: each of the values is such an object
	is "each $1 is as documented" "$(jq -n --arg part "$1" \
		--slurpfile schema "$schema" --slurpfile it "$document" '
		def name: if type == "number" then "integer" else type end;
		$schema[0]."$defs"[$part] as $s | [$it[0] | '"$2"' |
			if ($s.required - keys) != [] then "lacks a member"
			else to_entries[] | $s.properties[.key] as $p |
				select($p.type != null) |
				select(.value | name | IN($p.type | if
					type == "array" then .[] else . end)
					| not) | .key
			end,
			(to_entries[] | $s.properties[.key].enum as $e |
				select($e != null) |
				select(.value | IN($e[]) | not) | .value)
		] | unique | .[]' 2>&1)" ""
}
fits result .
fits ban '.bans[]'
fits breach '.breaches[]'
fits outage '.outages[]'
fits lockout '.locked_out[]'
is "its summary counts what is there" "$(jq -c '[.summary | .bans, .breaches,
	.outages, .by_count + .by_account + .by_trap + .by_network +
	.by_breach]' "$document")" "$(jq -c '[(.bans | length),
	(.breaches | length), (.outages | length), (.bans | length)]' \
	"$document")"
is "its bans are in the order of time" \
	"$(jq '.bans | map(.at) | . == sort' "$document")" true
done_testing
