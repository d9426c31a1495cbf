/* shortcuts: any bytes as the choices of which filters are made. */
#include <stdio.h>
#include <stdlib.h>

#include "shortcut.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct shortcut s = {.data = data, .len = len};

	if (shortcut_round(&s) < 0) {
		fprintf(stderr, "%s\n", s.report);
		abort();
	}
	return 0;
}
