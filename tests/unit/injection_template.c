/* injection_template: the lines into which a sender can write. */
#include "injection.h"

#define T4 INJECTION_TRUE4
#define T6 INJECTION_TRUE6
#define ID "7bb7af77502bd2d7"
#define UUID "0A1B2C3D-1111-2222-3333-012345678900"
#define SID "<41vei4uu> "
#define SESSION "41vei4uuvabv6d6s"
#define CONTROL_8 "\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01"
#define CONTROL_64                                                            \
	CONTROL_8 CONTROL_8 CONTROL_8 CONTROL_8 CONTROL_8 CONTROL_8 CONTROL_8 \
		CONTROL_8
#define CONTROLS CONTROL_64 CONTROL_64 CONTROL_64
#define PHP                                                                \
	"in /usr/share/roundcube/program/lib/Roundcube/rcube_imap.php on " \
	"line 211 (POST /?_task=login&_action=login)"

#define WHOLE SPLIT_NONE, 0
#define FAILS SIGHTING_FAILURE, SIGHTING_CLEAR
#define BREAK SIGHTING_TROUBLE, SIGHTING_CLEAR
#define DOUBT SIGHTING_FAILURE, SIGHTING_DOUBTFUL
#define IS_OK SIGHTING_SUCCESS, SIGHTING_CLEAR
#define NEVER SIGHTING_NOTHING, SIGHTING_CLEAR
#define F INJECTION_FIELD
#define SMTPD "postfix/smtpd[9]: "
#define POSTSCREEN "postfix/postscreen[9]: "
#define REFUSED "NOQUEUE: reject: RCPT from "
#define NO_RELAY ": Relay access denied; from=<> to=<c@d.example> proto=ESMTP"
#define EXIM "exim[161]: "
/* With it, the first piece of a line ends in the address. */
#define EXIM_50 "AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDEEEEEEEEEE"
#define EXIM_200 EXIM_50 EXIM_50 EXIM_50 EXIM_50
#define EXIM_LONG EXIM_200 EXIM_200 EXIM_200 EXIM_200 "AAAAAAAAAABBBBBBBBBB"
#define EXIM_FAILED "login_server authenticator failed for "
#define EXIM_535 ": 535 Incorrect authentication data"
#define CYRUS "cyrus/imap[88]: "
#define MTA "sm-mta[163]: "
#define BAD_AUTH \
	"authentication failure (-13) SASL(-13): authentication failure"
#define NGINX "nginx: "
#define NGINX_HEAD "2026/11/29 18:58:15 [info] 2887#2887: *5 "
#define NGINX_FAILED                                                    \
	NGINX_HEAD "client login failed: \"Authentication credentials " \
		   "invalid\" while in http auth state"
#define MAILU "mailu-admin[871]: "
#define MAILU_HEAD "[2024-09-02 22:25:54,188] INFO in nginx: "
#define MAILU_TRY MAILU_HEAD "Login attempt for: "
#define STALWART "stalwart[812]: "
#define STALWART_DATE "2026-11-20T06:30:00Z DEBUG "
#define STALWART_4                                                       \
	"listenerId = \"imaptls\", localPort = 993, remoteIp = " T4 ", " \
	"remotePort = 52030"
#define MADDY "maddy[412]: "
#define MADDY_FAILED "imap/sasl: authentication failed#011{\"reason\":\""
#define PAM_HEAD "authentication failure; logname= uid=0 euid=0 tty=dovecot "
#define SASLAUTHD "saslauthd[103]: "
#define DO_AUTH "                : auth failure: "
#define HORDE_END " [pid 4711 on line 202 of \"/usr/share/horde/login.php\"]"
#define POSTAL "postal-smtp[31]: 2026-11-20 06:30:00 +0000 DEBUG  "
#define POSTAL_END " trace_id=R67STAPW component=smtp-server"
#define PERDITION_TAIL                                 \
	" server=\"imap.example:143\" protocol=IMAP4 " \
	"server-secure=plaintext status=\"failed: Re-Authentication Failure\""

#define ZIMBRA "zimbra-audit: 2026-11-20 05:39:07,123 WARN  "
#define ZIMBRA_AUTH \
	"security - cmd=Auth; account=alice@example.net; protocol=soap; "
#define ZIMBRA_WRONG                                                    \
	ZIMBRA_AUTH "error=authentication failed for [alice], invalid " \
		    "password;"
#define MAILCOW_NGINX                                                     \
	"2026/11/20 06:30:00 [error] 12#12: *35 FastCGI sent in stderr: " \
	"\"PHP message: mailcow UI: Invalid password for bob by " T4      \
	"\" while reading response header from upstream, client: " T4     \
	", server: m.example, request: \""
#define CPANEL "cpanel-login: [2026-11-20 05:39:07 +0000] "
#define CPANEL_WRONG "\"GET / HTTP/1.1\" FAILED LOGIN cpaneld: user password "
#define DIRECTADMIN "directadmin-login: 2026:11:20-05:39:07: "
#define DOMINO "domino-console: [28325:00010-3735542592] 20-11-2026 05:39:07   "

const struct injection_template injection_templates[] = {
	/* Postfix */
	{"postfix: login name", NULL, SMTPD,
	 "warning: unknown[" T4 "]: SASL LOGIN authentication failed: "
	 "UGFzc3dvcmQ6, sasl_username=" F,
	 write_raw, WHOLE, FAILS, T4},
	{"postfix: reason", NULL, SMTPD,
	 "warning: unknown[" T6 "]: SASL LOGIN authentication failed: " F
	 ", sasl_username=alice",
	 write_raw, WHOLE, FAILS, T6},
	{"postfix: reverse name", NULL, SMTPD,
	 "warning: " F "[" T4 "]: SASL LOGIN authentication failed: x",
	 write_host, WHOLE, FAILS, T4},
	{"postfix: mechanism", NULL, SMTPD,
	 "warning: unknown[" T4 "]: SASL " F
	 " authentication failed: Invalid authentication mechanism",
	 write_word, WHOLE, DOUBT, T4},
	{"postfix 3.10: mechanism", NULL, SMTPD,
	 "warning: unknown[" T4 "]: SASL LOGIN authentication failed: Invalid "
	 "authentication mechanism: '" F "', sasl_username=(unavailable)",
	 write_word, WHOLE, DOUBT, T4},
	{"postfix: reverse name of one who waits", NULL, SMTPD,
	 "warning: " F "[" T6 "]: SASL PLAIN authentication failed: Connection "
	 "lost to authentication server",
	 write_host, WHOLE, DOUBT, T6},
	{"postfix: name in an outage", NULL, SMTPD,
	 "warning: unknown[" T4 "]: SASL PLAIN authentication failed: generic "
	 "failure, sasl_username=" F,
	 write_raw, WHOLE, BREAK, T4},
	{"postfix: what the library says", NULL, SMTPD,
	 "warning: SASL authentication failure: no secret for " F, write_raw,
	 WHOLE, NEVER, NULL},
	{"postfix: reverse name of one who leaves", NULL, SMTPD,
	 "disconnect from " F "[" T4 "] ehlo=1 auth=0/7 quit=1 commands=2/9",
	 write_host, WHOLE, NEVER, NULL},
	{"postfix: command", NULL, SMTPD,
	 "warning: non-SMTP command from unknown[" T4 "]: " F, write_raw, WHOLE,
	 NEVER, NULL},
	{"postfix: pipelined text", NULL, SMTPD,
	 "improper command pipelining after EHLO from unknown[" T4 "]: " F,
	 write_raw, WHOLE, NEVER, NULL},
	{"postfix: envelope", NULL, SMTPD,
	 "NOQUEUE: reject: RCPT from unknown[" T4 "]: 554 5.7.1 <" F
	 ">: Relay access denied; from=<a@b.example> to=<c@d.example> "
	 "proto=ESMTP helo=<x>",
	 write_raw, WHOLE, NEVER, NULL},
	{"postfix: blocklist's reason", NULL, SMTPD,
	 "NOQUEUE: reject: RCPT from unknown[" T4
	 "]: 554 5.7.1 Service unavailable; Client host [" T4
	 "] blocked using rbl.example; " F "; from=<> to=<a@b> helo=<x>",
	 write_raw, WHOLE, NEVER, NULL},
	{"postfix: HELO", NULL, SMTPD,
	 "NOQUEUE: reject: RCPT from unknown[" T4
	 "]: 554 5.7.1 <a@b.example>: Relay access denied; from=<> "
	 "to=<a@b.example> proto=ESMTP helo=<" F ">",
	 write_helo, WHOLE, NEVER, NULL},
	{"postfix: numeric reverse name", NULL, SMTPD,
	 "warning: numeric hostname: " F, write_host, WHOLE, NEVER, NULL},
	{"postfix: name of one who logged in", NULL, SMTPD,
	 "3F2A1: client=unknown[" T4 "], sasl_method=LOGIN, sasl_username=" F,
	 write_raw, WHOLE, IS_OK, T4},
	{"postfix: reverse name of one who is refused", NULL, SMTPD,
	 REFUSED F "[" T4 "]: 554 5.7.1 <c@d.example>" NO_RELAY " helo=<x>",
	 write_host, WHOLE, NEVER, NULL},
	{"postfix: sender of a refused mail", NULL, SMTPD,
	 REFUSED "unknown[" T6
		 "]: 554 5.7.1 Service unavailable; Client host [" T6
		 "] blocked using rbl.example; from=<\"" F
		 "\"@b.example> to=<c@d.example> proto=ESMTP helo=<x>",
	 write_quoted, WHOLE, NEVER, NULL},
	{"postfix: sender that is refused", NULL, SMTPD,
	 REFUSED "unknown[" T4 "]: 450 4.1.8 <" F
		 ">: Sender address rejected: Domain not found; from=<> "
		 "to=<c@d.example> proto=ESMTP helo=<x>",
	 write_raw, WHOLE, NEVER, NULL},
	{"postfix: refused HELO", NULL, SMTPD,
	 REFUSED "unknown[" T4 "]: 504 5.5.2 <" F
		 ">: Helo command rejected: need fully-qualified hostname; "
		 "proto=ESMTP helo=<x>",
	 write_helo, WHOLE, NEVER, NULL},
	{"postfix: name of one who logged in and is refused", NULL, SMTPD,
	 REFUSED "unknown[" T4 "]: 554 5.7.1 <c@d.example>" NO_RELAY
		 " helo=<x> sasl_method=PLAIN sasl_username=" F,
	 write_raw, WHOLE, NEVER, NULL},
	{"postfix: name that leads elsewhere", NULL, SMTPD,
	 "warning: hostname " F " does not resolve to address " T4, write_host,
	 WHOLE, NEVER, NULL},
	{"postfix: long command", NULL, SMTPD,
	 "warning: unknown[" T4 "]: request longer than 2048: " F, write_raw,
	 WHOLE, NEVER, NULL},
	{"postscreen: before the greeting", NULL, POSTSCREEN,
	 "PREGREET 86 after 0 from [" T6 "]:4711: " F, write_raw, WHOLE, NEVER,
	 NULL},
	{"postscreen: command", NULL, POSTSCREEN,
	 "NON-SMTP COMMAND from [" T4 "]:4711 after CONNECT: " F, write_raw,
	 WHOLE, NEVER, NULL},
	{"postscreen: HELO", NULL, POSTSCREEN,
	 REFUSED "[" T4 "]:4711: 550 5.7.1 Service unavailable; client [" T4
		 "] blocked using rbl.example; from=<a@b.example>, "
		 "to=<c@d.example>, proto=ESMTP, helo=<" F ">",
	 write_word, WHOLE, NEVER, NULL},
	/* Dovecot */
	{"dovecot 2.3: login name", NULL, "dovecot: ",
	 "imap-login: Disconnected: Aborted login by logging out (auth failed, "
	 "1 attempts in 2 secs): user=<" F ">, method=PLAIN, rip=" T4
	 ", lip=192.0.2.25, TLS, session=<MRY2Ma5g>",
	 write_80, WHOLE, FAILS, T4},
	{"dovecot 2.4: login name", NULL, "dovecot: ",
	 "imap-login: Login aborted: Logged out (auth failed, 1 attempts in 4 "
	 "secs) (auth_failed): user=<" F ">, method=PLAIN, rip=" T6
	 ", lip=2001:db8:25::25, TLS, session=<MRY2Ma5g>",
	 write_300, WHOLE, FAILS, T6},
	{"dovecot: mechanism", NULL, "dovecot: ",
	 "imap-login: Disconnected: Aborted login by logging out (auth failed, "
	 "1 attempts in 2 secs): user=<alice>, method=" F ", rip=" T4
	 ", lip=192.0.2.25, session=<MRY2Ma5g>",
	 write_capitals, WHOLE, FAILS, T4},
	{"dovecot: name of one who logged in", NULL, "dovecot: ",
	 "imap-login: Login: user=<" F ">, method=PLAIN, rip=" T4
	 ", lip=192.0.2.25, mpid=408, TLS, session=<MRY2Ma5g>",
	 write_80, WHOLE, IS_OK, T4},
	{"dovecot: mechanism that is none", NULL, "dovecot: ",
	 "imap-login: Disconnected: Aborted login by logging out (tried to use "
	 "unsupported auth mechanism): user=<>, method=" F ", rip=" T4
	 ", lip=192.0.2.25, session=<MRY2Ma5g>",
	 write_capitals, WHOLE, DOUBT, T4},
	{"dovecot: name that has no password in that form", NULL, "dovecot: ",
	 "imap-login: Login aborted: Logged out (internal failure, 1 attempts "
	 "in 4 secs) (temp_fail): user=<" F ">, method=CRAM-MD5, rip=" T6
	 ", lip=2001:db8:25::25, TLS, session=<MRY2Ma5g>",
	 write_80, WHOLE, DOUBT, T6},
	{"dovecot: password in clear", NULL, "dovecot: ",
	 "auth: passwd-file(alice," T4
	 ",<MRY2Ma5g>): Password mismatch (given password: " F ")",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot: name beside a hash", NULL, "dovecot: ",
	 "auth: passwd-file(" F "," T4
	 ",<MRY2Ma5g>): Password mismatch (SHA1 of given password: 5baa61)",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot: name in a query that failed", NULL, "dovecot: ",
	 "auth-worker(8): Error: sql(" F "," T4
	 ",<MRY2Ma5g>): Password query failed: Illegal mix of collations",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot: name in a request that was dropped", NULL, "dovecot: ",
	 "auth: Error: auth-worker: Aborted PASSV request for " F
	 ": Lookup timed out",
	 write_raw, WHOLE, BREAK, NULL},
	{"dovecot: password file of a domain", NULL,
	 "dovecot: ", "auth: missing passwd file: /etc/mail/" F "/passwd",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot: auth line", NULL, "dovecot: ",
	 "auth: passwd-file(" F "," T4 ",<MRY2Ma5g>): unknown user", write_raw,
	 WHOLE, NEVER, NULL},
	{"dovecot 2.4: auth line", NULL, "dovecot: ",
	 "auth(" F "," T4
	 ",sasl:plain)<MRY2Ma5g>: passwd-file: Password mismatch",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot 2.4: worker's line", NULL, "dovecot: ",
	 "auth-worker(" F "," T6
	 ")<388><MRY2Ma5g>: request [1]: pam: pam_authenticate() failed: "
	 "Authentication failure (Password mismatch?)",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot: refused name", NULL, "dovecot: ",
	 "auth: login(?," T4
	 "): Username character disallowed by auth_username_chars: 0x2c "
	 "(username: " F ")",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot: name of one whom a proxy has logged in", NULL, "dovecot: ",
	 "imap-login: proxy(" F
	 ",10.0.0.1:143): Started proxying to <10.0.0.1> "
	 "(0.004 secs): user=<alice>, method=PLAIN, rip=" T4
	 ", lip=192.0.2.25, TLS, session=<MRY2Ma5g>",
	 write_raw, WHOLE, IS_OK, T4},
	{"dovecot: name of one whom a proxy could not log in", NULL,
	 "dovecot: ",
	 "imap-login: proxy(" F "): Login failed to 10.0.0.1:143: no: "
	 "user=<alice>, method=PLAIN, rip=" T4,
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot: name of one whose server is away", NULL, "dovecot: ",
	 "imap-login: proxy(bob): Login failed to 10.0.0.1:143: [UNAVAILABLE] "
	 "no: user=<" F ">, method=PLAIN, rip=" T4,
	 write_80, WHOLE, BREAK, T4},
	{"dovecot: name that a proxy speaks of", NULL, "dovecot: ",
	 "imap-login: Error: proxy(" F "): Unsupported SASL mechanism X: "
	 "user=<alice>, method=PLAIN, rip=" T4,
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot: name at the end of a proxy's line", NULL, "dovecot: ",
	 "imap-login: Disconnected (proxy dest auth failed): user=<" F
	 ">, method=PLAIN, rip=" T4,
	 write_80, WHOLE, FAILS, T4},
	{"dovecot 2.4: what the server behind a proxy said", NULL, "dovecot: ",
	 "imap-login: Login aborted: Logged out (proxy dest authentication "
	 "failure to 10.0.0.1:143, 1 attempts in 9 secs, last failure: " F
	 ") (proxy_dest_auth_failed): user=<alice>, method=PLAIN, rip=" T6
	 ", lip=2001:db8:25::25, session=<MRY2Ma5g>",
	 write_300, WHOLE, FAILS, T6},
	{"dovecot: name when the auth process has ended", NULL, "dovecot: ",
	 "imap-login: Disconnected: Auth process broken (auth failed, 1 "
	 "attempts in 2 secs): user=<" F ">, method=PLAIN, rip=" T4,
	 write_80, WHOLE, BREAK, T4},
	{"dovecot 2.4: auth line in Dovecot's own words", NULL, "dovecot: ",
	 "auth(" F "," T4 ",sasl:login)<MRY2Ma5g>: Info: sql: unknown user",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot 2.4: auth line without a session", NULL,
	 "dovecot: ", "auth(" F "," T4 ",sasl:login): sql: unknown user",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot 2.4: name in a query that failed", NULL, "dovecot: ",
	 "auth-worker(" F "," T4
	 ",sasl:plain)<388><MRY2Ma5g>: request [1]: Error: sql: Password query "
	 "failed: Illegal mix of collations",
	 write_raw, WHOLE, NEVER, NULL},
	{"dovecot: name that is looked for", NULL, "dovecot: ",
	 "auth: Error: ldap(alice," T4
	 ",<MRY2Ma5g>): ldap_search(base=dc=x filter=(uid=" F
	 ")) failed: Bad search filter",
	 write_ldap, WHOLE, NEVER, NULL},
	/* Exim */
	{"exim: login name", NULL, EXIM,
	 "2026-11-20 05:39:07 " EXIM_FAILED "(client.example) [" T4 "]" EXIM_535
	 " (set_id=" F ")",
	 write_raw, SPLIT_EXIM, 0, FAILS, T4},
	{"exim: HELO", NULL, EXIM,
	 EXIM_FAILED "(" F ") [" T6 "]:5 I=[2001:db8:25::25]:25" EXIM_535
		     " (set_id=alice)",
	 write_exim_helo, SPLIT_EXIM, 0, FAILS, T6},
	{"exim: login name behind a long HELO", NULL, EXIM,
	 EXIM_FAILED "(" EXIM_LONG ") [" T4 "]" EXIM_535 " (set_id=" F ")",
	 write_raw, SPLIT_EXIM, 0, FAILS, T4},
	{"exim: reverse name", NULL, EXIM,
	 EXIM_FAILED F " ([198.51.100.7]) [" T4 "]" EXIM_535, write_host, WHOLE,
	 FAILS, T4},
	{"exim: identd's answer", NULL, EXIM,
	 EXIM_FAILED "(x.example) [" T4 "] U=" F EXIM_535 " (set_id=alice)",
	 write_128, WHOLE, FAILS, T4},
	{"exim: refused HELO", NULL, EXIM,
	 "rejected EHLO from [" T4 "]: syntactically invalid argument(s): " F,
	 write_raw, SPLIT_EXIM, 0, NEVER, NULL},
	{"exim: bad command", NULL, EXIM,
	 "SMTP syntax error in \"" F "\" H=(x.example) [" T4
	 "] unrecognized command",
	 write_raw, SPLIT_EXIM, 0, NEVER, NULL},
	{"exim: recipient", NULL, EXIM,
	 "H=(x.example) [" T4 "] F=<a@b.example> rejected RCPT <" F
	 "@d.example>: relay not permitted",
	 write_raw, SPLIT_EXIM, 0, NEVER, NULL},
	{"exim: sender of a mail", NULL, EXIM,
	 "1xUHLF-00001S-1K <= \"" F "\"@b.example H=(x.example) [" T4
	 "] P=esmtps X=TLS1.3:AES CV=no S=280",
	 write_quoted, SPLIT_EXIM, 0, NEVER, NULL},
	{"exim: subject of a mail", NULL, EXIM,
	 "1xUHLF-00001S-1K <= a@b.example H=(x.example) [" T4
	 "] P=esmtps X=TLS1.3:AES CV=no S=280 T=\"" F "\"",
	 write_quoted, SPLIT_EXIM, 0, NEVER, NULL},
	/* Cyrus */
	{"cyrus: reverse name without a blank behind", NULL,
	 "sieve[88]: ", "badlogin: " F "[" T4 "] PLAIN authentication failure",
	 write_host, WHOLE, FAILS, T4},
	{"cyrus 3: login name", NULL, CYRUS,
	 "badlogin: host.example [" T4 "] plaintext (" F
	 ") [SASL(-13): authentication failure: checkpass failed]",
	 write_300, WHOLE, FAILS, T4},
	{"cyrus 3: name that is none", NULL, CYRUS,
	 "badlogin: [" T6 "] plaintext (" F ") invalid user", write_raw, WHOLE,
	 FAILS, T6},
	{"cyrus 2.4: login name", NULL, "imap[88]: ",
	 "badlogin: [" T4 "] plaintext " F
	 " SASL(-13): authentication failure: checkpass failed",
	 write_300, WHOLE, FAILS, T4},
	{"cyrus: reverse name", NULL, CYRUS,
	 "badlogin: " F " [" T4
	 "] plaintext (alice) [SASL(-13): authentication failure: checkpass "
	 "failed]",
	 write_host, WHOLE, FAILS, T4},
	{"cyrus: name in the reason", NULL, CYRUS,
	 "badlogin: [" T4 "] CRAM-MD5 (-notset-) [SASL(-13): user not found: "
	 "user: " F
	 "@mail property: cmusaslsecretCRAM-MD5 not found in sasldb]",
	 write_300, WHOLE, FAILS, T4},
	{"cyrus: name in a broken answer", NULL, CYRUS,
	 "badlogin: [" T4 "] DIGEST-MD5 (" F
	 ") [SASL(-5): bad protocol / cancel: Parse error]",
	 write_300, WHOLE, DOUBT, T4},
	{"cyrus: name in an outage", NULL, CYRUS,
	 "badlogin: [" T6 "] plaintext (" F
	 ") [SASL(-1): generic failure: checkpass failed]",
	 write_300, WHOLE, BREAK, T6},
	{"cyrus: mechanism", NULL, CYRUS,
	 "badlogin: [" T4 "] " F
	 " (-notset-) [SASL(-4): no mechanism available: x]",
	 write_word, WHOLE, NEVER, NULL},
	{"cyrus 3.13: login name", NULL, CYRUS,
	 "event=login.bad r.clienthost=\"host.example [" T4
	 "]\" u.username=\"" F
	 "\" login.mech=plaintext error=\"SASL(-13): authentication failure: "
	 "checkpass failed\"",
	 write_quoted, WHOLE, FAILS, T4},
	{"cyrus: mechanism that is none", NULL, CYRUS,
	 "SASL Couldn't find mech " F, write_raw, WHOLE, NEVER, NULL},
	/* Courier */
	{"courier imapd: login name", NULL, "imapd: ",
	 "LOGIN FAILED, user=" F ", ip=[::ffff:" T4 "], port=[44553]",
	 write_raw, SPLIT_COURIER, 1017, FAILS, T4},
	{"courier pop3d-ssl: login name", NULL,
	 "pop3d-ssl: ", "LOGIN FAILED, user=" F ", ip=[" T6 "], port=[44553]",
	 write_raw, SPLIT_COURIER, 1017, FAILS, T6},
	{"courier: mechanism", NULL, "pop3d: ",
	 "LOGIN FAILED, method=" F ", ip=[::ffff:" T4 "], port=[44553]",
	 write_31, SPLIT_COURIER, 1017, FAILS, T4},
	{"courier esmtp: AUTH command", NULL, "courieresmtpd: ",
	 "error,relay=::ffff:" T4
	 ",port=34409,msg=\"535 Authentication failed.\",cmd: AUTH LOGIN " F,
	 write_128, SPLIT_COURIER, 1017, FAILS, T4},
	{"courier esmtp: other command", NULL, "courieresmtpd: ",
	 "error,relay=::ffff:" T4
	 ",port=34409,msg=\"502 ESMTP command error\",cmd: " F,
	 write_128, SPLIT_COURIER, 1017, NEVER, NULL},
	/* Sendmail */
	{"sendmail: login name", NULL, MTA,
	 "6AK5u36x000163: AUTH failure (LOGIN): " BAD_AUTH
	 ": checkpass failed, user=" F ", relay=[" T4 "]",
	 write_64, WHOLE, FAILS, T4},
	{"sendmail: name in the reason", NULL, MTA,
	 "6AK5u36x000163: AUTH failure (CRAM-MD5): user not found (-20) "
	 "SASL(-13): user not found: user: " F
	 "@mail property: userPassword not found in sasldb, user=x, "
	 "relay=[IPv6:2001:db8:7:0:0:0:0:250]",
	 write_300, WHOLE, FAILS, T6},
	{"sendmail: reverse name", NULL, MTA,
	 "6AK5u36x000163: AUTH failure (LOGIN): " BAD_AUTH
	 ": checkpass failed, user=alice, relay=" F " [" T4 "] (may be forged)",
	 write_host, SPLIT_CUT, 238, FAILS, T4},
	{"sendmail: mechanism", NULL, MTA,
	 "6AK5u36x000163: AUTH failure (" F
	 "): no mechanism available (-4) SASL(-4): no mechanism available: "
	 "Couldn't find mech, relay=[" T4 "]",
	 write_raw, WHOLE, NEVER, NULL},
	{"sendmail: recipient", NULL, MTA,
	 "6AK5u36x000163: ruleset=check_rcpt, arg1=<" F ">, relay=[" T4
	 "], reject=550 5.7.1 Relaying denied",
	 write_raw, WHOLE, NEVER, NULL},
	{"sendmail: command", NULL, MTA, "6AK5u36x000163: <-- " F, write_raw,
	 WHOLE, NEVER, NULL},
	/* OpenSMTPD */
	{"opensmtpd: login name",
	 "smtpd[63]: " ID " smtp connected address=" T4 " host=<unknown>",
	 "smtpd[63]: ", ID " smtp authentication user=" F " result=permfail",
	 write_octal, WHOLE, FAILS, T4},
	{"opensmtpd 6.0: login name", NULL, "smtpd[63]: ",
	 ID " smtp event=authentication user=" F " address=" T4
	    " host=x.example result=permfail",
	 write_raw, WHOLE, FAILS, T4},
	{"opensmtpd: command", NULL, "smtpd[63]: ",
	 ID " smtp failed-command command=\"" F
	    "\" result=\"500 5.5.1 Invalid command\"",
	 write_raw, WHOLE, NEVER, NULL},
	{"opensmtpd: reverse name", NULL, "smtpd[63]: ",
	 "00000000000000a1 smtp connected address=" T4 " host=" F, write_host,
	 WHOLE, NEVER, NULL},
	/* Roundcube */
	{"roundcube: login name", NULL, "roundcube: ",
	 SID "Failed login for " F " from " T4 " in session " SESSION
	     " (error: 0)",
	 write_untagged, SPLIT_LINES, 0, FAILS, T4},
	{"roundcube: forwarding header", NULL, "roundcube: ",
	 SID "Failed login for alice from " T6 " (X-Forwarded-For: " F
	     ") in session " SESSION " (error: 0)",
	 write_raw, WHOLE, FAILS, T6},
	{"roundcube: login name, with a header", NULL, "roundcube: ",
	 SID "Failed login for " F " from " T4
	     " (X-Real-IP: 198.51.100.7) in session " SESSION " (error: 0)",
	 write_untagged, SPLIT_LINES, 0, FAILS, T4},
	{"roundcube: header behind a long name", NULL, "roundcube: ",
	 SID "Failed login for " CONTROLS " from " T4 " (X-Forwarded-For: " F
	     ") in session " SESSION " (error: 0)",
	 write_raw, WHOLE, FAILS, T4},
	{"roundcube: end of a long name, with a header", NULL, "roundcube: ",
	 SID "Failed login for " CONTROLS F " from " T6
	     " (X-Real-IP: 10.0.0.1) in session " SESSION " (error: 0)",
	 write_64, WHOLE, FAILS, T6},
	{"roundcube 1.2: forwarding header", NULL, "roundcube: ",
	 SID "Failed login for alice from " T4
	     "(X-Real-IP: 10.0.0.1,X-Forwarded-For: " F ") in session " SESSION
	     "9e8d7c6b5a (error: 0)",
	 write_raw, WHOLE, FAILS, T4},
	{"roundcube: name in the IMAP error", NULL, "roundcube: ",
	 SID "IMAP Error: Login failed for " F " against 127.0.0.1 from " T4
	     ". Authentication failed. " PHP,
	 write_untagged_long, SPLIT_LINES, 0, NEVER, NULL},
	{"roundcube: name in an IMAP error with a header", NULL, "roundcube: ",
	 SID "IMAP Error: Login failed for " F " against 127.0.0.1 from " T6
	     " (X-Real-IP: 198.51.100.7). LOGIN: Login failed. " PHP,
	 write_untagged_long, SPLIT_LINES, 0, NEVER, NULL},
	{"roundcube 1.2: name in the IMAP error", NULL, "roundcube: ",
	 SID "IMAP Error: Login failed for " F " from " T4
	     ". LOGIN: Login failed. " PHP,
	 write_untagged_long, SPLIT_LINES, 0, NEVER, NULL},
	{"roundcube: header in the IMAP error", NULL, "roundcube: ",
	 SID "IMAP Error: Login failed for x against 127.0.0.1 from " T4
	     " (X-Forwarded-For: " F "). Authentication failed. " PHP,
	 write_raw, WHOLE, NEVER, NULL},
	{"roundcube 1.2: header in the IMAP error", NULL, "roundcube: ",
	 SID "IMAP Error: Login failed for x from " T6
	     "(X-Real-IP: 10.0.0.1,X-Forwarded-For: " F
	     "). AUTHENTICATE PLAIN: A0001 NO [AUTHENTICATIONFAILED] "
	     "Authentication failed. " PHP,
	 write_raw, WHOLE, NEVER, NULL},
	{"roundcube: header of one who logged in", NULL, "roundcube: ",
	 SID "Successful login for alice (ID: 1) from " T4
	     " (X-Forwarded-For: " F ") in session " SESSION,
	 write_raw, WHOLE, IS_OK, T4},
	/* SOGo */
	{"sogo: login name", NULL, "sogod[26818]: ",
	 "SOGoRootPage Login from '" T4 "' for user '" F
	 "' might not have worked - password policy: 65535  grace: -1  "
	 "expire: -1  bound: 0",
	 write_raw, WHOLE, FAILS, T4},
	{"sogo: forwarding header", NULL, "sogod[26818]: ",
	 "SOGoRootPage Login from '" F ", " T6
	 "' for user 'alice' might not have worked - password policy: 65535  "
	 "grace: -1  expire: -1  bound: 0",
	 write_raw, WHOLE, FAILS, T6},
	{"sogo: forwarding header of one who logged in", NULL, "sogod[26818]: ",
	 "SOGoRootPage successful login from '" F ", " T4
	 "' for user 'alice' - expire = -1  grace = -1",
	 write_raw, WHOLE, IS_OK, T4},
	/* SnappyMail */
	{"snappymail: login name", NULL, "snappymail[8]: ",
	 "Auth failed: ip=" T4 " user=" F, write_raw, WHOLE, FAILS, T4},
	/* Horde */
	{"horde: login name", NULL, "HORDE: ",
	 "[horde] FAILED LOGIN for " F " to horde (" T4 ")" HORDE_END,
	 write_raw, WHOLE, FAILS, T4},
	{"horde: login name, with a header", NULL, "HORDE: ",
	 "[horde] FAILED LOGIN for " F " to horde (" T6
	 ") (forwarded for [10.0.0.1])" HORDE_END,
	 write_raw, WHOLE, FAILS, T6},
	{"horde: forwarding header", NULL, "HORDE: ",
	 "[horde] FAILED LOGIN for alice to horde (" T4 ") (forwarded for [" F
	 "])" HORDE_END,
	 write_raw, WHOLE, FAILS, T4},
	{"horde 4: login name", NULL, "HORDE: ",
	 "[horde] FAILED LOGIN for " F " [" T4 "] to Horde" HORDE_END,
	 write_raw, WHOLE, FAILS, T4},
	{"imp: login name", NULL, "HORDE: ",
	 "[imp] FAILED LOGIN for " F " (" T4
	 ") to {imap://imap.example.net/}" HORDE_END,
	 write_raw, WHOLE, NEVER, NULL},
	{"imp: forwarding header", NULL, "HORDE: ",
	 "[imp] FAILED LOGIN for alice (" T6 ") (forwarded for [" F
	 "]) to {imap://imap.example.net/}" HORDE_END,
	 write_raw, WHOLE, NEVER, NULL},
	{"imp 5: forwarding header", NULL, "HORDE: ",
	 "[imp] FAILED LOGIN for alice [" T4 "] (forwarded for [" F
	 "]) to {imap.example.net:143 [imap]}" HORDE_END,
	 write_raw, WHOLE, NEVER, NULL},
	{"horde: header of one who logged in", NULL, "HORDE: ",
	 "[horde] Login success for alice to horde (" T4 ") (forwarded for [" F
	 "])" HORDE_END,
	 write_raw, WHOLE, IS_OK, T4},
	/* Panels */
	{"iredadmin: login name", NULL, "iredadmin ",
	 "Web login failed: client_address=" T4 ", username=" F
	 " (/opt/www/iredadmin/controllers/ldap/basic.py, L73)",
	 write_raw, WHOLE, FAILS, T4},
	{"modoboa: login name", NULL, "modoboa.auth: ",
	 "WARNING Failed connection attempt from '" T6 "' as user '" F "'",
	 write_raw, WHOLE, FAILS, T6},
	{"mailcow: login name", NULL, "php-fpm-mailcow-1[811]: ",
	 "[20-Nov-2026 06:30:00] WARNING: [pool web-worker] child 55 said into "
	 "stderr: \"NOTICE: PHP message: mailcow UI: Invalid password for " F
	 " by " T4 "\"",
	 write_raw, WHOLE, FAILS, T4},
	{"mailcow: request, by way of nginx", NULL, "nginx-mailcow-1[812]: ",
	 MAILCOW_NGINX "POST /" F " HTTP/2.0\", upstream: "
		       "\"fastcgi://172.22.1.13:9002\", host: \"m.example\"",
	 write_raw, WHOLE, FAILS, T4},
	{"mailcow: referrer, by way of nginx", NULL, "nginx-mailcow-1[812]: ",
	 MAILCOW_NGINX "POST / HTTP/2.0\", upstream: "
		       "\"fastcgi://172.22.1.13:9002\", host: "
		       "\"m.example\", referrer: \"" F "\"",
	 write_raw, WHOLE, FAILS, T4},
	{"mailcow: login name, by way of nginx", NULL, "nginx-mailcow-1[812]: ",
	 "2026/11/20 06:30:00 [error] 12#12: *35 FastCGI sent in stderr: "
	 "\"PHP message: mailcow UI: Invalid password for " F " by " T4
	 "\" while reading response header from upstream, client: " T4
	 ", server: mail.example.net, request: \"POST / HTTP/2.0\", upstream: "
	 "\"fastcgi://172.22.1.13:9002\", host: \"mail.example.net\"",
	 write_raw, WHOLE, FAILS, T4},
	{"postal: command", POSTAL "Client identified as " T4 POSTAL_END,
	 "postal-smtp[31]: ",
	 "2026-11-20 06:30:00 +0000 DEBUG  #033[32m<= " F "#033[0m" POSTAL_END,
	 write_raw, WHOLE, NEVER, NULL},
	{"postal: name of CRAM-MD5",
	 POSTAL "Client identified as " T4 POSTAL_END, "postal-smtp[31]: ",
	 "2026-11-20 06:30:00 +0000 WARN   Authentication failure for " T4
	 " (no server found matching " F ")" POSTAL_END,
	 write_word, WHOLE, NEVER, NULL},
	/* Perdition */
	{"perdition: login name", NULL, "perdition.imap4[2193]: ",
	 "Auth: " T4 ":3333->192.0.2.25:143 client-secure=plaintext "
	 "authorisation_id=NONE authentication_id=\"" F "\"" PERDITION_TAIL,
	 write_raw, SPLIT_CUT, 1000, FAILS, T4},
	{"perdition: name to act for", NULL, "perdition.imap4[2193]: ",
	 "Auth: " T6 ":3333->2001:db8:25::25:143 client-secure=plaintext "
	 "authorisation_id=\"" F
	 "\" authentication_id=\"alice\"" PERDITION_TAIL,
	 write_raw, SPLIT_CUT, 1000, FAILS, T6},
	/* nginx's mail proxy, over syslog */
	{"nginx-mail: login name", NULL, NGINX,
	 NGINX_FAILED ", client: " T4 ", server: 0.0.0.0:143, login: \"" F "\"",
	 write_raw, SPLIT_CUT, 1980, FAILS, T4},
	{"nginx-mail: login name, with STARTTLS", NULL, NGINX,
	 NGINX_FAILED ", client: " T6
		      " using starttls, server: [::]:143, login: \"" F "\"",
	 write_raw, SPLIT_CUT, 1980, FAILS, T6},
	{"nginx-mail: name of one who was not looked at", NULL, NGINX,
	 NGINX_HEAD "client login failed: \"AUTH not supported\" while in http "
		    "auth state, client: " T4
		    ", server: 0.0.0.0:25, login: \"" F "\"",
	 write_raw, SPLIT_CUT, 1980, DOUBT, T4},
	{"nginx-mail: name that the backend refuses", NULL, NGINX,
	 NGINX_HEAD "upstream sent invalid response: \"NO "
		    "[AUTHENTICATIONFAILED] Authentication failed.\" while "
		    "reading response from upstream, client: " T4
		    ", server: 0.0.0.0:143, login: \"" F
		    "\", upstream: 127.0.0.1:10144",
	 write_raw, SPLIT_CUT, 1980, FAILS, T4},
	{"nginx-mail: name of one who logged in", NULL, NGINX,
	 NGINX_HEAD "client logged in, client: " T6
		    ", server: [::]:143, login: \"" F
		    "\", upstream: 127.0.0.1:10143",
	 write_raw, SPLIT_CUT, 1980, IS_OK, T6},
	{"nginx-mail: name in an outage", NULL, NGINX,
	 NGINX_HEAD
	 "recv() failed (111: Connection refused) while in http auth "
	 "state, client: " T4 ", server: 0.0.0.0:143, login: \"" F "\"",
	 write_raw, SPLIT_CUT, 1980, BREAK, T4},
	{"nginx: path of a request", NULL, NGINX,
	 NGINX_HEAD "open() \"/var/www/html/" F
		    "\" failed (2: No such file or directory), client: " T4
		    ", server: _, request: \"GET / HTTP/1.1\"",
	 write_raw, WHOLE, NEVER, NULL},
	{"nginx-mail: reverse name", NULL, NGINX,
	 NGINX_HEAD T4 " resolved to invalid host name \"" F
		       "\" while in resolving client address, client: " T4
		       ", server: 0.0.0.0:25",
	 write_host, WHOLE, NEVER, NULL},
	/* Mailu */
	{"mailu: name that nobody has", NULL, MAILU,
	 MAILU_TRY "'" F "'/imap/993 from: " T4
		   "/35625: failed: account disabled",
	 write_apostrophe, WHOLE, FAILS, T4},
	{"mailu: the same, with an apostrophe in it", NULL, MAILU,
	 MAILU_TRY "\"" F "\"/imap/993 from: " T6
		   "/35625: failed: account disabled",
	 write_quoted, WHOLE, FAILS, T6},
	{"mailu: name on the web form", NULL, MAILU,
	 MAILU_TRY F "/sso/https from: " T4 "/50112: failed: badauth: 0011aa",
	 write_word, WHOLE, FAILS, T4},
	{"mailu: text of a token", NULL, MAILU,
	 MAILU_TRY "alice@mail.example/imap/993 from: " T4
		   "/35625: success: token-3: '" F "'",
	 write_apostrophe, WHOLE, IS_OK, T4},
	{"mailu: name that is turned away", NULL, MAILU,
	 MAILU_HEAD "Authentication attempt from " T6 " for " F
		    " has been rate-limited.",
	 write_word, WHOLE, DOUBT, T6},
	{"mailu 2.0: name on the web form", NULL, MAILU,
	 MAILU_HEAD "Login failed for " F " from " T4 ".", write_word, WHOLE,
	 FAILS, T4},
	{"mailu: name in the API", NULL, MAILU,
	 MAILU_HEAD "Invalid user '" F "' from " T4 ": not found",
	 write_apostrophe, WHOLE, FAILS, T4},
	{"mailu: path of a request", NULL, MAILU,
	 "192.168.203.5 - - [02/Sep/2024:20:43:34 +0000] \"GET /" F
	 " HTTP/1.0\" 403 213 \"-\" \"-\"",
	 write_raw, WHOLE, NEVER, NULL},
	/* Stalwart, which escapes line feeds and no quotes */
	{"stalwart: login name", NULL, STALWART,
	 STALWART_DATE "Authentication failed (auth.failed) " STALWART_4
		       ", accountName = \"" F
		       "\", reason = \"Account not found\", remoteIp = " T4
		       ", id = \"A6\"",
	 write_raw, WHOLE, FAILS, T4},
	{"stalwart: tag of a command", NULL, STALWART,
	 STALWART_DATE "Authentication failed (auth.failed) " STALWART_4
		       ", accountName = \"alice\", reason = \"x\", id = \"" F
		       "\"",
	 write_raw, WHOLE, FAILS, T4},
	{"stalwart: name without a connection", NULL, STALWART,
	 STALWART_DATE "Authentication failed (auth.failed) accountName = \"" F
		       "\", reason = \"Account not found\", remoteIp = " T4,
	 write_raw, WHOLE, NEVER, NULL},
	{"stalwart: name of one who is banned", NULL, STALWART,
	 STALWART_DATE "Banned due to authentication errors "
		       "(security.authentication-ban) " STALWART_4
		       ", remoteIp = " T4 ", accountName = \"" F "\"",
	 write_raw, WHOLE, FAILS, T4},
	{"stalwart: name of one who tried too often", NULL, STALWART,
	 STALWART_DATE "Too many authentication attempts "
		       "(auth.too-many-attempts) " STALWART_4
		       ", causedBy = Authentication failed (auth.failed) { "
		       "accountName = \"" F "\", reason = \"x\" }, id = \"A3\"",
	 write_raw, WHOLE, FAILS, T4},
	{"stalwart: name of one who logged in", NULL, STALWART,
	 STALWART_DATE "Authentication successful (auth.success) " STALWART_4
		       ", accountName = \"" F "\", accountId = 3",
	 write_raw, WHOLE, IS_OK, T4},
	/* maddy */
	{"maddy: login name", NULL, MADDY,
	 MADDY_FAILED "unknown credentials\",\"src_ip\":\"" T4
		      ":51234\",\"username\":\"" F "\"}",
	 write_quoted, WHOLE, FAILS, T4},
	{"maddy: name in the reason", NULL, MADDY,
	 MADDY_FAILED "pass_table: auth plain " F
		      ": unknown credentials\",\"src_ip\":\"[" T6
		      "]:51234\",\"username\":\"alice\"}",
	 write_quoted, WHOLE, FAILS, T6},
	{"maddy: name in a reason that is not known", NULL, MADDY,
	 MADDY_FAILED "pass_table: auth plain " F
		      ": no hash tag\",\"src_ip\":\"" T4
		      ":51234\",\"username\":\"alice\"}",
	 write_quoted, WHOLE, NEVER, NULL},
	{"maddy: sender of one who logged in", NULL, MADDY,
	 "submission: incoming message#011{\"msg_id\":\"3c1f\",\"sender\":\"" F
	 "\",\"src_host\":\"x\",\"src_ip\":\"" T4
	 ":51234\",\"username\":\"alice\"}",
	 write_quoted, WHOLE, IS_OK, T4},
	{"maddy: sender of a guest", NULL, MADDY,
	 "smtp: incoming message#011{\"msg_id\":\"3c1f\",\"sender\":\"" F
	 "\",\"src_host\":\"x\",\"src_ip\":\"" T4 ":51234\"}",
	 write_quoted, WHOLE, NEVER, NULL},
	/* PROXY protocol */
	{"postfix: what came for the PROXY header", NULL, SMTPD,
	 "warning: haproxy read: short protocol header: " F, write_raw, WHOLE,
	 NEVER, NULL},
	/* PAM */
	{"pam_unix: unknown name", NULL, "auth: ",
	 "pam_unix(dovecot:auth): " PAM_HEAD "ruser=" F " rhost=" T4 " ",
	 write_raw, WHOLE, FAILS, T4},
	{"pam_unix: name of an account", NULL, "auth: ",
	 "pam_unix(dovecot:auth): " PAM_HEAD "ruser=" F " rhost=" T4
	 "  user=alice",
	 write_raw, WHOLE, FAILS, T4},
	{"pam_unix: name, audited", NULL, "auth: ",
	 "pam_unix(dovecot:auth): " PAM_HEAD "ruser=alice rhost=" T6
	 "  user=" F,
	 write_raw, WHOLE, FAILS, T6},
	{"pam_sss: name", NULL, "auth: ",
	 "pam_sss(dovecot:auth): " PAM_HEAD "ruser=x rhost=" T4 " user=" F,
	 write_raw, WHOLE, FAILS, T4},
	/* saslauthd */
	{"saslauthd: login name", NULL, SASLAUTHD,
	 DO_AUTH "[user=" F "] [service=smtp] [realm=] [mech=pam] "
		 "[reason=PAM auth error] [remote=" T4 "]",
	 write_raw, SPLIT_CUT, 1040, FAILS, T4},
	{"saslauthd: realm", NULL, SASLAUTHD,
	 DO_AUTH "[user=alice] [service=smtp] [realm=" F
		 "] [mech=pam] [reason=PAM auth error] [remote=" T6 "]",
	 write_raw, SPLIT_CUT, 1040, FAILS, T6},
	{"saslauthd: login name, the address behind it", NULL, SASLAUTHD,
	 DO_AUTH "[user=" F "] [service=smtp] [realm=] [remote=" T4
		 "] [mech=pam] [reason=PAM auth error]",
	 write_raw, SPLIT_CUT, 1040, NEVER, NULL},
	{"saslauthd: realm, the address behind it", NULL, SASLAUTHD,
	 DO_AUTH "[user=alice] [service=smtp] [realm=" F "] [remote=" T6
		 "] [mech=pam] [reason=PAM auth error]",
	 write_raw, SPLIT_CUT, 1040, NEVER, NULL},
	{"saslauthd: name in an outage", NULL, SASLAUTHD,
	 DO_AUTH "[user=" F
		 "] [service=smtp] [realm=] [mech=rimap] [reason=[ALERT] "
		 "Couldn't contact remote authentication server]",
	 write_raw, SPLIT_CUT, 1040, BREAK, NULL},
	{"saslauthd: realm, without an address", NULL, SASLAUTHD,
	 DO_AUTH "[user=alice] [service=smtp] [realm=" F
		 "] [mech=pam] [reason=PAM auth error]",
	 write_raw, SPLIT_CUT, 1040, NEVER, NULL},
	{"saslauthd: without an address", NULL, SASLAUTHD,
	 DO_AUTH "[user=" F
		 "] [service=smtp] [realm=] [mech=pam] [reason=PAM auth error]",
	 write_raw, SPLIT_CUT, 1040, NEVER, NULL},
	/* Zimbra */
	{"zimbra: login name", NULL, ZIMBRA,
	 "[ImapServer-3] [ip=" T4 ";cid=16;] " ZIMBRA_AUTH
	 "error=authentication failed for [" F "], invalid password;",
	 write_zimbra, WHOLE, FAILS, T4},
	{"zimbra: program of a client", NULL, ZIMBRA,
	 "[qtp1-1:https://mail.example/service/soap/] [oip=" T6 ";ua=" F
	 ";] " ZIMBRA_WRONG,
	 write_zimbra, WHOLE, FAILS, T6},
	{"zimbra: program of a client that came directly", NULL, ZIMBRA,
	 "[ImapServer-3] [ip=" T4 ";ua=" F ";cid=16;] " ZIMBRA_WRONG,
	 write_zimbra, WHOLE, FAILS, T4},
	{"zimbra: forwarding header", NULL, ZIMBRA,
	 "[qtp1-1:https://mail.example/service/soap/] [oip=" F ", " T4
	 ";ua=x;] " ZIMBRA_WRONG,
	 write_zimbra, WHOLE, FAILS, T4},
	{"zimbra: way through proxies", NULL, ZIMBRA,
	 "[ImapServer-3] [ip=127.0.0.1;oip=" T4 ";via=" F ";] " ZIMBRA_WRONG,
	 write_zimbra, WHOLE, FAILS, T4},
	{"zimbra: URL", NULL, ZIMBRA,
	 "[qtp1-1:https://mail.example/service/soap/" F "] [oip=" T4
	 ";ua=x;] " ZIMBRA_WRONG,
	 write_word, WHOLE, FAILS, T4},
	{"zimbra: who says that he is a proxy", NULL, ZIMBRA,
	 "[ImapServer-3] [ip=" T4 ";oip=" F ";cid=16;] " ZIMBRA_WRONG,
	 write_zimbra, WHOLE, NEVER, NULL},
	{"zimbra: name of a closed account", NULL, ZIMBRA,
	 "[ImapServer-3] [ip=" T4 ";cid=16;] " ZIMBRA_AUTH
	 "error=authentication failed for [" F
	 "], account(or domain) status is closed;",
	 write_zimbra, WHOLE, NEVER, NULL},
	{"zimbra: name in mailbox.log", NULL, "mailboxd: ",
	 "INFO  [ImapServer-3] [ip=" T4
	 ";cid=16;] account - authentication failed for " F
	 " (no such account)",
	 write_raw, WHOLE, NEVER, NULL},
	/* cPanel */
	{"cpanel: login name", NULL, CPANEL,
	 "info [cpaneld] " T4 " - " F " " CPANEL_WRONG "incorrect", write_raw,
	 WHOLE, FAILS, T4},
	{"cpanel: login name, once more", NULL, CPANEL,
	 "info [cpsrvd] " T4 " - x \"POST /login/ HTTP/1.1\" FAILED LOGIN "
	 "cpaneld: invalid cpanel user " F " (loadcpdata failed)",
	 write_raw, WHOLE, FAILS, T4},
	{"cpanel: request", NULL, CPANEL,
	 "info [webmaild] " T6 " - alice \"GET /" F
	 " HTTP/1.1\" FAILED LOGIN webmaild: user password incorrect",
	 write_raw, WHOLE, FAILS, T6},
	{"cpanel: request without a name", NULL, CPANEL,
	 "info [cpaneld] " T4 " - - \"GET /" F
	 " HTTP/1.1\" FAILED LOGIN cpaneld: login attempt without username",
	 write_raw, WHOLE, NEVER, NULL},
	/* DirectAdmin */
	{"directadmin: login name", NULL, DIRECTADMIN,
	 "'" T4 "' 2 failed login attempts. Invalid account '" F "'",
	 write_percent, WHOLE, FAILS, T4},
	{"directadmin: login name, as it came", NULL, DIRECTADMIN,
	 "'" T6 "' 2 failed login attempts. Invalid account '" F
	 "' via 'admin'",
	 write_word, WHOLE, FAILS, T6},
	/* Domino */
	{"domino: login name", NULL, DOMINO,
	 "smtp: " F " [" T4 "] authentication failure using internet password",
	 write_raw, WHOLE, FAILS, T4},
	{"domino: login name, older", NULL, DOMINO,
	 "SMTP Server: Authentication failed for user " F
	 " ; connecting host " T6,
	 write_raw, WHOLE, FAILS, T6},
	{"domino: name of one who is locked out", NULL, DOMINO,
	 "http: " F " [" T4 "] authentication failure using internet password: "
	 "User is locked out",
	 write_raw, WHOLE, NEVER, NULL},
	/* Kopano */
	{"kopano: login name", NULL, "kopano-gateway[812]: ",
	 "Failed to login from [" T4 ":50122] with invalid username \"" F
	 "\" or wrong password: logon failed (80040111)",
	 write_raw, WHOLE, FAILS, T4},
	{"kopano 8.4: login name", NULL, "kopano-gateway[812]: ",
	 "Failed to login from [" T6 "]:50122 with invalid username \"" F
	 "\" or wrong password. Error: 0x80040111",
	 write_raw, WHOLE, FAILS, T6},
	{"kopano: name in an outage", NULL, "kopano-gateway[812]: ",
	 "Failed to login from [" T4 ":50122] with invalid username \"" F
	 "\" or wrong password: network error (80040115)",
	 write_raw, WHOLE, BREAK, NULL},
	/* grommunio */
	{"grommunio imap: login name", NULL, "gromox-imap[901]: ",
	 "rhost=[" T4 "]:50122 user=" F
	 " LOGIN phase2 rejected: Incorrect password",
	 write_300, WHOLE, FAILS, T4},
	{"grommunio imap: login name, twice", NULL, "gromox-imap[901]: ",
	 "rhost=[" T6 "]:50122 user=x LOGIN phase1 rejecting \"" F "\": ",
	 write_300, WHOLE, FAILS, T6},
	{"grommunio pop3: login name", NULL, "gromox-pop3[901]: ",
	 "rhost=[" T6 "]:50122 user=" F " login rejected: User account is "
	 "disabled",
	 write_300, WHOLE, NEVER, NULL},
	/* vpopmail */
	{"vpopmail: login name", NULL,
	 "vpopmail[20410]: ", "vchkpw-pop3: vpopmail user not found " F "@:" T4,
	 write_address, WHOLE, FAILS, T4},
	{"vpopmail: password", NULL, "vpopmail[20410]: ",
	 "vchkpw-smtp: password fail (pass: '" F "') alice@example.net:" T6,
	 write_155, WHOLE, FAILS, T6},
	{"vpopmail: name that is none", NULL, "vpopmail[20410]: ",
	 "vchkpw-smtp: invalid user/domain characters " F ":" T4, write_155,
	 WHOLE, FAILS, T4},
	{"vpopmail: name that is none, by IPv6", NULL, "vpopmail[20410]: ",
	 "vchkpw-smtp: invalid user/domain characters " F ":" T6, write_155,
	 WHOLE, NEVER, NULL},
	{"vpopmail: name without a password", NULL,
	 "vpopmail[20410]: ", "vchkpw-smtp: null password given " F ":" T4,
	 write_155, WHOLE, NEVER, NULL},
	/* UW IMAP */
	{"uw-imap: login name", NULL, "ipop3d[25745]: ",
	 "Login failed user=alice auth=" F " host=x.example [" T4 "]", write_64,
	 WHOLE, FAILS, T4},
	{"uw-imap: reverse name", NULL, "ipop3d[25745]: ",
	 "Login failed user=alice auth=alice host=" F " [" T6 "]", write_host,
	 WHOLE, FAILS, T6},
	{"uw-imap: mechanism", NULL, "ipop3d[25745]: ",
	 "AUTHENTICATE " F " failure host=x.example [" T4 "]", write_word,
	 WHOLE, NEVER, NULL},
	/* Haraka */
	{"haraka: command", NULL,
	 "haraka[7]: ", "[PROTOCOL] [" UUID "] [core] C: " F " state=1",
	 write_raw, WHOLE, NEVER, NULL},
	{"haraka: HELO", NULL, "haraka[7]: ",
	 "[NOTICE] [" UUID "] [core] disconnect ip=" T4 " rdns=x helo=" F
	 " relay=N",
	 write_raw, WHOLE, NEVER, NULL},
};

const size_t injection_template_count =
	sizeof(injection_templates) / sizeof(injection_templates[0]);
