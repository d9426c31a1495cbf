/* geo: see saslban/geo.h. The door to libmaxminddb. */
#include "saslban/geo.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <maxminddb.h>

#define LIBRARY "libmaxminddb.so.0"

enum { CHUNK = 65536, PATH = 1024 };

/* What tells one content of a file from another. */
struct state {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed;
};

struct file {
	char path[PATH];
	bool open;
	MMDB_s db;
	struct state state;
};

struct geo {
	void *library;
	__typeof__(MMDB_open) *open;
	__typeof__(MMDB_close) *close;
	__typeof__(MMDB_lookup_sockaddr) *lookup;
	__typeof__(MMDB_aget_value) *value;
	__typeof__(MMDB_strerror) *message;
	struct file file[GEO_FILES];
	size_t files;
};

/* ---- the library ---- */

static void *function(struct geo *g, const char *name, bool *all)
{
	void *f = dlsym(g->library, name);

	*all = *all && f != NULL;
	return f;
}

/* C has no conversion from an object to a function; POSIX has this one. */
#define TAKE(member, name) \
	(*(void **)(void *)&g->member = function(g, name, &all))

static bool take_functions(struct geo *g)
{
	bool all = true;

	TAKE(open, "MMDB_open");
	TAKE(close, "MMDB_close");
	TAKE(lookup, "MMDB_lookup_sockaddr");
	TAKE(value, "MMDB_aget_value");
	TAKE(message, "MMDB_strerror");
	return all;
}

int geo_open(struct geo **out, struct fault *why)
{
	struct geo *g = calloc(1, sizeof(*g));

	*out = NULL;
	if (g == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	g->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (g->library == NULL || !take_functions(g)) {
		const char *said = dlerror();

		fault_set(why, FAULT_SYSTEM,
			  "parameter 'geoip' needs libmaxminddb, on Debian "
			  "the package libmaxminddb0: %s",
			  said == NULL ? LIBRARY : said);
		geo_close(g);
		return -1;
	}
	*out = g;
	return 0;
}

void geo_close(struct geo *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->files; i++)
		if (g->file[i].open)
			g->close(&g->file[i].db);
	if (g->library != NULL)
		dlclose(g->library);
	free(g);
}

/* ---- the files ---- */

static void note(struct state *out, const struct stat *st)
{
	*out = (struct state){st->st_dev, st->st_ino, st->st_size, st->st_mtim};
}

static bool is_same(const struct state *a, const struct state *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

/* All of it, or 0 with errno. */
static bool copy(int from, int to)
{
	char chunk[CHUNK];
	ssize_t n;

	while ((n = read(from, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		for (ssize_t done = 0, put; done < n; done += put) {
			put = write(to, chunk + done, (size_t)(n - done));
			if (put < 0 && errno != EINTR)
				return false;
			if (put < 0)
				put = 0;
		}
	}
	return true;
}

static int refuse(const struct file *f, const char *what, struct fault *why)
{
	return fault_set(why, FAULT_SYSTEM, "cannot use geoip '%s': %s",
			 f->path, what);
}

/* The library wants a name, and maps what has it: memory of our own, so that
 * nobody cuts it under our feet. */
static int open_copy(struct geo *g, struct file *f, int fd, MMDB_s *db,
		     struct fault *why)
{
	int memory = memfd_create("saslban-geoip", MFD_CLOEXEC);
	char path[64];
	int result;

	if (memory < 0 || !copy(fd, memory)) {
		result = refuse(f, strerror(errno), why);
	} else {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
		result = g->open(path, MMDB_MODE_MMAP, db);
		if (result != MMDB_SUCCESS)
			result = refuse(f, g->message(result), why);
	}
	if (memory >= 0)
		close(memory);
	return result;
}

/* The state is noted even of a file that cannot be used. */
static int read_file(struct geo *g, struct file *f, struct fault *why)
{
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	MMDB_s db;
	int result;

	if (fd < 0 || fstat(fd, &st) < 0) {
		result = refuse(f, strerror(errno), why);
	} else {
		note(&f->state, &st);
		if (!S_ISREG(st.st_mode))
			result = refuse(f, "it is no file", why);
		else if (st.st_size > GEO_FILE_MAX)
			result = refuse(f, "it is larger than 1 GB", why);
		else
			result = open_copy(g, f, fd, &db, why);
	}
	if (fd >= 0)
		close(fd);
	if (result < 0)
		return -1;
	if (f->open)
		g->close(&f->db);
	f->db = db;
	f->open = true;
	return 0;
}

int geo_add(struct geo *g, const char *path, struct fault *why)
{
	struct file *f = &g->file[g->files];

	if (g->files == GEO_FILES || strlen(path) >= sizeof(f->path))
		return fault_set(
			why, FAULT_SETTING,
			"cannot use geoip '%.200s': there are too many", path);
	*f = (struct file){.open = false};
	memcpy(f->path, path, strlen(path) + 1);
	g->files++;
	return read_file(g, f, why);
}

size_t geo_files(const struct geo *g)
{
	return g == NULL ? 0 : g->files;
}

int geo_renew(struct geo *g, size_t i, struct fault *why)
{
	struct file *f = &g->file[i];
	struct state now;
	struct stat st;

	/* A moment without it, or a name that is gone, changes nothing. */
	if (stat(f->path, &st) < 0)
		return 0;
	note(&now, &st);
	if (is_same(&now, &f->state))
		return 0;
	return read_file(g, f, why) < 0 ? -1 : 1;
}

/* ---- looking up ---- */

static const char *const country[] = {"country", "iso_code", NULL};
static const char *const registered[] = {"registered_country", "iso_code",
					 NULL};
static const char *const number[] = {"autonomous_system_number", NULL};
static const char *const name[] = {"autonomous_system_organization", NULL};

static bool get(const struct geo *g, MMDB_entry_s *e, const char *const *path,
		uint32_t type, MMDB_entry_data_s *out)
{
	return g->value(e, out, path) == MMDB_SUCCESS && out->has_data &&
	       out->type == type;
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static void take_country(const struct geo *g, MMDB_entry_s *e,
			 struct geo_place *p)
{
	MMDB_entry_data_s d;

	if (!get(g, e, country, MMDB_DATA_TYPE_UTF8_STRING, &d) &&
	    !get(g, e, registered, MMDB_DATA_TYPE_UTF8_STRING, &d))
		return;
	if (d.data_size == 2 && is_capital(d.utf8_string[0]) &&
	    is_capital(d.utf8_string[1]))
		memcpy(p->country, d.utf8_string, 2);
}

static void take_operator(const struct geo *g, MMDB_entry_s *e,
			  struct geo_place *p)
{
	MMDB_entry_data_s d;
	size_t n;

	if (!get(g, e, number, MMDB_DATA_TYPE_UINT32, &d))
		return;
	p->asn = d.uint32;
	if (!get(g, e, name, MMDB_DATA_TYPE_UTF8_STRING, &d))
		return;
	n = d.data_size;
	if (n >= sizeof(p->as_name)) /* not within a character */
		for (n = sizeof(p->as_name) - 1;
		     n > 0 && ((unsigned char)d.utf8_string[n] & 0xc0) == 0x80;)
			n--;
	memcpy(p->as_name, d.utf8_string, n);
	p->as_name[n] = '\0';
}

static void to_socket(const struct address *a, struct sockaddr_storage *out)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	struct sockaddr_in four = {.sin_family = AF_INET};

	memset(out, 0, sizeof(*out));
	if (a->family == ADDRESS_V4) {
		memcpy(&four.sin_addr, a->bytes, 4);
		memcpy(out, &four, sizeof(four));
	} else {
		memcpy(&six.sin6_addr, a->bytes, 16);
		memcpy(out, &six, sizeof(six));
	}
}

bool geo_find(const struct geo *g, const struct address *a,
	      struct geo_place *out)
{
	struct sockaddr_storage at;

	memset(out, 0, sizeof(*out));
	if (g == NULL || a->family == ADDRESS_NONE)
		return false;
	to_socket(a, &at);
	for (size_t i = 0; i < g->files; i++) {
		MMDB_lookup_result_s found;
		int error;

		if (!g->file[i].open)
			continue;
		found = g->lookup(&g->file[i].db, (const void *)&at, &error);
		if (error != MMDB_SUCCESS || !found.found_entry)
			continue;
		if (out->country[0] == '\0')
			take_country(g, &found.entry, out);
		if (out->asn == 0)
			take_operator(g, &found.entry, out);
	}
	return out->country[0] != '\0' || out->asn != 0;
}
