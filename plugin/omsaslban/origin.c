/* origin: see origin.h. */
#include "origin.h"

#include <pwd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saslban/address.h"

#define UNIT "unit "

enum { TEXT = SETTINGS_ITEM };

struct origin {
	const struct settings *settings;
	struct tally *tally;
	uint32_t uid[SETTINGS_ORIGINS];
	size_t uids;
	const char *unknown[SETTINGS_ORIGINS]; /* names of no user */
	size_t unknowns;
	struct address sender[SETTINGS_ORIGINS];
	size_t senders;
	atomic_bool told; /* imuxsock has, of a line, which user wrote it */
};

/* An input that knows who wrote a line, and where it says so. */
struct input {
	const char *name;
	msgPropDescr_t uid, unit; /* name NULL: it does not know */
	bool always; /* a line without is nobody's; else it depends on how the
		      * input is configured */
};

#define VARIABLE(text)                                   \
	{                                                \
		.id = PROP_CEE, .name = (uchar *)(text), \
		.nameLen = (int)sizeof(text) - 1         \
	}

/* clang-format off */
static const struct input inputs[] = {
	{"imuxsock", VARIABLE("!uid"), {.name = NULL}, false},
	{"imjournal", VARIABLE("!_UID"), VARIABLE("!_SYSTEMD_UNIT"), true},
};
/* clang-format on */

/* ---- open, close ---- */

/* False when there is no such user. */
static bool find_user(const char *text, uint32_t *uid)
{
	struct passwd user, *found = NULL;
	char buffer[16384];

	if (text[0] >= '0' && text[0] <= '9') {
		*uid = (uint32_t)strtoul(text, NULL, 10);
		return true;
	}
	if (getpwnam_r(text, &user, buffer, sizeof(buffer), &found) != 0 ||
	    found == NULL)
		return false;
	*uid = found->pw_uid;
	return true;
}

static int take_users(struct origin *o, struct fault *why)
{
	const struct settings_list *list = &o->settings->origin_uid;

	for (size_t i = 0; i < list->entries; i++) {
		if (find_user(list->entry[i], &o->uid[o->uids]))
			o->uids++;
		else
			o->unknown[o->unknowns++] = list->entry[i];
	}
	if (list->entries == 0 || o->uids > 0)
		return 0;
	return fault_set(why, FAULT_SETTING,
			 "parameter 'origin.uid': '%.100s' is no user here, "
			 "nor is any other of the list",
			 o->unknown[0]);
}

static void take_senders(struct origin *o)
{
	const struct settings_list *list = &o->settings->origin_from;

	for (size_t i = 0; i < list->entries; i++)
		o->senders +=
			address_parse(list->entry[i], strlen(list->entry[i]),
				      &o->sender[o->senders]) == 0;
}

int origin_open(struct origin **out, const struct settings *s,
		struct fault *why)
{
	struct origin *o;

	*out = NULL;
	if (s->origin_uid.entries + s->origin_unit.entries +
		    s->origin_from.entries ==
	    0)
		return 0;
	o = calloc(1, sizeof(*o));
	if (o == NULL || (o->tally = tally_open()) == NULL) {
		free(o);
		return fault_set(why, FAULT_MEMORY, "out of memory");
	}
	o->settings = s;
	take_senders(o);
	if (take_users(o, why) < 0) {
		origin_close(o);
		return -1;
	}
	*out = o;
	return 0;
}

void origin_close(struct origin *o)
{
	if (o == NULL)
		return;
	tally_close(o->tally);
	free(o);
}

struct tally *origin_tally(struct origin *o)
{
	return o == NULL ? NULL : o->tally;
}

void origin_report(const struct origin *o, const struct reporter *reporter)
{
	char text[SETTINGS_NAME + TEXT + 80];

	for (size_t i = 0; o != NULL && i < o->unknowns; i++) {
		snprintf(text, sizeof(text),
			 "jail %s: origin.uid has '%s', and there is no such "
			 "user here",
			 o->settings->name, o->unknown[i]);
		reporter->write(reporter->context, REPORT_INFO, text);
	}
}

/* ---- a message ---- */

/* Empty when the message does not have it. */
static void get(smsg_t *msg, const msgPropDescr_t *property, char out[TEXT])
{
	msgPropDescr_t copy = *property; /* which rsyslog may write to */
	unsigned short must_free = 0;
	rs_size_t len = 0;
	uchar *text = MsgGetProp(msg, NULL, &copy, &len, &must_free, NULL);

	snprintf(out, TEXT, "%s", (const char *)text);
	if (must_free != 0)
		free(text);
}

static void get_plain(smsg_t *msg, propid_t id, char out[TEXT])
{
	get(msg, &(msgPropDescr_t){.id = id}, out);
}

/* NULL for one that does not know who writes: the network, a file. */
static const struct input *find_input(const char *name)
{
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		if (strcmp(inputs[i].name, name) == 0)
			return &inputs[i];
	return NULL;
}

static bool listed(const struct settings_list *list, const char *text)
{
	for (size_t i = 0; i < list->entries; i++)
		if (strcmp(list->entry[i], text) == 0)
			return true;
	return false;
}

/* Each of these returns false when it is somebody else, and who. */

/* rsyslog keeps the number as a signed one of 32 bits. */
static bool check_uid(struct origin *o, smsg_t *msg, const struct input *input,
		      char who[TEXT])
{
	char text[TEXT], *end;
	uint32_t uid;

	get(msg, &input->uid, text);
	if (text[0] == '\0' && !input->always && !atomic_load(&o->told)) {
		tally_gap(o->tally, TALLY_NO_UID);
		return true;
	}
	snprintf(who, TEXT, "an unknown user");
	if (text[0] == '\0')
		return false;
	if (!input->always)
		atomic_store(&o->told, true);
	uid = (uint32_t)strtoll(text, &end, 10);
	if (*end != '\0')
		return false;
	snprintf(who, TEXT, "uid %u", uid);
	for (size_t i = 0; i < o->uids; i++)
		if (o->uid[i] == uid)
			return true;
	return false;
}

static bool check_unit(struct origin *o, smsg_t *msg, const struct input *input,
		       char who[TEXT])
{
	char text[TEXT];

	if (input->unit.name == NULL) {
		tally_gap(o->tally, TALLY_NO_UNIT);
		return true;
	}
	get(msg, &input->unit, text);
	snprintf(who, TEXT, "%s%.200s", text[0] == '\0' ? "no unit" : UNIT,
		 text);
	return listed(&o->settings->origin_unit, text);
}

/* Another machine, and one that origin.from has. A line that came over the
 * network from this one may be anybody's. */
static bool vouched(const struct origin *o, const struct address *sender)
{
	const char *special = address_special(sender, NULL);

	return o->senders > 0 &&
	       (special == NULL || strcmp(special, "loopback") != 0);
}

static bool check_from(const struct origin *o, smsg_t *msg,
		       struct address *sender, char who[TEXT])
{
	char text[TEXT];

	memset(sender, 0, sizeof(*sender));
	if (o->senders == 0)
		return true;
	get_plain(msg, PROP_FROMHOST_IP, text);
	snprintf(who, TEXT, "the sender %.200s", text[0] == '\0' ? "?" : text);
	return address_parse(text, strlen(text), sender) == 0 &&
	       address_covered(sender, o->sender, o->senders);
}

static bool check(struct origin *o, smsg_t *msg, char who[TEXT])
{
	const struct settings *s = o->settings;
	const struct input *input;
	struct address sender;
	char name[TEXT];

	if (!check_from(o, msg, &sender, who))
		return false;
	if (s->origin_uid.entries + s->origin_unit.entries == 0)
		return true;
	get_plain(msg, PROP_INPUTNAME, name);
	input = find_input(name);
	if (input == NULL) {
		snprintf(who, TEXT, "somebody through %.200s", name);
		return vouched(o, &sender);
	}
	return (s->origin_uid.entries == 0 || check_uid(o, msg, input, who)) &&
	       (s->origin_unit.entries == 0 || check_unit(o, msg, input, who));
}

bool origin_foreign(struct origin *o, smsg_t *msg, struct slice tag)
{
	char who[TEXT], program[TALLY_WORD];
	size_t len = 0;

	if (o == NULL || check(o, msg, who))
		return false;
	while (len < tag.len && len < sizeof(program) - 1 &&
	       strchr("[: ", tag.at[len]) == NULL)
		len++;
	memcpy(program, tag.at, len);
	program[len] = '\0';
	tally_add(o->tally, who, program);
	return true;
}
