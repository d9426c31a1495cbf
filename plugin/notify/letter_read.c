/* letter_read: a template from a file, see saslban/letter.h. */
#include "saslban/letter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A file that was written elsewhere ends its lines with two characters. */
static void drop_returns(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++)
		if (from[0] != '\r' || from[1] != '\n')
			*to++ = *from;
	*to = '\0';
}

static int read_all(FILE *f, const char *path, char text[LETTER_TEMPLATE],
		    struct fault *why)
{
	struct stat st;
	size_t n;

	if (fstat(fileno(f), &st) < 0 || !S_ISREG(st.st_mode))
		return fault_set(why, FAULT_SETTING, "'%s' is not a file",
				 path);
	n = fread(text, 1, LETTER_TEMPLATE, f);
	if (ferror(f))
		return fault_set(why, FAULT_SETTING, "cannot read '%s': %s",
				 path, strerror(errno));
	if (n == LETTER_TEMPLATE)
		return fault_set(why, FAULT_SETTING,
				 "'%s' has more than %d bytes", path,
				 LETTER_TEMPLATE - 1);
	text[n] = '\0';
	if (strlen(text) != n)
		return fault_set(why, FAULT_SETTING, "'%s' is not text", path);
	drop_returns(text);
	return 0;
}

int letter_read(const char *path, char text[LETTER_TEMPLATE], struct fault *why)
{
	struct stat st;
	FILE *f;
	int result;

	/* Nobody waits for what somebody may write into a FIFO. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return fault_set(why, FAULT_SETTING, "'%s' is not a file",
				 path);
	f = fopen(path, "re");
	if (f == NULL)
		return fault_set(why, FAULT_SETTING, "cannot read '%s': %s",
				 path, strerror(errno));
	result = read_all(f, path, text, why);
	fclose(f);
	return result < 0 ? -1 : letter_check(text, path, why);
}
