#!/bin/sh
# dist: the tarball is complete. `make distcheck` unpacks it, builds from a
# tree that cannot be written, tests, installs and uninstalls; here with two
# quick tests and without optimization. And what git has, the tarball has.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/tap.sh"

tests='tests/unit/duration tests/exports.t'
ok "make distcheck" make -C "$builddir" distcheck \
	TESTS="$tests" check_PROGRAMS=tests/unit/duration \
	DISTCHECK_CONFIGURE_FLAGS='-q CFLAGS=-O0'
tarball=$(find "$builddir" -maxdepth 1 -name 'omsaslban-*.tar.xz')
packed=$(tar -tf "$tarball" | sed 's|^[^/]*/||' | grep -v '/$' | sort)

# but LINES: those of standard input that are not among them.
but() {
	grep -Fvx "$1"
}
if [ -e "$srcdir/.git" ]; then
	files() {
		git -c safe.directory='*' -C "$srcdir" ls-files "$@"
	}
	is "every file of git is in the tarball" \
		"$(files | but "$packed")" .gitignore
	is "what else is in it comes from the build system" "$(
		printf '%s\n' "$packed" |
			but "$(files -co --exclude-standard)" |
			grep -v '^build-aux/\|^m4/l[^/]*\.m4$' |
			grep -vx 'configure\|Makefile\.in\|aclocal\.m4'
	)" ""
else
	like "configure is in the tarball" "$packed" '^configure$'
fi
rm -f "$tarball"
done_testing
