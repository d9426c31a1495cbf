/* variants_auth: the lines of Dovecot's auth process and its workers. */
#include "variants.h"

#define L VARIANT_LIST

/* Through syslog a line has no `Info: `; Dovecot's own log has one. */
static const char *const tag[] = {"dovecot: ", "dovecot[77]: ", NULL};
static const char *const level[] = {"", "Info: ", NULL};
static const char *const passdb[] = {
	"sql",           "ldap", "pam",      "passwd-file", "lua",
	"oauth2",        "dict", "static",   "passwd",      "shadow",
	"bsdauth",       "imap", "cram-md5", "My_Users.1",  "scram-sha-256",
	"checkpassword", NULL};
#define IP VARIANT_ADDRESS
static const char *const list23[] = {
	"(bob," IP "): ",        "(bob," IP ",<x/+1>): ",
	"(bob," IP ",master): ", "(bob@b.example," IP ",master,<x/+1>): ",
	"(bob," IP ",): ",       NULL};
static const char *const list24[] = {"(bob," IP ")",
				     "(bob," IP ",sasl:plain)",
				     "(bob," IP ",sasl:login)",
				     "(bob," IP ",sasl:scram-sha-256)",
				     "(bob," IP ",sasl:oauthbearer,master)",
				     NULL};
static const char *const worker23[] = {
	"auth-worker: ", "auth-worker(872): ", "auth-worker<872>: ", NULL};
static const char *const conn[] = {
	"", "conn unix:auth-worker (pid=870,uid=110): ",
	"conn unix:auth-worker (pid=870,uid=110): auth-worker<12>: ",
	"auth-worker<12>: ", NULL};
static const char *const session24[] = {": ", "<x/+1>: ", NULL};
static const char *const session24w[] = {
	"<388>: request [12]: ", "<388><x/+1>: request [12]: ",
	"<x/+1>: request [12]: ", "<388><x/+1>: ", NULL};
static const char *const passdb24[] = {
	"",       "sql: ",        "ldap: ",   "pam: ",    "passwd-file: ",
	"lua: ",  "oauth2: ",     "static: ", "passwd: ", "bsdauth: ",
	"imap: ", "My_Users.1: ", NULL};

#define HASHED(text)                                              \
	text, text " ", text " (SHA1 of given password: 5baa61)", \
		text " (given password: x)"
static const char *const wrong[] = {
	HASHED("Password mismatch"),
	HASHED("password mismatch"),
	HASHED("unknown user"),
	HASHED("Password mismatch (for LDAP bind)"),
	"invalid credentials",
	"Login attempt with empty password",
	"Login failed (status=1)",
	"User unknown",
	"oauth2 failed: Provided token is not valid",
	"pam_authenticate() failed: Authentication failure (Password "
	"mismatch?)",
	"pam_authenticate() failed: Authentication failure (password "
	"mismatch?)",
	"pam_authenticate() failed: User not known to the underlying "
	"authentication module",
	"user not authenticated: NT_STATUS_LOGON_FAILURE",
	NULL};

/* Said of a login too, and no wrong password. */
static const char *const innocent[] = {
	"unknown user - trying the next passdb",
	"Password mismatch - trying the next passdb",
	"User found from deny passdb",
	"Cached NULL password access",
	"Falling back to expired data from cache",
	"No password returned (and no nopassword)",
	"invalid password field '*'",
	"allow_nets check failed: IP 192.0.2.1 not in allowed networks",
	"Authentication failure due to policy server refusal",
	"oauth2 failed: User account is not active",
	"pam_authenticate() failed: Permission denied",
	"pam_acct_mgmt() failed: User account has expired",
	"invalid input",
	"Requested CRAM-MD5 scheme, but we have only CRYPT",
	"Username character disallowed by auth_username_chars: 0x2c",
	NULL};

static const char *const pam[] = {
	"pam_authenticate() failed: System error",
	"pam_authenticate() failed: Module is unknown",
	"pam_authenticate() failed: Error in service module",
	"pam_authenticate() failed: Critical error - immediate abort",
	"pam_authenticate() failed: Memory buffer error",
	"pam_authenticate() failed: Authentication service cannot retrieve "
	"authentication info",
	NULL};

/* What the client libraries say when nobody answers. */
static const char *const away[] = {
	"Password query failed: Not connected to database",
	"Password query failed: MySQL server has gone away",
	"Password query failed: Server has gone away",
	"Password query failed: Lost connection to MySQL server during query",
	"Password query failed: Lost connection to server during query",
	"Password query failed: Can't connect to MySQL server on 'h' (111)",
	"Password query failed: Query timed out",
	"Password query failed: could not connect to server: Connection "
	"refused",
	"Password query failed: connection to server at \"h\" (192.0.2.9), "
	"port 5432 failed: Connection refused",
	"Password query failed: server closed the connection unexpectedly",
	"Password query failed: unable to open database file",
	"ldap_search(base=dc=x filter=(uid=bob)) failed: Can't contact LDAP "
	"server",
	"ldap_search_ext(base=dc=x) failed: Server is unavailable",
	"ldap_bind(uid=bob,dc=x) failed: Can't contact LDAP server",
	"ldap_bind() failed: Server is busy",
	"ldap_sasl_bind() failed: Can't contact LDAP server",
	"LDAP connection appears to be hanging",
	"Connection appears to be hanging, reconnecting",
	"Aborting (timeout), we're not connected to LDAP server",
	NULL};

/* An answer, if not the one that was hoped for. */
static const char *const answered[] = {
	"Password query failed: Illegal mix of collations for operation '='",
	"Password query failed: invalid byte sequence for encoding \"UTF8\"",
	"ldap_bind() failed: Invalid DN syntax",
	"ldap_search(base=dc=x filter=(uid=bob)) failed: Bad search filter",
	"pass_filter matched multiple objects, aborting",
	"Unknown scheme X",
	NULL};

static const char *const direct[] = {
	"mysql(db.example): Connect failed to database (vmail): x",
	"mysql: Connect failed to database (vmail): x - waiting for 1 seconds",
	"pgsql(db.example): Connect failed to database vmail: x (state: y)",
	"pgsql(db.example): Connect failed: Timeout after 30 seconds",
	"sqlite: open(/x) failed: unable to open database file (14)",
	"cassandra: Couldn't connect to Cassandra: x",
	"ldap(ldaps://h): Can't connect to server: ldaps://h",
	"LDAP: Can't connect to server: h",
	"LDAP /etc/dovecot/ldap: ldap_start_tls_s() failed: x",
	"LDAP: binding failed (dn x): Can't contact LDAP server",
	"ldap(/etc/x): Connection lost to LDAP server, reconnecting",
	NULL};

#define AUTH L("auth: ")
#define AUTH24 L("auth")
#define WORKER24 L("auth-worker")
#define EITHER24 L("auth", "auth-worker")
#define ERROR L("Error: ")
#define MODE(name) "dovecot[mode=" name "]"

const struct variant_row variants_auth[] = {
	{"dovecot 2.2 and 2.3, auth: wrong credentials",
	 MODE("auth"),
	 {tag, AUTH, level, passdb, list23, wrong},
	 VARIANT_FAILS},
	{"dovecot 2.4, auth: wrong credentials",
	 MODE("auth"),
	 {tag, AUTH24, list24, session24, level, passdb24, wrong},
	 VARIANT_FAILS},
	{"dovecot 2.2 and 2.3, both: wrong credentials",
	 MODE("both"),
	 {tag, AUTH, level, passdb, list23, wrong},
	 VARIANT_FAILS},
	{"dovecot 2.4, both: wrong credentials",
	 MODE("both"),
	 {tag, AUTH24, list24, session24, level, passdb24, wrong},
	 VARIANT_FAILS},
	{"dovecot 2.2 and 2.3, worker: wrong credentials",
	 MODE("auth-worker"),
	 {tag, worker23, level, conn, passdb, list23, wrong},
	 VARIANT_FAILS},
	{"dovecot 2.4, worker: wrong credentials",
	 MODE("auth-worker"),
	 {tag, WORKER24, list24, session24w, level, passdb24, wrong},
	 VARIANT_FAILS},
	{"dovecot 2.2 and 2.3, login: another line counts",
	 "dovecot",
	 {tag, AUTH, level, passdb, list23, wrong},
	 VARIANT_NEVER},
	{"dovecot 2.4, login: another line counts",
	 "dovecot",
	 {tag, EITHER24, list24, session24w, level, passdb24, wrong},
	 VARIANT_NEVER},
	{"dovecot 2.2 and 2.3: said in passing",
	 MODE("both"),
	 {tag, AUTH, level, passdb, list23, innocent},
	 VARIANT_NEVER},
	{"dovecot 2.4: said in passing",
	 MODE("both"),
	 {tag, EITHER24, list24, session24w, level, passdb24, innocent},
	 VARIANT_NEVER},
	{"dovecot 2.2 and 2.3: PAM is broken",
	 "dovecot",
	 {tag, AUTH, level, L("pam"), list23, pam},
	 VARIANT_BREAK},
	{"dovecot 2.2 and 2.3, worker: PAM is broken",
	 "dovecot",
	 {tag, worker23, level, conn, L("pam"), list23, pam},
	 VARIANT_BREAK},
	{"dovecot 2.4: PAM is broken",
	 "dovecot",
	 {tag, EITHER24, list24, session24w, level, L("pam: "), pam},
	 VARIANT_BREAK},
	{"dovecot 2.2 and 2.3: nobody answers",
	 "dovecot",
	 {tag, AUTH, ERROR, passdb, list23, away},
	 VARIANT_BREAK},
	{"dovecot 2.2 and 2.3, worker: nobody answers",
	 "dovecot",
	 {tag, worker23, ERROR, conn, passdb, list23, away},
	 VARIANT_BREAK},
	{"dovecot 2.4: nobody answers",
	 "dovecot",
	 {tag, EITHER24, list24, session24w, ERROR,
	  L("sql: ", "ldap: ", "My_Users.1: "), away},
	 VARIANT_BREAK},
	{"dovecot 2.2 and 2.3: somebody answers",
	 "dovecot",
	 {tag, AUTH, ERROR, passdb, list23, answered},
	 VARIANT_NEVER},
	{"dovecot 2.4: somebody answers",
	 "dovecot",
	 {tag, EITHER24, list24, session24w, ERROR, L("sql: ", "ldap: "),
	  answered},
	 VARIANT_NEVER},
	{"dovecot: drivers that do not get through",
	 "dovecot",
	 {tag,
	  L("auth: ", "auth-worker: ", "auth-worker(872): ",
	    "auth-worker<872>: "),
	  ERROR, conn, direct},
	 VARIANT_BREAK},
	{"dovecot: workers that do not come",
	 "dovecot",
	 {tag, AUTH, ERROR, L("", "auth-worker: ", "auth worker: "),
	  L("net_connect_unix(auth-worker) failed: Connection refused",
	    "Unable to connect worker: net_connect_unix(auth-worker) failed: "
	    "x")},
	 VARIANT_BREAK},
	{"dovecot: requests that a flood made wait",
	 "dovecot",
	 {tag, AUTH, L("Error: ", "Warning: "),
	  L("", "auth-worker: ", "auth workers: "),
	  L("Auth request was queued for 31 seconds, 3 left in queue (see "
	    "auth_worker_max_count)",
	    "Aborting auth request that was queued for 61 secs, 3 left in "
	    "queue")},
	 VARIANT_NEVER},
};

const size_t variants_auth_count =
	sizeof(variants_auth) / sizeof(variants_auth[0]);
