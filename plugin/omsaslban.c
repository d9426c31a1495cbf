/* omsaslban: rsyslog <-> ours. (The adapter comes with the next commits.) */
#include "rsyslog_abi.h"
#include <rsyslog.h>

rsRetVal modInit(void);
rsRetVal modInit(void)
{
	return RS_RET_NOT_IMPLEMENTED;
}
