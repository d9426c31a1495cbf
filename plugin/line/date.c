/* date: dates as log files write them. */
#include "date.h"

#include <string.h>
#include <time.h>

enum {
	SEARCH = 80,  /* bytes from the start in which a date may begin */
	AHEAD = 86400 /* seconds that a date may lie in the future */
};

/*
 * The shapes of dates. %Y %m %d %H %M %S as in strptime with all digits, %y
 * two digits of the year, %e and %k day and hour with one or two digits, %b
 * month's name, %a day's name, %p AM or PM behind the time, %f an optional
 * fraction, %z an optional zone, %Z the name of a zone, of which only UTC and
 * GMT say something to us, %E ten digits of epoch, %T TAI64N. A blank stands
 * for one or two. The first that fits is taken, so longer shapes stand before
 * their beginnings.
 */
static const char *const shapes[] = {
	"%Y-%m-%dT%H:%M:%S%f%z",
	"%Y-%m-%d %k:%M:%S%f%z",
	"%Y/%m/%d %H:%M:%S%f",
	"%Y.%m.%d %H:%M:%S%f",
	"%Y:%m:%d-%k:%M:%S",
	"%a %Y-%m-%d %H:%M:%S%f %Z",
	"%a %b %e %k:%M:%S%f %Y",
	"%a %b %e %Y %k:%M:%S%f",
	"%a %b %e %k:%M:%S%f",
	"%b %e %k:%M:%S%f %Y",
	"%b %e %Y %k:%M:%S%f",
	"%b %e %k:%M:%S%f",
	"%d/%b/%Y:%H:%M:%S%f%z",
	"%d/%b/%Y %H:%M:%S%f%z",
	"%d-%b-%Y %H:%M:%S%f%z",
	"%m/%d/%Y:%H:%M:%S",
	"%d-%m-%Y %k:%M:%S",
	"%d.%m.%Y %k:%M:%S",
	"%m/%d/%Y %k:%M:%S %p",
	"%m/%d/%Y %k:%M:%S",
	"%b-%d-%y %k:%M:%S",
	"@%T",
	"%T",
	"%E%f",
};

struct date {
	struct tm tm;
	bool has_year;
	bool has_zone;
	long zone;       /* seconds east */
	int64_t seconds; /* when not from the fields: epoch, TAI */
	bool whole;
};

struct input {
	const char *at;
	const char *end;
};

static int digits(struct input *in, int min, int max)
{
	int n = 0, value = 0;

	while (n < max && in->at < in->end && *in->at >= '0' &&
	       *in->at <= '9') {
		value = value * 10 + (*in->at++ - '0');
		n++;
	}
	return n >= min ? value : -1;
}

static int name_of(struct input *in, const char *names, int n)
{
	for (int i = 0; i < n; i++)
		if (in->end - in->at >= 3 &&
		    memcmp(in->at, names + 3 * i, 3) == 0) {
			in->at += 3;
			return i;
		}
	return -1;
}

static bool take_epoch(struct input *in, struct date *d)
{
	const char *start = in->at;

	while (in->at < in->end && in->at - start < 10 && *in->at >= '0' &&
	       *in->at <= '9')
		d->seconds = d->seconds * 10 + (*in->at++ - '0');
	d->whole = in->at - start == 10;
	return d->whole;
}

/* TAI64N: 24 hexadecimal digits, seconds since 1970 plus 2^62, and 10. */
static bool take_tai(struct input *in, struct date *d)
{
	uint64_t seconds = 0;

	for (int i = 0; i < 24; i++, in->at++) {
		const char *hex = "0123456789abcdef", *digit;

		if (in->at == in->end || *in->at == '\0' ||
		    (digit = strchr(hex, *in->at)) == NULL)
			return false;
		if (i < 16)
			seconds = seconds << 4 | (uint64_t)(digit - hex);
	}
	d->seconds = (int64_t)(seconds - ((uint64_t)1 << 62) - 10);
	d->whole = seconds >> 56 == 0x40;
	return d->whole;
}

/* [,.]digits, which may be missing. */
static void skip_fraction(struct input *in)
{
	const char *at = in->at + 1;

	if (in->at == in->end || (*in->at != '.' && *in->at != ','))
		return;
	while (at < in->end && *at >= '0' && *at <= '9')
		at++;
	if (at > in->at + 1)
		in->at = at;
}

/* Z, +hh:mm, +hhmm, with or without a blank before; may be missing. */
static void take_zone(struct input *in, struct date *d)
{
	struct input try = *in;
	int sign, hours, minutes;

	if (try.at < try.end && *try.at == 'Z') {
		d->has_zone = true;
		in->at++;
		return;
	}
	if (try.at < try.end && *try.at == ' ')
		try.at++;
	if (try.at == try.end || (*try.at != '+' && *try.at != '-'))
		return;
	sign = *try.at++ == '-' ? -1 : 1;
	hours = digits(&try, 2, 2);
	if (try.at < try.end && *try.at == ':')
		try.at++;
	minutes = digits(&try, 2, 2);
	if (hours < 0 || minutes < 0)
		return;
	d->has_zone = true;
	d->zone = sign * (hours * 3600L + minutes * 60L);
	*in = try;
}

/* Three to five capitals. */
static bool take_zone_name(struct input *in, struct date *d)
{
	const char *start = in->at;

	while (in->at < in->end && *in->at >= 'A' && *in->at <= 'Z')
		in->at++;
	d->has_zone = in->at - start == 3 && (memcmp(start, "UTC", 3) == 0 ||
					      memcmp(start, "GMT", 3) == 0);
	return in->at - start >= 3 && in->at - start <= 5;
}

static bool take_year(struct input *in, int min, struct date *d)
{
	int year = digits(in, min, min);

	d->has_year = true;
	d->tm.tm_year = min == 4 ? year - 1900 : year + 100;
	return year >= 0 && (min == 2 || (year >= 1970 && year < 2200));
}

static bool within(int value, int min, int max, int *out)
{
	*out = value;
	return value >= min && value <= max;
}

/* 12 AM is midnight. */
static bool take_half(struct input *in, struct tm *tm)
{
	bool after;

	if (in->end - in->at < 2 || in->at[1] != 'M' ||
	    (in->at[0] != 'A' && in->at[0] != 'P') || tm->tm_hour < 1 ||
	    tm->tm_hour > 12)
		return false;
	after = in->at[0] == 'P';
	tm->tm_hour = tm->tm_hour % 12 + (after ? 12 : 0);
	in->at += 2;
	return true;
}

static bool take_field(struct input *in, char field, struct date *d)
{
	struct tm *tm = &d->tm;
	bool ok;

	switch (field) {
	case 'Y':
		return take_year(in, 4, d);
	case 'y':
		return take_year(in, 2, d);
	case 'm':
		ok = within(digits(in, 2, 2), 1, 12, &tm->tm_mon);
		tm->tm_mon--;
		return ok;
	case 'b':
		tm->tm_mon =
			name_of(in, "JanFebMarAprMayJunJulAugSepOctNovDec", 12);
		return tm->tm_mon >= 0;
	case 'a':
		return name_of(in, "MonTueWedThuFriSatSun", 7) >= 0;
	case 'd':
	case 'e':
		return within(digits(in, field == 'd' ? 2 : 1, 2), 1, 31,
			      &tm->tm_mday);
	case 'H':
	case 'k':
		return within(digits(in, field == 'H' ? 2 : 1, 2), 0, 23,
			      &tm->tm_hour);
	case 'M':
		return within(digits(in, 2, 2), 0, 59, &tm->tm_min);
	case 'S':
		return within(digits(in, 2, 2), 0, 60, &tm->tm_sec);
	case 'p':
		return take_half(in, tm);
	case 'f':
		skip_fraction(in);
		return true;
	case 'z':
		take_zone(in, d);
		return true;
	case 'Z':
		return take_zone_name(in, d);
	case 'E':
		return take_epoch(in, d);
	default:
		return take_tai(in, d);
	}
}

static bool fits(const char *shape, struct input *in, struct date *d)
{
	memset(d, 0, sizeof(*d));
	for (; *shape != '\0'; shape++) {
		if (*shape == '%') {
			if (!take_field(in, *++shape, d))
				return false;
			continue;
		}
		if (in->at == in->end || *in->at != *shape)
			return false;
		in->at++;
		if (*shape == ' ' && in->at < in->end && *in->at == ' ')
			in->at++;
	}
	return in->at == in->end || !((*in->at >= '0' && *in->at <= '9') ||
				      (*in->at >= 'A' && *in->at <= 'Z') ||
				      (*in->at >= 'a' && *in->at <= 'z'));
}

static int64_t seconds_of(struct date *d, int64_t now)
{
	time_t at = (time_t)now;
	struct tm tm, here;

	if (d->whole)
		return d->seconds;
	if (d->has_year && d->has_zone)
		return (int64_t)timegm(&d->tm) - d->zone;
	d->tm.tm_isdst = -1;
	if (!d->has_year) {
		if (localtime_r(&at, &here) == NULL)
			return now;
		d->tm.tm_year = here.tm_year;
		tm = d->tm;
		if ((int64_t)mktime(&tm) > now + AHEAD)
			d->tm.tm_year--;
	}
	tm = d->tm;
	return (int64_t)mktime(&tm);
}

static bool word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '.' || c == ':' || c == '-';
}

/* Bytes of a date that begins here; 0: none does. */
static size_t date_here(const char *text, size_t len, struct date *d)
{
	/* Most words are none: two bytes show that. */
	if (len < 2 || text[0] < '0' || text[0] > 'W' ||
	    (text[0] > '@' && (text[1] < 'a' || text[1] > 'z')))
		return 0;
	for (size_t k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++) {
		struct input in = {text, text + len};

		if (fits(shapes[k], &in, d))
			return (size_t)(in.at - text);
	}
	return 0;
}

bool date_find(const char *text, size_t len, int64_t now, struct date_at *out)
{
	struct date d;

	for (size_t i = 0; i < len && i < SEARCH; i++) {
		size_t n;

		if (i > 0 && word_char(text[i - 1]))
			continue;
		n = date_here(text + i, len - i, &d);
		if (n == 0)
			continue;
		out->start = i;
		out->end = i + n;
		out->seconds = seconds_of(&d, now);
		if (i == 1 && text[0] == '[' && out->end < len &&
		    text[out->end] == ']') {
			out->start = 0;
			out->end++;
		}
		return true;
	}
	return false;
}
