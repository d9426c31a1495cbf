#!/bin/sh
# damaged: a database that is not what was written. See damaged.sh.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/damaged.sh"
damaged_run
