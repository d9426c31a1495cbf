/* gzip: files of gzip (RFC 1952), see codec.h. The door to zlib. */
#include "codec.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

enum { GZIP_ONLY = 16 + MAX_WBITS }; /* in zlib's terms */

static void *gzip_open(void)
{
	z_stream *z = calloc(1, sizeof(*z));

	if (z == NULL || inflateInit2(z, GZIP_ONLY) == Z_OK)
		return z;
	free(z);
	return NULL;
}

static void gzip_close(void *state)
{
	if (state == NULL)
		return;
	(void)inflateEnd(state);
	free(state);
}

static enum codec_result result_of(z_stream *z, int code)
{
	switch (code) {
	case Z_OK:
	case Z_BUF_ERROR: /* no input, or no room */
		return CODEC_MORE;
	case Z_STREAM_END:
		return inflateReset(z) == Z_OK ? CODEC_PART : CODEC_DAMAGED;
	case Z_MEM_ERROR:
		return CODEC_MEMORY;
	default:
		return CODEC_DAMAGED;
	}
}

static enum codec_result gzip_run(void *state, struct codec_io *io)
{
	z_stream *z = state;
	int code;

	z->next_in = (z_const Bytef *)io->in;
	z->avail_in = (uInt)io->in_left;
	z->next_out = (Bytef *)io->out;
	z->avail_out = (uInt)io->out_left;
	code = inflate(z, Z_NO_FLUSH);
	io->in = z->next_in;
	io->in_left = z->avail_in;
	io->out = (char *)z->next_out;
	io->out_left = z->avail_out;
	return result_of(z, code);
}

const struct codec codec_gzip = {"gzip",    {0x1f, 0x8b}, 2,
				 gzip_open, gzip_run,     gzip_close};
