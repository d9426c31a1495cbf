/*
 * secret: what hashes are made with that are kept: of passwords.
 *
 * A part of the store (saslban/store.h says what holds for all of it). It was
 * drawn when the database was made. Who has the database has it, too, and can
 * try passwords: so only hashes that the server has cut short come here, and
 * the file is for root alone.
 */
#ifndef SASLBAN_SECRET_H
#define SASLBAN_SECRET_H

#include "saslban/fault.h"
#include "saslban/siphash.h"
#include "saslban/store.h"

int secret_get(struct store *s, struct siphash_key *out, struct fault *why);

#endif
