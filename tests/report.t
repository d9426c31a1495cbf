#!/bin/sh
# report: the same numbers in each form; what others wrote is text in all of
# them; and the page, as a browser lays it out. The pictures that it takes stay
# in build/report/.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/month.sh"
month

# ---- as text ----

ends "report --by date" 0 report --by date --since 3d
prints "days, the empty ones too" <<'EOT'
saslban: 2026-11-27 12:00 to 2026-11-30 12:00 (3d)

rbl: only observes, NO ENGINE RUNS
sasl: enforces, NO ENGINE RUNS

Day by day
DATE        ATTEMPTS  ADDRESSES  BANS  1ST  2ND  3RD  HIGHER  LIFTED
2026-11-27         0          0     1    1    0    0       0       0
2026-11-28        12          1     1    0    1    0       0       0
2026-11-29        24          1     0    0    0    0       0       0
2026-11-30        26          3     2    1    0    0       1       1
EOT
ends "report --by strike" 0 report --by strike --since 7d --jail sasl
prints "strikes, of one jail" <<'EOT'
saslban: 2026-11-23 12:00 to 2026-11-30 12:00 (7d)

sasl: enforces, NO ENGINE RUNS

Strikes
STRIKE      BANS  LIFTED  RUNNING
1              2       1        1
2              1       0        1
3              1       0        1
4 and more     1       0        1
EOT
NO_COLOR=1 TERM=xterm script -qec \
	"stty cols 80; $ctl -d $database report --since 7d --limit 3" \
	/dev/null </dev/null | tr -d '\r' >"$out"
prints "80 columns: the summary of a week" <<'EOT'
saslban: 2026-11-23 12:00 to 2026-11-30 12:00 (7d)

rbl: only observes, NO ENGINE RUNS
sasl: enforces, NO ENGINE RUNS

In figures
FIGURE                          TOTAL  LAST 24H  24H BEFORE
attempts                          134        38          24
failures that count for nobody     14         -           -
addresses                          15         -           -
networks                            4         -           -
accounts                            7         -           -
bans                                5         2           0
of a first strike                   2         -           -
of a second                         1         -           -
of a third                          1         -           -
of a higher one                     1         -           -
of these lifted by a person         1         -           -
bans that run now                   4         -           -
breaches                            1         -           -

Breaches: passwords to be changed
FIRST                ACCOUNT  ADDRESS      SERVICE  WHY
2026-11-27 12:00:00  bob      203.0.113.5  dovecot  logged in after 6 failures

Day by day
DATE        ATTEMPTS  ADDRESSES  BANS  1ST  2ND  3RD  HIGHER  LIFTED
2026-11-23         0          0     0    0    0    0       0       0
2026-11-24         0          0     0    0    0    0       0       0
2026-11-25         0          0     0    0    0    0       0       0
2026-11-26         0          0     0    0    0    0       0       0
2026-11-27        72         12     2    1    0    1       0       0
2026-11-28        12          1     1    0    1    0       0       0
2026-11-29        24          1     0    0    0    0       0       0
2026-11-30        26          3     2    1    0    0       1       1

Strikes
STRIKE      BANS  LIFTED  RUNNING
1              2       1        1
2              1       0        1
3              1       0        1
4 and more     1       0        1

Why there were bans
GROUND   BANS
count       2
trap        1
network     1
person      1

Third strikes, the latest
SINCE             ADDRESS            JAIL  STRIKE  GROUND  STATE
2026-11-30 10:01  2001:db8:1:2::/64  sasl       4  person  runs
2026-11-27 11:58  203.0.113.1        sasl       3  count   runs

Bans, the latest
SINCE             ADDRESS            JAIL  STRIKE  GROUND   STATE
2026-11-30 11:00  192.0.2.66         sasl       1  trap     lifted
2026-11-30 10:01  2001:db8:1:2::/64  sasl       4  person   runs
2026-11-28 12:00  198.51.100.7       sasl       2  count    runs
2026-11-27 12:00  203.0.113.0/24     sasl       1  network  runs
2026-11-27 11:58  203.0.113.1        sasl       3  count    runs

Networks
NETWORK          ATTEMPTS  ADDRESSES  BANS  RUNNING  BANNED  LAST
203.0.113.0/24         72         12     2        2  yes     2026-11-27 11:59
198.51.100.0/24        48          1     1        1  no      2026-11-30 11:30
2001:db8:1::/56        10          1     1        1  no      2026-11-30 10:00

Accounts
ACCOUNT  ATTEMPTS  ADDRESSES  LOGINS  BREACHES  LAST
info           72         13       0         0  2026-11-30 11:30
bob            24         12       2         1  2026-11-27 11:59
sales          24         12       0         0  2026-11-27 11:59

Addresses
ADDRESS            ATTEMPTS  ACCOUNTS  BANS  STRIKE  BANNED  LAST
198.51.100.7             48         1     1       2  yes     2026-11-30 11:30
2001:db8:1:2::/64        10         1     1       4  yes     2026-11-30 10:00
203.0.113.1               6         3     1       3  yes     2026-11-27 11:59

Services
SERVICE        ATTEMPTS  ADDRESSES  ACCOUNTS  FIRST             LAST
dovecot              82         13         4  2026-11-27 11:48  2026-11-30 10:00
postfix/smtpd        48          1         1  2026-11-28 12:30  2026-11-30 11:30
e"><b>vil             4          1         3  2026-11-30 11:50  2026-11-30 11:50

Rules
RULE       ATTEMPTS  ADDRESSES  ACCOUNTS  FIRST             LAST
dovecot:1        82         13         4  2026-11-27 11:48  2026-11-30 10:00
postfix:1        48          1         1  2026-11-28 12:30  2026-11-30 11:30
&amp;:1           4          1         3  2026-11-30 11:50  2026-11-30 11:50
EOT
ok "which fits" [ "$(wc -L <"$out")" -le 80 ]
ends "report: thirty days, but the records are older" 0 report
like "30 days" "$(cat "$out")" '^saslban: 2026-10-31 12:00 to .* \(30d\)$'
ends "report of more than there is" 0 report --since 400d --by date
like "begins with the records" "$(cat "$out")" \
	'^saslban: 2026-10-21 12:00 to .* \(40d\)$'
is "a row for each day" "$(grep -c '^2026-' "$out")" 41
TZ=CET-1CEST,M3.5.0,M10.5.0/3 ctl report --since 400d --by date
is "local days, one of them with 25 hours" "$(grep -c '^2026-' "$out")" 41
like "what was at half past eleven at night is tomorrow's" "$(cat "$out")" \
	'^2026-11-29 +24 +1 '

# ---- as Markdown ----

ends "report --format md" 0 report --since 7d --by account --format md
prints "Markdown: names are text" <<'EOT'
# saslban: 2026-11-23 12:00 to 2026-11-30 12:00 (7d)

- rbl: **only observes, NO ENGINE RUNS**
- sasl: **enforces, NO ENGINE RUNS**

## Accounts

| Account | Attempts | Addresses | Logins | Breaches | First | Last |
| --- | ---: | ---: | ---: | ---: | --- | --- |
| info | 72 | 13 | 0 | 0 | 2026-11-27 11:48:00 | 2026-11-30 11:30:00 |
| bob | 24 | 12 | 2 | 1 | 2026-11-27 11:48:00 | 2026-11-27 11:59:00 |
| sales | 24 | 12 | 0 | 0 | 2026-11-27 11:48:00 | 2026-11-27 11:59:00 |
| &lt;img src=x onerror=alert\(1\)&gt; | 10 | 1 | 0 | 0 | 2026-11-30 10:00:00 | 2026-11-30 10:00:00 |
| \\x1b\[31m | 1 | 1 | 0 | 0 | 2026-11-30 11:50:00 | 2026-11-30 11:50:00 |
| =cmd\|x | 1 | 1 | 0 | 0 | 2026-11-30 11:50:00 | 2026-11-30 11:50:00 |
| a\|b\`\*c\* | 1 | 1 | 0 | 0 | 2026-11-30 11:50:00 | 2026-11-30 11:50:00 |
EOT

# ---- as CSV ----

ends "report --format csv" 0 report --since 7d --format csv
is "CSV: of the summary, the figures" "$(sed -n '1,2s/\r$/;/p' "$out")" \
	"figure,total,last_day,day_before;
attempts,134,38,24;"
for by in date ip network account strike service; do
	ends "report --by $by --format csv" 0 report --by $by --format csv
	ok "is a table of equal rows" python3 -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="")))
assert len(rows) > 3 and len({len(r) for r in rows}) == 1, rows
assert not any(c[:1] in "=+@" and c for r in rows for c in r), rows
' "$out"
done

# ---- as JSON ----

for by in summary date ip network account strike service; do
	ends "report --by $by --format json" 0 report --since 7d --by $by \
		--format json
	valid "report --by $by" report
	is "the same attempts" "$(jq .attempts "$out")" 134
	for field in $(jq -r '[paths | .[] | strings] | unique[]' "$out"); do
		ok "'report --by $by': the manual has the field '$field'" \
			grep -q "^\.It .*Va .*\b$field\b\|^\.Va .*\b$field\b" \
			"$srcdir/docs/saslbanctl.8"
	done
done
ends "report --json" 0 report --since 7d --json
is "report --json: days add up to all" \
	"$(jq '[.days[].attempts] | add' "$out")" 134
is "and so do weekdays and hours" "$(jq '[.heat[][]] | add' "$out")" 134
is "Friday, eleven o'clock" "$(jq '.heat[4][11]' "$out")" 72
is "an engine that is not there" \
	"$(jq -c '.jails[1]' "$out")" \
	'{"name":"sasl","enforce":true,"alive":false}'
is "the latest ban, whatever its row" "$(jq -c '.latest[0]' "$out")" "$(cat <<'EOT'
{"at":1796036400,"address":"192.0.2.66","jail":"sasl","strike":1,"ground":"trap","until":1796209200,"state":"lifted"}
EOT
)"

# ---- as a page ----

pictures=$builddir/report
mkdir -p "$pictures"
page=$lab/page.html
ends "report --format html" 0 report --since 7d --format html --output "$page"
is "prints nothing" "$(cat "$out")" ""
like "is for the owner and his group" "$(stat -c %a "$page")" '^640$'
ends "again" 0 report --since 7d --format html
ok "is the same on standard output" cmp "$out" "$page"
is "has no script, and nothing from elsewhere" "$(grep -Eio \
	'<(script|link|img|iframe|object|base)|[a-z]+://|url\(|@import| on[a-z]+=' \
	"$page" | sort -u)" " onerror="
ok "and that is a name that was tried" grep -q \
	'&lt;img src=x onerror=alert(1)&gt;' "$page"
ok "its elements are closed, and each id is there once" python3 -c '
import html.parser, sys
VOID = {"meta", "br"}
class Check(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.used = [], [], []
    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs: self.ids.append(attrs["id"])
        self.used += attrs.get("aria-labelledby", "").split()
        if tag not in VOID: self.open.append(tag)
        if tag == "b" and "vil" in str(attrs): raise SystemExit("markup")
    def handle_startendtag(self, tag, attrs): pass
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.getpos())
c = Check()
c.feed(open(sys.argv[1], encoding="utf-8").read())
assert c.open == [] and len(c.ids) == len(set(c.ids)), (c.open, c.ids)
assert c.used and set(c.used) == set(c.ids), set(c.used) ^ set(c.ids)
' "$page"
for by in date ip network account strike service; do
	ends "report --by $by --format html" 0 report --by $by --format html
	like "has something to show" "$(cat "$out")" '<svg class="chart '
done

# Each ground that there is has words of its own.
cp "$database" "$lab/before"
while IFS='|' read -r ground words; do
	sqlite3 "$database" "UPDATE offense SET ground = '$ground'"
	ends "html: bans of the ground '$ground' alone" 0 report --since 7d \
		--format html
	like "are a bar" "$(cat "$out")" "<title>$words: 5</title>"
done <<'EOT'
count|too many failures
account|account under attack
trap|trap user
network|network
breach|guess that hit
person|by hand
found|found in a set
EOT
cp "$lab/before" "$database"

# A browser lays it out in a frame of so many pixels, and another page looks:
# how wide it is, and which charts have something in them.
browser=$(command -v chromium || :)
browse() { # ARGUMENT...
	timeout 120 "$browser" --headless --no-sandbox --disable-gpu \
		--hide-scrollbars --user-data-dir="$lab/browser" "$@" \
		2>"$lab/browser.err"
}
frame() { # FILE WIDTH
	python3 - "$1" "$2" >"$lab/frame.html" <<'EOT'
import html, sys
page = open(sys.argv[1], encoding="utf-8").read()
print("""<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe style="border:0;width:%spx;height:9000px" srcdoc="%s"></iframe>
<pre id="found"></pre><script>
onload = () => {
	const d = frames[0].document, e = d.documentElement;
	const seen = [...d.querySelectorAll("svg.chart")].filter(
		s => s.getBoundingClientRect().width > 0);
	const marks = [...d.querySelectorAll("svg.chart rect")].map(
		r => r.getBoundingClientRect()).filter(b => b.width > 0);
	const low = seen.filter(s => s.getBoundingClientRect().height < 40);
	const out = seen.filter(s => [...s.querySelectorAll("text, rect")].some(
		t => { const b = t.getBoundingClientRect(),
			     f = s.parentNode.getBoundingClientRect();
		       return b.left < f.left || b.right > f.right + 1; }));
	const small = [...d.querySelectorAll("svg.chart text")].filter(t => {
		const b = t.getBoundingClientRect();
		return b.width > 0 && b.height < 10; });
	document.getElementById("found").textContent =
		"wide " + (e.scrollWidth - %s) + ", charts " + seen.length +
		", flat " + low.length + ", beyond " + out.length +
		", small " + small.length +
		(marks.length > 20 ? ", drawn" : ", empty");
};
</script>""" % (sys.argv[2], html.escape(page), sys.argv[2]))
EOT
}
picture() { # TITLE NAME WIDTH,HEIGHT FILE ARGUMENT...
	picture_title=$1
	picture_file=$pictures/$2.png
	picture_size=$3
	picture_of=$4
	shift 4
	rm -f "$picture_file"
	browse --window-size="$picture_size" --screenshot="$picture_file" "$@" \
		"file://$picture_of" >/dev/null
	ok "$picture_title: $picture_file" [ -s "$picture_file" ]
}
if [ -n "$browser" ]; then
	for width in 1280 900 760 390 320; do
		frame "$page" $width
		browse --window-size=1400,9000 --dump-dom \
			"file://$lab/frame.html" >"$lab/dom"
		is "$width pixels: no wider than that, and each chart is there" \
			"$(sed -n 's/.*id="found">\([^<]*\)<.*/\1/p' "$lab/dom")" \
			"wide 0, charts 9, flat 0, beyond 0, small 0, drawn"
	done
	picture "at a desk" desk 1200,3300 "$page"
	picture "at a desk at night" night 1200,3300 "$page" \
		--blink-settings=preferredColorScheme=0
	frame "$page" 390
	picture "on a phone" phone 500,4400 "$lab/frame.html"
	nok "light and dark are two pictures" \
		cmp -s "$pictures/desk.png" "$pictures/night.png"
	rm -f "$pictures/report.pdf"
	browse --print-to-pdf="$pictures/report.pdf" --no-pdf-header-footer \
		"file://$page" >/dev/null
	like "on paper: $pictures/report.pdf" \
		"$(head -c 5 "$pictures/report.pdf")" '^%PDF-$'
else
	skip "the page in a browser" "there is no chromium"
fi

# ---- what it says no to ----

while IFS='|' read -r want arguments pattern; do
	# shellcheck disable=SC2086 # a list of arguments
	ctl report $arguments
	is "'report $arguments': status $want" "$status" "$want"
	like "says why" "$(cat "$err")" "^saslbanctl: $pattern"
	is "prints nothing" "$(cat "$out")" ""
done <<'EOT'
2|--by month|--by 'month' is not allowed; allowed: summary, date, ip,
2|--format pdf|--format 'pdf' is not allowed; allowed: text, md, csv, json, html
2|--format html --json|--json or --format html, not both
2|--since tomorrow|--since 'tomorrow' is not allowed
2|--csv|'report' takes no option '--csv'
2|x|'report' has no use for 'x'
3|--jail nil|no jail 'nil'
1|--output /nowhere/x|cannot write '/nowhere/x': No such file or directory
EOT

# ---- what is only observed ----

sqlite3 "$database" "UPDATE offense SET observed = 1
	WHERE address IN ('198.51.100.7', '203.0.113.0/24')"
ends "report: two bans that are only observed" 0 report --since 7d --json
valid "report: two bans that are only observed" report
is "do not run" "$(jq -c '[.figures[] | select(.figure | test("run|observed"))
	| .figure, .total]' "$out")" \
	'["bans that run now",2,"bans that are only observed",2]'
is "by strike" "$(jq -c '[.strikes[].running]' "$out")" '[0,0,1,1]'
is "one by one" "$(jq -c '[.latest[] | .address, .state]' "$out")" "$(tr -d '\n' <<'EOT'
["192.0.2.66","lifted","2001:db8:1:2::/64","runs",
"198.51.100.7","observed","203.0.113.0/24","observed",
"203.0.113.1","runs"]
EOT
)"
ctl status --jail sasl
like "and status has the same" "$(cat "$out")" \
	'^  bans +2 running, 2 only observed'

# ---- more kinds than an address has bits for ----

# Two addresses, each of which twice a day for 70 days has another service and
# another rule, and tries an account that is called like it.
sqlite3 "$database" "DELETE FROM failure; DELETE FROM offense;
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
		WHERE i < 279)
	INSERT INTO failure (jail, host, address, user, service, rule, at, lo)
	SELECT (SELECT min(id) FROM jail), '192.0.2.' || (i % 2),
		'192.0.2.' || (i % 2), '192.0.2.' || (i % 2),
		's' || (i / 4), 'r' || (i / 4), $now - (70 - i / 4) * 86400,
		CAST(x'04c00002' || iif(i % 2, x'01', x'00') AS BLOB) FROM n"
ends "report: 70 days, services and rules" 0 report --since 80d --limit 0 --json
is "each has two addresses and two accounts" "$(jq -c '[.services, .rules |
	length, (map(.attempts, .addresses, .accounts) | unique)]' "$out")" \
	'[70,[2,4],70,[2,4]]'
is "each day has two addresses" "$(jq -c '[.days[] | select(.attempts > 0)
	| .addresses] | length, unique' "$out" | tr '\n' ' ')" '70 [2] '

# ---- nothing to report ----

sqlite3 "$database" 'DELETE FROM failure; DELETE FROM offense;
	DELETE FROM breach; DELETE FROM login'
while read -r format pattern; do
	ends "an empty store, as $format" 0 report --format "$format"
	like "has its numbers" "$(cat "$out")" "$pattern"
done <<'EOT'
text ^attempts +0 +0 +0$
md ^\| attempts \| 0 \| 0 \| 0 \|$
csv ^attempts,0,0,0
json "attempts":0,"jails"
html ^<div class="tile"><b>0</b><span>attempts</span></div>$
EOT
ends "an empty store" 0 report --json
valid "an empty store" report
echo garbage >"$database"
echo before >"$page"
ends "a broken database" 1 report --format html --output "$page"
is "leaves the file as it was" "$(cat "$page")" before
is "and says so in one line" "$(wc -l <"$err")" 1
is "nothing is left beside it" "$(find "$lab" -name 'page.html?*')" ""

done_testing
