/* check_clock: is it right, and was it? */
#include "exam.h"

#include <inttypes.h>
#include <sys/timex.h>

#include "saslban/failure.h"

enum { AHEAD = 60 }; /* seconds that are no cause for worry */

void check_clock(struct exam *x)
{
	struct timex t = {.modes = 0};

	if (adjtimex(&t) < 0)
		return; /* a container may forbid the question */
	if ((t.status & STA_UNSYNC) == 0) {
		finding_add(&x->findings, FINDING_OK, "clock",
			    "it is synchronised");
		return;
	}
	finding_add(&x->findings, FINDING_WARN, "clock",
		    "nobody keeps it right: when it is set, bans move, and "
		    "the log cannot be compared with others");
	finding_remedy(&x->findings, "timedatectl set-ntp true");
}

void check_dates(struct exam *x)
{
	char ahead[DURATION_TEXT];
	struct fault why;
	int64_t last;

	if (failure_latest(x->session.store, &last, &why) < 0) {
		finding_add(&x->findings, FINDING_FAIL, "dates", "%s",
			    why.text);
		return;
	}
	if (last <= x->cli->now + AHEAD) {
		finding_add(&x->findings, FINDING_OK, "dates",
			    "no failure lies in the future");
		return;
	}
	finding_add(&x->findings, FINDING_WARN, "dates",
		    "the last failure lies %s in the future: the clock was "
		    "ahead, or is behind now",
		    output_left(last, x->cli->now, ahead));
	finding_remedy(&x->findings, "timedatectl");
}
