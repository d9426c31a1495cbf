/* fit: see fit.h. */
#include "fit.h"

/* `2025-06-01 12:30:00`, cut. */
enum { MINUTES = 16, DAYS = 10 };

struct fitting {
	struct fit *fit;
	const struct column *column;
	size_t n;
	size_t line;
};

/* The width of a line; smallest: when all that may be cut is. */
static size_t total(const struct fitting *x, bool smallest)
{
	size_t sum = 0;

	for (size_t i = 0; i < x->n; i++) {
		size_t width = x->fit->width[i];
		size_t min = x->column[i].min;

		if (!x->fit->shown[i])
			continue;
		if (smallest && min > 0 && width > min)
			width = min;
		sum += width + (sum > 0 ? FIT_GAP : 0);
	}
	return sum;
}

static void move_below(const struct fitting *x)
{
	for (size_t i = 0; i < x->n; i++) {
		x->fit->below[i] = x->column[i].below;
		x->fit->shown[i] = !x->column[i].below;
	}
}

static void cut_times(const struct fitting *x, size_t to)
{
	for (size_t i = 0; i < x->n; i++)
		if (x->column[i].kind == COLUMN_TIME && x->fit->width[i] > to)
			x->fit->width[i] = to;
}

static void leave_out(const struct fitting *x)
{
	for (unsigned spare = 1; spare <= FIT_COLUMNS; spare++)
		for (size_t i = 0; i < x->n; i++)
			if (x->column[i].spare == spare &&
			    total(x, true) > x->line)
				x->fit->shown[i] = false;
}

static void cut_texts(const struct fitting *x)
{
	for (size_t over = total(x, false); over > x->line; over--) {
		size_t widest = x->n;

		for (size_t i = 0; i < x->n; i++) {
			if (!x->fit->shown[i] || x->column[i].min == 0 ||
			    x->fit->width[i] <= x->column[i].min)
				continue;
			if (widest == x->n ||
			    x->fit->width[i] > x->fit->width[widest])
				widest = i;
		}
		if (widest == x->n)
			return;
		x->fit->width[widest]--;
	}
}

void fit_columns(struct fit *out, const struct column *column,
		 const size_t *width, size_t n, size_t line)
{
	struct fitting x = {out, column, n, line};

	for (size_t i = 0; i < n; i++) {
		out->shown[i] = true;
		out->below[i] = false;
		out->width[i] = width[i];
	}
	if (line == 0 || total(&x, false) <= line)
		return;
	move_below(&x);
	if (total(&x, false) > line)
		cut_times(&x, MINUTES);
	if (total(&x, true) > line)
		leave_out(&x);
	if (total(&x, true) > line)
		cut_times(&x, DAYS);
	cut_texts(&x);
}
