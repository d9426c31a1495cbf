/*
 * filter_impl: what the filter*.c share.
 *
 *   filter.c           rulesets: open, close, tell
 *   filter_judge.c     one line through the rules of a ruleset
 *   filter_conclude.c  what a rule that matched makes of the line
 *   filter_rule.c      one expression: compile, match within limits
 *   filter_literal.c   bytes that every match must hold
 *   filter_search.c    is a literal in a text?
 *   filter_dispatch.c  which rulesets a line concerns
 *   filter_sieve.c     which filters of the older kind a line concerns
 *   filter_session.c   what <F-MLFID> remembers from line to line
 *   filter_echo.c      records that a server writes twice
 *   filter_count.c     what the lines that a filter has read come to
 *   filter_known.c     lines that are deliberately not counted
 *   filter_explain.c   how a line was judged, for whoever watches
 */
#ifndef SASLBAN_FILTER_IMPL_H
#define SASLBAN_FILTER_IMPL_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <pthread.h>
#include <stdatomic.h>

#include "saslban/filter.h"
#include "saslban/filterfile.h"
#include "saslban/rawline.h"
#include "saslban/unmatched.h"

enum {
	FILTERS_MAX = 64, /* filters of one jail: bits of a mask */
	LITERAL_MAX = 48, /* bytes; a longer one is cut */
	NEEDS = 4,        /* literals that are looked for before a rule */
	ALTERNATES = 8,   /* <F-ALT_...> for one slot */
	PROGRAM_MAX = 48, /* bytes of a program's name; longer is not cached */
	NEEDS_MAX = 64,   /* different needs of one set that are shared */
	COUNT_MAX = 1000, /* attempts on one line; more is no honest count */
	CUT_FROM = LOGLINE_MAX - 300, /* text this long may have been cut: by
				       * us, or by rsyslogd, whose limit of
				       * 8 KiB counts the header too */
	CACHE_BITS = 6, /* two to the power: programs a worker remembers */
	SUBJECT_MAX = LOGLINE_MAX + 300 /* a line with its host name */
};

/* ---- literals ---- */

struct literal {
	char at[LITERAL_MAX];
	size_t len;
	size_t rare; /* which byte is looked for first (literal_index) */
};

struct literals {
	struct literal one[NEEDS];
	size_t n;
};

/* start: every match begins the text with it; may be empty. needs: every
 * match holds each of them; the longest first. */
void literal_derive(const char *regex, size_t len, struct literal *start,
		    struct literals *needs);

/* To be called once before literal_in. */
void literal_index(struct literal *l);
bool literal_in(const struct literal *l, struct slice text);

/* ---- one expression ---- */

/* What a match can tell, by the names of its groups. */
enum slot {
	SLOT_IP4,
	SLOT_IP6,
	SLOT_DNS,
	SLOT_FID,
	SLOT_CIDR,
	SLOT_CONTENT,
	SLOT_USER,
	SLOT_COUNT,
	SLOT_OKCOUNT,
	SLOT_MECH,
	SLOT_SESSION,
	SLOT_CODE,
	SLOT_NOFAIL,
	SLOT_MLFID,
	SLOT_MLFFORGET,
	SLOT_MLFGAINED,
	SLOTS
};

struct finding {
	struct slice slot[SLOTS]; /* at NULL: not there */
};

struct rule {
	enum rule_kind kind;
	char name[SIGHTING_WORD];
	const char *file;
	unsigned line;
	const char *regex;
	pcre2_code *code;
	bool jit; /* compiled to machine code, fit for the fast door */
	bool anchored;
	struct literal start;
	struct literals need;
	uint8_t need_id[NEEDS]; /* rules of a set share one for the same need;
				 * 0: it is looked for each time */
	uint16_t group[SLOTS][ALTERNATES]; /* first one that took part wins */
	bool has[SLOTS];
	atomic_uint_fast64_t hits;
	atomic_uint_fast64_t overruns;
};

/* own: `$` is the very end and there is no newline behind the text. */
int rule_compile(struct rule *r, const struct filterfile *file,
		 const struct filterfile_rule *source, bool own,
		 struct fault *why);
void rule_drop(struct rule *r);

/* True when it matches; then found gets what its groups took. */
bool rule_match(struct rule *r, struct filter_scratch *s, struct slice subject,
		struct finding *found);

/* ---- filters ---- */

struct sessions;
struct echoes;
struct counters;

/* What bars most rules from most lines, together in few bytes. */
struct gate {
	char first;   /* of the bytes that begin every match; 0: any */
	uint8_t need; /* id of a need; 0: none that is shared */
};

struct ruleset {
	uint64_t bit; /* in masks of sets */
	struct filterfile *source;
	struct counters *counters;
	struct rule *prefix; /* NULL: none */
	struct rule *rule;   /* in the order of filterfile */
	struct rule **order; /* those that judge, as they are asked */
	struct gate *gate;   /* of each of these */
	size_t rules;
	size_t judging; /* those in order; behind them in rule: ignoreregex */
	size_t ignores; /* how many; behind them knownregex */
	unsigned needs; /* ids given */
	bool fails;     /* it has a failregex */
	bool early;     /* ignoreregex is tried on the whole line first */
	struct sessions *sessions; /* NULL: no rule has <F-MLFID> */
	struct echoes *echoes;     /* NULL: every record stands for itself */
};

struct filter {
	struct ruleset *set[FILTERS_MAX];
	size_t sets;
	size_t rules;
	uint64_t foreign;    /* sets that want lines as a log file shows them */
	uint64_t everyone;   /* of these, the ones that know no program and no
			      * file: they see each line */
	uint64_t always;     /* of these, the ones the sieve cannot tell */
	uint64_t counted;    /* sets whose lines can be told by being asked */
	uint64_t watched;    /* sets that have a failregex */
	struct sieve *sieve; /* NULL: no foreign sets */
	struct unmatched_index unmatched;
};

/* Try every rule on every line from now on, whatever plain bytes it needs. For
 * tests: the answers must stay the same. */
void filter_no_shortcuts(struct filter *f);

/* The sets that want a program's lines, and those that read a file by that
 * tag. */
struct wanted {
	uint64_t lines;
	uint64_t files;
};

struct cached {
	struct wanted wanted;
	uint64_t first; /* how its name begins and ends */
	uint64_t last;
	uint8_t len;            /* and one more; 0: never used */
	char rest[PROGRAM_MAX]; /* between the two */
};

struct filter_scratch {
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	int8_t needed[NEEDS_MAX]; /* by id, for the text at hand: is it there?
				   * 0: not looked yet; of id 0, always */
	struct finding found;     /* all zero but during a match */
	uint64_t asked;           /* sets of which prefregex, if any, let the
				   * line pass */
	bool known;               /* a rule matches the line */
	struct slice own_text;    /* what filters of ours were asked about, and
				   * the others; at NULL: none was asked */
	struct slice foreign_text;
	bool cut;       /* the line may have lost its end */
	unsigned tired; /* times that rules ran into their limits on
			 * this line */
	struct explaining *explaining; /* NULL: nobody watches */
	struct cached cache[1 << CACHE_BITS];
	char subject[SUBJECT_MAX + 2];
	char content[SUBJECT_MAX + 2];
	struct rawline raw; /* a line of a file */
};

/* ---- dispatch ---- */

/* The program of a tag: without pid and colon. */
struct slice dispatch_program(struct slice tag);

/* For a tag that may not be cut yet (LOGLINE_MSG). */
struct wanted dispatch(const struct filter *f, struct filter_scratch *s,
		       struct slice tag);

/* ---- sieve ---- */

struct sieve *sieve_open(void);
void sieve_close(struct sieve *s);

/* False when the set has a rule of which nothing is known: then it has to be
 * tried on every line. bit is its bit in a mask. */
bool sieve_add(struct sieve *s, const struct ruleset *set, uint64_t bit);

/* The sets that may match this text. */
uint64_t sieve_scan(const struct sieve *s, struct slice text);

/* ---- conclusions ---- */

/* What a rule that matched makes of the line; sets out, also for nothing. */
enum sighting_kind conclude(const struct ruleset *set, struct rule *r,
			    const struct finding *found, struct logline *line,
			    struct sighting *out);

/* Decimal, or otherwise when it is none; at most COUNT_MAX. */
unsigned conclude_number(struct slice digits, unsigned otherwise);

/* ---- sessions ---- */

/* Shared by all workers, behind a lock of its own. */
struct sessions *sessions_open(void);
void sessions_close(struct sessions *s);

/* A failure rule with <F-MLFID> has matched: what it found is put to what the
 * session knows. True when that makes a failure with an address; then out is
 * complete. classic: by fail2ban's rules. */
bool sessions_join(struct sessions *s, bool classic,
		   const struct finding *found, struct sighting *out);

/* The session's address for another kind of sighting that lacks one; forgets
 * the session if the line ends it. False when it is not known. */
bool sessions_address(struct sessions *s, const struct finding *found,
		      struct sighting *out);

/* ---- echoes ---- */

struct echoes *echoes_open(void);
void echoes_close(struct echoes *e);

/* True when the same record came just before and had no echo yet. */
bool echoes_match(struct echoes *e, struct logline *line);

/* ---- counting ---- */

struct counters *counters_open(void);
void counters_close(struct counters *c);

/* These sets have read the line, or so many like it; for those of them that
 * are in unmatched too it looks like a failed login, and no rule matches. */
void count_line(const struct filter *f, uint64_t sets, uint64_t unmatched,
		const struct logline *line, uint64_t times);

/* ---- what is known ---- */

/* Of the sets that have read the line, those for which it is an unmatched one;
 * none, when one of them knows it. */
uint64_t known_unmatched(const struct filter *f, struct filter_scratch *s,
			 uint64_t sets, const struct logline *line);

/* ---- explaining: only when scratch says that somebody watches ---- */

/* The rules of a set are about to be asked about a text. */
void explain_set(struct filter_scratch *s, const struct ruleset *set,
		 struct slice subject);

/* A rule has been asked. found: NULL when it does not match. */
void explain_rule(struct filter_scratch *s, const struct rule *r,
		  struct slice subject, const struct finding *found);

/* A rule has matched and the line is nothing: why is that? */
void explain_nothing(struct filter_scratch *s, const struct rule *r,
		     const struct finding *found, const struct sighting *seen);

#endif
