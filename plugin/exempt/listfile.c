/* listfile: see listfile.h. */
#include "listfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "saslban/plural.h"
#include "saslban/settings.h"

void listfile_init(struct listfile *f, const char *path)
{
	*f = (struct listfile){.path = path};
}

static void release(struct listing *l)
{
	free(l->text);
	prefixes_release(&l->prefixes);
	l->text = NULL;
	l->names = 0;
}

void listfile_release(struct listfile *f)
{
	release(&f->now);
	release(&f->next);
}

/* ---- what is to be reported ---- */

static void tell(struct listfile *f, bool trouble, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void tell(struct listfile *f, bool trouble, const char *format, ...)
{
	struct exempt_news *news = &f->news[f->newses++];
	va_list arguments;

	news->trouble = trouble;
	va_start(arguments, format);
	vsnprintf(news->text, sizeof(news->text), format, arguments);
	va_end(arguments);
}

static void forget_news(struct listfile *f)
{
	f->told = 0;
	f->newses = 0;
}

bool listfile_news(struct listfile *f, struct exempt_news *out)
{
	if (f->told == f->newses)
		return false;
	*out = f->news[f->told++];
	return true;
}

/* Once, as long as nothing else is wrong with it. */
static void fail(struct listfile *f, const char *reason)
{
	if (strcmp(f->trouble, reason) == 0)
		return;
	snprintf(f->trouble, sizeof(f->trouble), "%s", reason);
	forget_news(f);
	tell(f, true, "ignoreip file '%s' is not taken: %s; %s", f->path,
	     reason,
	     f->taken ? "what it had before stays exempt"
		      : "nobody is exempt by it");
}

/* ---- words ---- */

struct parser {
	struct listfile *file;
	struct listing *into;
	char *at, *end; /* what is left of the text */
	size_t line;
	size_t bad;
	bool failed; /* out of memory */
};

/* Cut, and without what a terminal or a log could take for something else. */
static void tell_bad(struct parser *p, const char *word, size_t len)
{
	char shown[64];
	size_t n = 0;

	if (p->bad++ >= LISTFILE_BAD)
		return;
	for (; n < len && n < sizeof(shown) - 1; n++)
		shown[n] = word[n] > ' ' && word[n] <= '~' ? word[n] : '?';
	shown[n] = '\0';
	tell(p->file, true,
	     "%s:%zu: '%s%s' is not allowed; allowed: an address, "
	     "address/prefix, a host name",
	     p->file->path, p->line, shown, n < len ? "..." : "");
}

/* A name that is one too many is only counted. */
static void add_name(struct listing *l, size_t at)
{
	if (l->names < LISTFILE_NAMES)
		l->name[l->names] = at;
	l->names++;
}

/* The byte behind the word is the parser's: it becomes a NUL. */
static void take_word(struct parser *p, char *word, size_t len)
{
	struct listing *l = p->into;
	size_t at = (size_t)(word - l->text);
	struct address a;

	if (address_parse(word, len, &a) == 0)
		p->failed |= prefixes_add(&l->prefixes, &a, at) < 0;
	else if (memchr(word, '\0', len) != NULL)
		tell_bad(p, word, len);
	else {
		word[len] = '\0';
		if (strcmp(word, "self") != 0 && settings_is_host_name(word))
			add_name(l, at);
		else
			tell_bad(p, word, len);
	}
}

static bool is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static void take_line(struct parser *p, char *line, size_t len)
{
	size_t begin = 0, end;
	bool comment;

	while (begin < len && !is_in(line[begin], "#;")) {
		end = begin;
		while (end < len && !is_in(line[end], " \t\r\v\f,#;"))
			end++;
		if (end == begin) {
			begin++;
			continue;
		}
		comment = end < len && is_in(line[end], "#;");
		take_word(p, line + begin, end - begin);
		line[end] = '\0';
		if (comment)
			return;
		begin = end + 1;
	}
}

static void tell_more(const struct parser *p)
{
	size_t more = p->bad - LISTFILE_BAD;

	tell(p->file, true, "%s: %zu more word%s in it %s not allowed",
	     p->file->path, more, plural(more), more == 1 ? "is" : "are");
}

/* The text is at least one byte longer than it says. */
static void parse(struct parser *p)
{
	while (p->at < p->end) {
		size_t left = (size_t)(p->end - p->at);
		char *newline = memchr(p->at, '\n', left);
		size_t len = newline == NULL ? left : (size_t)(newline - p->at);

		p->line++;
		take_line(p, p->at, len);
		p->at += len + 1;
	}
	if (p->bad > LISTFILE_BAD)
		tell_more(p);
	prefixes_sort(&p->into->prefixes);
}

/* ---- reading ---- */

static struct listfile_mark mark_of(const struct stat *s)
{
	return (struct listfile_mark){.device = s->st_dev,
				      .inode = s->st_ino,
				      .size = s->st_size,
				      .modified = s->st_mtim,
				      .changed = s->st_ctim};
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool same(const struct listfile_mark *a, const struct listfile_mark *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && same_time(&a->modified, &b->modified) &&
	       same_time(&a->changed, &b->changed);
}

/* Opening a device may do something, and opening a FIFO waits: neither is
 * opened. What takes the file's place in between is not waited for. */
static int open_regular(struct listfile *f, struct stat *s)
{
	int fd = open(f->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0) {
		fail(f, strerror(errno));
		return -1;
	}
	if (fstat(fd, s) == 0 && S_ISREG(s->st_mode))
		return fd;
	fail(f, "it is no regular file");
	close(fd);
	return -1;
}

/* All of it, or the first LISTFILE_BYTES + 1 bytes; -1 with errno. */
static ssize_t read_all(int fd, char *text)
{
	size_t used = 0;
	ssize_t n = 1;

	while (n > 0 && used <= LISTFILE_BYTES) {
		n = read(fd, text + used, LISTFILE_BYTES + 1 - used);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			used += (size_t)n;
	}
	return n < 0 ? -1 : (ssize_t)used;
}

/* What is wrong with all of it; NULL: nothing is. */
static const char *excess(const struct listing *l, size_t bytes)
{
	if (bytes > LISTFILE_BYTES)
		return "it has more than 65536 bytes";
	if (l->prefixes.n + l->names > LISTFILE_ENTRIES)
		return "it has more than 4096 entries";
	if (l->names > LISTFILE_NAMES)
		return "it has more than 256 host names";
	return NULL;
}
_Static_assert(LISTFILE_BYTES == 65536 && LISTFILE_ENTRIES == 4096 &&
		       LISTFILE_NAMES == 256,
	       "as excess has them");

/* The text that was read, as words. */
static bool take_text(struct listfile *f, size_t bytes)
{
	struct listing *l = &f->next;
	struct parser p = {
		.file = f, .into = l, .at = l->text, .end = l->text + bytes};
	const char *wrong;

	forget_news(f);
	if (bytes <= LISTFILE_BYTES)
		parse(&p);
	wrong = p.failed ? "out of memory" : excess(l, bytes);
	if (wrong == NULL)
		return true;
	if (p.failed)
		f->mark = (struct listfile_mark){.size = 0}; /* once more */
	listfile_refuse(f, wrong);
	return false;
}

static bool read_file(struct listfile *f)
{
	struct stat s;
	ssize_t n;
	int fd = open_regular(f, &s);

	if (fd < 0)
		return false;
	release(&f->next);
	f->next.text = malloc(LISTFILE_BYTES + 2);
	if (f->next.text == NULL) {
		fail(f, "out of memory");
		close(fd);
		return false;
	}
	n = read_all(fd, f->next.text);
	if (n < 0)
		fail(f, strerror(errno));
	else
		f->mark = mark_of(&s);
	close(fd);
	return n >= 0 && take_text(f, (size_t)n);
}

bool listfile_look(struct listfile *f)
{
	struct listfile_mark mark;
	struct stat s;

	if (stat(f->path, &s) < 0) {
		fail(f, strerror(errno));
	} else if (!S_ISREG(s.st_mode)) {
		fail(f, "it is no regular file");
	} else {
		mark = mark_of(&s);
		return !same(&mark, &f->mark) && read_file(f);
	}
	f->mark = (struct listfile_mark){.size = 0};
	return false;
}

void listfile_forget(struct listfile *f)
{
	f->mark = (struct listfile_mark){.size = 0};
	f->trouble[0] = '\0';
}

/* ---- the end of a reading ---- */

bool listfile_take(struct listfile *f)
{
	bool news = !prefixes_within(&f->next.prefixes, &f->now.prefixes);
	size_t n = f->next.prefixes.n + f->next.names;

	release(&f->now);
	f->now = f->next;
	f->next = (struct listing){.text = NULL};
	f->taken = true;
	f->trouble[0] = '\0';
	tell(f, false, "ignoreip file '%s' is read: %zu %s", f->path, n,
	     n == 1 ? "entry" : "entries");
	return news;
}

/* The words that are wrong in it do not matter then. */
void listfile_refuse(struct listfile *f, const char *reason)
{
	release(&f->next);
	f->trouble[0] = '\0';
	fail(f, reason);
}
