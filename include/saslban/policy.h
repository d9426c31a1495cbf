/*
 * policy: what an address has earned.
 *
 * Pure: the verdict depends on the policy, the history, the sighting's time
 * and now, and on nothing else. Same inputs, same verdict.
 *
 * All times are Unix seconds, all durations seconds. DURATION_FOREVER is a
 * legal ban and a legal `until`.
 */
#ifndef SASLBAN_POLICY_H
#define SASLBAN_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_LADDER 32 /* steps that a ladder may have */

/* A line may be this far ahead of our clock and still be believed. */
#define POLICY_AHEAD 60

/* Customers of one address that count, and of its network. */
#define POLICY_CROWD 16
#define POLICY_NEIGHBOURS 3

/* So many customers who move about in a network make it a carrier's: anybody
 * may be at any of its addresses. */
#define POLICY_CARRIER 1

/* So many of them, and each address counts as one that so many customers use:
 * whoever has it now, it will be somebody else's in an hour. Not where as many
 * addresses fail as would ban the network: three accounts are soon stolen. */
#define POLICY_MOVERS 3
#define POLICY_MULTITUDE 60

/* Failures in an outage, for several accounts, after which an address that no
 * customer uses is no victim of it; and so many times network_hosts addresses
 * of a network in which nobody is known are none, either. */
#define POLICY_SWEEP 30
#define POLICY_SWEEP_HOSTS 2

/* Seconds: findtime, at most, where several customers are; a first ban
 * that is shorter is a warning; tries of one program one after the other; and
 * the time in which more than known.maxretry tries are no program with an old
 * password. */
#define POLICY_HOUR 3600
#define POLICY_DAY 86400
#define POLICY_BURST 15
#define POLICY_FAST 600

/* Days are early until it is a day since the first login was seen, on a server
 * that has had logins of so many users; and what was let pass in them is looked
 * at again for as long. */
#define POLICY_EARLY POLICY_DAY
#define POLICY_EARLY_USERS 8

/* Seconds: customers that fail within WINDOW make an outage; it is over when no
 * customer failed for QUIET, or none who had not failed before and it has
 * lasted for LONGEST; or when OVER users have logged in. */
#define POLICY_OUTAGE_WINDOW 600
#define POLICY_OUTAGE_QUIET 900
#define POLICY_OUTAGE_LONGEST 7200
#define POLICY_OUTAGE_OVER 2

struct policy {
	unsigned maxretry; /* at least 1 */
	int64_t findtime;  /* at least 1 s, finite */
	int64_t ladder[POLICY_LADDER];
	size_t steps;    /* at least 1 */
	unsigned factor; /* above 1: the last step grows by it each time */
	int64_t longest; /* no ban is longer; DURATION_FOREVER = no limit */
	int64_t forget; /* strikes fade this long after a ban ended; 0: never */

	/* Each of these is off when it is 0. */
	unsigned known_maxretry; /* patience with an address that customers
				  * use, for each of them */
	int64_t known_bantime;   /* an address that several customers use is
				  * not banned for longer */
	int64_t known_window;    /* a login is remembered so long */
	int64_t repeat_window;   /* a password that is tried again and again
				  * counts once in so long */
	unsigned account_hosts;  /* an account is under attack from so many
				  * addresses on ... */
	int64_t account_window;  /* ... that failed within so long */
	int64_t account_grace;   /* the first failure of a stranger for such an
				  * account may be its owner's: he has so long
				  * to log in. 0: none */
	unsigned trap_hosts;     /* the same of a name that never logged in */
	unsigned network_hosts;  /* a network is banned for so many addresses
				  * of it ... */
	int64_t network_window;  /* ... that failed within so long */
	unsigned network4;       /* prefix length of an IPv4 network */
	unsigned network6;       /* ... of an IPv6 network */
	unsigned network6_wide;  /* ... and of a larger one */
	unsigned breaker;        /* customers that fail one after the other
				  * make an outage */
	bool breach_ban;         /* who has guessed a password is banned */
};

/* What is remembered of one address in one jail, or of a network, and how it
 * bears on one more failure. */
struct history {
	int64_t failures; /* counted within the window, without the new one */
	unsigned strikes; /* the latest offense's, if it was not lifted; else
			   * the one before it */
	bool banned;      /* a ban runs now, of it or of its network */
	bool forever;     /* ... and never ends */
	int64_t last_end; /* when the latest ban ended or will end; 0 = there
			   * was none. Of one that was lifted the second
			   * behind: of what came in that second nobody can
			   * tell whether it was before */

	/* Who else is there. */
	unsigned customers;  /* users who logged in from the address lately */
	unsigned neighbours; /* ... from its network, these among them */
	bool near;           /* ... this user among these */
	unsigned movers;     /* ... who were at several addresses of it */

	/* The attempt in question. */
	unsigned echoed; /* of its attempts, told by another line before */
	bool doubtful;   /* the line does not say whose fault it was */
	bool failed;     /* the address has a failure that counts, within
			  * findtime */
	bool waiting;    /* a failure of this user is within its grace */
	bool repeated;   /* it is the same wrong password again */
	bool outage;     /* nobody can log in at this time */
	bool trap;       /* nobody honest knows that name */
	unsigned others; /* accounts besides it that failed from the address */
	int64_t excused; /* failures that did not count in the outage ... */
	unsigned excused_accounts; /* ... for so many accounts */

	/* The account that was tried. */
	unsigned account_hosts; /* other addresses that failed for it */
	bool account_known;     /* it has logged in, from anywhere */

	/* Of a network: addresses in it that have failed, with this one. Of an
	 * address: those in its network, without it. */
	unsigned hosts;
};

enum verdict_kind {
	VERDICT_COUNT,  /* a failure, not yet an offense */
	VERDICT_BAN,    /* an offense: ground, strike, from and until are set */
	VERDICT_LATE,   /* the address is, or at that time was, banned:
			 * for the record, never escalates */
	VERDICT_OLD,    /* older than findtime: for the record */
	VERDICT_ECHO,   /* another line told of this attempt */
	VERDICT_REPEAT, /* the same wrong password again */
	VERDICT_OUTAGE, /* nobody could log in */
	VERDICT_DOUBT,  /* perhaps our own trouble */
	VERDICT_GRACE,  /* a failure, and an offense after account_grace unless
			 * the user logs in from there */
	VERDICT_FORGIVEN /* counted, until the user has logged in. No verdict
			  * of policy_decide: what becomes of one */
};
#define VERDICT_KINDS (VERDICT_FORGIVEN + 1)

/* Why somebody is banned. */
enum ground {
	GROUND_COUNT,   /* too many failures */
	GROUND_ACCOUNT, /* a failure for an account under attack */
	GROUND_TRAP,    /* a failure for a trap user */
	GROUND_NETWORK, /* too many addresses of a network */
	GROUND_BREACH,  /* a guess that hit */
	GROUND_PERSON,  /* by hand */
	GROUND_FOUND    /* in a set, after the database was lost */
};
#define GROUNDS (GROUND_FOUND + 1)

struct verdict {
	enum verdict_kind kind;
	enum ground ground;
	unsigned strike; /* 1, 2, 3 ... */
	int64_t from;
	int64_t until; /* DURATION_FOREVER = never ends */
};

/* True of a failure that counts, be it an offense, or perhaps one later. */
bool verdict_counts(enum verdict_kind kind);

/* One word each, in the store and for programs. */
const char *verdict_word(enum verdict_kind kind);
const char *ground_word(enum ground ground);

/* What the word means; false when it means nothing. */
bool verdict_of(const char *word, enum verdict_kind *out);
bool ground_of(const char *word, enum ground *out);

/* What lies ahead of an address. */
struct outlook {
	struct verdict offense;    /* its next offense, if it came now: a ban
				    * that runs does not stand in its way */
	enum verdict_kind failure; /* what one more failure now would be: a
				    * count, a ban, or late */
	int64_t count;             /* how many would count then, with this one;
				    * 0 when it would be late */
};

/* The time at which a failure counts: the reported one if it is believable
 * (at most POLICY_AHEAD later than its arrival), else the arrival. */
int64_t policy_when(int64_t reported, int64_t arrived);

/* Its customers turn up at one of its addresses and another. */
bool policy_is_carrier(const struct history *h);

/* How many failures an address may have, less one: maxretry; or known.maxretry
 * for each customer of the address, or of its network. Of these at most
 * POLICY_CROWD and POLICY_NEIGHBOURS count; in the network of a carrier,
 * POLICY_MULTITUDE are taken to be there. */
unsigned policy_patience(const struct policy *p, const struct history *h);

/* Failures at or after this moment count for a sighting judged at now:
 * findtime back, but not before the latest ban's end. Where several customers
 * are, an hour back at most: there one more failure each hour is nothing. */
int64_t policy_window(const struct policy *p, const struct history *h,
		      int64_t now);

/* The address has strikes that have not faded. */
bool policy_remembers(const struct policy *p, const struct history *h,
		      int64_t now);

/* The length of the ban for a strike (1, 2, 3 ...). */
int64_t policy_sentence(const struct policy *p, unsigned strike);

/* h->failures must have been counted from policy_window(). count is the
 * number of attempts the sighting stands for, when its policy_when(). */
struct verdict policy_decide(const struct policy *p, const struct history *h,
			     unsigned count, int64_t when, int64_t now);

/* What a network has earned, once a failure in it counts. */
struct verdict policy_network(const struct policy *p, const struct history *h,
			      int64_t now);

/* An offense that needs no counting, at now. */
struct verdict policy_certain(const struct policy *p, const struct history *h,
			      enum ground ground, int64_t now);

/* True when tries of one user from one address come at a steady rhythm: those
 * of a program that does not know that its password is wrong. at: the times of
 * the n latest tries, in any order (sorted on return), the new one among
 * them; tries within POLICY_BURST are one. */
bool policy_is_steady(int64_t *at, size_t n);

/* ---- a login ---- */

/* Why a login is one that should not have been possible. */
enum breach {
	BREACH_NONE,
	BREACH_BANNED,   /* the address is banned, or was */
	BREACH_OTHERS,   /* the address has tried other accounts */
	BREACH_GUESSED,  /* the address has tried this account */
	BREACH_ATTACKED, /* an account under attack, from a new place */
	BREACH_HINDSIGHT /* the address went on to try other accounts */
};
#define BREACHES (BREACH_HINDSIGHT + 1)

/* What is remembered when a user logs in. */
struct entrance {
	bool known;             /* this user, from this address or network */
	unsigned customers;     /* as in struct history, without this user */
	unsigned neighbours;    /* ... */
	unsigned movers;        /* ... */
	bool early;             /* so little has been seen that a user of whom
				 * nothing is known may be anybody */
	bool settled;           /* ... and has had one address for long */
	unsigned elsewhere;     /* other places from which the user has logged
				 * in, a few at most */
	unsigned others;        /* other accounts that failed from here */
	int64_t guesses;        /* failures of this account from here */
	unsigned account_hosts; /* addresses that failed for the account */
	bool banned;            /* the address, or its network, is, or was
				 * within a day */
};

enum breach policy_breach(const struct policy *p, const struct entrance *e);

/* The same of a login that was let pass in the early days, as of somebody who
 * was new: his name is known from another place now. */
enum breach policy_breach_late(const struct policy *p,
			       const struct entrance *e);

/* A login may have been a guess that hit at once: the address has one customer
 * and tries the accounts of others. h is as for policy_decide; banned: it was,
 * for too many failures. */
bool policy_hindsight(const struct history *h, unsigned others, bool banned);

/* One word each, in the store and for programs. */
const char *breach_word(enum breach breach);

/* ---- an outage ---- */

/* What the breaker knows. */
struct signs {
	bool open;
	unsigned customers; /* that failed since anybody logged in, lately */
	bool trouble;       /* there was a line about our own in that time */
	unsigned logins;    /* of different users, since it was opened */
	int64_t last;       /* customer who had not failed before */
	int64_t again;      /* customer of any kind */
	int64_t opened;
};

/* Whether it is to be open now. */
bool policy_outage(const struct policy *p, const struct signs *s, int64_t now);

/* ---- in words ---- */

#define POLICY_WHY 160 /* text, with NUL */

/* Why, in words. user: the remote's text (saslban/plain.h). by: `postfix/smtpd
 * (postfix:3)`. failures: with the new one. Returns out. */
char *policy_why(const struct policy *p, const struct history *h,
		 enum ground ground, const char *user, const char *by,
		 int64_t failures, char out[POLICY_WHY]);

/* The same for a login. */
char *policy_breach_why(const struct policy *p, const struct entrance *e,
			enum breach breach, char out[POLICY_WHY]);

#define POLICY_USER 64 /* a user's name in a message, with NUL */

/* ---- what lies ahead ---- */

/* For those who ask what would happen. h is as for policy_decide. */
struct outlook policy_next(const struct policy *p, const struct history *h,
			   int64_t now);

#endif
