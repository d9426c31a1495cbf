/*
 * jailfile: fail2ban's jails, as its files say: jail.conf, jail.local and what
 * lies in jail.d, with what they include, in fail2ban's order.
 *
 * Pure text work: nothing is checked but the form.
 */
#ifndef SASLBAN_JAILFILE_H
#define SASLBAN_JAILFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "saslban/fault.h"

struct jailfile;

/* Paths of files, each of which is read over those before. A directory is read
 * as fail2ban reads its own, and so is one that has a path called jail.conf or
 * jail.local. On failure -1 and FAULT_FILTER, `file:line: reason`. */
int jailfile_open(struct jailfile **out, const char *const *paths, size_t n,
		  struct fault *why);
void jailfile_close(struct jailfile *f);

/* Jails, by their number: in the order in which they stand. */
size_t jailfile_jails(const struct jailfile *f);
const char *jailfile_name(const struct jailfile *f, size_t jail);

struct jailfile_value {
	char *text;       /* with all %(name)s put in; the caller frees it */
	const char *file; /* where it stands */
	unsigned line;
};

/* 1: *out is the option of the jail, or of [DEFAULT]; 0: there is none; -1: it
 * cannot be put together, or there is no memory. */
int jailfile_get(const struct jailfile *f, size_t jail, const char *option,
		 struct jailfile_value *out, struct fault *why);

/* What an admin has written: options of the jail, or (with everywhere) of
 * [DEFAULT], but for those that stand in jail.conf and in the paths-*.conf that
 * it includes. see gets each option's name and its place. */
void jailfile_each(const struct jailfile *f, size_t jail, bool everywhere,
		   void (*see)(void *context, const char *option,
			       const char *file, unsigned line),
		   void *context);

#endif
