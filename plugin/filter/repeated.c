/* repeated: see repeated.h. */
#include "repeated.h"

#include <string.h>

#include "conclude.h"

unsigned repeated(const struct logline *line, struct logline *inner)
{
	static const char head[] = "message repeated ";
	static const char middle[] = " times: [";
	struct slice m = line->msg;
	size_t n = sizeof(head) - 1, digits;

	if (m.len < n || memcmp(m.at, head, n) != 0 || m.at[m.len - 1] != ']')
		return 0;
	for (digits = n;
	     digits < m.len && m.at[digits] >= '0' && m.at[digits] <= '9';
	     digits++)
		;
	if (m.len - digits < sizeof(middle) ||
	    memcmp(m.at + digits, middle, sizeof(middle) - 1) != 0)
		return 0;
	*inner = *line;
	inner->msg.at = m.at + digits + sizeof(middle) - 1;
	inner->msg.len = (size_t)(m.at + m.len - 1 - inner->msg.at);
	for (; inner->msg.len > 0 && *inner->msg.at == ' '; inner->msg.len--)
		inner->msg.at++;
	return conclude_number((struct slice){m.at + n, digits - n}, 0);
}
