/*
 * geo: countries and operators, of files that $srcdir/tests/mmdb makes; and
 * what damaged ones do.
 */
#include "row.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "saslban/geo.h"

enum { LARGEST = 8192 };

static char dir[64] = "/tmp/saslban-test-XXXXXX";

static int make(void **state)
{
	const char *srcdir = getenv("srcdir");
	char command[1200];

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(command, sizeof(command), "'%s/tests/mmdb' %s",
		 srcdir == NULL ? "." : srcdir, dir);
	return system(command); /* NOLINT(cert-env33-c) */
}

static int unmake(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command); /* NOLINT(cert-env33-c) */
}

static const char *path(const char *name)
{
	static char text[256];

	snprintf(text, sizeof(text), "%s/%s", dir, name);
	return text;
}

static struct address address(const char *text)
{
	struct address a;

	assert_int_equal(address_parse(text, strlen(text), &a), 0);
	return a;
}

/* As `DE 64496 Example`. */
static const char *where(const struct geo *g, const char *text)
{
	static char said[256];
	struct address a = address(text);
	struct geo_place p;
	bool known = geo_find(g, &a, &p);

	assert_int_equal(known, p.country[0] != '\0' || p.asn != 0);
	snprintf(said, sizeof(said), "%s %u %s", p.country, p.asn, p.as_name);
	return said;
}

/* ---- looking up ---- */

struct place_row {
	const char *title;
	const char *files; /* split by blanks */
	const char *address;
	const char *place;
};

static const struct place_row place_rows[] = {
	{"both", "country.mmdb asn.mmdb", "192.0.2.1",
	 "DE 64496 Example Networks GmbH"},
	{"both, in the other order", "asn.mmdb country.mmdb", "192.0.2.255",
	 "DE 64496 Example Networks GmbH"},
	{"a country alone", "country.mmdb", "192.0.2.1", "DE 0 "},
	{"an operator alone", "asn.mmdb", "192.0.2.1",
	 " 64496 Example Networks GmbH"},
	{"a network is where its first address is", "country.mmdb",
	 "198.51.100.0/24", "BR 0 "},
	{"the country that it is registered in", "country.mmdb", "198.51.100.9",
	 "FR 0 "},
	{"a country that is none, and an operator without a name",
	 "country.mmdb asn.mmdb", "203.0.113.7", " 4294967295 "},
	{"IPv6", "country.mmdb", "2001:db8:1:2::5", "JP 0 "},
	{"IPv6, a network", "country.mmdb", "2001:db8:1:2::/64", "JP 0 "},
	{"a long name is cut between characters", "asn.mmdb", "2001:db8:1::1",
	 " 65550 "
	 "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	 "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	 "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	 "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	 "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	 "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
	 "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"},
	{"text from outside is not touched", "asn.mmdb", "198.51.100.7",
	 " 64511 =evil\033[31m<b>|\u202e"},
	{"nothing of nobody", "country.mmdb asn.mmdb", "10.0.0.1", " 0 "},
	{"the first that knows", "four.mmdb country.mmdb", "192.0.2.1",
	 "AT 0 "},
	{"IPv6 of a file that has IPv4 alone", "four.mmdb", "2001:db8::1",
	 " 0 "},
	{"the next one has it", "four.mmdb country.mmdb", "2001:db8:1::1",
	 "JP 0 "},
	{"no file", "", "192.0.2.1", " 0 "},
};

static void place_test(void **state)
{
	const struct place_row *r = *state;
	struct fault why;
	struct geo *g;
	char name[64];
	size_t len, n = 0;

	assert_int_equal(geo_open(&g, &why), 0);
	for (const char *at = r->files; *at != '\0';
	     at += len + (at[len] == ' '), n++) {
		len = strcspn(at, " ");
		snprintf(name, sizeof(name), "%.*s", (int)len, at);
		assert_int_equal(geo_add(g, path(name), &why), 0);
	}
	assert_int_equal(geo_files(g), n);
	assert_string_equal(where(g, r->address), r->place);
	geo_close(g);
}

static void nothing_test(void **state)
{
	(void)state;
	assert_string_equal(where(NULL, "192.0.2.1"), " 0 ");
	assert_int_equal(geo_files(NULL), 0);
	geo_close(NULL);
}

/* ---- files ---- */

static void put(const char *name, const unsigned char *bytes, size_t n)
{
	FILE *f;

	unlink(path(name)); /* one that is cut is synced by ext4 */
	f = fopen(path(name), "we");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static size_t get(const char *name, unsigned char bytes[LARGEST])
{
	FILE *f = fopen(path(name), "re");
	size_t n;

	assert_non_null(f);
	n = fread(bytes, 1, LARGEST, f);
	fclose(f);
	assert_in_range(n, 1, LARGEST - 1);
	return n;
}

/* what: `` for the words of the library. */
static void refused(const char *name, const char *what)
{
	char text[FAULT_TEXT];
	struct fault why;
	struct geo *g;

	assert_int_equal(geo_open(&g, &why), 0);
	assert_int_equal(geo_add(g, path(name), &why), -1);
	snprintf(text, sizeof(text), "cannot use geoip '%s/%s': %s", dir, name,
		 what);
	assert_int_equal(strncmp(why.text, text, strlen(text)), 0);
	assert_true(strlen(why.text) >= strlen(text) + (*what == '\0'));
	assert_string_equal(where(g, "192.0.2.1"), " 0 ");
	geo_close(g);
}

static void refused_test(void **state)
{
	(void)state;
	refused("none.mmdb", "No such file or directory");
	refused("", "it is no file");
	assert_int_equal(mkfifo(path("fifo"), 0600), 0);
	refused("fifo", "it is no file");
	put("empty", (const unsigned char *)"", 0);
	refused("empty", "");
	put("text", (const unsigned char *)"country\n", 8);
	refused("text", "");
}

static void many_test(void **state)
{
	struct fault why;
	struct geo *g;

	(void)state;
	assert_int_equal(geo_open(&g, &why), 0);
	for (int i = 0; i < GEO_FILES; i++)
		assert_int_equal(geo_add(g, path("asn.mmdb"), &why), 0);
	assert_int_equal(geo_add(g, path("asn.mmdb"), &why), -1);
	assert_non_null(strstr(why.text, "there are too many"));
	geo_close(g);
}

/* A file that was overwritten, cut or replaced is as it was until it is read
 * again, and is no more if it is none any more. */
static void renew_test(void **state)
{
	unsigned char bytes[LARGEST];
	size_t n = get("country.mmdb", bytes);
	char from[256];
	struct fault why;
	struct geo *g;

	(void)state;
	assert_int_equal(geo_open(&g, &why), 0);
	assert_int_equal(geo_add(g, path("late.mmdb"), &why), -1);
	assert_int_equal(geo_renew(g, 0, &why), 0);
	put("late.mmdb", bytes, n);
	assert_int_equal(geo_renew(g, 0, &why), 1);
	assert_string_equal(where(g, "192.0.2.1"), "DE 0 ");
	assert_int_equal(geo_renew(g, 0, &why), 0);

	assert_int_equal(truncate(path("late.mmdb"), 0), 0);
	assert_string_equal(where(g, "192.0.2.1"), "DE 0 ");
	assert_int_equal(geo_renew(g, 0, &why), -1);
	assert_non_null(strstr(why.text, "late.mmdb"));
	assert_int_equal(geo_renew(g, 0, &why), 0);
	assert_string_equal(where(g, "192.0.2.1"), "DE 0 ");

	n = get("four.mmdb", bytes);
	put("new.mmdb", bytes, n);
	snprintf(from, sizeof(from), "%s", path("new.mmdb"));
	assert_int_equal(rename(from, path("late.mmdb")), 0);
	assert_int_equal(geo_renew(g, 0, &why), 1);
	assert_string_equal(where(g, "192.0.2.1"), "AT 0 ");
	assert_int_equal(unlink(path("late.mmdb")), 0);
	assert_int_equal(geo_renew(g, 0, &why), 0);
	assert_string_equal(where(g, "192.0.2.1"), "AT 0 ");
	geo_close(g);
}

/* ---- damage ---- */

static const char *const asked[] = {
	"192.0.2.1",   "198.51.100.7",    "198.51.100.9",
	"203.0.113.7", "255.255.255.255", "2001:db8:1:2::5",
	"::",          "2001:db8:ffff::"};

/* Whatever it says: no crash, and nothing that is no place. */
static void endure(const unsigned char *bytes, size_t n)
{
	struct geo_place p;
	struct fault why;
	struct address a;
	struct geo *g;

	put("bad.mmdb", bytes, n);
	assert_int_equal(geo_open(&g, &why), 0);
	if (geo_add(g, path("bad.mmdb"), &why) < 0)
		assert_non_null(strstr(why.text, "cannot use geoip '"));
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		a = address(asked[i]);
		(void)geo_find(g, &a, &p);
		assert_true(strlen(p.country) == 0 || strlen(p.country) == 2);
		assert_in_range(strnlen(p.as_name, sizeof(p.as_name)), 0,
				GEO_NAME - 1);
	}
	geo_close(g);
}

static void cut_test(void **state)
{
	static const char *const names[] = {"country.mmdb", "asn.mmdb"};
	unsigned char bytes[LARGEST];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t n = get(names[i], bytes);

		for (size_t k = 0; k < n; k++)
			endure(bytes, k);
	}
}

static void changed_test(void **state)
{
	static const char *const names[] = {"country.mmdb", "asn.mmdb"};
	static const unsigned char by[] = {0x20, 0xff};
	unsigned char bytes[LARGEST];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t n = get(names[i], bytes);

		for (size_t k = 0; k < n; k++)
			for (size_t b = 0; b < sizeof(by); b++) {
				bytes[k] ^= by[b];
				endure(bytes, n);
				bytes[k] ^= by[b];
			}
	}
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(nothing_test), cmocka_unit_test(refused_test),
		cmocka_unit_test(many_test),    cmocka_unit_test(renew_test),
		cmocka_unit_test(cut_test),     cmocka_unit_test(changed_test),
	};
	struct CMUnitTest tests[40];
	size_t n = 0;

	ROWS(tests, n, place_rows, place_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("geo", tests, n, make, unmake);
}
