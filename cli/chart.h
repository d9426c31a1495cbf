/*
 * chart: charts as inline SVG, for a page without a script.
 *
 * Each is written twice, for a wide and for a narrow page, whose style sheet
 * shows one of them (classes `wide` or `half`, and `narrow`); colours are
 * classes, too: s1 to s4 for the parts of a column, h0 to h5 for heat. A chart
 * has a title and a description for who cannot see it, and each mark a title
 * with its number. Text may come from anywhere.
 */
#ifndef SASLBAN_CLI_CHART_H
#define SASLBAN_CLI_CHART_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { CHART_SERIES = 4, CHART_LABEL = 24 };

struct chart {
	FILE *file;
	const char *id; /* unique in the page */
	const char *title;
	const char *description;
};

/* Columns over time, each of parts that stand on one another. */
struct chart_columns {
	size_t points;
	size_t series;
	const char *name[CHART_SERIES];   /* of each part, for its title */
	const char *style[CHART_SERIES];  /* class */
	const int64_t *value;             /* points times series */
	const char (*label)[CHART_LABEL]; /* of each point, below the axis */
	const char (*whole)[CHART_LABEL]; /* the same, for its title */
};

void chart_columns(const struct chart *c, const struct chart_columns *of);

/* Bars from the left, one below the other. */
struct chart_bar {
	const char *name;
	int64_t value;
	const char *style; /* class */
};

void chart_bars(const struct chart *c, const struct chart_bar *bar, size_t n);

/* Attempts by weekday, Monday first, and hour. */
void chart_heat(const struct chart *c, const int64_t heat[7][24]);

/* A step between marks of an axis, 1, 2 or 5 times a power of 10, with which
 * the largest number is reached after four or five of them; at least 1. */
int64_t chart_step(int64_t largest);

/* 1500 as `1.5k`, for an axis. Returns buf. */
char *chart_tick(int64_t number, char buf[CHART_LABEL]);

#endif
