#!/bin/sh
# lint: what other people's tools say of the source. Nothing, is wanted.
#
# Each tool reads the files as they are; nothing is built. A finding that is
# wrong is switched off where it stands, with the reason, or for the whole
# tree in the tool's own file (.clang-tidy, .shellcheckrc, .codespellrc).
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/tap.sh"

includes=$(make -s -C "$builddir" print-cppflags)
cd "$srcdir" || exit 1

# silent TITLE COMMAND...: nothing is printed and it succeeds. The first word
# is the program that has to be installed.
silent() {
	silent_title=$1
	shift
	if ! command -v "$1" >/dev/null; then
		skip "$silent_title" "there is no $1"
		return
	fi
	silent_text=$("$@" 2>&1)
	silent_status=$?
	is "$silent_title" "$silent_text$silent_status" 0
}

# The scripts are what says so in its first line, and what those read.
scripts=$(find . -name .git -prune -o -name build -prune -o \
	-name build-aux -prune -o -name autom4te.cache -prune -o \
	-type f ! -name 'configure*' -print | sort | while read -r f; do
	case $(head -n 1 "$f" | tr -d '\0') in
	'#!/bin/sh'* | '#!/bin/bash'* | '# shellcheck shell='*) echo "$f" ;;
	esac
done)

is "each test can be run" "$(find tests -name '*.t' ! -perm -111)" ""

# shellcheck disable=SC2046,SC2086 # lists of files
{
silent "clang-format: every file is as it decides" \
	clang-format --dry-run -Werror plugin/*/*.[ch] cli/*.[ch] \
	include/saslban/*.h bench/*.c $(find tests -name '*.[ch]')
silent "shellcheck: the scripts" shellcheck $scripts
silent "codespell: every text" \
	codespell plugin cli include tests bench docs tools filter.d ipset \
	rsyslog.d completion Makefile.am configure.ac ./*.md quickstart selftest
for page in docs/*.[1-9]; do
	# `referenced manual not found` is about this machine.
	silent "mandoc: $page" mandoc -T lint -W warning "$page"
done
}

# unusedFunction and missingInclude are the compiler's to tell. Of the rest:
# variableScope           declarations stand at the top, as in the kernel
# redundantInitialization is wrong about `n == 0 || (p = f()) != NULL`
# knownConditionTrueFalse is wrong about what was divided by a length + 1
# shadowFunction          tests name a variable like a helper
silent "cppcheck: the whole source, but for the host's macros" \
	cppcheck -q -j 2 --std=c11 --error-exitcode=1 --inline-suppr \
	--enable=warning,style,performance,portability \
	--suppress=missingIncludeSystem --suppress=variableScope \
	--suppress=redundantInitialization --suppress=shadowFunction \
	--suppress=knownConditionTrueFalse \
	--template='{file}:{line}: {message} [{id}]' \
	-i plugin/omsaslban/omsaslban.c -i plugin/omsaslban/omnull.c \
	-i plugin/omsaslban/feed.c -i plugin/omsaslban/meters.c \
	-Iinclude -Iplugin -Icli plugin cli tests bench

# tidy [OPTION] FILE...: two at a time, a few files for each.
tidy() {
	printf '%s\n' "$@" | xargs -P 2 -n 8 sh -c '
		includes=$1; shift
		clang-tidy --quiet "$@" -- -std=c11 -D_GNU_SOURCE -Iinclude \
			-Iplugin -iquote cli $includes -DSASLBAN_VERSION=\"0\" \
			-DSASLBAN_FILTERS=\"/\" -DSASLBAN_ETC_FILTERS=\"/\" \
			-DRSYSLOG_VERSION=\"0\" 2>/dev/null ||
			echo "clang-tidy fails"' tidy "$includes"
}
if command -v clang-tidy >/dev/null; then
	# shellcheck disable=SC2046 # a list of files
	is "clang-tidy: the module's parts and the command line" "$(
		tidy $(printf '%s\n' plugin/*/*.c cli/*.c |
			grep -Ev 'plugin/omsaslban/om(saslban|null)\.c')
	)" ""
	# What newActInst strdups the host frees; its tables of entry points
	# are chains of ifs with one branch.
	is "clang-tidy: the adapter" "$(
		tidy --checks=-bugprone-branch-clone,-clang-analyzer-unix.Malloc \
			plugin/omsaslban/omsaslban.c plugin/omsaslban/omnull.c
	)" ""
else
	skip "clang-tidy" "there is no clang-tidy"
fi
done_testing
