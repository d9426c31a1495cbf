# SASLBAN_PACKAGE(VARIABLES, MODULES, DEBIAN-PACKAGES): PKG_CHECK_MODULES, and
# what to install where they are missing.
AC_DEFUN([SASLBAN_PACKAGE], [
PKG_CHECK_MODULES([$1], [$2], [],
	[AC_MSG_ERROR([$2: missing or too old; on Debian: apt-get install $3])])
])
