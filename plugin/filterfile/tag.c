/*
 * tag: <HOST>, <F-USER> ... -> groups.
 *
 * A host tag takes what fail2ban's takes, with the same number of groups by
 * the same names, so that references by number still fit: ip4, ip6, dns,
 * cidr, fid. They are loose (999.1.1.1 passes): what they found is read as an
 * address afterwards, and what is none counts for nothing.
 */
#include "tag.h"

#include <stdio.h>
#include <string.h>

#define IP4 "(?:::[Ff]{4}:)?(?P<ip4>[0-9]{1,3}(?:\\.[0-9]{1,3}){3})"
/* At least two colons, at most eight groups. */
#define IP6                                              \
	"(?P<ip6>(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:)" \
	"(?:(?:[0-9A-Fa-f]{1,4}:){1,7}|:(?=:))"          \
	"(?::(?:[0-9A-Fa-f]{1,4}:){0,6})?[0-9A-Fa-f]{0,4}(?<![^:]:))"
#define CIDR "(?P<cidr>[0-9]+)"
#define DNS "(?P<dns>[\\w\\-.^_]*\\w)"
#define ADDR "\\[?(?:" IP4 "|" IP6 ")\\]?"

struct known_tag {
	const char *name;
	const char *regex;
};

static const struct known_tag known_tags[] = {
	{"HOST", "(?:" ADDR "|" DNS ")"},
	{"ADDR", ADDR},
	{"F-ADDR/", ADDR},
	{"IP4", IP4},
	{"F-IP4/", IP4},
	{"IP6", IP6},
	{"F-IP6/", IP6},
	{"CIDR", CIDR},
	{"F-CIDR/", CIDR},
	{"SUBNET", "\\[?(?:" IP4 "|" IP6 ")(?:/" CIDR ")?\\]?"},
	{"F-SUBNET/", "\\[?(?:" IP4 "|" IP6 ")(?:/" CIDR ")?\\]?"},
	{"DNS", DNS},
	{"F-DNS/", DNS},
	{"F-ID/", "(?P<fid>\\S+)"},
	{"F-PORT/", "(?P<fport>\\w+)"},
};

enum { OPEN_MAX_TAGS = 32, GROUP_NAME = 32 };

struct open_tags {
	char name[OPEN_MAX_TAGS][GROUP_NAME + 1];
	size_t n;
};

/* How many bytes the tag at i has; 0 when what stands there is none. */
static size_t tag_len(const struct text *t, size_t i)
{
	size_t j = i + 1;

	if (j < t->len && t->at[j] == '/')
		j++;
	while (j < t->len && ((t->at[j] >= 'A' && t->at[j] <= 'Z') ||
			      (t->at[j] >= '0' && t->at[j] <= '9') ||
			      t->at[j] == '-' || t->at[j] == '_'))
		j++;
	if (j < t->len && t->at[j] == '/')
		j++;
	return j < t->len && t->at[j] == '>' && j > i + 1 ? j + 1 - i : 0;
}

static bool tag_is(const char *tag, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(tag, name, len) == 0;
}

/* The name of the group for F-USER, F-ALT_USER_1 or F-ID. */
static int group_name(const char *tag, size_t len, char *out)
{
	if (len == 0 || len > GROUP_NAME)
		return -1;
	for (size_t i = 0; i < len; i++) {
		char c = tag[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		out[i] = c == '-' ? '_' : c;
	}
	out[len] = '\0';
	if (strcmp(out, "id") == 0 || strcmp(out, "port") == 0) {
		char kept[GROUP_NAME + 1];

		memcpy(kept, out, sizeof(kept));
		snprintf(out, GROUP_NAME + 1, "f%.31s", kept);
	}
	return 0;
}

/* <F-NAME> opens a group, </F-NAME> closes it if it was opened. */
static int custom(const struct layers *l, struct open_tags *open,
		  const char *tag, size_t len, uint64_t from, struct text *out,
		  struct fault *why)
{
	bool closing = tag[0] == '/';
	size_t skip = closing ? 3 : 2;
	char name[GROUP_NAME + 1];

	if (tag[len - 1] == '/' || group_name(tag + skip, len - skip, name) < 0)
		return layers_fault(l, from, why, "unknown tag <%.*s>",
				    (int)len, tag);
	if (!closing) {
		if (open->n == OPEN_MAX_TAGS)
			return layers_fault(l, from, why,
					    "more than %d <F-...> tags",
					    OPEN_MAX_TAGS);
		snprintf(open->name[open->n++], GROUP_NAME + 1, "%s", name);
		text_puts(out, "(?P<", from);
		text_puts(out, name, from);
		text_puts(out, ">", from);
		return 0;
	}
	for (size_t i = 0; i < open->n; i++)
		if (strcmp(open->name[i], name) == 0) {
			text_puts(out, ")", from);
			return 0;
		}
	return layers_fault(l, from, why, "<%.*s> closes what was not opened",
			    (int)len, tag);
}

static int put_tag(const struct layers *l, struct open_tags *open,
		   const char *tag, size_t len, uint64_t from, struct text *out,
		   struct fault *why)
{
	for (size_t k = 0; k < sizeof(known_tags) / sizeof(known_tags[0]); k++)
		if (tag_is(tag, len, known_tags[k].name)) {
			text_puts(out, known_tags[k].regex, from);
			return 0;
		}
	if (tag_is(tag, len, "SKIPLINES"))
		return layers_fault(l, from, why,
				    "<SKIPLINES> is not supported: a rule sees "
				    "one line; join lines with <F-MLFID>");
	if (strncmp(tag, "F-", 2) == 0 || strncmp(tag, "/F-", 3) == 0)
		return custom(l, open, tag, len, from, out, why);
	/* The name of a group, as in (?P<USER>...), or plain text. */
	text_puts(out, "<", from);
	text_put(out, tag, len, from);
	text_puts(out, ">", from);
	return 0;
}

int tag_to_group(const struct layers *l, const struct text *in,
		 struct text *out, struct fault *why)
{
	struct open_tags open = {.n = 0};
	size_t i = 0;

	while (i < in->len) {
		size_t n = in->at[i] == '<' ? tag_len(in, i) : 0;

		if (n == 0) {
			text_copy(out, in, i, i + 1);
			i++;
			continue;
		}
		if (put_tag(l, &open, in->at + i + 1, n - 2, in->from[i], out,
			    why) < 0)
			return -1;
		i += n;
	}
	return 0;
}
