/* metrics: numbers for those who draw curves and ring bells. */
#include "verb.h"

#include "meters.h"
#include "metric.h"
#include "outfile.h"

enum { MODE = 0644 }; /* node_exporter is another user; no number is secret */

static enum status write_file(const struct cli *c, const struct exposition *x)
{
	struct outfile o;
	struct fault why;

	if (outfile_open(&o, c->to, MODE, &why) < 0)
		return edge_fail(&why);
	if (exposition_print(x, o.file) < 0) {
		outfile_abandon(&o);
		return edge_memory();
	}
	return outfile_commit(&o, &why) < 0 ? edge_fail(&why) : STATUS_OK;
}

static enum status print(const struct cli *c, const struct exposition *x)
{
	if (c->to != NULL)
		return write_file(c, x);
	return exposition_print(x, c->out.file) < 0 ? edge_memory() : STATUS_OK;
}

enum status verb_metrics(const struct cli *c)
{
	struct exposition x = {.family = metric_families};
	struct session s;
	struct fault why;
	enum status status;

	status = session_open(&s, c, STORE_READ);
	if (status != STATUS_OK)
		return status;
	if (meters_take(&x, &s, &why) < 0)
		status = edge_fail(&why);
	else
		status = print(c, &x);
	exposition_release(&x);
	session_close(&s);
	return status;
}
