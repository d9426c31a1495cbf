#!/bin/sh
# layers: the walls of docs/ARCHITECTURE.md. Each line that fails names the
# file that strays.
: "${builddir:=build}" "${srcdir:=.}"
. "$srcdir/tests/tap.sh"

builddir=$(cd "$builddir" && pwd)
cd "$srcdir" || exit 1

# none TITLE TEXT: the text, a list of who strays, is empty.
none() {
	is "$1" "$2" ""
}

# ---- one door per library ----

# includes FILE...: `file: header` for each <header> included.
includes() {
	awk '/^[ \t]*#[ \t]*include[ \t]*</ {
		sub(/^[^<]*</, ""); sub(/>.*/, ""); print FILENAME ": " $0
	}' "$@"
}

# Who includes what: the file (a pattern) and the headers behind that door
# (an extended regular expression).
doors='
plugin/omsaslban/* (rsyslog|conf|dirty|errmsg|module-template|parserif|rainerscript|statsobj|syslogd-types|obj|msg|ruleset|unicode-helper|cfsysline|template|stringbuf|debug|glbl|datetime|prop|net)\.h
plugin/omsaslban/* (libestr|syslog)\.h
plugin/omsaslban/* (json|libfastjson/.*)\.h|json\.h
cli/bansjson.c libfastjson/.*
cli/gzip.c zlib\.h
cli/zstd.c zstd(_errors)?\.h
plugin/store/* sqlite3\.h
plugin/kernel/* libmnl/.*|linux/(netlink|(inet|sock)_diag|netfilter|netfilter/.*)\.h
plugin/filter/* pcre2\.h
plugin/geo/geo.c (maxminddb|dlfcn)\.h
plugin/engine/capability.c linux/capability\.h
'
# The C library's own, which need no door. A header that is not here and has
# no door is a new dependency: it wants a reason and a line above.
libc='(arpa/inet|assert|ctype|dirent|endian|errno|fcntl|fnmatch|getopt|glob|grp|ifaddrs|inttypes|langinfo|limits|locale|netdb|poll|pthread|pwd|sched|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|termios|time|unistd|wchar|wctype|net/(if|route)|netinet/(in|in6|tcp)|sys/(capability|file|ioctl|mman|prctl|random|socket|stat|statvfs|syscall|sysmacros|time|timex|types|un|wait))\.h'

# through_door FILE HEADER
through_door() {
	printf '%s\n' "$2" | grep -Eqx "$libc" && [ "$2" != syslog.h ] && return
	while read -r files headers; do
		# shellcheck disable=SC2254 # a pattern
		case $1 in
		$files) printf '%s\n' "$2" | grep -Eqx "$headers" && return ;;
		esac
	done <<-END
	$doors
	END
	return 1
}

none "every foreign header is behind its door" "$(
	includes plugin/*/*.[ch] cli/*.[ch] include/saslban/*.h |
		while IFS=': ' read -r file header; do
			through_door "$file" "$header" ||
				echo "$file: <$header>"
		done
)"
none "nor do benchmarks and tests see rsyslog" "$(
	includes bench/*.c tests/*.[ch] tests/*/*.[ch] | grep -E \
		': (rsyslog|errmsg|module-template|msg|obj|parserif|syslogd-types)\.h$'
)"
none "a contract needs nothing but the language" "$(
	includes include/saslban/*.h |
		grep -Ev ': (std(atomic|bool|int|def|arg|io)|sys/types)\.h$'
)"
none "a source that has a header begins with it" "$(
	for f in plugin/*/*.c cli/*.c; do
		name=$(basename "$f" .c).h
		for h in include/saslban "$(dirname "$f")"; do
			[ -e "$h/$name" ] || continue
			grep -m 1 '^#include' "$f" |
				grep -Eq "([\"/]$name|_impl\.h)\"" || echo "$f"
		done
	done
)"

# ---- what the compiled files ask of others ----

# calls SYMBOLS OBJECT...: `object: symbol` for each use of a symbol that the
# expression fits as a whole.
calls() {
	calls_what=$(printf %s "$1" | tr -d ' \t\n')
	shift
	nm -A -u "$@" | sed 's|.*/\([^/]*/\)\.libs/|\1|' | awk -v what="^($calls_what)\$" '
		{ sub(/@.*/, "", $NF) } $NF ~ what { print $1 " " $NF }'
}
# but NAME...: without the files of those names.
but() {
	sed 's/\(libsaslban\|omsaslban\)_la-//' | grep -Ev "^($1)\.o"
}
all=$(ls "$builddir"/plugin/*/.libs/*.o 2>/dev/null)
core=$(make -s -C "$builddir" print-core 2>/dev/null |
	sed "s|\([^ ]*\)/\([^ ]*\)\.lo|$builddir/\1/.libs/\2.o|g")

none "every source is in the Makefile" "$(
	for f in plugin/*/*.c; do
		objects=$builddir/$(dirname "$f")/.libs
		name=$(basename "$f" .c).o
		for o in "$objects/$name" "$objects"/*_la-"$name"; do
			[ -e "$o" ] && continue 2
		done
		echo "$f"
	done
)"
# shellcheck disable=SC2086 # lists of files
{
none "nobody but the runner and the queue reads a clock" "$(
	calls 'time|clock|clock_gettime|gettimeofday|timespec_get|ftime' $all |
		but 'engine/(runner|queue)'
)"
none "nobody prints, logs or ends the process" "$(
	calls 'stdout|stderr|(__)?v?printf(_chk)?|puts|putchar|perror|psignal
		|v?(err|warn)x?|error|exit|_exit|_Exit|quick_exit|abort|raise
		|__assert_fail|(__)?v?syslog(_chk)?|openlog|closelog' $all
)"
none "nobody forks or runs a program" "$(
	calls 'v?fork|system|popen|posix_spawnp?|exec[vl]p?e?' $all
)"
none "nobody but the runner sleeps" "$(
	calls 'u?sleep|nanosleep|clock_nanosleep' $all | but engine/runner
)"
none "nothing that is not safe with threads" "$(
	calls 'strtok|localtime|gmtime|ctime|asctime|getpwnam|getpwuid
		|gethostbyname|inet_ntoa|setlocale|readdir_r|rand|srand|setenv
		|putenv' $all
)"
ok "the pure modules are there" [ -n "$core" ]
none "the pure modules open and allocate nothing, but for filter files and the memory" "$(
	calls 'f?open(64|at|dir)?|socket|getaddrinfo(_a)?|getenv|[mc]alloc
		|realloc|v?asprintf|strn?dup|pthread_.*|time|clock_gettime' \
		$core | but 'filterfile/.*|memory/.*'
)"
}
# Who takes a name from whom, by what was compiled. tsort(1) names the files of
# a circle.
none "no two files need each other" "$(
	for f in plugin/*/*.c cli/*.c; do
		of=$builddir/$(dirname "$f")
		name=$(basename "$f" .c).o
		for o in "$of/.libs/$name" "$of"/*_la-"$name" \
			"$of"/.libs/*_la-"$name" "$of/saslbanctl-$name"; do
			[ ! -e "$o" ] || nm "$o" | sed "s|^|$f |"
		done
	done | awk '
		$3 ~ /^[TDRBC]$/ || $2 ~ /^[TDRBC]$/ { of[$NF] = $1 }
		$2 == "U" { n++; user[n] = $1; name[n] = $3 }
		END {
			for (i = 1; i <= n; i++)
				if (of[name[i]] != "" && of[name[i]] != user[i])
					print user[i], of[name[i]]
		}' | tsort 2>&1 >/dev/null
)"
ok "the pure modules link with nothing but libc" \
	"${CC:-cc}" -shared -nostdlib -o /dev/null -Wl,--no-undefined \
	-Wl,--whole-archive "$builddir/.libs/libcore.a" \
	-Wl,--no-whole-archive -lc

# Sections that can be written, but for those that only the loader writes
# (.data.rel.ro: constant tables of pointers). The adapter has rsyslog's.
none "no state outside of what is passed" "$(
	for o in $all; do
		objdump -t "$o" | awk -v o="$(echo "$o" |
			sed 's|.*/\([^/]*/\)\.libs/|\1|')" '
			$0 ~ /[ \t](\.t?(data|bss)[^ \t]*|\*COM\*)[ \t]/ &&
			$0 !~ /\.data\.rel\.ro/ && $0 !~ / d  / {
				print o ": " $NF
			}'
	done | but 'omsaslban/.*'
)"

# ---- headers ----

none "each header compiles alone, and twice" "$(
	for h in include/saslban/*.h plugin/*/*.h cli/*.h; do
		# shellcheck disable=SC2046 # a list of directories
		printf '#include "%s"\n#include "%s"\n' "$h" "$h" |
			"${CC:-cc}" -std=c11 -D_GNU_SOURCE -I. -Iinclude \
			-Iplugin -Icli $(MAKEFLAGS='' make -s -C "$builddir" \
				print-cppflags) \
			-Wall -Wextra -Werror -fsyntax-only -x c - \
			2>&1 || echo "$h"
	done
)"

# ---- size ----

none "no file of more than 400 lines" "$(
	wc -l plugin/*/*.[ch] cli/*.[ch] include/saslban/*.h |
		awk '$1 > 400 && $2 != "total" { print $2 ": " $1 }'
)"
# A function is what stands between braces in the first column, or between
# rsyslog's BEGIN and END.
none "no function of more than 60 lines" "$(
	awk 'FNR == 1 { start = 0 }
	     /^{/ || /^BEGIN/ { start = FNR; if (/^{/) name = before }
	     /^BEGIN/ { name = $0 }
	     (/^}/ || /^END/) && start {
		if (FNR - start - 1 > 60)
			print FILENAME ": " FNR - start - 1 ": " name
		start = 0
	     }
	     { before = $0 }' plugin/*/*.c cli/*.c tests/*.c tests/*/*.c
)"
none "no line past column 80" "$(
	for f in plugin/*/*.[ch] cli/*.[ch] include/saslban/*.h tests/*.c \
		tests/*/*.[ch] bench/*.c; do
		expand "$f" | grep -n '.\{81,\}' | sed "s|^|$f:|"
	done
)"
done_testing
