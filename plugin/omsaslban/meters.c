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

static rsRetVal add(struct meters *m, const char *name, intctr_t *counter)
{
	return statsobj.AddCounter(m->stats, (uchar *)name, ctrType_IntCtr,
				   CTR_FLAG_RESETTABLE, counter);
}

rsRetVal meters_open(struct meters *m, const char *jail)
{
	DEFiRet;

	CHKiRet(statsobj.Construct(&m->stats));
	CHKiRet(statsobj.SetName(m->stats, (uchar *)jail));
	CHKiRet(statsobj.SetOrigin(m->stats, (uchar *)"omsaslban"));
	STATSCOUNTER_INIT(m->lines, m->mutex_lines);
	CHKiRet(add(m, "lines", &m->lines));
	STATSCOUNTER_INIT(m->failures, m->mutex_failures);
	CHKiRet(add(m, "failures", &m->failures));
	STATSCOUNTER_INIT(m->dropped, m->mutex_dropped);
	CHKiRet(add(m, "dropped", &m->dropped));
	STATSCOUNTER_INIT(m->foreign, m->mutex_foreign);
	CHKiRet(add(m, "foreign", &m->foreign));
	CHKiRet(statsobj.ConstructFinalize(m->stats));
finalize_it:
	RETiRet;
}

void meters_close(struct meters *m)
{
	if (m->stats != NULL)
		statsobj.Destruct(&m->stats);
}
