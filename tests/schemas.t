#!/bin/sh
# schemas: docs/schema/ has the form of what every verb prints with --json, and
# nothing else.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/lab.sh"
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/ctl.sh"

schemas=$srcdir/docs/schema
filters=$srcdir/filter.d

# ---- a schema for each verb, a verb for each schema ----

"$ctl" --help | sed -n '/^$/,/^$/s/^  \([a-z]*\) .*/\1/p' >"$lab/all"
while read -r verb; do
	# The usage alone: examples speak of other verbs.
	! "$ctl" help "$verb" | sed '/^$/,$d' | grep -q -e --json ||
		echo "$verb"
done <"$lab/all" | sort >"$lab/verbs"
ok "there are verbs with --json" [ "$(wc -l <"$lab/verbs")" -ge 20 ]
for file in "$schemas"/*.json; do
	basename "$file" .json
done | grep -vx event | sort >"$lab/named"
is "every verb with --json has a schema" \
	"$(comm -23 "$lab/verbs" "$lab/named")" ""
is "every schema belongs to a verb with --json" \
	"$(comm -13 "$lab/verbs" "$lab/named")" ""

# ---- what they print ----

# prints_json STATE VERB ARGUMENT...: keeps each document that is printed, to be
# compared below. Standard input is the verb's.
documents=$lab/documents
mkdir "$documents"
n=0
prints_json() {
	state=$1
	shift
	ctl "$@" --json
	n=$((n + 1))
	ok "$state: '$*' prints a document" [ -s "$out" ]
	cp "$out" "$documents/$(printf %03d $n).$1"
}

# looks STATE: the verbs that change nothing.
looks() {
	while read -r arguments; do
		# shellcheck disable=SC2086 # a list of arguments
		prints_json "$1" $arguments </dev/null
	done <<-'EOT'
	status
	status --jail sasl
	list
	list --all
	list --all --kernel
	show 192.0.2.1
	show 198.51.100.0/24
	show 203.0.113.7
	show 192.0.2.88
	show bob
	explain 192.0.2.1
	explain 2001:db8:1:2::5
	explain 203.0.113.7
	explain 198.51.100.0/24
	explain bob
	allow
	rules
	rules --jail sasl
	doctor
	top
	top networks
	top accounts
	top services
	top rules
	report
	report --by date
	report --by ip
	report --by network
	report --by account
	report --by strike
	report --by service
	export
	export --all
	EOT
}

ip link set lo up
fresh
looks "no sets"
ipset create saslban4 hash:net timeout 600 counters maxelem 1000
ipset create saslban6 hash:net timeout 600 counters family inet6 maxelem 1000
ipset add saslban4 203.0.113.50
sql "INSERT INTO login (address, user, first, last, lo) VALUES
		('192.0.2.7', 'bob', $now - 900, $now - 60, x'04c0000207'),
		('203.0.113.7', 'bob', $now - 900, $now - 60, x'04cb007107');
	INSERT INTO breach (jail, at, last, user, host, kind, why)
		SELECT id, $now - 50, $now - 50, 'bob', '192.0.2.7', 'banned',
		'a test' FROM jail;
	INSERT INTO outage (jail, since, opened, closed, why)
		SELECT id, $now - 500, $now - 400, NULL, 'a test' FROM jail;
	INSERT INTO outage (jail, since, opened, closed, why)
		SELECT id, $now - 900, $now - 800, $now - 700, 'a test' FROM jail"
prints_json data allow add 192.0.2.88 192.0.2.89 --for 1h --reason test
prints_json data allow add 2001:db8:99::/48
looks data
prints_json data allow del 192.0.2.89
prints_json data ban 192.0.2.77 --jail sasl --for 1h
prints_json "banned already" ban 192.0.2.77 --jail sasl
prints_json data ban 192.0.2.78 --jail sasl --for forever
printf '192.0.2.77\n192.0.2.79\n' >"$lab/list"
prints_json data ban --file "$lab/list" --jail sasl
prints_json "bans in the kernel" list --kernel
prints_json "bans in the kernel" show 192.0.2.77
prints_json "bans in the kernel" status
prints_json data unban 192.0.2.77
prints_json "no ban wants it" unban 203.0.113.50
prints_json data unban --file "$lab/list"
prints_json data unban --all --jail sasl --yes
prints_json data sync
prints_json data backup "$lab/backup"
prints_json data prune --before 1h --dry-run
prints_json data prune bob --dry-run
ctl export --json --all
cp "$out" "$lab/bans.json"
prints_json data import "$lab/bans.json" --dry-run
while read -r ground; do
	sql "UPDATE offense SET ground = '$ground'"
	for verb in list export report; do
		prints_json "bans of the ground '$ground'" "$verb"
	done
done <<'EOT'
count
account
trap
network
breach
person
found
EOT
sql "DELETE FROM entry; DELETE FROM offense; DELETE FROM failure;
	DELETE FROM filter; DELETE FROM rule; DELETE FROM login;
	DELETE FROM breach; DELETE FROM outage; DELETE FROM allow"
looks "an empty jail"
prints_json "an empty jail" sync

# Accounts and networks under attack, and who waits for his ban.
rm -f "$database" "$database"-wal "$database"-shm
"$builddir/tests/story" "$database" "$now" maxretry=6 account.hosts=3 \
	account.grace=2m network.hosts=4 ignoreip=203.0.113.0/24 <<'EOT'
-800000 success 100.64.9.9 dora dovecot
-7000 failure 10.6.1.1 root postfix/smtpd
-6990 failure 10.6.1.1 root postfix/smtpd
-6980 failure 10.6.1.1 admin postfix/smtpd
-900 failure 192.0.2.1 root postfix/smtpd
-800 failure 192.0.2.2 admin postfix/smtpd
-700 failure 192.0.2.3 test postfix/smtpd
-230 failure 10.5.1.1 dora postfix/smtpd
-220 failure 10.5.2.1 dora postfix/smtpd
-90 failure 10.7.1.1 dora postfix/smtpd
-80 failure 10.8.1.1 dora postfix/smtpd
EOT
looks attacks
prints_json attacks explain dora </dev/null
prints_json attacks explain 10.8.1.1 </dev/null
prints_json attacks explain 192.0.2.9 </dev/null
prints_json attacks explain 192.0.2.0/24 </dev/null

# Lines that are a failure, a login, nothing, and refused.
cat >"$lab/log" <<EOT
Nov 20 04:58:31 mail $(guess 198.51.100.10 alice)
Nov 20 04:58:32 mail $(guess 127.0.0.1 alice)
Nov 20 04:58:33 mail $(good 198.51.100.10)
Nov 20 04:58:34 mail dovecot: imap-login: Login: user=<bob>, method=PLAIN, rip=198.51.100.2, lip=192.0.2.25, mpid=4, TLS, session=<abcdefgh>
Nov 20 04:58:35 mail postfix/smtpd[9]: warning: SASL authentication failed
nothing
EOT
prints_json "the filters" test --path "$filters" "$lab/log"
while read -r line; do
	prints_json "the filters" test --path "$filters" --explain "$line"
done <"$lab/log"
for filter in "$filters"/[a-z]*.conf; do
	filter=$(basename "$filter" .conf)
	prints_json "the filters" filter "$filter" --path "$filters"
done
sed "s/^Nov 20 04:58/$(date -d "@$((now - 3600))" '+%FT%H:%M')/
	s/^\(20[^ ]*\) /\1Z /" "$lab/log" >"$lab/dated"
# Names are tried, and one of them is let in: a breach.
for user in info admin root test sales bob; do
	echo "$(date -u -d "@$((now - 3000))" +%FT%TZ) mail $(guess 192.0.2.166 $user)"
done >>"$lab/dated"
echo "$(date -u -d "@$((now - 2900))" +%FT%TZ) mail dovecot: imap-login: Login: user=<carol>, method=PLAIN, rip=192.0.2.166, lip=192.0.2.25, mpid=4, TLS, session=<abcdefgh>" \
	>>"$lab/dated"
for log in log dated; do
	prints_json "old logs" learn --jail sasl --path "$filters" "$lab/$log"
	prints_json "old logs" simulate --path "$filters" "$lab/$log"
done
prints_json "old logs" simulate --path "$filters" "$lab/dated" \
	--policy maxretry=2 --policy "bantime=forever maxretry=3"

# ---- and whether it is as the schemas have it ----

cat >"$lab/compare" <<'EOT'
# compare SCHEMAS DOCUMENTS: a line for each difference.
import json, jsonschema, os, sys

def open_objects(schema, path=""):
    """Where a schema lets members pass that it does not name."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if not isinstance(schema, dict):
        return
    kinds = schema.get("type")
    if (isinstance(schema.get("properties"), dict) or kinds == "object" or
            isinstance(kinds, list) and "object" in kinds) and \
            schema.get("additionalProperties") is not False:
        yield path
    for key, value in schema.items():
        yield from open_objects(value, "%s/%s" % (path, key))

def validator(path):
    schema = json.load(open(path))
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver("file://" + os.path.abspath(path), schema)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)

schemas, documents = sys.argv[1:]
known = {}
for name in sorted(os.listdir(schemas)):
    one = validator("%s/%s" % (schemas, name))
    known[name.split(".")[0]] = one
    for path in open_objects(one.schema):
        print("%s: %s is open" % (name, path or "it"))
compared = set()
for name in sorted(os.listdir(documents)):
    verb = name.split(".")[1]
    compared.add(verb)
    text = open("%s/%s" % (documents, name)).read()
    # Verbs that read lines print a document for each.
    for line in text.splitlines():
        document = json.loads(line)
        best = jsonschema.exceptions.best_match(
            known[verb].iter_errors(document))
        if best is not None:
            print("%s: %s: %s" % (name, best.json_path, best.message))
        if known[verb].is_valid(dict(document, stray=1)):
            print("%s: a stray member passes" % name)
print("not compared:", " ".join(sorted(set(known) - compared)))
EOT
is "all of them are as docs/schema/ has it" \
	"$(python3 -W ignore "$lab/compare" "$schemas" "$documents" 2>&1)" \
	"not compared: event"

done_testing
