/* completion: see completion.h. */
#include "completion.h"

#include <stdio.h>
#include <string.h>

#include "verb.h"

enum status verb_completion(const struct cli *c)
{
	const char *const *line = completion_bash;

	if (strcmp(c->word[1], "zsh") == 0)
		line = completion_zsh;
	else if (strcmp(c->word[1], "bash") != 0)
		return edge_end(STATUS_USAGE,
				"'completion' has no use for '%s'; allowed: "
				"bash, zsh",
				c->word[1]);
	for (; *line != NULL; line++)
		fprintf(c->out.file, "%s\n", *line);
	return STATUS_OK;
}
