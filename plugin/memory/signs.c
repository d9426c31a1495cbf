/* signs: what bears on an outage; see saslban/memory.h. */
#include "parts.h"

void memory_note_trouble(struct memory *m, int64_t at)
{
	outage_note_trouble(&m->outage, at);
}

bool memory_note_success(struct memory *m, const char *user, int64_t at)
{
	struct name name = name_read(&m->key, user);

	return outage_note_login(&m->outage, name.whole, at);
}

void memory_signs(const struct memory *m, int64_t now, struct signs *out)
{
	outage_signs(&m->outage, now, out);
}

void memory_forget_signs(struct memory *m, int64_t at)
{
	outage_forget(&m->outage, at);
}

void memory_set_outage(struct memory *m, bool open, int64_t now)
{
	outage_set(&m->outage, open, now);
}

int64_t memory_outage_since(const struct memory *m, int64_t now)
{
	return outage_since(&m->outage, now);
}

bool memory_is_outage(const struct memory *m)
{
	return m->outage.open;
}
