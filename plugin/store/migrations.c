/*
 * migrations: the tables, as steps from one version to the next. What they
 * mean is in docs/SCHEMA.md.
 *
 * A step is never changed once it was released: a new column is a new step.
 * So each says what it means in its own words, and shares none with the
 * statements of today.
 */
#include "schema.h"

#include <stddef.h>

/* clang-format off */

static const char jails[] =
	"CREATE TABLE jail ("
	"  id         INTEGER PRIMARY KEY,"
	"  name       TEXT NOT NULL UNIQUE,"
	"  configured INTEGER NOT NULL,"
	"  seen       INTEGER NOT NULL DEFAULT 0"
	") STRICT;"
	"CREATE TABLE setting ("
	"  jail    INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  name    TEXT NOT NULL,"
	"  ordinal INTEGER NOT NULL,"
	"  value   TEXT NOT NULL,"
	"  PRIMARY KEY (jail, name, ordinal)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX setting_set ON setting(value, jail) WHERE name = 'set';";

static const char failures[] =
	"CREATE TABLE failure ("
	"  id      INTEGER PRIMARY KEY,"
	"  jail    INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  host    TEXT NOT NULL,"
	"  address TEXT NOT NULL,"
	"  user    TEXT NOT NULL DEFAULT '',"
	"  service TEXT NOT NULL DEFAULT '',"
	"  mech    TEXT NOT NULL DEFAULT '',"
	"  rule    TEXT NOT NULL DEFAULT '',"
	"  at      INTEGER NOT NULL,"
	"  count   INTEGER NOT NULL DEFAULT 1 CHECK (count > 0),"
	"  late    INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),"
	"  lo      BLOB NOT NULL"
	") STRICT;"
	/* Judging reads this index and not the table. */
	"CREATE INDEX failure_counted"
	"  ON failure(address, jail, late, at, count);"
	"CREATE INDEX failure_host ON failure(lo, at);"
	"CREATE INDEX failure_age ON failure(jail, at, count);";

static const char offenses[] =
	"CREATE TABLE offense ("
	"  id         INTEGER PRIMARY KEY,"
	"  jail       INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  address    TEXT NOT NULL,"
	"  strike     INTEGER NOT NULL CHECK (strike > 0),"
	"  at         INTEGER NOT NULL,"
	"  until      INTEGER,"
	"  failures   INTEGER NOT NULL DEFAULT 0,"
	"  late       INTEGER NOT NULL DEFAULT 0,"
	"  why        TEXT NOT NULL DEFAULT '',"
	"  observed   INTEGER NOT NULL DEFAULT 0 CHECK (observed IN (0, 1)),"
	"  enforced   INTEGER NOT NULL DEFAULT 0,"
	"  ended      INTEGER,"
	"  lifted     INTEGER,"
	"  lifted_by  TEXT NOT NULL DEFAULT '',"
	"  lifted_why TEXT NOT NULL DEFAULT '',"
	"  lo         BLOB NOT NULL,"
	"  hi         BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX offense_history"
	"  ON offense(address, jail, until, ended, lifted);"
	"CREATE INDEX offense_range ON offense(lo);"
	"CREATE INDEX offense_at ON offense(at, jail);"
	/* What runs is little; old offenses are many, and not in these. */
	"CREATE UNIQUE INDEX offense_open ON offense(address, jail)"
	"  WHERE ended IS NULL AND lifted IS NULL;"
	"CREATE INDEX offense_until"
	"  ON offense(jail, until) WHERE ended IS NULL AND lifted IS NULL;"
	"CREATE INDEX offense_pending"
	"  ON offense(jail, enforced) WHERE ended IS NULL AND lifted IS NULL"
	" AND observed = 0 AND (until IS NULL OR enforced < until);"
	"CREATE INDEX offense_cut_short"
	"  ON offense(jail, enforced, lifted) WHERE (lifted IS NOT NULL OR"
	" (ended IS NOT NULL AND ended IS NOT until));";

/* For people: what runs now, in their own time. */
static const char views[] =
	"CREATE VIEW ban AS"
	"  SELECT j.name AS jail, o.address, o.strike,"
	"    datetime(o.at, 'unixepoch', 'localtime') AS since,"
	"    coalesce(datetime(o.until, 'unixepoch', 'localtime'), 'forever')"
	"      AS until,"
	"    o.failures, o.late, o.why, o.observed"
	"  FROM offense o JOIN jail j ON j.id = o.jail"
	"  WHERE o.ended IS NULL AND o.lifted IS NULL"
	" AND (o.until IS NULL OR o.until > unixepoch());";

/* What the filters and their rules have seen. Another expression is another
 * rule, also where it got the old one's name. */
static const char sources[] =
	"CREATE TABLE source ("
	"  id        INTEGER PRIMARY KEY,"
	"  jail      INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  filter    TEXT NOT NULL,"
	"  loaded    INTEGER NOT NULL DEFAULT 1 CHECK (loaded IN (0, 1)),"
	"  lines     INTEGER NOT NULL DEFAULT 0,"
	"  telltales INTEGER NOT NULL DEFAULT 0,"
	"  missed    INTEGER NOT NULL DEFAULT 0,"
	"  overruns  INTEGER NOT NULL DEFAULT 0,"
	"  example   TEXT NOT NULL DEFAULT '',"
	"  first     INTEGER,"
	"  last      INTEGER,"
	"  matched   INTEGER,"
	"  warned    INTEGER,"
	"  UNIQUE (jail, filter)"
	") STRICT;"
	"CREATE TABLE rule ("
	"  id       INTEGER PRIMARY KEY,"
	"  jail     INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  filter   TEXT NOT NULL,"
	"  name     TEXT NOT NULL,"
	"  kind     TEXT NOT NULL,"
	"  regex    TEXT NOT NULL,"
	"  loaded   INTEGER NOT NULL DEFAULT 1 CHECK (loaded IN (0, 1)),"
	"  hits     INTEGER NOT NULL DEFAULT 0,"
	"  overruns INTEGER NOT NULL DEFAULT 0,"
	"  first    INTEGER,"
	"  last     INTEGER,"
	"  UNIQUE (jail, filter, name, kind, regex)"
	") STRICT;";

/* ---- version 3 ---- */

/* What the kernel has one of. Each kind of work that can be due has an index
 * that holds what is due and little else. (`held <> 0`, not `held > 0`: SQLite
 * would take that for the place where to begin to read.) */
static const char entries[] =
	"CREATE TABLE entry ("
	"  set_name TEXT NOT NULL,"
	"  address  TEXT NOT NULL,"
	"  wanted   INTEGER NOT NULL DEFAULT 0,"
	"  held     INTEGER NOT NULL DEFAULT 0,"
	"  strike   INTEGER NOT NULL DEFAULT 0,"
	"  since    INTEGER NOT NULL DEFAULT 0,"
	"  PRIMARY KEY (set_name, address)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX entry_excess"
	"  ON entry(set_name, held, address) WHERE held > wanted;"
	"CREATE INDEX entry_short"
	"  ON entry(set_name, held, address) WHERE held <> 0 AND held < wanted;"
	"CREATE INDEX entry_absent"
	"  ON entry(set_name, strike DESC, since DESC, address DESC)"
	"  WHERE held = 0 AND wanted <> 0;"
	"CREATE INDEX entry_weakest"
	"  ON entry(set_name, strike, since, address)"
	"  WHERE held <> 0 AND wanted <> 0;"
	"CREATE INDEX entry_over ON entry(set_name, max(wanted, held));";

/* Of each address in each set: what its running bans want; and what the kernel
 * had for these, or for bans that were cut short (`enforced`). */
static const char entries_from_offenses[] =
	"INSERT INTO entry (set_name, address, wanted, held, strike, since)"
	"  SELECT s.value || iif(instr(o.address, ':'), '6', '4'), o.address,"
	"    max(iif(o.ended IS NULL AND o.lifted IS NULL,"
	"      coalesce(o.until, 9223372036854775807), 0)),"
	"    max(o.enforced),"
	"    max(iif(o.ended IS NULL AND o.lifted IS NULL, o.strike, 0)),"
	"    max(iif(o.ended IS NULL AND o.lifted IS NULL, o.at, 0))"
	"  FROM offense o JOIN setting s ON s.jail = o.jail AND s.name = 'set'"
	"  WHERE o.observed = 0"
	"    AND ((o.ended IS NULL AND o.lifted IS NULL) OR (o.enforced > 0"
	"      AND (o.lifted IS NOT NULL OR o.ended IS NOT o.until)))"
	"  GROUP BY 1, 2;";

/* It is the entries that say now what the kernel has. A view that somebody has
 * added for himself, and that asks the offenses, is not to keep us from it:
 * hence the pragma. */
static const char offenses_without_enforced[] =
	"DROP INDEX IF EXISTS offense_pending;"
	"DROP INDEX IF EXISTS offense_cut_short;"
	"PRAGMA legacy_alter_table = ON;"
	"ALTER TABLE offense DROP COLUMN enforced;"
	"PRAGMA legacy_alter_table = OFF;"
	"CREATE INDEX offense_lifted"
	"  ON offense(jail, lifted) WHERE lifted IS NOT NULL;"
	/* Judging reads this index and not the table. */
	"DROP INDEX IF EXISTS offense_history;"
	"CREATE INDEX offense_history"
	"  ON offense(address, jail, until, ended, lifted, observed);";

/* 0: nothing was reported of it; 1: its begin; 2: its end, too. */
static const char reports[] =
	"ALTER TABLE offense ADD COLUMN"
	"  told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1, 2));"
	"UPDATE offense SET told = iif(ended IS NULL AND lifted IS NULL, 1, 2);"
	"CREATE INDEX offense_untold ON offense(jail)"
	"  WHERE (told = 0 OR (told = 1 AND lifted IS NOT NULL));";

/* The words that everything else uses. */
static const char filters[] =
	"ALTER TABLE source RENAME TO filter;"
	"ALTER TABLE filter RENAME COLUMN filter TO name;"
	"ALTER TABLE filter RENAME COLUMN telltales TO unmatched;"
	"ALTER TABLE filter RENAME COLUMN missed TO unmatched_since_match;";

static const char hostnames[] =
	"CREATE TABLE hostname ("
	"  name    TEXT NOT NULL,"
	"  address TEXT NOT NULL,"
	"  at      INTEGER NOT NULL,"
	"  PRIMARY KEY (name, address)"
	") STRICT, WITHOUT ROWID;";

/* ---- version 4 ---- */

/* What became of a failure, and what is needed to recognise another line about
 * it. Judging reads no failures any more. */
static const char standings[] =
	"ALTER TABLE failure"
	"  ADD COLUMN verdict TEXT NOT NULL DEFAULT 'counted';"
	"ALTER TABLE failure ADD COLUMN sort TEXT NOT NULL DEFAULT 'clear';"
	"ALTER TABLE failure ADD COLUMN session TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE failure ADD COLUMN guess INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE failure ADD COLUMN wide INTEGER NOT NULL DEFAULT 0;"
	"UPDATE failure SET verdict = 'late' WHERE late = 1;"
	"DROP INDEX IF EXISTS failure_counted;"
	"PRAGMA legacy_alter_table = ON;"
	"ALTER TABLE failure DROP COLUMN late;"
	"PRAGMA legacy_alter_table = OFF;"
	"CREATE INDEX failure_folded ON failure(address, jail, verdict, at)"
	"  WHERE verdict IN ('late', 'old');";

static const char grounds[] =
	"ALTER TABLE offense ADD COLUMN ground TEXT NOT NULL DEFAULT 'count';"
	"UPDATE offense SET ground = 'person' WHERE failures = 0;";

/* Who logged in from where; of all jails. */
static const char logins[] =
	"CREATE TABLE login ("
	"  address TEXT NOT NULL,"
	"  user    TEXT NOT NULL,"
	"  first   INTEGER NOT NULL,"
	"  last    INTEGER NOT NULL,"
	"  lo      BLOB NOT NULL,"
	"  PRIMARY KEY (address, user)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX login_last ON login(last);"
	"CREATE INDEX login_range ON login(lo);"
	"CREATE INDEX login_user ON login(user, last);"
	"CREATE TABLE learning ("
	"  at    INTEGER NOT NULL,"
	"  pairs INTEGER NOT NULL"
	") STRICT;"
	"ALTER TABLE jail ADD COLUMN logged_in INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE jail ADD COLUMN trouble INTEGER NOT NULL DEFAULT 0;";

static const char outages[] =
	"CREATE TABLE outage ("
	"  id     INTEGER PRIMARY KEY,"
	"  jail   INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  since  INTEGER NOT NULL,"
	"  opened INTEGER NOT NULL,"
	"  closed INTEGER,"
	"  why    TEXT NOT NULL DEFAULT '',"
	"  login  TEXT NOT NULL DEFAULT ''"
	") STRICT;"
	"CREATE INDEX outage_open ON outage(jail, closed);";

static const char breaches[] =
	"CREATE TABLE breach ("
	"  id      INTEGER PRIMARY KEY,"
	"  jail    INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  at      INTEGER NOT NULL,"
	"  last    INTEGER NOT NULL,"
	"  count   INTEGER NOT NULL DEFAULT 1,"
	"  user    TEXT NOT NULL,"
	"  host    TEXT NOT NULL,"
	"  service TEXT NOT NULL DEFAULT '',"
	"  kind    TEXT NOT NULL,"
	"  why     TEXT NOT NULL DEFAULT ''"
	") STRICT;"
	"CREATE INDEX breach_at ON breach(jail, at);"
	"CREATE INDEX breach_who ON breach(jail, user, host, last);";

/* What hashes of passwords are made with: they tell nobody else anything. */
static const char secrets[] =
	"CREATE TABLE secret ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1),"
	"  a  INTEGER NOT NULL,"
	"  b  INTEGER NOT NULL"
	") STRICT;"
	"INSERT INTO secret (id, a, b) VALUES (1, random(), random());";

/* What people write into it by hand has these defaults. */
static const char allows[] =
	"CREATE TABLE allow ("
	"  address TEXT NOT NULL PRIMARY KEY,"
	"  comment TEXT NOT NULL DEFAULT '',"
	"  \"by\"    TEXT NOT NULL DEFAULT '',"
	"  at      INTEGER NOT NULL DEFAULT (unixepoch()),"
	"  until   INTEGER"
	") STRICT, WITHOUT ROWID;";
/* Lines that matched and that somebody else wrote. */
static const char foreign_lines[] =
	"ALTER TABLE jail ADD COLUMN foreign_lines INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE jail ADD COLUMN foreign_last INTEGER;";

/* Failed logins of which nobody knows whose. */
static const char ambiguous_lines[] =
	"ALTER TABLE filter ADD COLUMN ambiguous INTEGER NOT NULL DEFAULT 0;";

/* Failed logins of a session whose address is not known. */
static const char orphans[] =
	"ALTER TABLE filter ADD COLUMN orphans INTEGER NOT NULL DEFAULT 0;";

/* What was dropped because of a ban. */
static const char dropped_packets[] =
	"ALTER TABLE offense ADD COLUMN packets INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE offense ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;";

/* Where the kernel's counters stood when they were last looked at. */
static const char counted_packets[] =
	"ALTER TABLE entry ADD COLUMN packets INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE entry ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;";

/* How often something happened. Of sets there is no jail: it is 0. */
static const char totals[] =
	"CREATE TABLE total ("
	"  jail   INTEGER NOT NULL,"
	"  name   TEXT NOT NULL,"
	"  word   TEXT NOT NULL DEFAULT '',"
	"  strike INTEGER NOT NULL DEFAULT 0,"
	"  value  INTEGER NOT NULL DEFAULT 0,"
	"  PRIMARY KEY (jail, name, word, strike)"
	") STRICT, WITHOUT ROWID;";
/* What people are to be told. What waits is little; what was sent is not in
 * the first two indexes. */
static const char notices[] =
	"CREATE TABLE outbox ("
	"  id      INTEGER PRIMARY KEY,"
	"  jail    INTEGER NOT NULL REFERENCES jail(id) ON DELETE CASCADE,"
	"  kind    TEXT NOT NULL,"
	"  about   INTEGER NOT NULL DEFAULT 0,"
	"  address TEXT NOT NULL DEFAULT '',"
	"  at      INTEGER NOT NULL,"
	"  due     INTEGER NOT NULL,"
	"  mail    INTEGER NOT NULL DEFAULT 0,"
	"  sent    INTEGER"
	") STRICT;"
	"CREATE INDEX outbox_due ON outbox(jail, due) WHERE sent IS NULL;"
	"CREATE INDEX outbox_waits"
	"  ON outbox(jail, address, mail, kind) WHERE sent IS NULL;"
	"CREATE INDEX outbox_sent"
	"  ON outbox(jail, sent, mail, kind, address) WHERE sent IS NOT NULL;";

/* A damaged file was replaced, and the sets may hold what is not known. */
static const char renewals[] =
	"CREATE TABLE renewal ("
	"  id     INTEGER PRIMARY KEY,"
	"  at     INTEGER NOT NULL,"
	"  aside  TEXT NOT NULL DEFAULT '',"
	"  backup TEXT NOT NULL DEFAULT '',"
	"  why    TEXT NOT NULL DEFAULT ''"
	") STRICT;"
	"ALTER TABLE jail ADD COLUMN renewal INTEGER NOT NULL DEFAULT 0;";

/* Why the rulesets that a jail is told to write to get nothing. */
static const char rulesets[] =
	"ALTER TABLE jail ADD COLUMN events_why TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE jail ADD COLUMN notify_why TEXT NOT NULL DEFAULT '';";

/* Which jails of a backup no engine has worked with. */
static const char copies[] =
	"ALTER TABLE jail ADD COLUMN"
	"  copied INTEGER NOT NULL DEFAULT 0 CHECK (copied IN (0, 1));";

/* In order; several steps may lead to the same version. */
const struct migration migrations[] = {
	{1, jails}, {1, failures}, {1, offenses}, {1, views},
	{2, sources},
	{3, entries}, {3, filters}, {3, entries_from_offenses},
	{3, hostnames}, {3, offenses_without_enforced}, {3, reports},
	{4, standings}, {4, grounds}, {4, logins}, {4, outages},
	{4, breaches}, {4, secrets}, {4, allows}, {4, foreign_lines},
	{4, ambiguous_lines}, {4, orphans}, {4, dropped_packets},
	{4, counted_packets}, {4, totals}, {4, renewals}, {4, notices},
	{4, rulesets}, {4, copies},
	{SCHEMA_VERSION, NULL},
};

/* clang-format on */
