/* offense: see offense.h. */
#include "offense.h"

#include "saslban/duration.h"
#include "saslban/offense.h"

enum offense_state offense_state(const struct offense *o, int64_t now)
{
	if (o->lifted != 0)
		return OFFENSE_LIFTED;
	if (o->ended != 0 && o->ended < o->until)
		return OFFENSE_REPLACED;
	/* The engine marks the end some moments after it; the time counts. */
	if (o->ended != 0 || o->until <= now)
		return OFFENSE_EXPIRED;
	if (o->observed)
		return OFFENSE_OBSERVED;
	return o->enforced > now ? OFFENSE_ACTIVE : OFFENSE_PENDING;
}

bool offense_runs(const struct offense *o, int64_t now)
{
	return offense_state(o, now) <= OFFENSE_OBSERVED;
}

struct look {
	const char *word;
	enum style style;
};

static const struct look looks[] = {
	[OFFENSE_ACTIVE] = {"active", PLAIN},
	[OFFENSE_PENDING] = {"pending", CARE},
	[OFFENSE_OBSERVED] = {"observed", CARE},
	[OFFENSE_EXPIRED] = {"expired", FAINT},
	[OFFENSE_LIFTED] = {"lifted", FAINT},
	[OFFENSE_REPLACED] = {"replaced", FAINT},
};

const char *offense_word(enum offense_state state)
{
	return looks[state].word;
}

enum style offense_style(enum offense_state state)
{
	return looks[state].style;
}

/* Text that may be missing. */
static void text_or_null(struct json *j, const char *key, const char *text)
{
	if (text[0] == '\0')
		json_null(j, key);
	else
		json_text(j, key, text);
}

void offense_json(struct json *j, const char *key, const struct offense *o,
		  int64_t now)
{
	char address[ADDRESS_TEXT];
	bool runs = offense_runs(o, now);

	json_object(j, key);
	json_number(j, "id", o->id);
	json_text(j, "address", address_print(&o->address, address));
	json_text(j, "jail", o->jail_name);
	json_text(j, "state", offense_word(offense_state(o, now)));
	json_number(j, "strike", o->strike);
	json_number(j, "at", o->at);
	json_time(j, "until", o->until);
	json_span(j, "left", runs ? duration_left(o->until, now) : 0);
	json_number(j, "failures", o->failures);
	json_number(j, "late", o->late);
	json_text(j, "why", o->why);
	json_time(j, "enforced", o->enforced);
	json_time(j, "ended", o->ended);
	json_time(j, "lifted", o->lifted);
	text_or_null(j, "lifted_by", o->lifted_by);
	text_or_null(j, "lifted_why", o->lifted_why);
	json_end(j);
}
