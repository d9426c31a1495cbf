/*
 * replay: runs a fuzzer's harness over files, without libFuzzer.
 *
 * Arguments are files; without any, all of the seeds directory that carries
 * the harness's name. Prints TAP. With --enable-fuzzers libFuzzer's own main
 * takes the place of this one.
 */
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { INPUT_MAX = 1 << 20 };

static int replay(const char *path)
{
	uint8_t *data = malloc(INPUT_MAX), *exact;
	FILE *in = fopen(path, "rb");
	size_t len = 0;

	if (in == NULL || data == NULL) {
		printf("# cannot open '%s'\n", path);
		free(data);
		return -1;
	}
	len = fread(data, 1, INPUT_MAX, in);
	fclose(in);
	exact = realloc(data, len + (len == 0)); /* so that overreads show */
	if (exact == NULL) {
		free(data);
		return -1;
	}
	(void)LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return 0;
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash == NULL ? argv[0] : slash + 1;
	int bad = 0;
	char pattern[1024];
	glob_t found = {0};

	snprintf(pattern, sizeof(pattern), "%s/tests/fuzz/seeds/%s/*",
		 srcdir == NULL ? "." : srcdir, name);
	if (argc == 1)
		(void)glob(pattern, 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++)
		bad += replay(found.gl_pathv[i]) != 0;
	for (int i = 1; i < argc; i++)
		bad += replay(argv[i]) != 0;
	if (argc == 1 && found.gl_pathc == 0) {
		printf("# no seeds: '%s'\n", pattern);
		bad++;
	}
	globfree(&found);
	printf("1..1\n%sok 1 - %s takes its seeds\n", bad == 0 ? "" : "not ",
	       name);
	return bad != 0;
}
