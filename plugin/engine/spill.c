/* spill: see spill.h. */
#include "spill.h"

#include "saslban/plural.h"

enum { AGAIN = 60 }; /* seconds between two lines about it */

void spill_init(struct spill *s, struct queue *queue,
		const struct report *report)
{
	*s = (struct spill){queue, report, INT64_MIN / 2};
}

/* Of a spray nobody is named: he would have less than a tenth. */
void spill_report(struct spill *s, int64_t boot, bool end)
{
	char who[ADDRESS_TEXT];
	struct queue_drops d;

	if (!end && boot < s->reported + AGAIN)
		return;
	queue_dropped(s->queue, &d);
	if (d.least > 0 && d.least * 10 >= d.failures)
		report(s->report, REPORT_WARNING,
		       "the queue was full, %llu failure%s dropped, at least "
		       "%llu by %s",
		       (unsigned long long)d.failures, plural(d.failures),
		       (unsigned long long)d.least,
		       address_print(&d.most, who));
	else if (d.failures > 0)
		report(s->report, REPORT_WARNING,
		       "the queue was full, %llu failure%s dropped, by many "
		       "addresses",
		       (unsigned long long)d.failures, plural(d.failures));
	if (d.others > 0)
		report(s->report, REPORT_WARNING,
		       "the queue was full, logins and signs of trouble "
		       "dropped: %llu",
		       (unsigned long long)d.others);
	if (d.failures > 0 || d.others > 0)
		s->reported = boot;
}
