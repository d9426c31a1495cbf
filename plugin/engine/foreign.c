/* foreign: see foreign.h. */
#include "foreign.h"

#include <inttypes.h>

#include "saslban/jail.h"

/* Seconds between two of each. */
enum { KEEP = 60, TELL = 3600 };

void foreign_init(struct foreign *f, const struct report *report,
		  struct tally *tally)
{
	*f = (struct foreign){.report = report,
			      .tally = tally,
			      .keep = INT64_MIN,
			      .tell = INT64_MIN};
}

static void report_gaps(struct foreign *f)
{
	unsigned fresh = f->news.gaps & ~f->gaps;

	if ((fresh & TALLY_NO_UID) != 0)
		report(f->report, REPORT_WARNING,
		       "imuxsock does not say which user wrote a line, so "
		       "that origin.uid is not checked: it needs "
		       "SysSock.Annotate=\"on\" and SysSock.ParseTrusted="
		       "\"on\", and each further socket Annotate and "
		       "ParseTrusted");
	if ((fresh & TALLY_NO_UNIT) != 0)
		report(f->report, REPORT_WARNING,
		       "imuxsock does not know which unit wrote a line, so "
		       "that origin.unit is not checked: imjournal knows");
	f->gaps |= fresh;
}

static void report_lines(struct foreign *f, int64_t boot)
{
	uint64_t fresh = f->news.lines - f->told;

	if (fresh == 0 || boot < f->tell)
		return;
	report(f->report, REPORT_WARNING,
	       "lines that somebody else wrote are not counted: %" PRIu64
	       ", the last by %s in the name of '%s'; see origin.uid",
	       fresh, f->news.writer, f->news.program);
	f->told = f->news.lines;
	f->tell = boot + TELL;
}

int foreign_keep(struct foreign *f, struct store *s, int64_t jail, int64_t now,
		 struct fault *why)
{
	uint64_t fresh;
	int result;

	if (f->tally == NULL)
		return 0;
	tally_read(f->tally, &f->news);
	fresh = f->news.lines - f->kept;
	if (fresh == 0)
		return 0;
	if (store_begin(s, why) < 0)
		return -1;
	result = jail_add_foreign(s, jail, (int64_t)fresh, now, why);
	if (store_end(s, result, why) < 0)
		return -1;
	f->kept = f->news.lines;
	return 0;
}

int foreign_poll(struct foreign *f, struct store *s, int64_t jail,
		 struct moment now, struct fault *why)
{
	if (f->tally == NULL)
		return 0;
	tally_read(f->tally, &f->news);
	report_gaps(f);
	report_lines(f, now.boot);
	if (f->news.lines == f->kept || now.boot < f->keep)
		return 0;
	f->keep = now.boot + KEEP;
	return foreign_keep(f, s, jail, now.wall, why);
}
