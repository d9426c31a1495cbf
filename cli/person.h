/* person: who is at the keyboard. */
#ifndef SASLBAN_CLI_PERSON_H
#define SASLBAN_CLI_PERSON_H

#include <stddef.h>

/* The name of the one who called sudo, else of the user; cut to size. Returns
 * buf. */
char *person_name(char *buf, size_t size);

#endif
