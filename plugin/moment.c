/* moment: see saslban/moment.h. */
#include "saslban/moment.h"

int64_t moment_stepped_back(const struct moment *before,
			    const struct moment *after)
{
	int64_t expected = before->wall + (after->boot - before->boot);
	int64_t back = expected - after->wall;

	return back > MOMENT_SLACK ? back : 0;
}
