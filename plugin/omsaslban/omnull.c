/*
 * omnull: an action that does nothing with a line but read it.
 *
 * The yardstick of bench/run-throughput: what rsyslogd charges for handing a
 * message to any module at all, and for its tag and text to be read once. No
 * part of omsaslban, and not installed; it is here because nothing else in the
 * tree may see rsyslog.
 */
#include "omsaslban/rsyslog_abi.h"

#include <rsyslog.h>

#include <string.h>

#include <conf.h>
#include <errmsg.h>
#include <module-template.h>
#include <msg.h>
#include <syslogd-types.h>

/* clang-format off */
MODULE_TYPE_OUTPUT
MODULE_TYPE_NOKEEP
MODULE_CNFNAME("omnull")

DEF_OMOD_STATIC_DATA;

enum { TAG = 512, TEXT = 8192 };

typedef struct _instanceData {
	int unused;
} instanceData;

typedef struct wrkrInstanceData {
	instanceData *pData;
	char tag[TAG];
	char text[TEXT];
} wrkrInstanceData_t;

struct modConfData_s {
	int unused;
};

static struct cnfparamblk parameters = {CNFPARAMBLK_VERSION, 0, NULL};

BEGINcreateInstance
CODESTARTcreateInstance;
ENDcreateInstance

BEGINfreeInstance
CODESTARTfreeInstance;
ENDfreeInstance

BEGINnewActInst
	struct cnfparamvals *values;
CODESTARTnewActInst;
	values = nvlstGetParams(lst, &parameters, NULL);
	CHKiRet(createInstance(&pData));
	CODE_STD_STRING_REQUESTnewActInst(1);
	CHKiRet(OMSRsetEntry(*ppOMSR, 0, NULL, OMSR_TPL_AS_MSG));
CODE_STD_FINALIZERnewActInst;
	if (values != NULL)
		cnfparamvalsDestruct(values, &parameters);
ENDnewActInst

BEGINbeginCnfLoad
CODESTARTbeginCnfLoad;
ENDbeginCnfLoad

BEGINendCnfLoad
CODESTARTendCnfLoad;
ENDendCnfLoad

BEGINcheckCnf
CODESTARTcheckCnf;
ENDcheckCnf

BEGINactivateCnf
CODESTARTactivateCnf;
ENDactivateCnf

BEGINfreeCnf
CODESTARTfreeCnf;
ENDfreeCnf

BEGINcreateWrkrInstance
CODESTARTcreateWrkrInstance;
ENDcreateWrkrInstance

BEGINfreeWrkrInstance
CODESTARTfreeWrkrInstance;
ENDfreeWrkrInstance

BEGINdoAction_NoStrings
	smsg_t *msg = *(smsg_t **)pMsgData;
	uchar *tag;
	size_t len;
	int n;
CODESTARTdoAction;
	getTAG(msg, &tag, &n, LOCK_MUTEX);
	memcpy(pWrkrData->tag, tag, n < TAG ? (size_t)n : TAG);
	len = (size_t)getMSGLen(msg);
	memcpy(pWrkrData->text, getMSG(msg), len < TEXT ? len : TEXT);
ENDdoAction

BEGINtryResume
CODESTARTtryResume;
ENDtryResume

BEGINdbgPrintInstInfo
CODESTARTdbgPrintInstInfo;
ENDdbgPrintInstInfo

BEGINisCompatibleWithFeature
CODESTARTisCompatibleWithFeature;
ENDisCompatibleWithFeature

NO_LEGACY_CONF_parseSelectorAct

BEGINmodExit
CODESTARTmodExit;
ENDmodExit

BEGINqueryEtryPt
CODESTARTqueryEtryPt
CODEqueryEtryPt_STD_OMOD_QUERIES
CODEqueryEtryPt_STD_OMOD8_QUERIES
CODEqueryEtryPt_STD_CONF2_QUERIES
CODEqueryEtryPt_STD_CONF2_OMOD_QUERIES
ENDqueryEtryPt

#pragma GCC visibility push(default)
BEGINmodInit()
CODESTARTmodInit;
	*ipIFVersProvided = CURR_MOD_IF_VERSION;
CODEmodInit_QueryRegCFSLineHdlr;
ENDmodInit
#pragma GCC visibility pop
