/*
 * needs: plain bytes that rules need, shared by those of one filter.
 *
 * Rules of one ruleset often need the same bytes: what most of them need is
 * looked for first, once for all.
 */
#ifndef SASLBAN_FILTER_NEEDS_H
#define SASLBAN_FILTER_NEEDS_H

struct ruleset;

/* Put the needs of each rule in their order and give them ids, 1 to
 * NEEDS_MAX - 1; those for which there is none left have id 0 and are looked
 * for by each rule. */
void needs_share(struct ruleset *ruleset);

#endif
