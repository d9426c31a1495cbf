#!/bin/sh
# bench: each benchmark still runs, and the table says what was measured. How
# fast anything is nobody asks here.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/tap.sh"
builddir=$(cd "$builddir" && pwd)
srcdir=$(cd "$srcdir" && pwd)
export builddir
dir=$(mktemp -d)
trap 'rm -rf "$dir" "$tap_out"' EXIT

# ---- the table ----
cat >"$dir/aims" <<'END'
# a comment

one; way to go; one.ours; one.peer; a peer; ratio; <= 1/80
one; the same; one.ours; one.peer; a peer; ours; <= 3
one; no aim; one.peer; -; -; -; -
two; many; two.ours; two.peer; us; ratio; >= 0.95
two; not here; ?two.more; two.peer; us; ratio; >= 1
END
# figures KEY UNIT NUMBER...
figures() {
	key=$1
	unit=$2
	shift 2
	for number; do
		printf '%s\t%s\t%s\n' "$key" "$number" "$unit"
	done
}
{
	figures one.ours ms 4 2 90
	figures one.peer ms 400 400 9000
	figures two.ours /s 1234567 1000000
	figures two.peer /s 1300000
} >"$dir/figures"
table() {
	"$srcdir/bench/table" "$@" <"$dir/figures"
}
# 4/400, 2/400 and 90/9000: the one in the middle is 1/100. Of 1234567 and
# 1000000 the mean, 1117283.5, by 1300000.
is "medians, ratios and what became of the aims" "$(table "$dir/aims")" \
"work       ours          against            ratio  aim
way to go  4 ms          400 ms (a peer)    1/100  <= 1/80  met
the same   4 ms          400 ms (a peer)    1/100  <= 3 ms  missed
no aim     400 ms        -                  -      -        -
many       1,117,284 /s  1,300,000 /s (us)  0.86   >= 0.95  missed"
is "some programs alone, as Markdown" "$(table --markdown "$dir/aims" two)" \
"| work | ours         | against           | ratio | aim     |        |
|---|---|---|---|---|---|
| many | 1,117,284 /s | 1,300,000 /s (us) | 0.86  | >= 0.95 | missed |"
sed -i /one.ours/d "$dir/figures"
like "a figure that is missing is said to be" \
	"$(table "$dir/aims")" '^way to go .* not measured$'
nok "and is an error" table "$dir/aims"
ok "but not with other programs" table "$dir/aims" two

# ---- the programs ----
ok "they are built" make -C "$builddir" bench-programs
like "one that is not there is not run" \
	"$("$srcdir/bench/run" speed 2>&1)" "no such program: 'speed'; there are: "
if [ "$(id -u)" -ne 0 ]; then
	skip "each program runs" "needs root, for namespaces"
elif [ ! -d "$builddir/fail2ban" ]; then
	skip "each program runs" "needs fail2ban, which tools/prepare --tests unpacks"
else
	find "$builddir/bench" -name 'saslban.*' >"$dir/before"
	ok "each program runs, and all is measured" \
		sh -c '"$0" --quick >"$1"' "$srcdir/bench/run" "$dir/table"
	is "each line has what became of it" \
		"$(sed '1d; /^$/,$d; / \(met\|missed\|-\)$/d' "$dir/table")" ""
	is "and each aim that every machine can have has its line" \
		"$(sed '1d; /^$/,$d; /[248] workers/d' "$dir/table" | wc -l)" \
		"$(grep -c '^[a-z][^?]*$' "$srcdir/bench/aims")"
	is "nothing is left" "$(find "$builddir/bench" -name 'saslban.*' |
		grep -Fvx -f "$dir/before")" ""
fi
done_testing
