/*
 * capability: keep CAP_NET_ADMIN, and nothing else, in one thread across the
 * host's change of user.
 *
 * rsyslogd may drop from root to a user of its own, which clears every
 * capability of every thread. The kernel wants CAP_NET_ADMIN in the thread
 * that sends, at each send; a socket opened earlier does not help. So the
 * engine's thread asks, while it is still root, that its permitted set
 * survive (PR_SET_KEEPCAPS, a per-thread flag, prctl(2)), and cuts it down
 * to the one capability afterwards (capset(2) works on the calling thread).
 */
#ifndef SASLBAN_CAPABILITY_H
#define SASLBAN_CAPABILITY_H

/* Before the change of user, in the thread that wants to keep it. */
void capability_keep(void);

/* After it, in the same thread. A thread that is still root is left as it
 * is. Failing leaves the thread without the capability, which the first
 * netlink call reports. */
void capability_reduce(void);

#endif
