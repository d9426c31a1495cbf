/* source: see source.h. */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec.h"

enum { BUFFER = 64 * 1024 };

struct source {
	int fd;
	const char *path; /* for messages */
	uint64_t taken;
	uint64_t size;
	bool known;                /* what it is */
	bool over;                 /* the file has no more bytes */
	const struct codec *codec; /* NULL: it is not compressed */
	void *state;
	enum codec_result result; /* its last */
	struct codec_io io;       /* of which the input is in buf */
	uint8_t buf[BUFFER];
};

static const struct codec *const codecs[] = {&codec_gzip, &codec_zstd};

int source_open(struct source **out, const char *path, struct fault *why)
{
	struct source *s = calloc(1, sizeof(*s));
	struct stat st;

	if (s == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	s->path = path;
	if (strcmp(path, "-") == 0) {
		s->fd = STDIN_FILENO;
		s->path = "standard input";
	} else {
		s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (s->fd < 0) {
		free(s);
		return fault_set(why, FAULT_SYSTEM, "cannot open '%s': %s",
				 path, strerror(errno));
	}
	if (fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode))
		s->size = (uint64_t)st.st_size;
	*out = s;
	return 0;
}

void source_close(struct source *s)
{
	if (s == NULL)
		return;
	if (s->codec != NULL)
		s->codec->close(s->state);
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	free(s);
}

/* ---- bytes as they are stored ---- */

static ssize_t take(struct source *s, void *buf, size_t size, struct fault *why)
{
	ssize_t n;

	do {
		n = read(s->fd, buf, size);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_set(why, FAULT_SYSTEM, "cannot read '%s': %s",
				 s->path, strerror(errno));
	s->over = n == 0;
	s->taken += (uint64_t)n;
	return n;
}

/* More input behind what is there. */
static int fill(struct source *s, struct fault *why)
{
	ssize_t n;

	memmove(s->buf, s->io.in, s->io.in_left);
	s->io.in = s->buf;
	n = take(s, s->buf + s->io.in_left, BUFFER - s->io.in_left, why);
	if (n < 0)
		return -1;
	s->io.in_left += (size_t)n;
	return 0;
}

static int find_out(struct source *s, struct fault *why)
{
	s->io.in = s->buf;
	while (s->io.in_left < CODEC_MAGIC && !s->over)
		if (fill(s, why) < 0)
			return -1;
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (s->io.in_left >= codecs[i]->len &&
		    memcmp(s->io.in, codecs[i]->magic, codecs[i]->len) == 0)
			s->codec = codecs[i];
	if (s->codec != NULL && (s->state = s->codec->open()) == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	s->known = true;
	s->result = CODEC_MORE;
	return 0;
}

/* ---- unpacked ---- */

static ssize_t read_plain(struct source *s, char *buf, size_t size,
			  struct fault *why)
{
	size_t n = s->io.in_left < size ? s->io.in_left : size;

	if (n == 0)
		return take(s, buf, size, why);
	memcpy(buf, s->io.in, n);
	s->io.in += n;
	s->io.in_left -= n;
	return (ssize_t)n;
}

static int broken(const struct source *s, struct fault *why)
{
	if (s->result == CODEC_MEMORY)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	return fault_set(why, FAULT_SYSTEM,
			 "'%s' %s byte %" PRIu64 " (%s); what stands before it "
			 "was read",
			 s->path,
			 s->result == CODEC_DAMAGED ? "is damaged at"
						    : "ends too early, at",
			 s->taken - s->io.in_left, s->codec->name);
}

/* In the midst of a part there has to be more. */
static bool is_done(const struct source *s)
{
	return s->over && s->io.in_left == 0;
}

static ssize_t read_packed(struct source *s, char *buf, size_t size,
			   struct fault *why)
{
	s->io.out = buf;
	s->io.out_left = size;
	while (s->result <= CODEC_PART && s->io.out_left == size) {
		if (s->io.in_left == 0 && !s->over && fill(s, why) < 0)
			return -1;
		if (is_done(s) && s->result == CODEC_PART)
			return 0;
		s->result = s->codec->run(s->state, &s->io);
		if (is_done(s) && s->result == CODEC_MORE &&
		    s->io.out_left == size)
			break;
	}
	/* What came before it goes first: the next call is told. */
	if (s->io.out_left < size)
		return (ssize_t)(size - s->io.out_left);
	return broken(s, why);
}

ssize_t source_read(struct source *s, char *buf, size_t size, struct fault *why)
{
	if (!s->known && find_out(s, why) < 0)
		return -1;
	return s->codec == NULL ? read_plain(s, buf, size, why)
				: read_packed(s, buf, size, why);
}

uint64_t source_taken(const struct source *s)
{
	return s->taken;
}

uint64_t source_size(const struct source *s)
{
	return s->size;
}
