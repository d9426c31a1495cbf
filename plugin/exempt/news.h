/*
 * news: which host names are in trouble, and that it is over; each once.
 */
#ifndef SASLBAN_EXEMPT_NEWS_H
#define SASLBAN_EXEMPT_NEWS_H

#include "resolver.h"
#include "saslban/exempt.h"

/* As exempt_news. */
bool news_next(struct resolver *r, int64_t now, struct exempt_news *out);

#endif
