/* meters: see meters.h. */
#include "meters.h"

#include <errmsg.h>
#include <obj.h>

/* clang-format off */
DEFobjStaticHelpers
DEFobjCurrIf(statsobj)
/* clang-format on */

rsRetVal meters_use(void)
{
	DEFiRet;

	CHKiRet(objGetObjInterface(&obj));
	CHKiRet(objUse(statsobj, CORE_COMPONENT));
finalize_it:
	RETiRet;
}

void meters_release(void)
{
	objRelease(statsobj, CORE_COMPONENT);
}

static const char *const names[METERS] = {
	[METER_LINES] = "lines",
	[METER_FAILURES] = "failures",
	[METER_LOGINS] = "logins",
	[METER_TROUBLE] = "trouble",
	[METER_FOREIGN] = "foreign",
	[METER_DROPPED] = "dropped",
	[METER_DROPPED_FAILURES] = "dropped.failures",
	[METER_DROPPED_OTHERS] = "dropped.others",
	[METER_BANS] = "bans",
	[METER_OBSERVED] = "observed",
	[METER_LIFTED] = "lifted",
	[METER_EXPIRED] = "expired",
	[METER_BREACHES] = "breaches",
	[METER_OUTAGES] = "outages",
	[METER_REFUSED] = "refused",
	[METER_QUEUED] = "queued",
	[METER_QUEUED_MOST] = "queued.most",
};

_Static_assert(sizeof(intctr_t) == sizeof(_Atomic uint64_t),
	       "impstats reads a meter as a counter of its own");

rsRetVal meters_open(struct meters *m, const char *jail)
{
	DEFiRet;

	CHKiRet(statsobj.Construct(&m->stats));
	CHKiRet(statsobj.SetName(m->stats, (uchar *)jail));
	CHKiRet(statsobj.SetOrigin(m->stats, (uchar *)"omsaslban"));
	for (int i = 0; i < METERS; i++)
		CHKiRet(statsobj.AddCounter(m->stats, (uchar *)names[i],
					    ctrType_IntCtr, CTR_FLAG_NONE,
					    (void *)&m->count.n[i]));
	CHKiRet(statsobj.ConstructFinalize(m->stats));
finalize_it:
	RETiRet;
}

void meters_close(struct meters *m)
{
	if (m->stats != NULL)
		statsobj.Destruct(&m->stats);
}
