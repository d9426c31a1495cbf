/* quote: text as a word for a shell. */
#ifndef SASLBAN_CLI_QUOTE_H
#define SASLBAN_CLI_QUOTE_H

#define QUOTE_TEXT 1100 /* bytes, with NUL; a longer word is cut */

/* As it is when it needs no quotes. Returns out. */
char *quote_shell(const char *text, char out[QUOTE_TEXT]);

#endif
