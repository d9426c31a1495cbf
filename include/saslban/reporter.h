/*
 * reporter: where the engine's reports go: rsyslogd's own log, or a test.
 */
#ifndef SASLBAN_REPORTER_H
#define SASLBAN_REPORTER_H

enum report_level { REPORT_INFO, REPORT_NOTICE, REPORT_WARNING, REPORT_ERROR };

/* write is called on the engine's thread, with one line of text without a full
 * stop; it is the caller's and may not be kept. */
struct reporter {
	void (*write)(void *context, enum report_level level, const char *text);
	void *context;
};

#endif
