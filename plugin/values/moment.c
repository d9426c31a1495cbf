/* moment: see saslban/moment.h. */
#include "saslban/moment.h"

int64_t moment_step(const struct moment *before, const struct moment *after)
{
	int64_t expected = before->wall + (after->boot - before->boot);
	int64_t step = after->wall - expected;

	return step > MOMENT_SLACK || step < -MOMENT_SLACK ? step : 0;
}
