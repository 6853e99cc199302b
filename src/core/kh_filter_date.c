#include "kh_filter.h"

/* Years 0000 to 9999, in seconds since 1970. */
#define MIN_UNIX INT64_C(-62167219200)
#define MAX_UNIX INT64_C(253402300799)
#define DAY_SECONDS 86400

typedef struct moment {
	int year, month, day, hour, minute, second;
	int microsecond;
	bool has_date; /* else it is a time of day alone */
	bool has_offset, is_zulu;
	int offset_minutes;
} moment;

typedef struct reader {
	kh_str text;
	size_t at;
} reader;

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days since 1970-01-01 (proleptic Gregorian). */
static int64_t days_since_epoch(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
		   719468;
}

static void date_from_days(int64_t days, moment *m)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;

	m->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	m->month = (int)(month < 10 ? month + 3 : month - 9);
	m->year = (int)(year_of_era + era * 400 + (m->month <= 2));
}

static bool from_unix(kh_str text, moment *m)
{
	bool negative = text.len > 0 && text.data[0] == '-';
	size_t i = negative;
	int64_t seconds = 0, days;

	if (i == text.len || text.len > 13) {
		return false;
	}
	for (; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9') {
			return false;
		}
		seconds = seconds * 10 + (text.data[i] - '0');
	}
	seconds = negative ? -seconds : seconds;
	if (seconds < MIN_UNIX || seconds > MAX_UNIX) {
		return false;
	}
	days = (seconds - (seconds < 0 ? DAY_SECONDS - 1 : 0)) / DAY_SECONDS;
	date_from_days(days, m);
	seconds -= days * DAY_SECONDS;
	m->hour = (int)(seconds / 3600);
	m->minute = (int)(seconds / 60 % 60);
	m->second = (int)(seconds % 60);
	m->has_date = m->has_offset = true;
	return true;
}

/* Exactly so many digits. */
static bool take_digits(reader *r, size_t count, int *out)
{
	int number = 0;

	if (r->text.len - r->at < count) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		char c = r->text.data[r->at + i];
		if (c < '0' || c > '9') {
			return false;
		}
		number = number * 10 + (c - '0');
	}
	r->at += count;
	*out = number;
	return true;
}

static bool take_char(reader *r, const char *any_of)
{
	if (r->at < r->text.len && r->text.data[r->at] != '\0' &&
		strchr(any_of, r->text.data[r->at]) != NULL) {
		r->at++;
		return true;
	}
	return false;
}

static void take_fraction(reader *r, moment *m)
{
	int scale = 100000;

	while (r->at < r->text.len && r->text.data[r->at] >= '0' && r->text.data[r->at] <= '9') {
		m->microsecond += (r->text.data[r->at] - '0') * scale;
		scale /= 10;
		r->at++;
	}
}

static bool take_time(reader *r, moment *m)
{
	if (!take_digits(r, 2, &m->hour) || !take_char(r, ":") || !take_digits(r, 2, &m->minute)) {
		return false;
	}
	if (take_char(r, ":")) {
		if (!take_digits(r, 2, &m->second)) {
			return false;
		}
		if (take_char(r, ".,")) {
			take_fraction(r, m);
		}
	}
	return m->hour < 24 && m->minute < 60 && m->second < 61;
}

static bool take_offset(reader *r, moment *m)
{
	int hours, minutes = 0, sign;

	if (r->at == r->text.len) {
		return true;
	}
	m->has_offset = true;
	if (take_char(r, "Zz")) {
		m->is_zulu = true;
		return true;
	}
	sign = r->text.data[r->at] == '-' ? -1 : 1;
	if (!take_char(r, "+-") || !take_digits(r, 2, &hours)) {
		return false;
	}
	if (r->at < r->text.len) {
		take_char(r, ":");
		if (!take_digits(r, 2, &minutes)) {
			return false;
		}
	}
	m->offset_minutes = sign * (hours * 60 + minutes);
	return hours < 24 && minutes < 60;
}

static bool from_text(kh_str text, moment *m)
{
	reader r = {.text = text};
	bool basic;

	if (take_time(&r, m)) {
		return r.at == text.len;
	}
	*m = (moment){0};
	r.at = 0;
	if (!take_digits(&r, 4, &m->year)) {
		return false;
	}
	basic = !take_char(&r, "-");
	if (!take_digits(&r, 2, &m->month) || (!basic && !take_char(&r, "-")) ||
		!take_digits(&r, 2, &m->day) || m->month < 1 || m->month > 12 || m->day < 1 ||
		m->day > days_in_month(m->year, m->month)) {
		return false;
	}
	m->has_date = true;
	if (r.at == text.len) {
		return true;
	}
	if (!take_char(&r, "Tt ") || !take_time(&r, m)) {
		return false;
	}
	take_char(&r, " ");
	return take_offset(&r, m) && r.at == text.len;
}

static int weekday(const moment *m)
{
	int64_t days = days_since_epoch(m->year, m->month, m->day) + 4; /* a Thursday */

	return (int)((days % 7 + 7) % 7);
}

static int day_of_year(const moment *m)
{
	return (int)(days_since_epoch(m->year, m->month, m->day) - days_since_epoch(m->year, 1, 1));
}

/* ISO 8601: the week belongs to the year of its Thursday. */
static void iso_week(const moment *m, int *year, int *week)
{
	int64_t thursday = days_since_epoch(m->year, m->month, m->day) - (weekday(m) + 6) % 7 + 3;
	moment of_thursday = {0};

	date_from_days(thursday, &of_thursday);
	*year = of_thursday.year;
	*week = day_of_year(&of_thursday) / 7 + 1;
}

static kh_status append_offset(const moment *m, const char *colon, kh_buf *out)
{
	int minutes = m->offset_minutes < 0 ? -m->offset_minutes : m->offset_minutes;

	/* A time without a zone stays without: +00:00 would be a guess. */
	return !m->has_offset
			   ? KH_OK
			   : kh_buf_append_format(out, "%c%02d%s%02d", m->offset_minutes < 0 ? '-' : '+',
					 minutes / 60, colon, minutes % 60);
}

static int64_t unix_seconds(const moment *m)
{
	return days_since_epoch(m->year, m->month, m->day) * DAY_SECONDS + m->hour * 3600 +
		   m->minute * 60 + m->second - m->offset_minutes * 60;
}

static kh_status append_day(const moment *m, char letter, kh_buf *out)
{
	static const char *const names[] = {
		"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
	static const char *const suffixes[] = {"th", "st", "nd", "rd"};
	int last = m->day % 10, year, week;

	switch (letter) {
	case 'd':
		return kh_buf_append_format(out, "%02d", m->day);
	case 'j':
		return kh_buf_append_format(out, "%d", m->day);
	case 'D':
		return kh_buf_append(out, names[weekday(m)], 3);
	case 'l':
		return kh_buf_append_format(out, "%s", names[weekday(m)]);
	case 'N':
		return kh_buf_append_format(out, "%d", weekday(m) == 0 ? 7 : weekday(m));
	case 'w':
		return kh_buf_append_format(out, "%d", weekday(m));
	case 'S':
		return kh_buf_append_format(out, "%s", suffixes[last > 3 || m->day / 10 == 1 ? 0 : last]);
	case 'z':
		return kh_buf_append_format(out, "%d", day_of_year(m));
	default:
		iso_week(m, &year, &week);
		return letter == 'W' ? kh_buf_append_format(out, "%02d", week)
							 : kh_buf_append_format(out, "%d", year);
	}
}

static kh_status append_month_or_year(const moment *m, char letter, kh_buf *out)
{
	static const char *const names[] = {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"};

	switch (letter) {
	case 'F':
		return kh_buf_append_format(out, "%s", names[m->month - 1]);
	case 'M':
		return kh_buf_append(out, names[m->month - 1], 3);
	case 'm':
		return kh_buf_append_format(out, "%02d", m->month);
	case 'n':
		return kh_buf_append_format(out, "%d", m->month);
	case 't':
		return kh_buf_append_format(out, "%d", days_in_month(m->year, m->month));
	case 'L':
		return kh_buf_append_char(out, is_leap(m->year) ? '1' : '0');
	case 'y':
		return kh_buf_append_format(out, "%02d", m->year % 100);
	case 'X':
		return kh_buf_append_format(out, "+%04d", m->year);
	default: /* Y, o is elsewhere; x is the same up to the year 9999 */
		return kh_buf_append_format(out, "%04d", m->year);
	}
}

static kh_status append_time(const moment *m, char letter, kh_buf *out)
{
	int hour12 = m->hour % 12 == 0 ? 12 : m->hour % 12;

	switch (letter) {
	case 'a':
		return kh_buf_append_str(out, m->hour < 12 ? KH_STR("am") : KH_STR("pm"));
	case 'A':
		return kh_buf_append_str(out, m->hour < 12 ? KH_STR("AM") : KH_STR("PM"));
	case 'g':
		return kh_buf_append_format(out, "%d", hour12);
	case 'G':
		return kh_buf_append_format(out, "%d", m->hour);
	case 'h':
		return kh_buf_append_format(out, "%02d", hour12);
	case 'H':
		return kh_buf_append_format(out, "%02d", m->hour);
	case 'i':
		return kh_buf_append_format(out, "%02d", m->minute);
	case 's':
		return kh_buf_append_format(out, "%02d", m->second);
	case 'u':
		return kh_buf_append_format(out, "%06d", m->microsecond);
	default:
		return kh_buf_append_format(out, "%03d", m->microsecond / 1000);
	}
}

static kh_status append_zone(const moment *m, char letter, kh_buf *out)
{
	switch (letter) {
	case 'I':
		return kh_buf_append_char(out, '0');
	case 'O':
		return append_offset(m, "", out);
	case 'p':
		return m->has_offset && m->offset_minutes == 0 ? kh_buf_append_char(out, 'Z')
													   : append_offset(m, ":", out);
	case 'Z':
		return kh_buf_append_format(out, "%d", m->offset_minutes * 60);
	case 'U':
		return kh_buf_append_format(out, "%lld", (long long)unix_seconds(m));
	case 'B': /* Swatch's beats: thousandths of a day in UTC+1 */
		return kh_buf_append_format(out, "%03d",
			(int)((m->hour * 3600 + m->minute * 60 + m->second - m->offset_minutes * 60 +
					  3 * DAY_SECONDS + 3600) %
				  DAY_SECONDS * 10 / 864));
	case 'e':
	case 'T':
		return m->is_zulu ? kh_buf_append_char(out, 'Z') : append_offset(m, ":", out);
	default:
		return append_offset(m, ":", out);
	}
}

static kh_status append_format(const moment *m, kh_str format, kh_buf *out);

static kh_status append_letter(const moment *m, char letter, kh_buf *out)
{
	if (letter == 'c') {
		return append_format(m, KH_STR("Y-m-d\\TH:i:sP"), out);
	}
	if (letter == 'r') {
		return append_format(
			m, m->has_offset ? KH_STR("D, d M Y H:i:s O") : KH_STR("D, d M Y H:i:s"), out);
	}
	if (letter != '\0' && strchr("dDjlNSwzWo", letter) != NULL) {
		return append_day(m, letter, out);
	}
	if (letter != '\0' && strchr("FmMntLYyxX", letter) != NULL) {
		return append_month_or_year(m, letter, out);
	}
	if (letter != '\0' && strchr("aAgGhHisuv", letter) != NULL) {
		return append_time(m, letter, out);
	}
	if (letter != '\0' && strchr("eIOPpTZUB", letter) != NULL) {
		return append_zone(m, letter, out);
	}
	return kh_buf_append_char(out, letter);
}

/* At most one level deep: c and r stand for formats without c and r. */
static kh_status append_format(const moment *m, kh_str format, kh_buf *out)
{
	kh_status status = KH_OK;

	for (size_t i = 0; status == KH_OK && i < format.len; i++) {
		if (format.data[i] == '\\' && i + 1 < format.len) {
			status = kh_buf_append_char(out, format.data[++i]);
		} else {
			status = append_letter(m, format.data[i], out);
		}
	}
	return status;
}

/* Of "09:30" only the time can be written. */
static bool needs_date(kh_str format)
{
	for (size_t i = 0; i < format.len; i++) {
		if (format.data[i] == '\\') {
			i++;
		} else if (format.data[i] != '\0' &&
				   strchr("dDjlNSwzWoFmMntLYyxXcrU", format.data[i]) != NULL) {
			return true;
		}
	}
	return false;
}

static bool is_digits(kh_str text)
{
	size_t i = text.len > 0 && text.data[0] == '-';

	if (i == text.len) {
		return false;
	}
	for (; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9') {
			return false;
		}
	}
	return true;
}

kh_status kh_filter_date(kh_str text, bool is_number, kh_str format, kh_buf *out)
{
	moment m = {0};
	bool read;

	/* "20261124" is ISO 8601; other digits are seconds. */
	if (is_number || (is_digits(text) && text.len != 8)) {
		read = from_unix(text, &m);
	} else {
		read = from_text(text, &m);
	}
	if (!read || (!m.has_date && needs_date(format))) {
		return kh_buf_append_str(out, text);
	}
	return append_format(&m, format, out);
}
