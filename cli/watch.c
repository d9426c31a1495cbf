/* watch: see watch.h. */
#include "watch.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* ECMA-48: the cursor to the first place; the rest of the line, and of the
 * screen, becomes empty. DEC's private mode 25: is the cursor seen? */
#define HOME "\033[H"
#define REST_OF_LINE "\033[K"
#define REST_OF_SCREEN "\033[J"
#define HIDE_CURSOR "\033[?25l"
#define SHOW_CURSOR "\033[?25h"

enum { ROWS = 24, DIGITS = 4 };

enum status watch_pause(const char *text, int *seconds)
{
	size_t len = text == NULL ? 0 : strlen(text);

	*seconds = WATCH_PAUSE;
	if (text == NULL)
		return STATUS_OK;
	*seconds = 0;
	if (len > 0 && len <= DIGITS && strspn(text, "0123456789") == len)
		*seconds = (int)strtol(text, NULL, 10);
	if (*seconds >= 1 && *seconds <= WATCH_LONGEST)
		return STATUS_OK;
	return edge_end(STATUS_USAGE,
			"--watch '%s' is not allowed; allowed: 1 to %d seconds",
			text, WATCH_LONGEST);
}

static bool is_screen(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) == 1 && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

static size_t rows(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0)
		return ROWS;
	return size.ws_row;
}

/* What has room; the last line stays empty, or the screen would roll. */
static void draw(const char *text)
{
	size_t left = rows() - 1;

	fputs(HOME, stdout);
	for (; *text != '\0' && left > 0; left--) {
		size_t len = strcspn(text, "\n");

		printf("%.*s" REST_OF_LINE "\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
	fputs(REST_OF_SCREEN, stdout);
}

/* Once, into memory, so that the screen never shows half of it. */
static enum status show_on_screen(struct cli *now,
				  enum status (*show)(const struct cli *c))
{
	char *text = NULL;
	size_t bytes;
	FILE *memory = open_memstream(&text, &bytes);
	enum status status;

	if (memory == NULL)
		return edge_memory();
	now->out.file = memory;
	status = show(now);
	if (fclose(memory) != 0)
		status = edge_memory();
	else
		draw(text);
	free(text);
	return status;
}

static enum status show_once(const struct cli *c, bool screen, bool first,
			     enum status (*show)(const struct cli *c))
{
	struct cli now = *c;

	now.now = time(NULL);
	output_init(&now.out, stdout);
	if (screen)
		return show_on_screen(&now, show);
	if (!first && !c->json)
		fputc('\n', stdout);
	return show(&now);
}

/* They wait until they are asked for, so that nothing has to be done while one
 * is being handled. */
static void hold_signals(sigset_t *set)
{
	static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH};

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(set, held[i]);
	sigprocmask(SIG_BLOCK, set, NULL);
}

/* False when it is to end. Another size of the window is a reason to go on at
 * once. */
static bool pause_for(const sigset_t *set, int seconds)
{
	const struct timespec limit = {.tv_sec = seconds};
	int signal = sigtimedwait(set, NULL, &limit);

	return signal < 0 || signal == SIGWINCH;
}

enum status watch(const struct cli *c, int seconds,
		  enum status (*show)(const struct cli *c))
{
	bool screen = is_screen() && !c->json;
	enum status status;
	bool first = true;
	sigset_t set;

	hold_signals(&set);
	if (screen)
		fputs(HIDE_CURSOR HOME REST_OF_SCREEN, stdout);
	do {
		status = show_once(c, screen, first, show);
		first = false;
	} while (fflush(stdout) == 0 && pause_for(&set, seconds));
	if (screen)
		fputs(SHOW_CURSOR, stdout);
	return status;
}
