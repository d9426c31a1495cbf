/* outbox: notices, from the moment of what they tell until they were sent. */
#include "storekit.h"

#include <stdio.h>
#include <string.h>

#include "saslban/breach.h"
#include "saslban/outbox.h"

enum { WAIT = 300, DAY = 86400 };

struct box {
	struct store *s;
	int64_t jail, other;
};

static int setup(void **state)
{
	static struct box b;

	b.s = kit_memory();
	b.jail = kit_jail(b.s, "sasl", "saslban");
	b.other = kit_jail(b.s, "rbl", "saslban-rbl");
	*state = &b;
	return 0;
}

static int teardown(void **state)
{
	struct box *b = *state;

	store_close(b->s);
	return 0;
}

/* A ban of the jail and its notice, which is due in so many seconds. */
static int64_t note(struct box *b, int64_t jail, const char *address,
		    unsigned strike, int64_t due)
{
	struct offense o = {.jail = jail,
			    .address = kit_address(address),
			    .strike = strike,
			    .at = NOW,
			    .until = NOW + DAY,
			    .why = "6 failures"};
	struct outbox_row row = {.jail = jail,
				 .kind = NOTICE_BAN,
				 .address = o.address,
				 .at = NOW,
				 .due = NOW + due};

	WRITE(b->s, offense_add(b->s, &o, &write_why));
	row.about = o.id;
	WRITE(b->s, outbox_add(b->s, &row, &write_why));
	return row.id;
}

static int64_t note_breach(struct box *b, const char *address)
{
	struct breach_row breach = {.jail = b->jail,
				    .at = NOW,
				    .user = "bob",
				    .host = kit_address(address),
				    .service = "dovecot",
				    .kind = "guess",
				    .why = "after 12 failures"};
	struct outbox_row row = {.jail = b->jail,
				 .kind = NOTICE_BREACH,
				 .address = breach.host,
				 .at = NOW,
				 .due = NOW};
	bool fresh;

	WRITE(b->s, breach_add(b->s, &breach, &fresh, &write_why));
	assert_true(fresh);
	row.about = breach.id;
	WRITE(b->s, outbox_add(b->s, &row, &write_why));
	return row.id;
}

static int64_t next_due(struct box *b)
{
	int64_t due;

	assert_int_equal(outbox_next(b->s, b->jail, &due, NULL), 0);
	return due;
}

static int64_t next_mail(struct box *b, int64_t now)
{
	int64_t mail;

	assert_int_equal(outbox_mail(b->s, b->jail, now, &mail, NULL), 0);
	return mail;
}

static void put(struct box *b, bool breach, bool together, int64_t now)
{
	WRITE(b->s,
	      outbox_put(b->s, b->jail, breach, together, now, &write_why));
}

static void sent(struct box *b, int64_t mail, int64_t now)
{
	WRITE(b->s, outbox_sent(b->s, b->jail, mail, now, &write_why));
}

static int see(void *context, const struct outbox_row *row)
{
	char *text = context, address[ADDRESS_TEXT] = "";
	size_t n = strlen(text);

	if (row->kind != NOTICE_DIGEST)
		address_print(&row->address, address);
	snprintf(text + n, KIT_TEXT - n, "%s%s %s %u", n == 0 ? "" : ", ",
		 notice_word(row->kind), address, row->strike);
	return 0;
}

#define MAIL(b, mail, expected)                                            \
	do {                                                               \
		char mail_text[KIT_TEXT] = "";                             \
		assert_int_equal(outbox_each((b)->s, (b)->jail, (mail), 0, \
					     see, mail_text, NULL),        \
				 0);                                       \
		assert_string_equal(mail_text, (expected));                \
	} while (0)

#define LOAD(b, breach, now, a, c, d)                                     \
	do {                                                              \
		struct notice_load l;                                     \
		assert_int_equal(outbox_load((b)->s, (b)->jail, (breach), \
					     WAIT, (now), &l, NULL),      \
				 0);                                      \
		assert_int_equal(l.due, (a));                             \
		assert_int_equal(l.sent, (c));                            \
		assert_int_equal(l.gathered, (d));                        \
	} while (0)

/* ---- tests ---- */

static void nothing_test(void **state)
{
	struct box *b = *state;
	struct outbox_row never = {.jail = b->jail, .due = NOTICE_NEVER};

	WRITE(b->s, outbox_add(b->s, &never, &write_why));
	assert_true(next_due(b) == NOTICE_NEVER);
	assert_int_equal(next_mail(b, NOW), 0);
	put(b, false, false, NOW);
	put(b, true, true, NOW);
	LOAD(b, false, NOW, 0, 0, 0);
}

static void one_test(void **state)
{
	struct box *b = *state;
	int64_t id = note(b, b->jail, "192.0.2.1", 1, 300);

	note(b, b->other, "192.0.2.2", 1, 10);
	assert_int_equal(next_due(b), NOW + 300);
	LOAD(b, false, NOW + 299, 0, 0, 0);
	put(b, false, false, NOW + 299);
	assert_int_equal(next_mail(b, NOW + 299), 0);
	LOAD(b, false, NOW + 300, 1, 0, 0);
	put(b, false, false, NOW + 300);
	LOAD(b, false, NOW + 300, 0, 0, 0);
	assert_int_equal(next_mail(b, NOW + 300), id);
	MAIL(b, id, "ban 192.0.2.1 1");
	sent(b, id, NOW + 301);
	assert_int_equal(next_mail(b, NOW + 301), 0);
	assert_true(next_due(b) == NOTICE_NEVER);
	MAIL(b, id, "");
	LOAD(b, false, NOW + 301, 0, 1, 0);
	LOAD(b, false, NOW + 600, 0, 1, 0);
	LOAD(b, false, NOW + 601, 0, 0, 0);
}

/* One mail per address, with the worst first; what is due takes along what
 * would be due later. */
static void escalation_test(void **state)
{
	struct box *b = *state;
	int64_t first = note(b, b->jail, "192.0.2.1", 1, 300);
	int64_t other = note(b, b->jail, "192.0.2.9", 1, 300);

	note(b, b->jail, "192.0.2.1", 2, 400);
	note(b, b->jail, "192.0.2.1", 3, 120);
	put(b, false, false, NOW + 120);
	assert_int_equal(next_mail(b, NOW + 120), first);
	MAIL(b, first, "ban 192.0.2.1 3, ban 192.0.2.1 2, ban 192.0.2.1 1");
	/* What was put stays so, whatever comes now. */
	note(b, b->jail, "192.0.2.1", 4, 120);
	MAIL(b, first, "ban 192.0.2.1 3, ban 192.0.2.1 2, ban 192.0.2.1 1");
	assert_int_equal(next_due(b), NOW + 120);
	sent(b, first, NOW + 121);
	assert_int_equal(next_mail(b, NOW + 121), 0);
	put(b, false, false, NOW + 300);
	assert_int_equal(next_mail(b, NOW + 300), other);
	MAIL(b, other, "ban 192.0.2.9 1");
	sent(b, other, NOW + 300);
	MAIL(b, next_mail(b, NOW + 300), "ban 192.0.2.1 4");
}

static void together_test(void **state)
{
	struct box *b = *state;
	int64_t first = note(b, b->jail, "192.0.2.1", 1, 300);
	struct outbox_sum sum;

	note(b, b->jail, "192.0.2.2", 3, 0);
	note(b, b->jail, "192.0.2.2", 4, 500);
	note_breach(b, "192.0.2.3");
	put(b, false, true, NOW);
	assert_int_equal(next_mail(b, NOW), first);
	MAIL(b, first, "ban 192.0.2.2 4, ban 192.0.2.2 3, ban 192.0.2.1 1");
	assert_int_equal(outbox_sum(b->s, b->jail, first, &sum, NULL), 0);
	assert_int_equal(sum.notices, 3);
	assert_int_equal(sum.addresses, 2);
	assert_int_equal(sum.breaches, 0);
	assert_int_equal(sum.worst, 2);
	assert_int_equal(sum.at, NOW);
	assert_false(sum.digest);
	sent(b, first, NOW);
	LOAD(b, false, NOW + 5, 0, 1, NOW);
	LOAD(b, true, NOW + 5, 1, 0, 0);
	LOAD(b, false, NOW + 300, 0, 0, 0);
	/* By the clock of then it lies in the future: it counts for nothing. */
	LOAD(b, false, NOW - 1, 0, 0, 0);
}

/* What else there is of an address goes with its breach. */
static void breach_test(void **state)
{
	struct box *b = *state;
	int64_t first = note(b, b->jail, "192.0.2.1", 1, 300);
	int64_t other = note(b, b->jail, "192.0.2.2", 1, 0);

	note_breach(b, "192.0.2.1");
	LOAD(b, false, NOW, 1, 0, 0);
	LOAD(b, true, NOW, 1, 0, 0);
	put(b, false, false, NOW);
	MAIL(b, other, "ban 192.0.2.2 1");
	MAIL(b, first, "");
	put(b, true, false, NOW);
	MAIL(b, first, "breach 192.0.2.1 0, ban 192.0.2.1 1");
	sent(b, first, NOW);
	LOAD(b, true, NOW, 0, 1, 0);
	LOAD(b, false, NOW, 0, 0, 0);
}

static int take(void *context, const struct outbox_row *row)
{
	*(struct outbox_row *)context = *row;
	return 1;
}

static void about_test(void **state)
{
	struct box *b = *state;
	int64_t mail = note_breach(b, "192.0.2.1");
	struct outbox_row row;

	put(b, true, false, NOW);
	assert_int_equal(outbox_each(b->s, b->jail, mail, 0, take, &row, NULL),
			 1);
	assert_string_equal(row.user, "bob");
	assert_string_equal(row.service, "dovecot");
	assert_string_equal(row.why, "after 12 failures");
	sent(b, mail, NOW);
	mail = note(b, b->jail, "192.0.2.2", 2, 0);
	put(b, false, false, NOW);
	assert_int_equal(kit_lift(b->s, b->jail, "192.0.2.2", NOW + 1), 1);
	assert_int_equal(outbox_each(b->s, b->jail, mail, 0, take, &row, NULL),
			 1);
	assert_int_equal(row.strike, 2);
	assert_int_equal(row.until, NOW + DAY);
	assert_true(row.lifted);
	assert_false(row.observed);
	assert_string_equal(row.why, "6 failures");
	/* The offense is gone: so is what is known of it. */
	WRITE(b->s, offense_prune(b->s, b->jail, NOW + DAY, 9, &(size_t){0},
				  &write_why));
	assert_int_equal(outbox_each(b->s, b->jail, mail, 0, take, &row, NULL),
			 1);
	assert_int_equal(row.strike, 0);
	assert_string_equal(row.why, "");
}

static void digest_test(void **state)
{
	struct box *b = *state;
	struct outbox_row row = {.jail = b->jail,
				 .kind = NOTICE_DIGEST,
				 .at = NOW - DAY,
				 .due = NOW};
	struct outbox_sum sum;
	int64_t id, since;

	assert_int_equal(outbox_digest(b->s, b->jail, &id, &since, NULL), 0);
	assert_int_equal(id, 0);
	WRITE(b->s, outbox_add(b->s, &row, &write_why));
	assert_int_equal(outbox_digest(b->s, b->jail, &id, &since, NULL), 0);
	assert_int_equal(id, row.id);
	assert_int_equal(since, NOW - DAY);
	/* It is no notice among others. */
	put(b, false, true, NOW + 1);
	LOAD(b, false, NOW + 1, 0, 0, 0);
	assert_int_equal(next_mail(b, NOW - 1), 0);
	assert_int_equal(next_mail(b, NOW), id);
	MAIL(b, id, "digest  0");
	assert_int_equal(outbox_sum(b->s, b->jail, id, &sum, NULL), 0);
	assert_int_equal(sum.notices, 1);
	assert_int_equal(sum.at, NOW - DAY);
	assert_true(sum.digest);
	WRITE(b->s,
	      outbox_digest_due(b->s, id, NOW - 60, NOW + 60, &write_why));
	assert_int_equal(next_mail(b, NOW), 0);
	assert_int_equal(next_due(b), NOW + 60);
	sent(b, id, NOW + 60);
	assert_int_equal(outbox_digest(b->s, b->jail, &id, &since, NULL), 0);
	assert_int_equal(id, 0);
	LOAD(b, false, NOW + 61, 0, 0, 0);
}

static void drop_test(void **state)
{
	struct box *b = *state;
	struct outbox_row row = {
		.jail = b->jail, .kind = NOTICE_DIGEST, .due = NOW};

	WRITE(b->s, outbox_add(b->s, &row, &write_why));
	note(b, b->jail, "192.0.2.1", 1, 300);
	WRITE(b->s, outbox_drop(b->s, b->jail, false, &write_why));
	assert_int_equal(next_due(b), NOW + 300);
	WRITE(b->s, outbox_drop(b->s, b->jail, true, &write_why));
	assert_true(next_due(b) == NOTICE_NEVER);
}

static void prune_test(void **state)
{
	struct box *b = *state;
	int64_t mail = note(b, b->jail, "192.0.2.1", 1, 0);
	size_t n;

	note(b, b->jail, "192.0.2.2", 1, 300);
	put(b, false, false, NOW);
	sent(b, mail, NOW);
	WRITE(b->s, outbox_prune(b->s, b->jail, NOW, 9, &n, &write_why));
	assert_int_equal(n, 0);
	WRITE(b->s, outbox_prune(b->s, b->jail, NOW + 1, 9, &n, &write_why));
	assert_int_equal(n, 1);
	assert_int_equal(next_due(b), NOW + 300);
	/* What nobody takes; a breach is told however late. */
	WRITE(b->s, outbox_prune(b->s, b->jail, NOW + 301, 9, &n, &write_why));
	assert_int_equal(n, 1);
	assert_true(next_due(b) == NOTICE_NEVER);
	note_breach(b, "192.0.2.3");
	WRITE(b->s, outbox_prune(b->s, b->jail, NOW + 301, 9, &n, &write_why));
	assert_int_equal(n, 0);
	assert_int_equal(next_due(b), NOW);
}

#define DELAY(b, before, n, of_breaches, a, c, d)                            \
	do {                                                                 \
		struct outbox_delay l;                                       \
		assert_int_equal(                                            \
			outbox_delay((b)->s, (b)->jail, (before), &l, NULL), \
			0);                                                  \
		assert_int_equal(l.notices, (n));                            \
		assert_int_equal(l.breaches, (of_breaches));                 \
		assert_int_equal(l.first, (a));                              \
		assert_int_equal(l.latest, (c));                             \
		assert_int_equal(l.sent, (d));                               \
	} while (0)

/* What waits although it was due; whether it is in a mail does not matter. */
static void delay_test(void **state)
{
	struct box *b = *state;
	int64_t mail = note(b, b->jail, "192.0.2.1", 1, 10);

	note(b, b->other, "192.0.2.9", 1, 0);
	DELAY(b, NOW + 10, 0, 0, 0, 0, 0);
	DELAY(b, NOW + 11, 1, 0, NOW + 10, NOW + 10, 0);
	note(b, b->jail, "192.0.2.2", 1, 300);
	note_breach(b, "192.0.2.3");
	DELAY(b, NOW + 11, 2, 1, NOW, NOW + 10, 0);
	put(b, false, false, NOW + 20);
	DELAY(b, NOW + 11, 2, 1, NOW, NOW + 10, 0);
	sent(b, mail, NOW + 20);
	DELAY(b, NOW + 11, 1, 1, NOW, NOW, NOW + 20);
	DELAY(b, NOW + 301, 2, 1, NOW, NOW + 300, NOW + 20);
}

/* A backup that was put back: what was due is taken as told, but for a breach
 * and what goes with it. */
static void pass_test(void **state)
{
	struct box *b = *state;
	struct outbox_passed passed;
	struct outbox_row digest = {
		.jail = b->jail, .kind = NOTICE_DIGEST, .due = NOW};
	int64_t first = note(b, b->jail, "192.0.2.1", 1, -9), later, due;

	note(b, b->other, "192.0.2.1", 1, -9);
	note(b, b->jail, "192.0.2.2", 1, -9);
	note(b, b->jail, "192.0.2.3", 3, 0);
	later = note(b, b->jail, "192.0.2.4", 1, 1);
	put(b, false, false, NOW - 5); /* of 1 and 2, in a mail each */
	note_breach(b, "192.0.2.3");
	WRITE(b->s, outbox_add(b->s, &digest, &write_why));
	WRITE(b->s, outbox_pass(b->s, b->jail, NOW, &passed, &write_why));
	assert_int_equal(passed.bans, 2);
	assert_int_equal(passed.breaches, 1);
	MAIL(b, first, "");
	put(b, true, false, NOW);
	MAIL(b, later - 1, "breach 192.0.2.3 0, ban 192.0.2.3 3");
	put(b, false, false, NOW + 1);
	MAIL(b, later, "ban 192.0.2.4 1");
	MAIL(b, digest.id, "digest  0");
	/* The other jail's is its own. */
	assert_int_equal(outbox_next(b->s, b->other, &due, NULL), 0);
	assert_int_equal(due, NOW - 9);
}

/* The clock is set: what waits waits as long as it would have; a digest is due
 * when the clock says so. */
static void shift_test(void **state)
{
	struct box *b = *state;
	struct outbox_row row = {.jail = b->jail,
				 .kind = NOTICE_DIGEST,
				 .at = NOW - 9,
				 .due = NOW + DAY};

	WRITE(b->s, outbox_add(b->s, &row, &write_why));
	note(b, b->jail, "192.0.2.1", 1, 300);
	WRITE(b->s, store_shift(b->s, b->jail, NOW - 1000, -1000, &write_why));
	assert_int_equal(next_due(b), NOW - 1000 + 300);
	WRITE(b->s, store_shift(b->s, b->jail, NOW + 50, 1050, &write_why));
	assert_int_equal(next_due(b), NOW + 50 + 300);
	put(b, false, true, NOW + 50);
	sent(b, next_mail(b, NOW + 50), NOW + 50);
	assert_int_equal(next_due(b), NOW + DAY);
	WRITE(b->s, store_shift(b->s, b->jail, NOW - 50, -100, &write_why));
	LOAD(b, false, NOW - 50, 0, 1, 0);
	assert_int_equal(next_due(b), NOW + DAY);
}

int main(void)
{
#define BOX_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	static const struct CMUnitTest tests[] = {
		BOX_TEST(nothing_test),    BOX_TEST(one_test),
		BOX_TEST(escalation_test), BOX_TEST(together_test),
		BOX_TEST(breach_test),     BOX_TEST(about_test),
		BOX_TEST(digest_test),     BOX_TEST(drop_test),
		BOX_TEST(prune_test),      BOX_TEST(shift_test),
		BOX_TEST(delay_test),      BOX_TEST(pass_test),
	};

	return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
