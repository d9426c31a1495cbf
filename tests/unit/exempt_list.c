/* exempt: files of those who are exempt, and the allow list. No name server
 * here: tests/unit/exempt.c has one. */
#include "storekit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "exempt/prefixes.h"
#include "saslban/exempt.h"

enum { TEXT = 2 * EXEMPT_TEXT };

/* ---- a sorted list is asked as a plain one would be ---- */

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 8;
}

/* Out of a small world, so that they meet. */
static struct address some_address(unsigned *seed)
{
	struct address a = {.family = ADDRESS_V4, .prefix = 32};

	if (next_random(seed) % 4 == 0)
		a = (struct address){.family = ADDRESS_V6, .prefix = 128};
	for (size_t i = 0; i < 4; i++)
		a.bytes[i] = (uint8_t)(next_random(seed) % 3 * 127);
	return address_mask(&a, next_random(seed) % 34);
}

/* The narrowest that holds a; else whether one lies in it. */
static const struct address *plain_find(const struct address *all, size_t n,
					const struct address *a, bool *part)
{
	const struct address *best = NULL;

	*part = false;
	for (size_t i = 0; i < n; i++) {
		if (address_contains(&all[i], a) &&
		    (best == NULL || all[i].prefix > best->prefix))
			best = &all[i];
		*part = *part || address_contains(a, &all[i]);
	}
	return best;
}

static void prefixes_test(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct prefixes p = {NULL, 0, 0};
		struct address all[40];
		size_t n = next_random(&seed) % 40;

		for (size_t i = 0; i < n; i++) {
			all[i] = some_address(&seed);
			assert_int_equal(prefixes_add(&p, &all[i], i), 0);
		}
		prefixes_sort(&p);
		for (int i = 0; i < 200; i++) {
			struct address a = some_address(&seed);
			const struct prefix *found = prefixes_find(&p, &a);
			const struct address *best;
			bool part;

			best = plain_find(all, n, &a, &part);
			if (best != NULL) {
				assert_true(
					address_equal(&found->address, best));
				assert_true(address_equal(&all[found->id],
							  &found->address));
			} else if (part) {
				assert_true(
					address_contains(&a, &found->address));
			} else {
				assert_null(found);
			}
		}
		assert_true(prefixes_within(&p, &p));
		prefixes_release(&p);
	}
}

/* ---- one file ---- */

struct world {
	char dir[KIT_DIR];
	char path[KIT_DIR + 16];
	struct settings settings;
	struct exempt *exempt;
	int64_t boot;
	bool news; /* somebody is exempt since the last look who was not */
};

static void put_file(const struct world *w, const char *text, size_t len)
{
	FILE *f = fopen(w->path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
}

static void open_world(struct world *w, const char *more)
{
	struct fault why;
	char item[SETTINGS_ITEM];

	memset(w, 0, sizeof(*w));
	kit_dir(w->dir);
	snprintf(w->path, sizeof(w->path), "%s/list", w->dir);
	settings_init(&w->settings);
	snprintf(item, sizeof(item), "file:%s", w->path);
	assert_int_equal(settings_set(&w->settings, "ignoreip", item, &why), 0);
	assert_int_equal(settings_set(&w->settings, "ignoreip", more, &why), 0);
	assert_int_equal(exempt_open(&w->exempt, &w->settings, &why), 0);
}

static void close_world(struct world *w)
{
	exempt_close(w->exempt);
	kit_remove(w->dir);
}

/* The next look, two seconds later. */
static void look(struct world *w)
{
	uint64_t before = exempt_generation(w->exempt);

	w->boot += EXEMPT_FILES_AGAIN;
	exempt_poll(w->exempt,
		    (struct moment){.wall = NOW + w->boot, .boot = w->boot});
	w->news = exempt_generation(w->exempt) != before;
}

/* What there is to be reported, DIR for where the file is. */
static char *news_of(const struct world *w, char out[TEXT])
{
	struct exempt_news news;
	size_t end = 0;

	out[0] = '\0';
	while (exempt_news(w->exempt, NOW, &news)) {
		char *at = strstr(news.text, w->dir);

		assert_non_null(at);
		end += (size_t)snprintf(out + end, TEXT - end, "%c %.*sDIR%s\n",
					news.trouble ? '!' : '-',
					(int)(at - news.text), news.text,
					at + strlen(w->dir));
	}
	return out;
}

static void assert_news(const struct world *w, const char *expected)
{
	char text[TEXT];

	assert_string_equal(news_of(w, text), expected);
}

/* The sentence about the address, DIR as above; "": it may be banned. */
static void assert_exempt(const struct world *w, const char *address,
			  const char *expected)
{
	struct address a = kit_address(address);
	struct exempt_reason why;
	char text[EXEMPT_TEXT], shown[EXEMPT_TEXT] = "";
	char *at;

	if (exempt_find(w->exempt, &a, &why)) {
		exempt_print(&why, text);
		at = strstr(text, w->dir);
		if (at == NULL)
			at = text + strlen(text);
		snprintf(shown, sizeof(shown), "%.*s%s%s", (int)(at - text),
			 text, *at == '\0' ? "" : "DIR",
			 *at == '\0' ? "" : at + strlen(w->dir));
	}
	assert_string_equal(shown, expected);
}

#define READ(n) "- ignoreip file 'DIR/list' is read: " n "\n"
#define BAD(line, word)                                             \
	"! DIR/list:" line ": '" word "' is not allowed; allowed: " \
	"an address, address/prefix, a host name\n"

struct text_row {
	const char *title;
	const char *text;
	const char *address;
	const char *sentence; /* "": may be banned */
	const char *news;
};

static const struct text_row text_rows[] = {
	{"an address", "192.0.2.1\n", "192.0.2.1", "DIR/list has '192.0.2.1'",
	 READ("1 entry")},
	{"a last line without its end", "192.0.2.2\n192.0.2.1", "192.0.2.1",
	 "DIR/list has '192.0.2.1'", READ("2 entries")},
	{"an address of a prefix", "192.0.2.0/24\n", "192.0.2.9",
	 "DIR/list has '192.0.2.0/24'", READ("1 entry")},
	{"the narrowest is told", "192.0.0.0/16\n192.0.2.0/24\n", "192.0.2.9",
	 "DIR/list has '192.0.2.0/24'", READ("2 entries")},
	{"a prefix in which one is exempt", "2001:db8::5\n", "2001:db8::/64",
	 "DIR/list has '2001:db8::5', which is in it", READ("1 entry")},
	{"as it was written", "192.0.2.77/24\n", "192.0.2.1",
	 "DIR/list has '192.0.2.77/24'", READ("1 entry")},
	{"nobody else", "192.0.2.1\n", "192.0.2.2", "", READ("1 entry")},
	{"an empty file", "", "192.0.2.2", "", READ("0 entries")},
	{"comments and blank lines", "# office\n\n ; home\n\t192.0.2.1 # me\n",
	 "192.0.2.1", "DIR/list has '192.0.2.1'", READ("1 entry")},
	{"a comment without a blank before it", "192.0.2.1#192.0.2.2\n",
	 "192.0.2.1", "DIR/list has '192.0.2.1'", READ("1 entry")},
	{"what is in a comment is not exempt", "192.0.2.1 # 192.0.2.2\n",
	 "192.0.2.2", "", READ("1 entry")},
	{"several in a line", "192.0.2.1, 192.0.2.2,192.0.2.3\t192.0.2.4\n",
	 "192.0.2.4", "DIR/list has '192.0.2.4'", READ("4 entries")},
	{"lines of another system", "192.0.2.1\r\n192.0.2.2\r\n", "192.0.2.2",
	 "DIR/list has '192.0.2.2'", READ("2 entries")},
	{"twice the same", "192.0.2.1\n192.0.2.1\n", "192.0.2.1",
	 "DIR/list has '192.0.2.1'", READ("2 entries")},
	{"a bad word, and the rest holds", "\n192.0.2.300\n192.0.2.1\n",
	 "192.0.2.1", "DIR/list has '192.0.2.1'",
	 BAD("2", "192.0.2.300") READ("1 entry")},
	{"self is for ignoreip alone", "self\n", "192.0.2.1", "",
	 BAD("1", "self") READ("0 entries")},
	{"no file in a file", "file:/etc/hosts\n", "192.0.2.1", "",
	 BAD("1", "file:/etc/hosts") READ("0 entries")},
	{"what a terminal could take for more", "a\033[2Jb\177c\xff\n",
	 "192.0.2.1", "", BAD("1", "a?[2Jb?c?") READ("0 entries")},
	{"a word that is too long",
	 "x0123456789012345678901234567890123456789012345678901234567890123/9"
	 "\n",
	 "192.0.2.1", "",
	 BAD("1",
	     "x01234567890123456789012345678901234567890123456789012345678901"
	     "...") READ("0 entries")},
	{"one more than are told", "@1 @2 @3\n@4\n@5\n@6\n", "192.0.2.1", "",
	 BAD("1", "@1") BAD("1", "@2") BAD("1", "@3") BAD("2", "@4")
		 BAD("3", "@5") "! DIR/list: 1 more word in it is not "
				"allowed\n" READ("0 entries")},
	{"no more than some are told", "@1 @2 @3\n@4\n@5\n@6 @7\n", "192.0.2.1",
	 "",
	 BAD("1", "@1") BAD("1", "@2") BAD("1", "@3") BAD("2", "@4")
		 BAD("3", "@5") "! DIR/list: 2 more words in it are not "
				"allowed\n" READ("0 entries")},
	{"everybody", "192.0.2.1\n0.0.0.0/0\n", "192.0.2.1", "",
	 "! ignoreip file 'DIR/list' is not taken: with it, every public IPv4 "
	 "address would be exempt; nobody is exempt by it\n"},
	{"everybody, with what is in ignoreip", "2000::/4\n", "2001:db8::1", "",
	 "! ignoreip file 'DIR/list' is not taken: with it, every public IPv6 "
	 "address would be exempt; nobody is exempt by it\n"},
};

static void text_test(void **state)
{
	const struct text_row *r = *state;
	struct world w;

	open_world(&w, "3000::/4");
	put_file(&w, r->text, strlen(r->text));
	look(&w);
	assert_news(&w, r->news);
	assert_exempt(&w, r->address, r->sentence);
	look(&w);
	assert_news(&w, ""); /* once */
	assert_false(w.news);
	close_world(&w);
}

static void a_nul_is_no_entry(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, "192.0.2.99");
	put_file(&w, "192.0.2.1\0x\n192.0.2.2\n\0", 23);
	look(&w);
	assert_news(&w, BAD("1", "192.0.2.1?x") BAD("3", "?") READ("1 entry"));
	assert_exempt(&w, "192.0.2.1", "");
	assert_exempt(&w, "192.0.2.2", "DIR/list has '192.0.2.2'");
	close_world(&w);
}

/* ---- the file changes ---- */

static void it_is_read_again(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, "192.0.2.99");
	put_file(&w, "192.0.2.1\n", 10);
	assert_int_equal(exempt_due(w.exempt), 0);
	look(&w);
	assert_true(w.news);
	assert_int_equal(exempt_due(w.exempt), w.boot + EXEMPT_FILES_AGAIN);
	put_file(&w, "192.0.2.1\n192.0.2.2\n", 20);
	look(&w);
	assert_true(w.news);
	assert_exempt(&w, "192.0.2.2", "DIR/list has '192.0.2.2'");
	/* Who goes is nobody new. */
	put_file(&w, "192.0.2.2\n", 10);
	look(&w);
	assert_false(w.news);
	assert_exempt(&w, "192.0.2.1", "");
	assert_exempt(&w, "192.0.2.99", "ignoreip has '192.0.2.99'");
	close_world(&w);
}

/* Renamed into its place, as large and as old as the one before. */
static void another_file_in_its_place(void **state)
{
	struct timespec old[2] = {{.tv_sec = NOW}, {.tv_sec = NOW}};
	char other[KIT_DIR + 32];
	struct world w, o;

	(void)state;
	open_world(&w, "192.0.2.99");
	put_file(&w, "192.0.2.1\n", 10);
	utimensat(AT_FDCWD, w.path, old, 0);
	look(&w);
	o = w;
	snprintf(other, sizeof(other), "%s/other", w.dir);
	snprintf(o.path, sizeof(o.path), "%s/other", w.dir);
	put_file(&o, "192.0.2.2\n", 10);
	utimensat(AT_FDCWD, other, old, 0);
	assert_int_equal(rename(other, w.path), 0);
	look(&w);
	assert_exempt(&w, "192.0.2.1", "");
	assert_exempt(&w, "192.0.2.2", "DIR/list has '192.0.2.2'");
	close_world(&w);
}

static void make_nothing(const struct world *w)
{
	(void)w;
}

static void make_directory(const struct world *w)
{
	assert_int_equal(mkdir(w->path, 0700), 0);
}

/* Nobody will ever write to it. */
static void make_fifo(const struct world *w)
{
	assert_int_equal(mkfifo(w->path, 0600), 0);
}

static void make_device(const struct world *w)
{
	assert_int_equal(symlink("/dev/zero", w->path), 0);
}

static void make_loop(const struct world *w)
{
	assert_int_equal(symlink("list", w->path), 0);
}

static void make_large(const struct world *w)
{
	char *text = malloc(65537);

	memset(text, '\n', 65537);
	put_file(w, text, 65537);
	free(text);
}

static void make_many(const struct world *w)
{
	char *text = malloc(65536);
	size_t len = 0;

	for (unsigned i = 0; i <= 4096; i++)
		len += (size_t)sprintf(text + len, "10.0.%u.%u\n", i / 256,
				       i % 256);
	assert_true(len <= 65536);
	put_file(w, text, len);
	free(text);
}

static void make_names(const struct world *w)
{
	char *text = malloc(65536);
	size_t len = 0;

	for (unsigned i = 0; i <= 256; i++)
		len += (size_t)sprintf(text + len, "h%u.example.org ", i);
	put_file(w, text, len);
	free(text);
}

static void make_everybody(const struct world *w)
{
	put_file(w, "0.0.0.0/1 128.0.0.0/1", 21);
}

struct trouble_row {
	const char *title;
	void (*make)(const struct world *w);
	const char *reason;
};

static const struct trouble_row trouble_rows[] = {
	{"nothing", make_nothing, "No such file or directory"},
	{"a directory", make_directory, "it is no regular file"},
	{"a FIFO", make_fifo, "it is no regular file"},
	{"a device", make_device, "it is no regular file"},
	{"a link to itself", make_loop, "Too many levels of symbolic links"},
	{"too many bytes", make_large, "it has more than 65536 bytes"},
	{"too many entries", make_many, "it has more than 4096 entries"},
	{"too many names", make_names, "it has more than 256 host names"},
	{"everybody, in halves", make_everybody,
	 "with it, every public IPv4 address would be exempt"},
};

/* At the start nobody is exempt by it; later it is as it was. Said once. */
static void trouble_test(void **state)
{
	const struct trouble_row *r = *state;
	char expected[EXEMPT_TEXT];
	struct world w;

	open_world(&w, "192.0.2.99");
	r->make(&w);
	look(&w);
	snprintf(expected, sizeof(expected),
		 "! ignoreip file 'DIR/list' is not taken: %s; nobody is "
		 "exempt by it\n",
		 r->reason);
	assert_news(&w, expected);
	look(&w);
	assert_news(&w, "");
	remove(w.path);
	put_file(&w, "192.0.2.1\n", 10);
	look(&w);
	assert_news(&w, READ("1 entry"));
	remove(w.path);
	r->make(&w);
	look(&w);
	snprintf(expected, sizeof(expected),
		 "! ignoreip file 'DIR/list' is not taken: %s; what it had "
		 "before stays exempt\n",
		 r->reason);
	assert_news(&w, expected);
	assert_exempt(&w, "192.0.2.1", "DIR/list has '192.0.2.1'");
	assert_exempt(&w, "10.0.0.1", "");
	look(&w);
	assert_news(&w, "");
	close_world(&w);
}

/* As many as there may be, each found. */
static void the_longest_list_is_found(void **state)
{
	char text[65536], address[32];
	size_t len = 0;
	struct world w;

	(void)state;
	for (unsigned i = 0; i < 4096; i++)
		len += (size_t)sprintf(text + len, "10.0.%u.%u\n", i / 256,
				       i % 256);
	open_world(&w, "192.0.2.99");
	put_file(&w, text, len);
	look(&w);
	assert_news(&w, READ("4096 entries"));
	for (unsigned i = 0; i < 4096; i++) {
		char expected[64];

		sprintf(address, "10.0.%u.%u", i / 256, i % 256);
		sprintf(expected, "DIR/list has '%s'", address);
		assert_exempt(&w, address, expected);
	}
	assert_exempt(&w, "10.0.16.0", "");
	close_world(&w);
}

/* Where nobody is banned, everybody may be exempt. */
static void a_jail_that_observes_takes_everybody(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, "192.0.2.99");
	w.settings.enforce = false;
	put_file(&w, "0.0.0.0/0\n", 10);
	look(&w);
	assert_news(&w, READ("1 entry"));
	assert_exempt(&w, "192.0.2.1", "DIR/list has '0.0.0.0/0'");
	close_world(&w);
}

/* ---- names of a file ---- */

static void assert_names(const struct world *w, const char *expected)
{
	char text[256] = "";

	for (size_t i = 0; i < exempt_names(w->exempt); i++) {
		struct exempt_name n = exempt_name(w->exempt, i, NOW);

		strcat(text, n.text);
		strcat(text, n.n == 0 ? " " : "! ");
	}
	assert_string_equal(text, expected);
}

static void names_come_and_go(void **state)
{
	struct address a = kit_address("203.0.113.5");
	struct world w;

	(void)state;
	open_world(&w, "a.invalid");
	put_file(&w, "b.invalid A.invalid c.invalid\n", 30);
	exempt_read_files(w.exempt);
	assert_names(&w, "a.invalid b.invalid c.invalid ");
	exempt_remember(w.exempt, "b.invalid", &a, NOW);
	assert_exempt(&w, "203.0.113.5", "it is 'b.invalid' (DIR/list)");
	put_file(&w, "d.invalid b.invalid\n", 20);
	exempt_read_files(w.exempt);
	assert_names(&w, "a.invalid b.invalid! d.invalid ");
	put_file(&w, "# none\n", 7);
	exempt_read_files(w.exempt);
	assert_names(&w, "a.invalid ");
	assert_exempt(&w, "203.0.113.5", "");
	close_world(&w);
}

/* ---- the allow list ---- */

static void allow(struct world *w, const char *address, const char *comment,
		  int64_t until)
{
	struct allow a = {.address = kit_address(address), .until = until};
	struct fault why;

	snprintf(a.comment, sizeof(a.comment), "%s", comment);
	assert_int_equal(exempt_allow(w->exempt, &a, &why), 0);
}

static void complete(struct world *w)
{
	uint64_t before = exempt_generation(w->exempt);
	struct fault why;

	assert_int_equal(exempt_allowed(w->exempt,
					(struct moment){.wall = NOW + w->boot,
							.boot = w->boot},
					&why),
			 0);
	w->news = exempt_generation(w->exempt) != before;
}

static void a_list_takes_the_place_of_the_last(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, "192.0.2.99");
	exempt_allow_begin(w.exempt);
	allow(&w, "198.51.100.0/24", "office", FOREVER);
	allow(&w, "2001:db8::5", "", FOREVER);
	assert_exempt(&w, "198.51.100.1", ""); /* not yet complete */
	complete(&w);
	assert_true(w.news);
	assert_exempt(&w, "198.51.100.1",
		      "the allow list has '198.51.100.0/24' (office)");
	assert_exempt(&w, "2001:db8::/64",
		      "the allow list has '2001:db8::5', which is in it");
	exempt_allow_begin(w.exempt);
	allow(&w, "198.51.100.7", "", FOREVER);
	complete(&w);
	assert_false(w.news); /* it was allowed by the /24 */
	assert_exempt(&w, "198.51.100.1", "");
	assert_exempt(&w, "198.51.100.7", "the allow list has '198.51.100.7'");
	/* One that was begun and is not complete is nothing. */
	exempt_allow_begin(w.exempt);
	allow(&w, "198.51.100.8", "", FOREVER);
	exempt_allow_begin(w.exempt);
	complete(&w);
	assert_exempt(&w, "198.51.100.7", "");
	assert_exempt(&w, "198.51.100.8", "");
	close_world(&w);
}

static void an_entry_ends_at_its_second(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, "192.0.2.99");
	w.settings.ignoreds = 0; /* no file to be looked at */
	exempt_close(w.exempt);
	assert_int_equal(exempt_open(&w.exempt, &w.settings, NULL), 0);
	w.boot = 1000;
	allow(&w, "198.51.100.1", "", NOW + 1060);
	allow(&w, "198.51.100.2", "", NOW + 1090);
	allow(&w, "198.51.100.3", "", FOREVER);
	complete(&w);
	assert_int_equal(exempt_due(w.exempt), 1060);
	w.boot = 1057;
	look(&w);
	assert_exempt(&w, "198.51.100.1", "the allow list has '198.51.100.1'");
	w.boot = 1058;
	look(&w);
	assert_exempt(&w, "198.51.100.1", "");
	assert_exempt(&w, "198.51.100.2", "the allow list has '198.51.100.2'");
	assert_int_equal(exempt_due(w.exempt), 1090);
	w.boot = 1088;
	look(&w);
	assert_exempt(&w, "198.51.100.2", "");
	assert_exempt(&w, "198.51.100.3", "the allow list has '198.51.100.3'");
	assert_int_equal(exempt_due(w.exempt), INT64_MAX);
	close_world(&w);
}

static void a_list_of_everybody_is_not_taken(void **state)
{
	struct exempt_news news;
	struct world w;

	(void)state;
	open_world(&w, "128.0.0.0/1");
	allow(&w, "198.51.100.1", "", FOREVER);
	complete(&w);
	for (int i = 0; i < 2; i++) {
		exempt_allow_begin(w.exempt);
		allow(&w, "0.0.0.0/1", "", FOREVER);
		complete(&w);
		assert_false(w.news);
		assert_exempt(&w, "1.2.3.4", "");
		assert_exempt(&w, "198.51.100.1", "ignoreip has '128.0.0.0/1'");
		assert_int_equal(exempt_news(w.exempt, NOW, &news), i == 0);
	}
	assert_true(news.trouble);
	assert_string_equal(news.text,
			    "the allow list is not taken: with it, every "
			    "public IPv4 address would be exempt; what it had "
			    "before stays exempt");
	exempt_allow_begin(w.exempt);
	complete(&w);
	exempt_allow_begin(w.exempt);
	allow(&w, "0.0.0.0/1", "", FOREVER);
	complete(&w);
	assert_true(exempt_news(w.exempt, NOW, &news)); /* once more */
	close_world(&w);
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(prefixes_test),
		cmocka_unit_test(a_nul_is_no_entry),
		cmocka_unit_test(it_is_read_again),
		cmocka_unit_test(another_file_in_its_place),
		cmocka_unit_test(the_longest_list_is_found),
		cmocka_unit_test(a_jail_that_observes_takes_everybody),
		cmocka_unit_test(names_come_and_go),
		cmocka_unit_test(a_list_takes_the_place_of_the_last),
		cmocka_unit_test(an_entry_ends_at_its_second),
		cmocka_unit_test(a_list_of_everybody_is_not_taken),
	};
	struct CMUnitTest tests[64] = {{0}};
	size_t n = 0;

	ROWS(tests, n, text_rows, text_test);
	ROWS(tests, n, trouble_rows, trouble_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("exempt_list", tests, n, NULL, NULL);
}
