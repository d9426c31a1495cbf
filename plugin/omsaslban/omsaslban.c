/*
 * omsaslban: the adapter to rsyslog. Parameters and messages in, reports out.
 *
 * This folder alone sees rsyslog. It follows rsyslog's plug-in conventions
 * (entry points as macros, fixed names) so that the rest need not.
 *
 * Concurrency & locking: doAction runs on rsyslog's workers, several at once
 * on the same instance. What it reads of the instance (settings, rules) is
 * fixed since configuration. What it writes is its own scratch, counters
 * (atomic), and, each behind its own lock, what filters remember of earlier
 * lines and the runner's queue. The engine's thread is the runner's business.
 *
 * rsyslogd cancels workers that do not end in time, and a thread that is
 * cancelled with a lock in its hands hangs the shutdown. Judging a line waits
 * for nothing and calls nothing at which a thread can be cancelled. Around
 * the rest, which few lines need (the fields of message.c, the runner),
 * cancellation is disabled; to do so for each line would cost as much as to
 * find out that no filter reads it.
 *
 * Life: modInit, newActInst and checkCnf also run under `rsyslogd -N1` and
 * before the daemon forks, so they read filters and start nothing.
 * activateCnfPrePrivDrop starts the threads, activateCnf, after the change
 * of user, sets them to work. freeInstance drains and joins.
 *
 * doAction always returns RS_RET_OK: with any other answer rsyslog suspends
 * the action, repeats messages, or stops logging.
 */
#include "rsyslog_abi.h"

#include <rsyslog.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <conf.h>
#include <dirty.h>
#include <errmsg.h>
#include <module-template.h>
#include <parserif.h>
#include <syslogd-types.h>

#include "message.h"
#include "meters.h"
#include "origin.h"
#include "outlets.h"
#include "parameters.h"
#include "reports.h"
#include "saslban/editions.h"
#include "saslban/letter.h"
#include "saslban/logline.h"
#include "saslban/runner.h"
#include "saslban/settings.h"
#include "saslban/store.h"

/* clang-format off */
MODULE_TYPE_OUTPUT
MODULE_TYPE_NOKEEP
MODULE_CNFNAME("omsaslban")

DEF_OMOD_STATIC_DATA;
/* clang-format on */

typedef struct _instanceData {
	struct settings settings;
	struct editions *editions;
	struct origin *origin;
	struct reporter reporter;
	struct outlets outlets;
	char letter[LETTER_TEMPLATE]; /* of mails; empty: the built-in one */
	struct runner *runner;
	modConfData_t *conf;         /* it belongs to; NULL: to none */
	struct _instanceData *next;  /* of conf's jails */
	struct _instanceData **link; /* what points to this one */
	struct meters meters;
} instanceData;

typedef struct wrkrInstanceData {
	instanceData *pData;
	struct edition_worker *reader;
	struct message message;
} wrkrInstanceData_t;

struct modConfData_s {
	rsconf_t *conf;
	instanceData *jails;
	struct template *arrival; /* see message.h */
	bool ending;              /* the first running jail was freed */
};

/* rsyslog's conventions ask for these: the configuration being loaded and the
 * parameter list. modInit sets them anew. */
static modConfData_t *loading;
static struct cnfparamblk parameters;

/* ---- configuration ---- */

static int find_origins(instanceData *pData)
{
	struct fault why;

	if (origin_open(&pData->origin, &pData->settings, &why) == 0)
		return 0;
	parameters_refuse(&why);
	return -1;
}

static int load_filters(instanceData *pData)
{
	const struct settings *s = &pData->settings;
	const char *specs[SETTINGS_FILTERS];
	const char *dirs[SETTINGS_DIRS];
	struct fault why;

	for (size_t i = 0; i < s->filters; i++)
		specs[i] = s->filter[i];
	for (size_t i = 0; i < s->dirs; i++)
		dirs[i] = s->dir[i];
	if (editions_open(&pData->editions, specs, s->filters, dirs, s->dirs,
			  &why) == 0)
		return 0;
	parameters_refuse(&why);
	return -1;
}

static int check_others(const instanceData *pData)
{
	const instanceData *i;

	for (i = loading->jails; i != NULL; i = i->next)
		if (parameters_agree(&pData->settings, &i->settings) < 0)
			return -1;
	return 0;
}

/* For a validation run alone: otherwise the engine reports it and goes on
 * trying, because what stands at the path today may be gone tomorrow. As an
 * error: a validation run shows nothing below. */
static void check_database(const instanceData *pData)
{
	struct fault why;

	if (iConfigVerify && store_look(pData->settings.database, &why) < 0)
		LogError(0, RS_RET_ERR, "omsaslban: parameter 'database': %s",
			 why.text);
}

static void enlist(instanceData *pData)
{
	pData->conf = loading;
	pData->next = loading->jails;
	pData->link = &loading->jails;
	if (pData->next != NULL)
		pData->next->link = &pData->next;
	loading->jails = pData;
}

static void delist(instanceData *pData)
{
	if (pData->conf == NULL)
		return;
	*pData->link = pData->next;
	if (pData->next != NULL)
		pData->next->link = pData->link;
}

/* rsyslogd frees the jails one after the other, at its end: the first one
 * that goes is the sign for all, so that they end at the same time. */
static void begin_ending(instanceData *pData)
{
	if (pData->runner == NULL || pData->conf->ending)
		return;
	pData->conf->ending = true;
	for (instanceData *i = pData->conf->jails; i != NULL; i = i->next)
		runner_hurry(i->runner);
}

/* clang-format off */
BEGINcreateInstance
CODESTARTcreateInstance;
	settings_init(&pData->settings);
	pData->reporter.write = reports_write;
	pData->reporter.submit = outlets_submit;
	pData->reporter.passed = outlets_passed;
	pData->reporter.trouble = outlets_trouble;
	pData->reporter.context = &pData->outlets;
ENDcreateInstance

BEGINfreeInstance
CODESTARTfreeInstance;
	if (pData != NULL) {
		begin_ending(pData);
		runner_stop(pData->runner);
		delist(pData);
		outlets_close(&pData->outlets);
		meters_close(&pData->meters);
		editions_close(pData->editions);
		origin_close(pData->origin);
	}
ENDfreeInstance

BEGINnewActInst
	struct cnfparamvals *values;
CODESTARTnewActInst;
	values = nvlstGetParams(lst, &parameters, NULL);
	if (values == NULL)
		ABORT_FINALIZE(RS_RET_MISSING_CNFPARAMS);
	CHKiRet(createInstance(&pData));
	if (parameters_take(&pData->settings, values) < 0 ||
	    check_others(pData) < 0 || find_origins(pData) < 0 ||
	    load_filters(pData) < 0 ||
	    parameters_letter(&pData->settings, pData->letter) < 0)
		ABORT_FINALIZE(RS_RET_PARAM_ERROR);
	check_database(pData);
	CHKiRet(meters_open(&pData->meters, pData->settings.name));
	CODE_STD_STRING_REQUESTnewActInst(1);
	CHKiRet(OMSRsetEntry(*ppOMSR, 0, NULL, OMSR_TPL_AS_MSG));
	enlist(pData);
CODE_STD_FINALIZERnewActInst;
	if (values != NULL)
		cnfparamvalsDestruct(values, &parameters);
ENDnewActInst

BEGINbeginCnfLoad
CODESTARTbeginCnfLoad;
	loading = pModConf;
	loading->conf = pConf;
	loading->arrival = message_arrival(pConf);
	if (loading->arrival == NULL)
		iRet = RS_RET_OUT_OF_MEMORY;
ENDbeginCnfLoad

BEGINendCnfLoad
CODESTARTendCnfLoad;
ENDendCnfLoad

BEGINcheckCnf
CODESTARTcheckCnf;
	for (instanceData *i = pModConf->jails; i != NULL; i = i->next)
		outlets_find(&i->outlets, pModConf->conf, &i->settings);
ENDcheckCnf

BEGINactivateCnfPrePrivDrop
	struct fault why;
CODESTARTactivateCnfPrePrivDrop;
	for (instanceData *i = pModConf->jails; i != NULL; i = i->next) {
		const struct engine_parts parts = {
			.settings = &i->settings,
			.editions = i->editions,
			.reporter = &i->reporter,
			.tally = origin_tally(i->origin),
			.meter = &i->meters.count,
			.letter = i->letter[0] == '\0' ? NULL : i->letter,
		};

		if (runner_start(&i->runner, &parts, &why) < 0)
			LogError(0, RS_RET_ERR, "omsaslban: jail %s: %s",
				 i->settings.name, why.text);
	}
ENDactivateCnfPrePrivDrop

BEGINactivateCnf
CODESTARTactivateCnf;
	for (instanceData *i = pModConf->jails; i != NULL; i = i->next)
		if (i->runner != NULL) {
			origin_report(i->origin, &i->reporter);
			outlets_go(&i->outlets, &i->settings);
			runner_go(i->runner);
		}
ENDactivateCnf

BEGINfreeCnf
CODESTARTfreeCnf;
ENDfreeCnf

/* ---- lines ---- */

BEGINcreateWrkrInstance
CODESTARTcreateWrkrInstance;
	pWrkrData->message.arrival = pData->conf->arrival;
	pWrkrData->message.origin = pData->origin;
	pWrkrData->reader = edition_worker_open(pData->editions);
	if (pWrkrData->reader == NULL)
		iRet = RS_RET_OUT_OF_MEMORY;
ENDcreateWrkrInstance

BEGINfreeWrkrInstance
CODESTARTfreeWrkrInstance;
	edition_worker_close(pWrkrData->reader);
	message_drop(&pWrkrData->message);
ENDfreeWrkrInstance
/* clang-format on */

/* Match the message, and queue what it says. */
static void match_message(wrkrInstanceData_t *worker, smsg_t *msg)
{
	static const enum meter_kind counted[] = {
		[SIGHTING_FAILURE] = METER_FAILURES,
		[SIGHTING_SUCCESS] = METER_LOGINS,
		[SIGHTING_TROUBLE] = METER_TROUBLE};
	instanceData *pData = worker->pData;
	struct meter *count = &pData->meters.count;
	struct logline line;
	struct sighting seen;
	enum sighting_kind kind;
	int cancel;

	message_read(&worker->message, msg, &line);
	if (message_own(&worker->message))
		return;
	meter_add(count, METER_LINES, 1);
	kind = edition_worker_match(worker->reader, &line, &seen);
	if (worker->message.foreign)
		meter_add(count, METER_FOREIGN, 1);
	if (kind == SIGHTING_NOTHING)
		return;
	meter_add(count, counted[kind], 1);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	if (!runner_offer(pData->runner, &seen)) {
		meter_add(count, METER_DROPPED, 1);
		meter_add(count,
			  kind == SIGHTING_FAILURE ? METER_DROPPED_FAILURES
						   : METER_DROPPED_OTHERS,
			  1);
	}
	pthread_setcancelstate(cancel, NULL);
}

/* clang-format off */
BEGINdoAction_NoStrings
CODESTARTdoAction;
	if (pWrkrData->pData->runner != NULL)
		match_message(pWrkrData, *(smsg_t **)pMsgData);
ENDdoAction

/* On rsyslogd's main thread, which waits for nothing: the engine's does it. */
BEGINdoHUP
CODESTARTdoHUP;
	runner_reread(pData->runner);
ENDdoHUP

BEGINtryResume
CODESTARTtryResume;
ENDtryResume

BEGINdbgPrintInstInfo
CODESTARTdbgPrintInstInfo;
	dbgprintf("omsaslban jail '%s'\n", pData->settings.name);
ENDdbgPrintInstInfo

BEGINisCompatibleWithFeature
CODESTARTisCompatibleWithFeature;
ENDisCompatibleWithFeature

NO_LEGACY_CONF_parseSelectorAct

BEGINmodExit
CODESTARTmodExit;
	feed_release();
	meters_release();
ENDmodExit

BEGINqueryEtryPt
CODESTARTqueryEtryPt
CODEqueryEtryPt_STD_OMOD_QUERIES
CODEqueryEtryPt_STD_OMOD8_QUERIES
CODEqueryEtryPt_STD_CONF2_QUERIES
CODEqueryEtryPt_STD_CONF2_PREPRIVDROP_QUERIES
CODEqueryEtryPt_STD_CONF2_OMOD_QUERIES
CODEqueryEtryPt_doHUP
ENDqueryEtryPt

/* The one name that rsyslogd looks up. */
#pragma GCC visibility push(default)
BEGINmodInit()
CODESTARTmodInit;
	*ipIFVersProvided = CURR_MOD_IF_VERSION;
CODEmodInit_QueryRegCFSLineHdlr;
	CHKiRet(meters_use());
	CHKiRet(feed_use());
	loading = NULL;
	parameters_describe(&parameters);
ENDmodInit
#pragma GCC visibility pop
