/*
 * timeline: a survey over time, as columns of a chart: by hours, days or weeks,
 * as its length asks for.
 */
#ifndef SASLBAN_CLI_TIMELINE_H
#define SASLBAN_CLI_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

#include "chart.h"
#include "survey.h"

struct timeline {
	size_t points;
	int64_t *attempts;
	int64_t *bans; /* CHART_SERIES for each, by strike */
	char (*label)[CHART_LABEL];
	char (*whole)[CHART_LABEL];
	const char *unit; /* `day by day` */
};

/* -1: out of memory. The caller closes it, then as well. */
int timeline_take(struct timeline *t, const struct survey *s);
void timeline_close(struct timeline *t);

#endif
