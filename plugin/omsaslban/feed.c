/*
 * feed: see feed.h.
 *
 * The thread may be cancelled only while rsyslogd has the message: a ruleset
 * with a queue of the type Direct runs its actions on our thread, and they may
 * wait for ever. rsyslogd's own workers end the same way. The queues of other
 * types do not let themselves be cancelled, and end by themselves.
 */
#include "feed.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include <dirty.h>
#include <glbl.h>
#include <json.h>
#include <msg.h>
#include <obj.h>
#include <prop.h>
#include <ruleset.h>

/* clang-format off */
DEFobjStaticHelpers
DEFobjCurrIf(glbl)
DEFobjCurrIf(prop)
DEFobjCurrIf(ruleset)
/* clang-format on */

/* It exists in every configuration, and has the main queue, as every ruleset
 * has that has none of its own. */
#define DEFAULT_RULESET "RSYSLOG_DefaultRuleset"

	/* Milliseconds between two looks, where there is nothing to be woken
	   by. */
	enum { LOOK = 20 };

struct waiting {
	struct waiting *next;
	size_t size; /* of all of it */
	enum report_level level;
	const char *json; /* within text */
	char text[];
};

struct feed {
	const char *name;
	ruleset_t *ruleset;
	ruleset_t *main; /* whose queue is the main queue */
	bool runs;       /* the thread */
	pthread_t thread;
	atomic_bool ended; /* it */
	pthread_mutex_t lock;
	pthread_cond_t news;
	/* behind the lock */
	struct waiting *first, **last;
	size_t room;
	bool busy; /* a message is being handed over */
	bool closing;
};

static prop_t *input;

/* ---- interfaces ---- */

rsRetVal feed_use(void)
{
	DEFiRet;

	CHKiRet(objGetObjInterface(&obj));
	CHKiRet(objUse(glbl, CORE_COMPONENT));
	CHKiRet(objUse(prop, CORE_COMPONENT));
	CHKiRet(objUse(ruleset, CORE_COMPONENT));
	CHKiRet(prop.CreateStringProp(&input, (const uchar *)FEED_INPUT,
				      sizeof(FEED_INPUT) - 1));
finalize_it:
	RETiRet;
}

void feed_release(void)
{
	prop.Destruct(&input);
	objRelease(ruleset, CORE_COMPONENT);
	objRelease(prop, CORE_COMPONENT);
	objRelease(glbl, CORE_COMPONENT);
}

bool feed_ending(void)
{
	return glbl.GetGlobalInputTermState() != 0;
}

/* ---- a message of rsyslog's ---- */

static int severity(enum report_level level)
{
	static const int of[] = {
		[REPORT_INFO] = LOG_INFO,
		[REPORT_NOTICE] = LOG_NOTICE,
		[REPORT_WARNING] = LOG_WARNING,
		[REPORT_ERROR] = LOG_ERR,
	};

	return of[level];
}

/* As rsyslogd makes its own. The facility is the one whose readers may see
 * users' names. */
static rsRetVal build(smsg_t **out, const struct waiting *w)
{
	struct fjson_object *json;
	smsg_t *msg = NULL;
	DEFiRet;

	CHKiRet(msgConstruct(&msg));
	MsgSetFlowControlType(msg, eFLOWCTL_NO_DELAY);
	MsgSetInputName(msg, input);
	MsgSetRawMsg(msg, w->text, strlen(w->text));
	MsgSetMSGoffs(msg, 0);
	MsgSetHOSTNAME(msg, glbl.GetLocalHostName(),
		       (int)strlen((const char *)glbl.GetLocalHostName()));
	MsgSetRcvFrom(msg, glbl.GetLocalHostNameProp());
	CHKiRet(MsgSetRcvFromIP(msg, glbl.GetLocalHostIP()));
	MsgSetTAG(msg, (const uchar *)FEED_TAG, sizeof(FEED_TAG) - 1);
	msgSetPRI(msg, (syslog_pri_t)(LOG_AUTHPRIV | severity(w->level)));
	json = fjson_tokener_parse(w->json);
	if (json == NULL)
		ABORT_FINALIZE(RS_RET_JSON_PARSE_ERR);
	CHKiRet(msgAddJSON(msg, (uchar *)"!saslban", json, 0, 0));
	*out = msg;
	msg = NULL;
finalize_it:
	if (msg != NULL)
		msgDestruct(&msg);
	RETiRet;
}

static void hand_over(const struct feed *f, const struct waiting *w)
{
	smsg_t *msg;
	int state;

	if (build(&msg, w) != RS_RET_OK)
		return;
	MsgSetRuleset(msg, f->ruleset);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	submitMsg2(msg);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
}

/* ---- the thread ---- */

/* The next one, or NULL when it is to end. */
static struct waiting *next(struct feed *f)
{
	struct waiting *w;

	pthread_mutex_lock(&f->lock);
	f->busy = false;
	while (f->first == NULL && !f->closing)
		pthread_cond_wait(&f->news, &f->lock);
	w = f->first;
	if (w != NULL) {
		f->first = w->next;
		if (f->first == NULL)
			f->last = &f->first;
		f->room += w->size;
		f->busy = true;
	}
	pthread_mutex_unlock(&f->lock);
	return w;
}

static bool closing(struct feed *f)
{
	bool closing;

	pthread_mutex_lock(&f->lock);
	closing = f->closing;
	pthread_mutex_unlock(&f->lock);
	return closing;
}

/* rsyslogd's own messages wait for the same sign. False: it ends before it has
 * begun. */
static bool wait_for_queues(struct feed *f)
{
	while (__atomic_load_n(&bHaveMainQueue, __ATOMIC_ACQUIRE) == 0) {
		if (closing(f))
			return false;
		poll(NULL, 0, LOOK);
	}
	return true;
}

static void *run(void *arg)
{
	struct feed *f = arg;
	struct waiting *w;
	int state;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	if (wait_for_queues(f))
		while ((w = next(f)) != NULL) {
			hand_over(f, w);
			free(w);
		}
	atomic_store(&f->ended, true);
	return NULL;
}

/* Signals are rsyslogd's main thread's. */
static int start(struct feed *f)
{
	sigset_t all, before;
	int result;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	result = pthread_create(&f->thread, NULL, run, f);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return result == 0 ? 0 : -1;
}

/* ---- life ---- */

int feed_open(struct feed **out, rsconf_t *conf, const char *name,
	      struct fault *why)
{
	char main[] = DEFAULT_RULESET;
	struct feed *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return fault_set(why, FAULT_MEMORY, "out of memory");
	if (ruleset.GetRuleset(conf, &f->ruleset, (uchar *)name) != RS_RET_OK ||
	    ruleset.GetRuleset(conf, &f->main, (uchar *)main) != RS_RET_OK) {
		free(f);
		return fault_set(why, FAULT_SETTING, "there is no ruleset '%s'",
				 name);
	}
	f->name = name;
	f->last = &f->first;
	f->room = FEED_ROOM;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->news, NULL);
	*out = f;
	return 0;
}

int feed_go(struct feed *f, struct fault *why)
{
	if (ruleset.GetRulesetQueue(f->ruleset) ==
	    ruleset.GetRulesetQueue(f->main))
		return fault_set(why, FAULT_SETTING,
				 "ruleset '%s' has no queue of its own "
				 "(queue.type), which it needs",
				 f->name);
	if (start(f) < 0)
		return fault_set(why, FAULT_MEMORY, "cannot start a thread");
	f->runs = true;
	return 0;
}

bool feed_take(struct feed *f, const struct outgoing *m)
{
	size_t text = strlen(m->text) + 1, json = strlen(m->json) + 1;
	struct waiting *w = NULL;
	bool taken = false;

	if (f == NULL || !f->runs)
		return false;
	pthread_mutex_lock(&f->lock);
	if (!f->closing && sizeof(*w) + text + json <= f->room)
		w = malloc(sizeof(*w) + text + json);
	if (w != NULL) {
		w->size = sizeof(*w) + text + json;
		w->next = NULL;
		w->level = m->level;
		w->json = w->text + text;
		memcpy(w->text, m->text, text);
		memcpy(w->text + text, m->json, json);
		*f->last = w;
		f->last = &w->next;
		f->room -= w->size;
		taken = true;
		pthread_cond_signal(&f->news);
	}
	pthread_mutex_unlock(&f->lock);
	return taken;
}

bool feed_passed(struct feed *f)
{
	bool passed;

	if (f == NULL)
		return true;
	pthread_mutex_lock(&f->lock);
	passed = f->first == NULL && !f->busy;
	pthread_mutex_unlock(&f->lock);
	return passed;
}

static void finish(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->closing = true;
	pthread_cond_signal(&f->news);
	pthread_mutex_unlock(&f->lock);
	for (int i = 0; i < FEED_LAST * 1000 / LOOK; i++) {
		if (atomic_load(&f->ended))
			break;
		poll(NULL, 0, LOOK);
	}
	if (!atomic_load(&f->ended))
		pthread_cancel(f->thread);
	pthread_join(f->thread, NULL);
}

void feed_close(struct feed *f)
{
	struct waiting *w;

	if (f == NULL)
		return;
	if (f->runs)
		finish(f);
	while ((w = f->first) != NULL) {
		f->first = w->next;
		free(w);
	}
	pthread_cond_destroy(&f->news);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
