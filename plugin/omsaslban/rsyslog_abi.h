/*
 * rsyslog_abi: the macros that decide rsyslog's struct layouts.
 *
 * rsyslog's headers take them from the config.h of its own build and Debian
 * ships none. With one of them missing everything compiles, loads and then
 * corrupts memory: without NDEBUG, obj_t grows by a cookie and every message
 * field moves by 8 bytes; without the atomics, counters and actions grow by
 * mutexes. These are the values of Debian's builds. They stand here and
 * nowhere else; the adapter includes this file first, and configure compiles
 * its layout probe with it.
 */
#ifndef SASLBAN_RSYSLOG_ABI_H
#define SASLBAN_RSYSLOG_ABI_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#ifndef NDEBUG
#define NDEBUG
#endif
#define HAVE_LSEEK64 1
#define HAVE_STRNDUP 1
#define HAVE_ATOMIC_BUILTINS 1
#define HAVE_ATOMIC_BUILTINS64 1
#define HAVE_PTHREAD_SETSCHEDPARAM 1
#define FEATURE_REGEXP 1

#endif
