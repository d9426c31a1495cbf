/* variants_others: the lines of Postfix's smtpd, of Cyrus IMAP, of SOGo, and of
 * servers in containers. */
#include "variants.h"

#define L VARIANT_LIST
#define IP VARIANT_ADDRESS

static const char *const smtpd[] = {"postfix/smtpd[9]: ",
				    "postfix/smtpd: ",
				    "postfix/smtpd[9] ",
				    "postfix/smtpd ",
				    "postfix/submission/smtpd[9]: ",
				    "postfix/submissions/smtpd[9]: ",
				    "postfix/smtps/smtpd[9]: ",
				    "postfix/587/smtpd[9]: ",
				    "postfix-out/smtpd[9]: ",
				    "postfix-out/submission/smtpd[9]: ",
				    "Postfix/smtpd[9]: ",
				    "POSTFIX-OUT/SMTPD[9]: ",
				    "postfix/smtpd [9]: ",
				    NULL};
static const char *const client[] = {
	"warning: unknown[" IP "]: SASL ",
	"warning: host-1.example[" IP "]: SASL ",
	"warning: host-1.example[" IP "]:4711: SASL ", NULL};
static const char *const mech[] = {"PLAIN",
				   "LOGIN",
				   "CRAM-MD5",
				   "DIGEST-MD5",
				   "SCRAM-SHA-1",
				   "SCRAM-SHA-256",
				   "SCRAM-SHA-256-PLUS",
				   "NTLM",
				   "GSSAPI",
				   "XOAUTH2",
				   "OAUTHBEARER",
				   "EXTERNAL",
				   "login",
				   NULL};
static const char *const password[] = {"PLAIN", "LOGIN", NULL};
static const char *const failed[] = {" authentication failed: ", NULL};
static const char *const user[] = {"", ", sasl_username=bob@b.example",
				   ", sasl_username=(unavailable)", NULL};

static const char *const wrong[] = {
	"",
	"(reason unavailable)",
	"authentication failure",
	"user not found",
	"UGFzc3dvcmQ6",
	"VXNlcm5hbWU6",
	"eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiQmVhcmVyIn0=",
	"{\"status\":\"invalid_token\",\"scope\":\"mail\"}",
	"Authentication failed.",
	NULL};
static const char *const protocol[] = {
	"another step is needed in authentication",
	"Invalid authentication mechanism",
	"Invalid authentication mechanism: 'X'",
	"Invalid base64 data in continued response",
	"bad protocol / cancel",
	"can't request information until later in exchange",
	"invalid parameter supplied",
	"overflowed buffer",
	"server failed mutual authentication step",
	"mechanism doesn't support requested feature",
	"channel binding failure",
	NULL};
static const char *const policy[] = {
	"passphrase expired, has to be reset",
	"account disabled",
	"authorization failure",
	"encryption needed to use mechanism",
	"mechanism too weak for this user",
	"One time use of a plaintext password will enable requested mechanism "
	"for user",
	"passphrase locked",
	"passphrase is too weak for security policy",
	"user supplied passwords are not permitted",
	"user exists, but no verifier for user",
	"version mismatch with plug-in",
	NULL};
static const char *const trouble[] = {
	"Can't connect to authentication server",
	"Authentication backend error",
	"Temporary authentication failure",
	"no memory available",
	"transient failure (e.g., weak key)",
	"remote authentication server unavailable",
	"SASL library is not initialized",
	"error when parsing configuration file",
	NULL};
static const char *const doubt[] = {"Connection lost to authentication server",
				    "authentication request timed out",
				    "no mechanism available", NULL};

/* Cyrus IMAP; the last two are Courier's as well, and have no pid then. */
static const char *const cyrus[] = {
	"cyrus/imap[9]: ", "cyrus/imapd[9]: ", "cyrus/pop3s[9]: ",
	"mail/imapd[9]: ", "imap[9]: ",        "imaps[9]: ",
	"pop3[9]: ",       "lmtpd[9]: ",       "lmtp[9]: ",
	"timsieved[9]: ",  "sieve[9]: ",       "nntpd[9]: ",
	"imap: ",          "lmtpd: ",          "Cyrus/IMAP[9]: ",
	"imapd[9]: ",      "pop3d[9]: ",       NULL};
static const char *const from[] = {"[" IP "]", "host-1.example [" IP "]",
				   "host-1.example[" IP "]", NULL};
static const char *const cyrus_wrong[] = {
	" PLAIN authentication failure",
	" plaintext bob invalid user",
	" plaintext (bob) invalid user",
	" plaintext bob SASL(-13): authentication failure: checkpass failed",
	" plaintext (bob) [SASL(-13): authentication failure: checkpass "
	"failed]",
	" DIGEST-MD5 [SASL(-13): authentication failure: x]",
	" SCRAM-SHA-256 (bob) [SASL(-20): user not found: x]",
	" PLAIN (-notset-) [authentication failure]",
	" PLAIN [SASL(-13): authentication failure: Password verification "
	"failed]",
	NULL};
static const char *const cyrus_ok[] = {
	" bob plaintext User logged in",
	" bob plaintext+TLS User logged in SESSIONID=<cyrus-1-2-3>",
	" bob PLAIN+TLS User logged in", " bob DIGEST-MD5 User logged in",
	NULL};
static const char *const cyrus_innocent[] = {
	" anonymous login refused",
	" PLAIN error base64 decoding string",
	" PLAIN expected string",
	" PLAIN [SASL(-14): authorization failure: x]",
	" plaintext (bob) [SASL(-16): encryption needed to use mechanism: x]",
	NULL};

/* A container's tag, with the lines that its server writes to its own log, or
 * those of a syslog daemon inside; dates as they are there. */
static const char *const container[] = {"docker/0a1b2c3d4e5f[77]: ",
					"docker/mail[77]: ",
					"docker/mail[77] ",
					"docker/mail ",
					"docker/mail: ",
					NULL};
static const char *const date[] = {"Nov 20 05:00:00 ", "Nov  2 05:00:00 ",
				   "2026-11-20T05:00:00+01:00 ",
				   "2026-11-20 05:00:00.123456 ", NULL};
static const char *const dovecot[] = {"imap-login: ",
				      "imap-login: Info: ",
				      "mail dovecot: imap-login: ",
				      "mail dovecot[9]: imap-login: ",
				      "mail dovecot[9]: imap-login: Info: ",
				      NULL};

#define SMTPD(mechs, reasons)                               \
	{                                                   \
		smtpd, client, mechs, failed, reasons, user \
	}

const struct variant_row variants_others[] = {
	{"postfix: wrong credentials", "postfix", SMTPD(mech, wrong),
	 VARIANT_FAILS},
	{"postfix: a blank that was lost on the way",
	 "postfix",
	 {smtpd, client, mech, L(" authentication failed:"), user},
	 VARIANT_FAILS},
	{"postfix: no password was tried", "postfix", SMTPD(mech, protocol),
	 VARIANT_DOUBT},
	{"postfix, aggressive: no password was tried",
	 "postfix[mode=aggressive]", SMTPD(mech, protocol), VARIANT_FAILS},
	{"postfix: the password may be right", "postfix", SMTPD(mech, policy),
	 VARIANT_NEVER},
	{"postfix: the backend is away", "postfix", SMTPD(mech, trouble),
	 VARIANT_BREAK},
	{"postfix: the password check failed", "postfix",
	 SMTPD(password, L("generic failure")), VARIANT_BREAK},
	{"postfix: a bad answer or an outage", "postfix",
	 SMTPD(L("DIGEST-MD5", "NTLM", "GSSAPI", "XOAUTH2", "OAUTHBEARER"),
	       L("generic failure")),
	 VARIANT_DOUBT},
	{"postfix: nobody can tell", "postfix", SMTPD(mech, doubt),
	 VARIANT_DOUBT},
	{"postfix: broken off",
	 "postfix",
	 {smtpd, client, mech, L(" authentication aborted")},
	 VARIANT_DOUBT},
	{"cyrus-imap: wrong credentials",
	 "cyrus-imap",
	 {cyrus, L("badlogin: "), from, cyrus_wrong},
	 VARIANT_FAILS},
	{"cyrus-imap: logged in",
	 "cyrus-imap",
	 {cyrus, L("login: "), from, cyrus_ok},
	 VARIANT_IS_OK},
	{"cyrus-imap: no guess",
	 "cyrus-imap",
	 {cyrus, L("badlogin: "), from, cyrus_innocent},
	 VARIANT_NEVER},
	{"cyrus-imap: without a pid it is Courier's",
	 "cyrus-imap",
	 {L("imapd: ", "pop3d: ", "imapd ", "imapd [9]: ", "IMAPD: ",
	    "imapd[]: ", "imapd[x]: ", "imapd-ssl[9]: ", "Xpop3d[9]: "),
	  L("badlogin: "), from, cyrus_wrong},
	 VARIANT_NEVER},
	{"dovecot in a container",
	 "dovecot[file=docker/*]",
	 {container, date, dovecot,
	  L("Disconnected (auth failed, 1 attempts in 2 secs)",
	    "Login aborted: Logged out (auth failed, 1 attempts in 2 secs) "
	    "(auth_failed)"),
	  L(": user=<bob>, method=PLAIN, rip=" IP)},
	 VARIANT_FAILS},
	{"dovecot in a container: the auth process",
	 "dovecot[mode=both,file=docker/*]",
	 {container, date,
	  L("auth: Info: sql(bob," IP ",<x>): Password mismatch",
	    "auth(bob," IP ",sasl:login)<S>: Info: sql: Password mismatch",
	    "auth-worker(bob," IP ",sasl:login)<9><S>: request [12]: Info: "
	    "sql: Password mismatch")},
	 VARIANT_FAILS},
	{"postfix in a container",
	 "postfix[file=docker/*]",
	 {container, date, L("mail ", "0a1b2c3d4e5f ", "INFO    "),
	  L("postfix/smtpd[9]: ", "postfix/smtpd: ", "postfix/smtpd[9] ",
	    "postfix-out/submission/smtpd[9]: ", "POSTFIX/smtpd [9]: "),
	  L("warning: unknown[" IP "]: SASL PLAIN authentication failed: x")},
	 VARIANT_FAILS},
	{"a container that nobody has named",
	 "dovecot",
	 {container, date, dovecot,
	  L("Disconnected (auth failed, 1 attempts in 2 secs)"),
	  L(": user=<bob>, method=PLAIN, rip=" IP)},
	 VARIANT_NEVER},
	{"dovecot's own log: a name that reads like a host and a tag",
	 "dovecot[mode=both,file=docker/*]",
	 {container, date,
	  L("auth(x dovecot: imap-login: Login aborted: Logged out (auth "
	    "failed, 1 attempts) (auth_failed): user=<>, rip=198.51.100.7, " IP
	    ")<S>: Info: sql: unknown user",
	    "auth: Info: sql(x dovecot: imap-login: Disconnected (auth failed, "
	    "1 attempts): user=<>, rip=198.51.100.7, " IP "): unknown user")},
	 VARIANT_NEVER},
	{"sogo: its pid in the tag, behind a blank, in the message",
	 "sogo",
	 {L("sogod[98]: ", "sogod [98]: ", "sogod: ", "sogod: [98]: ",
	    "SOGOD [98]: ", "sogod [98]:"),
	  L("SOGoRootPage ", "<0x0x55d0c0a0[SOGoRootPage]> "),
	  L("Login from '" IP "' for user 'bob' might not have worked",
	    "Login from '198.51.100.7, " IP
	    "' for user 'bob' might not have worked - password policy: 65535  "
	    "grace: -1  expire: -1  bound: 0")},
	 VARIANT_FAILS},
};

const size_t variants_others_count =
	sizeof(variants_others) / sizeof(variants_others[0]);
