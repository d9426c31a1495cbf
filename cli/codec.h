/*
 * codec: how one kind of compressed file is unpacked, a piece at a time.
 *
 * A file may be of several parts, one behind the other, as `cat a.gz b.gz`
 * makes it.
 */
#ifndef SASLBAN_CLI_CODEC_H
#define SASLBAN_CLI_CODEC_H

#include <stddef.h>
#include <stdint.h>

#define CODEC_MAGIC 4 /* bytes by which a kind is known, at most */

struct codec_io {
	const uint8_t *in; /* both move on as they are used */
	size_t in_left;
	char *out;
	size_t out_left;
};

enum codec_result {
	CODEC_MORE,    /* it wants more input, or more room */
	CODEC_PART,    /* a part has ended; another one may follow */
	CODEC_DAMAGED, /* or not of its kind; nothing more can be had */
	CODEC_MEMORY   /* out of memory */
};

struct codec {
	const char *name;
	uint8_t magic[CODEC_MAGIC];
	size_t len; /* of it */
	void *(*open)(void);
	/* Unpacks as much as there is input and room for. */
	enum codec_result (*run)(void *state, struct codec_io *io);
	void (*close)(void *state); /* NULL is fine */
};

extern const struct codec codec_gzip;
extern const struct codec codec_zstd;

#endif
