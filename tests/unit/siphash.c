/* siphash: the vectors of the paper's reference: key 00 01 .. 0f, input 00 01
 * .. of so many bytes. */
#include "row.h"

#include <string.h>

#include "saslban/siphash.h"

struct vector_row {
	const char *title;
	size_t len;
	unsigned char hash[8]; /* as it lies in memory */
};

static const struct vector_row vector_rows[] = {
	{"nothing", 0, {0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72}},
	{"a byte", 1, {0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74}},
	{"a byte less than a word",
	 7,
	 {0x37, 0xd1, 0x01, 0x8b, 0xf5, 0x00, 0x02, 0xab}},
	{"a word", 8, {0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93}},
	{"the paper's own",
	 15,
	 {0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1}},
	{"eight words less a byte",
	 63,
	 {0x72, 0x45, 0x06, 0xeb, 0x4c, 0x32, 0x8a, 0x95}},
};

static struct siphash_key count_up(void)
{
	unsigned char bytes[16];
	struct siphash_key key;

	for (unsigned char i = 0; i < sizeof(bytes); i++)
		bytes[i] = i;
	memcpy(&key, bytes, sizeof(key));
	return key;
}

static void vector_test(void **state)
{
	const struct vector_row *r = *state;
	struct siphash_key key = count_up();
	unsigned char in[64];
	uint64_t hash;

	for (unsigned char i = 0; i < sizeof(in); i++)
		in[i] = i;
	hash = siphash(&key, in, r->len);
	assert_memory_equal(&hash, r->hash, sizeof(hash));
}

/* No two of what differs only in its key, its length or a bit. */
static void differs_test(void **state)
{
	struct siphash_key key = count_up(), other = key;
	unsigned char in[2] = {0, 0};

	(void)state;
	other.half[1] ^= 1;
	assert_int_not_equal(siphash(&key, in, 1), siphash(&other, in, 1));
	assert_int_not_equal(siphash(&key, in, 1), siphash(&key, in, 2));
	assert_int_not_equal(siphash(&key, in, 0), siphash(&key, in, 1));
	in[0] = 1;
	assert_int_not_equal(siphash(&key, in, 1), siphash(&key, in + 1, 1));
}

int main(void)
{
	static const struct CMUnitTest singles[] = {
		cmocka_unit_test(differs_test),
	};
	struct CMUnitTest tests[16];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	ROWS(tests, n, vector_rows, vector_test);
	SINGLES(tests, n, singles);
	return _cmocka_run_group_tests("siphash", tests, n, NULL, NULL);
}
