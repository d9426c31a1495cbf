/* exam: see exam.h. */
#include "exam.h"

#include <string.h>

bool exam_wants(const struct exam *x, const struct jail *j)
{
	return x->cli->jail == NULL ||
	       strcmp(x->cli->jail, j->settings.name) == 0;
}
