/* variants_dovecot: the lines of Dovecot's login processes, 2.2 to 2.4. */
#include "variants.h"

#define L VARIANT_LIST

static const char *const tag[] = {"dovecot: ", "dovecot[77]: ", "dovecot ",
				  "Dovecot: ", NULL};
static const char *const process[] = {
	"imap-login: ",        "pop3-login: ",         "submission-login: ",
	"managesieve-login: ", "imap-urlauth-login: ", NULL};
static const char *const level[] = {"", "Info: ", NULL};
static const char *const proxied[] = {
	"", "proxy(bob): ", "proxy(bob,10.0.0.1:143): ",
	"proxy(bob,2001:db8::1:143): ", NULL};

/* How a connection ended: 2.2, 2.3, 2.4; the last of each are those of the
 * submission and managesieve processes. */
static const char *const end22[] = {
	"Aborted login ",
	"Disconnected ",
	"Disconnected: Inactivity ",
	"Disconnected: Inactivity during authentication ",
	"Disconnected: Too many invalid commands ",
	"Disconnected: Too many bad commands ",
	"Disconnected: Connection queue full ",
	"Disconnected: Input buffer full ",
	"Authentication response too large ",
	"Disconnected: Too many invalid commands. ",
	"Remote closed connection ",
	"Client has quit the connection ",
	NULL};
static const char *const end23[] = {
	"Disconnected: Aborted login by logging out ",
	"Disconnected: Connection closed ",
	"Disconnected: Connection closed: Connection reset by peer ",
	"Disconnected: Connection closed: SSL_read failed: error:0A000126:SSL "
	"routines::unexpected eof while reading ",
	"Disconnected: Inactivity during authentication ",
	"Disconnected: Too many invalid commands ",
	"Disconnected: Disconnected: Too many bad commands ",
	"Disconnected: Authentication response too large ",
	"Disconnected: Too many invalid commands. ",
	"Disconnected: Remote closed connection ",
	"Disconnected: Client has quit the connection ",
	NULL};
static const char *const end24[] = {
	"Login aborted: Logged out ",
	"Login aborted: Connection closed ",
	"Login aborted: Connection closed: Connection reset by peer ",
	"Login aborted: Inactivity during authentication ",
	"Login aborted: Disconnected: Too many bad commands ",
	"Login aborted: Too many invalid commands ",
	"Login aborted: Authentication response too large ",
	"Login aborted: Remote closed connection ",
	"Login aborted: Client has quit the connection ",
	NULL};

#define WHO ": user=<bob>, method=PLAIN, rip=" VARIANT_ADDRESS
#define TAILS                                                        \
	WHO, WHO ", lip=192.0.2.25", WHO ", TLS",                    \
		WHO ", lip=192.0.2.25, session=<x/+1>",              \
		WHO ", lip=192.0.2.25, TLS, session=<x/+1>",         \
		WHO ", lip=2001:db8::25, mpid=9, secured",           \
		WHO ", lip=192.0.2.25, TLS: read(size=5) failed: x", \
		WHO ", lport=993, pid=9, session=<x/+1>",            \
		": method=PLAIN, rip=" VARIANT_ADDRESS ", TLS",      \
		": user=<>, method=PLAIN, rip=" VARIANT_ADDRESS
static const char *const who[] = {TAILS, NULL};

#define CRAM ": user=<bob>, method=CRAM-MD5, rip=" VARIANT_ADDRESS
static const char *const scheme[] = {
	CRAM, CRAM ", lip=192.0.2.25, TLS, session=<x>", NULL};

#define N24 ", 1 attempts in 4 secs"
#define OK24 ", 1/2 successful auths in 4 secs"
#define AWAY ", last failure: [UNAVAILABLE] Temporary authentication failure."
#define SAID ", last failure: [AUTHENTICATIONFAILED] Wrong (bob), <x>: no"

#define LOGIN23(ends, causes, tails)                              \
	"dovecot",                                                \
	{                                                         \
		tag, process, level, proxied, ends, causes, tails \
	}

const struct variant_row variants_dovecot[] = {
	{"dovecot 2.2: wrong credentials",
	 LOGIN23(end22,
		 L("(auth failed, 1 attempts in 2 secs)",
		   "(auth failed, 1 attempts)", "(proxy dest auth failed)"),
		 who),
	 VARIANT_FAILS},
	{"dovecot 2.3: wrong credentials",
	 LOGIN23(end23,
		 L("(auth failed, 1 attempts in 2 secs)",
		   "(proxy dest auth failed)"),
		 who),
	 VARIANT_FAILS},
	{"dovecot 2.4: wrong credentials",
	 LOGIN23(end24,
		 L("(auth failed" N24 ") (auth_failed)",
		   "(auth failed" OK24 ") (auth_failed)",
		   "(credentials contain control characters" N24
		   ") (invalid_credentials)",
		   "(proxy dest authentication failure to 10.0.0.1:143" N24
		   ") (proxy_dest_auth_failed)",
		   "(proxy dest authentication failure to (unknown)" N24
		   ") (proxy_dest_auth_failed)",
		   "(proxy dest authentication failure to [2001:db8::1]:143" N24
			   SAID ") (proxy_dest_auth_failed)"),
		 who),
	 VARIANT_FAILS},
	{"dovecot 2.2: the auth process is gone",
	 LOGIN23(end22, L("(auth process communication failure)"), who),
	 VARIANT_BREAK},
	{"dovecot 2.2: the auth process has ended",
	 "dovecot",
	 {tag, process, level, L("Disconnected: Auth process broken "),
	  L("(auth failed, 1 attempts in 2 secs)",
	    "(auth process communication failure)",
	    "(disconnected while authenticating, waited 2 secs)"),
	  who},
	 VARIANT_BREAK},
	{"dovecot 2.3: the backend is away",
	 LOGIN23(end23,
		 L("(auth process communication failure)",
		   "(auth service reported temporary failure)"),
		 who),
	 VARIANT_BREAK},
	{"dovecot 2.4: the backend is away",
	 LOGIN23(end24,
		 L("(auth process communication failure" N24
		   ") (auth_process_comm_fail)",
		   "(auth service reported temporary failure" N24
		   ") (temp_fail)",
		   "(auth service reported temporary failure" OK24
		   ") (temp_fail)",
		   "(internal failure" OK24 ") (internal_failure)",
		   "(proxy dest connection failed to 10.0.0.1:143" N24
		   ") (proxy_dest_connect_failed)",
		   "(proxy dest connection failed to (unknown)" N24
		   ") (proxy_dest_connect_failed)",
		   "(proxy dest internal failure to 10.0.0.1:143" N24
		   ") (proxy_dest_internal_failure)",
		   "(proxy dest remote failure to 10.0.0.1:143" N24
		   ") (proxy_dest_remote_failure)",
		   "(proxy dest protocol failure to 10.0.0.1:143" N24
		   ") (proxy_dest_protocol_failure)",
		   "(proxy dest temporary authentication failure to "
		   "10.0.0.1:143" N24 AWAY ") (proxy_dest_auth_temp_failed)"),
		 who),
	 VARIANT_BREAK},
	{"dovecot 2.3 and 2.4: temporary, of a mechanism without a password",
	 "dovecot",
	 {tag, process, level,
	  L("Disconnected: Connection closed (auth service reported temporary "
	    "failure)",
	    "Login aborted: Logged out (auth service reported temporary "
	    "failure" N24 ") (temp_fail)"),
	  scheme},
	 VARIANT_DOUBT},
	{"dovecot: the auth process does not answer",
	 "dovecot",
	 {tag, process, L("Warning: "),
	  L("Auth process not responding, delayed sending initial response "
	    "(greeting)"),
	  L("", ": user=<>, rip=" VARIANT_ADDRESS ", lip=192.0.2.25")},
	 VARIANT_BREAK},
	{"dovecot: the way to the auth process is broken",
	 "dovecot",
	 {tag, process, L("Error: ", "Warning: "),
	  L("", "auth-client: ", "auth-client: conn unix:login: ",
	    "auth-client: conn unix:login (pid=96,uid=0): "),
	  L("Timeout waiting for handshake from auth server. my pid=9, input "
	    "bytes=0",
	    "Auth connection closed with 4 pending requests (max 0 secs, "
	    "pid=9, EOF)",
	    "connect(login) failed: Connection refused",
	    "BUG: Authentication server returned no mechanisms",
	    "Error sending request to auth server: Broken pipe",
	    "Error sending continue request to auth server: connection lost",
	    "Error sending handshake to auth server: Broken pipe")},
	 VARIANT_BREAK},
	{"dovecot 2.2 and 2.3: broken off, or a client that is set up wrongly",
	 LOGIN23(end23,
		 L("(client didn't finish SASL auth, waited 9 secs)",
		   "(disconnected while authenticating, waited 9 secs)",
		   "(aborted authentication)",
		   "(tried to use unsupported auth mechanism)",
		   "(tried to use disallowed plaintext auth)",
		   "(sent invalid base64 in response)"),
		 who),
	 VARIANT_DOUBT},
	{"dovecot 2.4: broken off, or a client that is set up wrongly",
	 LOGIN23(end24,
		 L("(auth aborted by client" N24 ") (auth_aborted_by_client)",
		   "(client didn't finish SASL auth" N24
		   ") (auth_waiting_client)",
		   "(sent invalid base64 in response" N24 ") (invalid_base64)",
		   "(tried to use unsupported auth mechanism" N24
		   ") (invalid_mech)",
		   "(tried to use disallowed cleartext auth" N24
		   ") (cleartext_auth_disabled)",
		   "(anonymous logins disabled" N24
		   ") (anonymous_auth_disabled)"),
		 who),
	 VARIANT_DOUBT},
	{"dovecot 2.2 and 2.3: no guess",
	 LOGIN23(end23,
		 L("(user disabled)", "(password expired)", "(login disabled)",
		   "(authorization failed, 1 attempts in 2 secs)",
		   "(no auth attempts in 2 secs)",
		   "(internal failure, 1 successful auths)",
		   "(client didn't send a cert)",
		   "(client sent an invalid cert)",
		   "(cert required, client didn't start TLS)",
		   "(disconnected before auth was ready, waited 2 secs)",
		   "(disconnected while finishing login, waited 2 secs)"),
		 who),
	 VARIANT_NEVER},
	{"dovecot 2.4: no guess",
	 LOGIN23(end24,
		 L("(user disabled" N24 ") (user_disabled)",
		   "(password expired" N24 ") (password_expired)",
		   "(login disabled" N24 ") (login_disabled)",
		   "(authorization failed" N24 ") (authorization_failed)",
		   "(connection limit reached" N24 ") (connection_limit)",
		   "(auth referral" N24 ") (auth_nologin_referral)",
		   "(proxy dest connection limit reached to h:143" N24
		   ") (proxy_dest_connection_limit)",
		   "(no auth attempts in 2 secs) (no_auth_attempts)",
		   "(disconnected during TLS handshake) "
		   "(tls_handshake_not_finished)",
		   "(client didn't send a cert) (client_ssl_cert_missing)",
		   "(disconnected before auth was ready, waited 2 secs) "
		   "(auth_process_not_ready)",
		   "(client_limit and process_limit was hit and this login "
		   "session was killed.) (process_full)"),
		 who),
	 VARIANT_NEVER},
	{"dovecot: logged in",
	 "dovecot",
	 {tag, process, level, L("Login", "Logged in"), who},
	 VARIANT_IS_OK},
	{"dovecot: a proxy has logged in",
	 "dovecot",
	 {tag, process, level,
	  L("proxy(bob): ", "proxy(bob,10.0.0.1:143): ",
	    "proxy(bob,2001:db8::1:143): "),
	  L("started proxying to 10.0.0.1:143",
	    "started proxying to backend.example:143/bob@b.example",
	    "started proxying to 10.0.0.1:143 (master root)",
	    "Started proxying to backend.example",
	    "Started proxying to <10.0.0.1> (0.004 secs)",
	    "Started proxying to <10.0.0.1> (<b.example>) (0.004 secs, 1 "
	    "reconnects)",
	    "Started proxying to remote host from 10.0.0.2 as user x (master "
	    "root) (0.004 secs)"),
	  who},
	 VARIANT_IS_OK},
};

const size_t variants_dovecot_count =
	sizeof(variants_dovecot) / sizeof(variants_dovecot[0]);
