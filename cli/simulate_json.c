/* simulate_json: what came of a simulation, for programs; see simulate.h. */
#include "simulate.h"

#include "breachtext.h"
#include "evidence.h"
#include "saslban/duration.h"

static void bans_json(struct json *j, const struct side *s)
{
	char address[ADDRESS_TEXT];

	json_array(j, "bans");
	for (size_t i = 0; i < s->tally.bans; i++) {
		const struct tally_ban *b = &s->tally.ban[i];

		json_object(j, NULL);
		json_text(j, "jail", s->draft.settings.name);
		json_text(j, "ip", address_print(&b->address, address));
		json_number(j, "at", b->at);
		json_duration(j, "until", b->until);
		json_number(j, "strike", b->strike);
		json_text(j, "ground", ground_word(b->ground));
		json_text(j, "why", b->why);
		json_bool(j, "lifted", b->lifted);
		json_number(j, "failures", (int64_t)b->failures);
		json_number(j, "kept_out", (int64_t)b->kept_out);
		json_end(j);
	}
	json_end(j);
}

static void breaches_json(struct json *j, const struct side *s)
{
	json_array(j, "breaches");
	for (size_t i = 0; i < s->tally.breaches; i++)
		breachtext_json(j, &s->tally.breach[i]);
	json_end(j);
}

static void outages_json(struct json *j, const struct side *s)
{
	json_array(j, "outages");
	for (size_t i = 0; i < s->tally.outages; i++)
		evidence_outage_json(&s->tally.outage[i], j);
	json_end(j);
}

static void lockouts_json(struct json *j, const struct side *s)
{
	const struct lockouts *l = &trial_counts(s->trial)->lockouts;
	char address[ADDRESS_TEXT];

	json_array(j, "locked_out");
	for (size_t i = 0; i < l->n; i++) {
		const struct lockout *k = &l->shown[i];

		json_object(j, NULL);
		json_text(j, "user", k->user);
		json_text(j, "ip", address_print(&k->host, address));
		json_number(j, "at", k->at);
		json_text(j, "ban", address_print(&k->ban, address));
		json_end(j);
	}
	json_end(j);
}

static void summary_json(struct json *j, const struct simulation *s,
			 const struct side *side)
{
	json_object(j, "summary");
	json_number(j, "lines", (int64_t)s->logs.lines);
	json_number(j, "undated", (int64_t)s->logs.undated);
	json_number(j, "behind", (int64_t)s->logs.behind);
	json_number(j, "unmatched", (int64_t)matcher_unmatched(side->matcher));
	for (int i = 0; i < FIGURES; i++)
		json_number(j, tally_key((enum figure)i),
			    (int64_t)side->tally.figure[i]);
	json_time(j, "first", s->logs.first);
	json_time(j, "last", s->logs.last);
	json_end(j);
}

static void side_json(struct json *j, const struct simulation *s,
		      const struct side *side)
{
	json_text(j, "policy", side->draft.title);
	bans_json(j, side);
	breaches_json(j, side);
	outages_json(j, side);
	lockouts_json(j, side);
	summary_json(j, s, side);
}

int simulate_json(const struct simulation *s)
{
	struct json *j = json_begin(s->cli->out.file);

	if (s->sides == 1) {
		side_json(j, s, &s->side[0]);
		return json_finish(j);
	}
	json_array(j, "policies");
	for (size_t i = 0; i < s->sides; i++) {
		json_object(j, NULL);
		side_json(j, s, &s->side[i]);
		json_end(j);
	}
	json_end(j);
	return json_finish(j);
}
