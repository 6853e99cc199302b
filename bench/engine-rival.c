/*
 * The rival of bench/engine: the least that a C program on libcurl's multi interface has to do to send webhooks.
 *
 *   engine-rival bare|signed URL CA-FILE SENDS IN-FLIGHT BODY-FILE
 *
 * bare: the same request again and again. signed: each with an id, a time, a Standard Webhooks signature and headers of
 * its own. Easy handles are kept and used again, connections kept alive. Prints one line of JSON: sends, seconds, CPU
 * seconds.
 */
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define MOST_IN_FLIGHT 1024

static const unsigned char secret[32] = "0123456789abcdef0123456789abcdef";

typedef struct slot {
	CURL *easy;
	struct curl_slist *headers;
} slot;

typedef struct bench {
	bool is_signed;
	const char *url, *ca_file;
	char body[65536];
	size_t body_len;
	CURLM *multi;
	slot slots[MOST_IN_FLIGHT];
	long started, ended, wanted;
} bench;

static void stop(const char *why)
{
	fprintf(stderr, "engine-rival: %s\n", why);
	exit(1);
}

static size_t ignore(char *data, size_t size, size_t count, void *context)
{
	(void)data;
	(void)context;
	return size * count;
}

static void add(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer == NULL) {
		stop("out of memory");
	}
	*list = longer;
}

static void add_plain_headers(struct curl_slist **list)
{
	add(list, "Content-Type: application/json");
	add(list, "User-Agent: rival/1");
	add(list, "Expect:");
}

/* webhook-id, webhook-timestamp, webhook-signature. */
static void add_signed_headers(const bench *b, struct curl_slist **list)
{
	unsigned char random[16], mac[32];
	unsigned mac_len = sizeof(mac);
	char id[33], line[128];
	unsigned char base64[64];
	long now = (long)time(NULL);
	static char text[sizeof(b->body) + 128];
	int head;

	if (RAND_bytes(random, sizeof(random)) != 1) {
		stop("no random bytes");
	}
	for (size_t i = 0; i < sizeof(random); i++) {
		snprintf(id + 2 * i, 3, "%02x", random[i]);
	}
	head = snprintf(text, sizeof(text), "%s.%ld.", id, now);
	memcpy(text + head, b->body, b->body_len);
	if (HMAC(EVP_sha256(), secret, sizeof(secret), (unsigned char *)text, (size_t)head + b->body_len, mac,
			&mac_len) == NULL) {
		stop("no HMAC");
	}
	EVP_EncodeBlock(base64, mac, (int)mac_len);
	snprintf(line, sizeof(line), "webhook-id: %s", id);
	add(list, line);
	snprintf(line, sizeof(line), "webhook-timestamp: %ld", now);
	add(list, line);
	snprintf(line, sizeof(line), "webhook-signature: v1,%s", (char *)base64);
	add(list, line);
}

static void prepare(bench *b, slot *s)
{
	s->easy = curl_easy_init();
	if (s->easy == NULL) {
		stop("no handle");
	}
	curl_easy_setopt(s->easy, CURLOPT_URL, b->url);
	curl_easy_setopt(s->easy, CURLOPT_CAINFO, b->ca_file);
	curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, b->body);
	curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE, (long)b->body_len);
	curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(s->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s);
	add_plain_headers(&s->headers);
	curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
}

static void start(bench *b, slot *s)
{
	if (b->is_signed) {
		curl_slist_free_all(s->headers);
		s->headers = NULL;
		add_plain_headers(&s->headers);
		add_signed_headers(b, &s->headers);
		curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
	}
	if (curl_multi_add_handle(b->multi, s->easy) != CURLM_OK) {
		stop("a transfer could not be started");
	}
	b->started++;
}

static void collect(bench *b)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(b->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		long status = 0;
		slot *s;

		if (message->data.result != CURLE_OK) {
			stop(curl_easy_strerror(message->data.result));
		}
		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&s);
		if (status != 200) {
			stop("not answered by 200");
		}
		curl_multi_remove_handle(b->multi, easy);
		b->ended++;
		if (b->started < b->wanted) {
			start(b, s);
		}
	}
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static bench b;
	struct rusage before, after;
	double began, took;
	int in_flight, running;
	FILE *file;

	if (argc != 7) {
		stop("see the head of its source");
	}
	b.is_signed = strcmp(argv[1], "signed") == 0;
	b.url = argv[2];
	b.ca_file = argv[3];
	b.wanted = atol(argv[4]);
	in_flight = (int)atol(argv[5]);
	file = fopen(argv[6], "rb");
	if (file == NULL || in_flight < 1 || in_flight > MOST_IN_FLIGHT) {
		stop("see the head of its source");
	}
	b.body_len = fread(b.body, 1, sizeof(b.body), file);
	fclose(file);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	b.multi = curl_multi_init();
	curl_multi_setopt(b.multi, CURLMOPT_MAXCONNECTS, (long)in_flight);
	getrusage(RUSAGE_SELF, &before);
	began = now();
	for (int i = 0; i < in_flight && i < b.wanted; i++) {
		prepare(&b, &b.slots[i]);
		start(&b, &b.slots[i]);
	}
	while (b.ended < b.wanted) {
		if (curl_multi_perform(b.multi, &running) != CURLM_OK) {
			stop("libcurl failed");
		}
		collect(&b);
		if (b.ended < b.wanted && curl_multi_poll(b.multi, NULL, 0, 1000, NULL) != CURLM_OK) {
			stop("libcurl failed");
		}
	}
	took = now() - began;
	getrusage(RUSAGE_SELF, &after);
	printf("{\"sends\": %ld, \"seconds\": %.6f, \"cpu\": %.6f}\n", b.ended, took,
		seconds(after.ru_utime) + seconds(after.ru_stime) - seconds(before.ru_utime) - seconds(before.ru_stime));
	return 0;
}
