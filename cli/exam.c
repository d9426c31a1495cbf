/* exam: see exam.h. */
#include "exam.h"

#include <string.h>

bool exam_wants(const struct exam *x, const struct jail *j)
{
	return x->cli->jail == NULL ||
	       strcmp(x->cli->jail, j->settings.name) == 0;
}

bool exam_wants_sets(const struct exam *x, const struct jail *j)
{
	if (x->cli->jail == NULL)
		return session_has_sets(&x->session, j);
	return exam_wants(x, j) && j->settings.enforce;
}
