/* zstd: files of zstd (RFC 8878), see codec.h. The door to libzstd. */
#include "codec.h"

#include <zstd.h>
#include <zstd_errors.h>

static void *unzstd_open(void)
{
	return ZSTD_createDStream();
}

static void unzstd_close(void *state)
{
	(void)ZSTD_freeDStream(state);
}

static enum codec_result unzstd_run(void *state, struct codec_io *io)
{
	ZSTD_inBuffer in = {io->in, io->in_left, 0};
	ZSTD_outBuffer out = {io->out, io->out_left, 0};
	size_t left = ZSTD_decompressStream(state, &out, &in);

	io->in += in.pos;
	io->in_left -= in.pos;
	io->out += out.pos;
	io->out_left -= out.pos;
	if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation)
		return CODEC_MEMORY;
	if (ZSTD_isError(left))
		return CODEC_DAMAGED;
	return left == 0 ? CODEC_PART : CODEC_MORE;
}

const struct codec codec_zstd = {"zstd",     {0x28, 0xb5, 0x2f, 0xfd},
				 4,          unzstd_open,
				 unzstd_run, unzstd_close};
