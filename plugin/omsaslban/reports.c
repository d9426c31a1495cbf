/* reports: see reports.h. */
#include "reports.h"

#include "rsyslog_abi.h"

#include <rsyslog.h>

#include <errmsg.h>
#include <syslog.h>

void reports_write(void *context, enum report_level level, const char *text)
{
	static const int severity[] = {
		[REPORT_INFO] = LOG_INFO,
		[REPORT_NOTICE] = LOG_NOTICE,
		[REPORT_WARNING] = LOG_WARNING,
		[REPORT_ERROR] = LOG_ERR,
	};
	_Static_assert(sizeof(severity) / sizeof(severity[0]) ==
			       REPORT_ERROR + 1,
		       "each report level has a severity");

	(void)context;
	LogMsg(0, NO_ERRCODE, severity[level], "omsaslban: %s", text);
}
