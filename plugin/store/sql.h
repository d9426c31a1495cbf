/*
 * sql: words that several statements share.
 *
 * SQLite uses a partial index only where the words of its WHERE stand in the
 * statement, too. So those are written once, here; the migrations, which never
 * change, have their own.
 */
#ifndef SASLBAN_STORE_SQL_H
#define SASLBAN_STORE_SQL_H

/* clang-format off */

/* DURATION_FOREVER, STORE_LAST and COLUMN_COUNT. */
#define SQL_FOREVER "9223372036854775807"
#define SQL_LAST "253402300799"
#define SQL_MOST "4611686018427387903"

/* ---- numbers that somebody may have edited ---- */

/* A count that can be added to. */
#define SQL_COUNT(n) "min(" n ", " SQL_MOST ")"

/* The failures of many rows. No row stands for more than an unsigned, so that
 * the sum cannot overflow. */
#define SQL_FAILURES "coalesce(sum(min(max(count, 0), 4294967295)), 0)"

/* A time, moved by so many seconds; NULL stays NULL. */
#define SQL_SHIFTED(at, step) "max(min(" at ", " SQL_LAST ") + " step ", 0)"

/* ---- offenses; o is empty, or the alias with its dot ---- */

/* Neither ran out, nor was superseded, nor lifted. */
#define SQL_OPEN(o) o "ended IS NULL AND " o "lifted IS NULL"

#define SQL_RUNS(o, now) \
	SQL_OPEN(o) " AND (" o "until IS NULL OR " o "until > " now ")"

/* NULL in the table, and a number everywhere else. */
#define SQL_UNTIL(o) "coalesce(" o "until, " SQL_FOREVER ")"

/* Nobody has reported that it began, or that a person ended it. */
#define SQL_UNTOLD(o) \
	"(" o "told = 0 OR (" o "told = 1 AND " o "lifted IS NOT NULL))"

/* ---- entries and their sets ---- */

/* The family of an address, as the last letter of a kernel set's name. */
#define SQL_FAMILY(address) "iif(instr(" address ", ':'), '6', '4')"

/* The jails whose parameter `set` is this. */
#define SQL_JAILS_OF(set) \
	"(SELECT jail FROM setting WHERE name = 'set' AND value = " set ")"

/* clang-format on */

#endif
