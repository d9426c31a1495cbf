/* rule_kind: see saslban/rule_kind.h. */
#include "saslban/rule_kind.h"

const struct rule_kind_row rule_kinds[RULE_KINDS] = {
	[RULE_FAIL] = {"failregex", "failure", ""},
	[RULE_DOUBT] = {"doubtregex", "doubtful", "doubt:"},
	[RULE_SUMMARY] = {"summaryregex", "summary", "summary:"},
	[RULE_OK] = {"okregex", "success", "ok:"},
	[RULE_TROUBLE] = {"troubleregex", "trouble", "trouble:"},
	[RULE_IGNORE] = {"ignoreregex", "ignore", "ignore:"},
	[RULE_KNOWN] = {"knownregex", "known", "known:"},
	[RULE_AMBIGUOUS] = {"ambiguousregex", "ambiguous", "ambiguous:"},
};
