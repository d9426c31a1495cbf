# Find rsyslog's headers and prove that they are the right ones. There is no
# development package: they come from the source package of the rsyslogd that
# will load the module (tools/fetch-rsyslog-headers).

# SASLBAN_RSYSLOG_SOURCE: where they are, and of which version. Needs no
# compiler. Sets RSYSLOG_SOURCE, RSYSLOG_VERSION and RSYSLOG_CPPFLAGS.
AC_DEFUN([SASLBAN_RSYSLOG_SOURCE], [
AC_ARG_WITH([rsyslog-source],
	[AS_HELP_STRING([--with-rsyslog-source=DIR],
		[rsyslog's source tree, of the version that will load the
		 module; tools/fetch-rsyslog-headers gets it])],
	[rs=`cd "$withval" 2>/dev/null && pwd`],
	[rs=`cd rsyslog-source 2>/dev/null && pwd`])
AS_IF([test ! -f "$rs/runtime/rsyslog.h"],
	[AC_MSG_ERROR([rsyslog's headers are not in '${withval:-rsyslog-source}'; run tools/fetch-rsyslog-headers DIR and give --with-rsyslog-source=DIR])])

AC_PATH_PROG([RSYSLOGD], [rsyslogd], [], [$PATH:/usr/sbin:/sbin])
AC_MSG_CHECKING([that rsyslog's headers fit rsyslogd])
RSYSLOG_VERSION=`grep '^A@&t@C_INIT(' "$rs/configure.ac" | cut -d, -f2 | tr -d '@<:@@:>@'`
have=`$RSYSLOGD -v 2>/dev/null | head -n 1 | tr -s ' ' | cut -d' ' -f2`
AS_IF([test -z "$have"],
	[AC_MSG_RESULT([no rsyslogd here: headers are $RSYSLOG_VERSION])],
	[test "$have" != "$RSYSLOG_VERSION"],
	[AC_MSG_RESULT([no])
	 AC_MSG_ERROR([rsyslogd is $have, the headers in $rs are $RSYSLOG_VERSION; run tools/fetch-rsyslog-headers for the headers of $have])],
	[AC_MSG_RESULT([yes, both are $have])])

RSYSLOG_CPPFLAGS="-isystem $rs/runtime -isystem $rs -isystem $rs/grammar"
AC_SUBST([RSYSLOG_CPPFLAGS])
AC_SUBST([RSYSLOG_SOURCE], [$rs])
AC_SUBST([RSYSLOG_VERSION])
])

# SASLBAN_RSYSLOG_LAYOUT: compiled with our macros, are rsyslog's structs as
# long as in Debian's build? Needs HOST_CFLAGS.
AC_DEFUN([SASLBAN_RSYSLOG_LAYOUT], [
AC_CHECK_HEADER([zlib.h], [],
	[AC_MSG_ERROR([rsyslog's headers need zlib.h; on Debian: apt-get install zlib1g-dev])])
saved_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$CPPFLAGS -I$srcdir/plugin/omsaslban $RSYSLOG_CPPFLAGS $HOST_CFLAGS"
headers='#include "rsyslog_abi.h"
#include <rsyslog.h>
#include <msg.h>'
AC_MSG_CHECKING([the layout of rsyslog's messages])
AC_COMPUTE_INT([obj_size], [sizeof(obj_t)], [$headers], [obj_size=0])
AC_COMPUTE_INT([msg_size], [sizeof(smsg_t)], [$headers], [msg_size=0])
CPPFLAGS=$saved_CPPFLAGS
AC_MSG_RESULT([obj_t $obj_size, smsg_t $msg_size bytes])
AS_IF([test "$obj_size" -eq 0 || test "$msg_size" -eq 0],
	[AC_MSG_ERROR([rsyslog's headers in $rs do not compile; the compiler's words are in config.log])])
AS_CASE([$RSYSLOG_VERSION],
	[8.2@<:@345@:>@*], [want="624"],
	[want="624 or 632"])
AS_CASE(["$host_cpu $obj_size, $want "],
	["x86_64 16, "*"$msg_size "* | "aarch64 16, "*"$msg_size "*], [],
	[AC_MSG_ERROR([rsyslog's messages do not have the layout of Debian's rsyslogd $RSYSLOG_VERSION (x86_64 and aarch64: obj_t 16, smsg_t $want bytes); look into plugin/omsaslban/rsyslog_abi.h before you load a module built this way])])
])
