/* chart: see chart.h. */
#include "chart.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "calendar.h"
#include "markup.h"

/* In units of the drawing, which are pixels of a page that has room for it. */
struct size {
	const char *class;
	int width;
	int height; /* of columns */
	int names;  /* columns of text for names of bars */
	int name_width;
};

/* Of a card that takes the whole page, and of one that takes half of it. */
static const struct size whole[] = {
	{.class = "wide", .width = 860, .height = 200},
	{.class = "narrow", .width = 330, .height = 180},
};
static const struct size half[] = {
	{.class = "half", .width = 430, .names = 21, .name_width = 166},
	{.class = "narrow", .width = 330, .names = 15, .name_width = 122},
};

enum {
	SIZES = 2,
	LEFT = 40, /* of the axis, for its numbers */
	RIGHT = 14,
	TOP = 10,
	BOTTOM = 24, /* for the labels */
	LABEL = 58,  /* the room that one label takes */
	BAR = 26,    /* from one bar to the next */
	THICK = 16,
	NUMBER = 48 /* behind a bar */
};

/* ---- numbers ---- */

int64_t chart_step(int64_t largest)
{
	static const int factors[] = {1, 2, 5};
	int64_t power = 1;

	for (;; power *= 10)
		for (size_t i = 0; i < 3; i++)
			if ((largest - 1) / 5 < factors[i] * power)
				return factors[i] * power;
}

char *chart_tick(int64_t number, char buf[CHART_LABEL])
{
	static const char units[] = {'\0', 'k', 'M', 'G', 'T', 'P', 'E'};
	double n = (double)number;
	size_t unit = 0;

	for (; n >= 1000 && unit + 1 < sizeof(units); unit++)
		n /= 1000;
	if (unit == 0)
		snprintf(buf, CHART_LABEL, "%" PRId64, number);
	else
		snprintf(buf, CHART_LABEL, "%.4g%c", n, units[unit]);
	return buf;
}

/* ---- the frame ---- */

static void begin(const struct chart *c, const struct size *s, int height)
{
	fprintf(c->file,
		"<svg class=\"chart %s\" viewBox=\"0 0 %d %d\" role=\"img\""
		" aria-labelledby=\"%s-%s-t %s-%s-d\">\n<title id=\"%s-%s-t\">",
		s->class, s->width, height, c->id, s->class, c->id, s->class,
		c->id, s->class);
	markup_html(c->file, c->title);
	fprintf(c->file, "</title><desc id=\"%s-%s-d\">", c->id, s->class);
	markup_html(c->file, c->description);
	fputs("</desc>\n", c->file);
}

static void end(const struct chart *c)
{
	fputs("</svg>\n", c->file);
}

/* What a mark is, shown where the pointer rests. */
static void put_title(FILE *f, const char *what, int64_t n, const char *of)
{
	fputs("<title>", f);
	markup_html(f, what);
	fputs(": ", f);
	markup_number(f, n);
	if (of[0] != '\0')
		fprintf(f, " %s", of);
	fputs("</title>", f);
}

/* ---- columns over time ---- */

static int64_t sum_of(const struct chart_columns *of, size_t point)
{
	int64_t sum = 0;

	for (size_t i = 0; i < of->series; i++)
		sum += of->value[point * of->series + i];
	return sum;
}

/* Where the top of the axis is: the first mark that nothing is above. */
static int64_t top_of(const struct chart_columns *of, int64_t *step)
{
	int64_t largest = 1;

	for (size_t i = 0; i < of->points; i++)
		if (sum_of(of, i) > largest)
			largest = sum_of(of, i);
	if (largest > INT64_MAX / 4)
		largest = INT64_MAX / 4; /* somebody has edited the counts */
	*step = chart_step(largest);
	return (largest + *step - 1) / *step * *step;
}

static void put_axis(FILE *f, const struct size *s, int64_t top, int64_t step)
{
	int plot = s->height - TOP - BOTTOM;
	char tick[CHART_LABEL];

	for (int64_t n = 0; n <= top; n += step) {
		double y = s->height - BOTTOM - (double)n / (double)top * plot;

		fprintf(f,
			"<path class=\"%s\" d=\"M%d %.1fH%d\"/>"
			"<text class=\"a e\" x=\"%d\" y=\"%.1f\">%s</text>\n",
			n == 0 ? "axis" : "grid", LEFT, y, s->width - RIGHT,
			LEFT - 6, y + 4, chart_tick(n, tick));
	}
}

/* The parts of one column, from the axis up. */
static void put_column(FILE *f, const struct size *s,
		       const struct chart_columns *of, size_t point,
		       int64_t top)
{
	int plot = s->height - TOP - BOTTOM;
	double room = (double)(s->width - LEFT - RIGHT) / (double)of->points;
	double gap = room > 12 ? room * 0.25 : room > 3 ? 1 : 0;
	double width = room - gap < 40 ? room - gap : 40;
	double x = LEFT + (double)point * room + (room - width) / 2;
	double y = s->height - BOTTOM;

	for (size_t i = 0; i < of->series; i++) {
		int64_t n = of->value[point * of->series + i];
		double height =
			(double)(n < top ? n : top) / (double)top * plot;

		if (n <= 0)
			continue;
		/* The smallest number is still something to be seen. */
		if (height < 1.5)
			height = 1.5;
		y -= height;
		fprintf(f,
			"<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\""
			" width=\"%.2f\" height=\"%.2f\"%s>",
			of->style[i], x, y, width, height,
			width > 5 ? " rx=\"1.5\"" : "");
		put_title(f, of->whole[point], n, of->name[i]);
		fputs("</rect>\n", f);
	}
}

/* As many labels as there is room for, evenly. */
static void put_labels(FILE *f, const struct size *s,
		       const struct chart_columns *of)
{
	int plot = s->width - LEFT - RIGHT;
	size_t most = (size_t)(plot / LABEL);
	size_t step = (of->points + most - 1) / most;
	double room = (double)plot / (double)of->points;

	for (size_t i = 0; i < of->points; i += step) {
		double x = LEFT + ((double)i + 0.5) * room;

		fprintf(f, "<text class=\"a m\" x=\"%.1f\" y=\"%d\">", x,
			s->height - 7);
		markup_html(f, of->label[i]);
		fputs("</text>\n", f);
	}
}

void chart_columns(const struct chart *c, const struct chart_columns *of)
{
	int64_t step, top = top_of(of, &step);

	for (size_t i = 0; i < SIZES; i++) {
		begin(c, &whole[i], whole[i].height);
		put_axis(c->file, &whole[i], top, step);
		for (size_t k = 0; k < of->points; k++)
			put_column(c->file, &whole[i], of, k, top);
		if (of->points > 0)
			put_labels(c->file, &whole[i], of);
		end(c);
	}
}

/* ---- bars ---- */

/* As much of a name as there is room for; all of it is in the title. */
static void put_name(FILE *f, const char *name, const struct size *s, int y)
{
	size_t bytes = markup_cut(name, (size_t)s->names);

	fprintf(f, "<text class=\"b e\" x=\"%d\" y=\"%d\">", s->name_width - 8,
		y);
	markup_html_bytes(f, name, bytes);
	fprintf(f, "%s</text>", name[bytes] == '\0' ? "" : "\u2026");
}

void chart_bars(const struct chart *c, const struct chart_bar *bar, size_t n)
{
	int64_t largest = 1;

	for (size_t i = 0; i < n; i++)
		if (bar[i].value > largest)
			largest = bar[i].value;
	for (size_t k = 0; k < SIZES; k++) {
		const struct size *s = &half[k];
		int plot = s->width - s->name_width - NUMBER;

		begin(c, s, (int)n * BAR + 4);
		for (size_t i = 0; i < n; i++) {
			int y = (int)i * BAR + 4;
			double width =
				(double)bar[i].value / (double)largest * plot;
			char number[MARKUP_ROUND];

			put_name(c->file, bar[i].name, s, y + THICK - 4);
			fprintf(c->file,
				"<rect class=\"%s\" x=\"%d\" y=\"%d\""
				" width=\"%.1f\" height=\"%d\" rx=\"2\">",
				bar[i].style, s->name_width, y,
				width < 1.5 ? 1.5 : width, THICK);
			put_title(c->file, bar[i].name, bar[i].value, "");
			fprintf(c->file,
				"</rect><text class=\"v\" x=\"%.1f\""
				" y=\"%d\">%s</text>\n",
				s->name_width + width + 6, y + THICK - 4,
				markup_round(bar[i].value, number));
		}
		end(c);
	}
}

/* ---- heat ---- */

enum { HEAT_LEVELS = 5, HEAT_LEFT = 34, HEAT_TOP = 4, HEAT_BOTTOM = 22 };

static int level_of(int64_t n, int64_t largest)
{
	int level;

	if (n <= 0)
		return 0;
	level = 1 + (int)((double)n * HEAT_LEVELS / (double)largest);
	return level > HEAT_LEVELS ? HEAT_LEVELS : level;
}

static void put_heat(const struct chart *c, const struct size *s,
		     const int64_t heat[7][24], int64_t largest)
{
	double room = (double)(s->width - HEAT_LEFT - 2) / 24;
	int row = s->width > 400 ? 24 : 20;
	char when[CHART_LABEL];

	begin(c, s, HEAT_TOP + 7 * row + HEAT_BOTTOM);
	for (int day = 0; day < 7; day++) {
		fprintf(c->file,
			"<text class=\"a e\" x=\"%d\" y=\"%d\">%s"
			"</text>\n",
			HEAT_LEFT - 8, HEAT_TOP + day * row + row / 2 + 4,
			calendar_weekdays[day]);
		for (int hour = 0; hour < 24; hour++) {
			snprintf(when, sizeof(when), "%s %02d:00",
				 calendar_weekdays[day], hour);
			fprintf(c->file,
				"<rect class=\"h%d\" x=\"%.2f\" y=\"%d\""
				" width=\"%.2f\" height=\"%d\" rx=\"2\">",
				level_of(heat[day][hour], largest),
				HEAT_LEFT + hour * room, HEAT_TOP + day * row,
				room - 2, row - 2);
			put_title(c->file, when, heat[day][hour], "attempts");
			fputs("</rect>\n", c->file);
		}
	}
	for (int hour = 0; hour<24; hour += s->width> 400 ? 3 : 6)
		fprintf(c->file,
			"<text class=\"a m\" x=\"%.1f\" y=\"%d\">%02d:00"
			"</text>\n",
			HEAT_LEFT + hour * room + room / 2 +
				(hour == 0 ? 6 : 0),
			HEAT_TOP + 7 * row + 16, hour);
	end(c);
}

void chart_heat(const struct chart *c, const int64_t heat[7][24])
{
	int64_t largest = 1;

	for (int day = 0; day < 7; day++)
		for (int hour = 0; hour < 24; hour++)
			if (heat[day][hour] > largest)
				largest = heat[day][hour];
	for (size_t i = 0; i < SIZES; i++)
		put_heat(c, &whole[i], heat, largest);
}
