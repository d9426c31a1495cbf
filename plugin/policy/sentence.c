/* sentence: verdicts in words, see saslban/policy.h. */
#include <stdio.h>

#include "saslban/duration.h"
#include "saslban/plain.h"
#include "saslban/plural.h"
#include "saslban/policy.h"

char *policy_why(const struct policy *p, const struct history *h,
		 enum ground ground, const char *user, const char *by,
		 int64_t failures, char out[POLICY_WHY])
{
	char span[DURATION_TEXT], name[POLICY_USER];

	switch (ground) {
	case GROUND_COUNT:
		snprintf(out, POLICY_WHY,
			 "%lld failure%s within %s, last by %s",
			 (long long)failures, plural(failures),
			 duration_print(p->findtime, span), by);
		break;
	case GROUND_ACCOUNT:
		snprintf(out, POLICY_WHY,
			 "a failure for '%s', under attack by %u address%s "
			 "within %s, by %s",
			 plain_copy(name, sizeof(name), user), h->account_hosts,
			 plural_es(h->account_hosts),
			 duration_print(p->account_window, span), by);
		break;
	case GROUND_NETWORK:
		snprintf(out, POLICY_WHY,
			 "%u address%s of it failed within %s, last by %s",
			 h->hosts, plural_es(h->hosts),
			 duration_print(p->network_window, span), by);
		break;
	case GROUND_TRAP:
		snprintf(out, POLICY_WHY, "a failure for a trap user, by %s",
			 by);
		break;
	case GROUND_BREACH:
		snprintf(out, POLICY_WHY, "it guessed the password of '%s'",
			 plain_copy(name, sizeof(name), user));
		break;
	case GROUND_PERSON:
	case GROUND_FOUND:
		out[0] = '\0';
		break;
	}
	return out;
}

char *policy_breach_why(const struct policy *p, const struct entrance *e,
			enum breach breach, char out[POLICY_WHY])
{
	char span[DURATION_TEXT];

	duration_print(p->findtime, span);
	switch (breach) {
	case BREACH_BANNED:
		snprintf(out, POLICY_WHY, "the address is or was banned");
		break;
	case BREACH_OTHERS:
		snprintf(out, POLICY_WHY,
			 "the address failed for %u other account%s within %s",
			 e->others, plural(e->others), span);
		break;
	case BREACH_HINDSIGHT:
		snprintf(out, POLICY_WHY,
			 "the address went on to fail for %u other account%s "
			 "within %s",
			 e->others, plural(e->others), span);
		break;
	case BREACH_GUESSED:
		snprintf(out, POLICY_WHY,
			 "the address failed %lld time%s for this account "
			 "within %s",
			 (long long)e->guesses, plural(e->guesses), span);
		break;
	case BREACH_ATTACKED:
		snprintf(out, POLICY_WHY,
			 "%u address%s failed for the account within %s, and "
			 "it never logged in from here",
			 e->account_hosts, plural_es(e->account_hosts),
			 duration_print(p->account_window, span));
		break;
	case BREACH_NONE:
		out[0] = '\0';
		break;
	}
	return out;
}
