# SASLBAN_RSYSLOG: find rsyslog's headers and prove that they are the right
# ones. There is no development package: they come from the source package of
# the rsyslogd that will load the module (tools/fetch-rsyslog-headers).
#
# Sets RSYSLOG_CPPFLAGS, RSYSLOG_VERSION and RSYSLOG_SOURCE.
AC_DEFUN([SASLBAN_RSYSLOG], [
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

AC_CHECK_HEADER([zlib.h], [],
	[AC_MSG_ERROR([rsyslog's headers need zlib.h; on Debian: apt-get install zlib1g-dev])])
RSYSLOG_CPPFLAGS="-isystem $rs/runtime -isystem $rs -isystem $rs/grammar"
saved_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$CPPFLAGS -I$srcdir/plugin $RSYSLOG_CPPFLAGS $HOST_CFLAGS"
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
AS_CASE(["$host_cpu $obj_size $msg_size"],
	["x86_64 16 624"|"x86_64 16 632"|"aarch64 16 624"|"aarch64 16 632"], [],
	[AC_MSG_ERROR([rsyslog's messages do not have the layout of Debian's rsyslogd (obj_t 16, smsg_t 624 or 632 bytes); look into plugin/rsyslog_abi.h before you load a module built this way])])
AC_SUBST([RSYSLOG_CPPFLAGS])
AC_SUBST([RSYSLOG_SOURCE], [$rs])
AC_SUBST([RSYSLOG_VERSION])
])
