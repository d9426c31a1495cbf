#!/bin/sh
# crash: fifteen kills. See crash.sh; the long form is tests/campaign-crash.
: "${builddir:=build}" "${srcdir:=.}"
KILLS=15
. "$srcdir/tests/crash.sh"
crash_campaign
