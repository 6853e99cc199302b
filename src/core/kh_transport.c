#include "kh_transport.h"

#include "kh_curl.h"
#include "kh_outcome.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define OLDEST_LIBCURL 0x075700 /* 7.87.0, see kh_curl.c */
#define AWAY_MS 10              /* what a caller spends between two drives in any case */

struct kh_transport {
	pid_t owner;
	kh_policy policy;
	CURLM *multi; /* made with the first job */
	kh_handles handles;
	bool spoke_tls;
	kh_job *in_flight;
	size_t in_flight_count;
	kh_job *done_first, *done_last;
	uint64_t drives;
	int64_t left_ms; /* when the last of them ended */
};

int64_t kh_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

kh_status kh_transport_global_init(kh_error *error)
{
	const curl_version_info_data *info;

	/* Where libcurl brings several TLS libraries; refused when it brings only another one. */
	(void)curl_global_sslset(CURLSSLBACKEND_OPENSSL, NULL, NULL);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		return kh_error_set(error, KH_ERR_TRANSPORT, "libcurl could not be started.");
	}
	info = curl_version_info(CURLVERSION_NOW);
	if (info->version_num < OLDEST_LIBCURL) {
		return kh_error_set(error, KH_ERR_TRANSPORT,
			"KiviHook needs libcurl 7.87 or newer, and %s is loaded: older ones can't give up a "
			"stuck name lookup, so that no deadline would hold.",
			info->version);
	}
	/* Those in parentheses are there, but not in use. */
	if (info->ssl_version == NULL || (strncmp(info->ssl_version, "OpenSSL/", 8) != 0 &&
										 strstr(info->ssl_version, " OpenSSL/") == NULL)) {
		return kh_error_set(error, KH_ERR_TRANSPORT,
			"KiviHook needs a libcurl that uses OpenSSL, and this one uses %s (Debian: install "
			"libcurl4, not libcurl3-gnutls).",
			info->ssl_version != NULL ? info->ssl_version : "no TLS");
	}
	return KH_OK;
}

/* ---- jobs ---- */

kh_job *kh_job_new_take(kh_request *request)
{
	kh_job *job = calloc(1, sizeof(*job));

	if (job == NULL) {
		kh_request_free(request);
		return NULL;
	}
	job->request = request;
	job->result.error_code = "";
	kh_buf_init(&job->result.response_headers, KH_RESPONSE_KEPT_BYTES);
	kh_buf_init(&job->result.response_body, KH_RESPONSE_KEPT_BYTES);
	return job;
}

void kh_job_free(kh_job *job)
{
	if (job == NULL) {
		return;
	}
	kh_curl_release(job, NULL);
	kh_request_free(job->request);
	/* Wiped, since receivers echo what they got. */
	kh_buf_wipe(&job->result.response_headers);
	kh_buf_wipe(&job->result.response_body);
	free(job);
}

/* ---- SIGPIPE ---- */

/*
 * libcurl does not ignore SIGPIPE with CURLOPT_NOSIGNAL, and OpenSSL writes without MSG_NOSIGNAL.
 * The signal goes to the thread that wrote, so it is blocked in this thread and taken back; not by
 * a transport that never spoke TLS, since libcurl itself sends with MSG_NOSIGNAL. To ignore it with
 * sigaction would change it for the whole process: in a threaded PHP two threads that save and
 * restore it would undo each other. Resolver threads inherit the mask, which is harmless.
 */
struct sigpipe {
	sigset_t before;
	bool needed;
	bool was_pending;
};

static bool sigpipe_is_pending(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

static void sigpipe_block(struct sigpipe *state, const kh_transport *transport)
{
	sigset_t pipe;

	state->needed = transport->spoke_tls;
	if (!state->needed) {
		return;
	}
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, &state->before);
	/* Where it was not blocked it can't have been pending. */
	state->was_pending = sigismember(&state->before, SIGPIPE) == 1 && sigpipe_is_pending();
}

static void sigpipe_restore(const struct sigpipe *state)
{
	sigset_t pipe;
	int taken;

	if (!state->needed) {
		return;
	}
	if (!state->was_pending && sigpipe_is_pending()) {
		sigemptyset(&pipe);
		sigaddset(&pipe, SIGPIPE);
		sigwait(&pipe, &taken); /* returns at once: it is pending */
	}
	pthread_sigmask(SIG_SETMASK, &state->before, NULL);
}

/* ---- lists: each job is always in one of them ---- */

static void add_in_flight(kh_transport *transport, kh_job *job)
{
	job->wire->previous = NULL;
	job->wire->waits_since = transport->drives;
	job->next = transport->in_flight;
	if (job->next != NULL) {
		job->next->wire->previous = job;
	}
	transport->in_flight = job;
	transport->in_flight_count++;
}

static void add_done(kh_transport *transport, kh_job *job)
{
	job->next = NULL;
	if (transport->done_last != NULL) {
		transport->done_last->next = job;
	} else {
		transport->done_first = job;
	}
	transport->done_last = job;
}

static void move_to_done(kh_transport *transport, kh_job *job)
{
	if (job->wire->previous != NULL) {
		job->wire->previous->next = job->next;
	} else {
		transport->in_flight = job->next;
	}
	if (job->next != NULL) {
		job->next->wire->previous = job->wire->previous;
	}
	transport->in_flight_count--;
	kh_curl_release(job, &transport->handles);
	add_done(transport, job);
}

/* ---- the transport ---- */

kh_transport *kh_transport_new(const kh_policy *policy, kh_error *error)
{
	kh_transport *transport = calloc(1, sizeof(*transport));

	if (transport == NULL) {
		kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
		return NULL;
	}
	transport->owner = getpid();
	transport->policy = *policy;
	return transport;
}

bool kh_transport_is_mine(const kh_transport *transport)
{
	return transport != NULL && transport->owner == getpid();
}

#define SET(multi, option, value)                                                                  \
	do {                                                                                           \
		CURLMcode set_code = curl_multi_setopt(multi, option, value);                              \
		if (set_code != CURLM_OK) {                                                                \
			curl_multi_cleanup(multi);                                                             \
			return kh_error_set(error, KH_ERR_TRANSPORT, "libcurl refused %s: %s.", #option,       \
				curl_multi_strerror(set_code));                                                    \
		}                                                                                          \
	} while (0)

static kh_status need_multi(kh_transport *transport, kh_error *error)
{
	long most = transport->policy.max_in_flight > 0 ? transport->policy.max_in_flight : 1;
	CURLM *multi;

	if (transport->multi != NULL) {
		return KH_OK;
	}
	multi = curl_multi_init();
	if (multi == NULL) {
		return kh_error_set(error, KH_ERR_MEMORY, "Out of memory.");
	}
	SET(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	/* As many are kept as can be in use; libcurl's own default grows and never shrinks. */
	SET(multi, CURLMOPT_MAXCONNECTS, most);
	/* Never reached by a caller that keeps to max_in_flight: idle ones make room first. */
	SET(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, most);
	transport->multi = multi;
	return KH_OK;
}

static void close_multi(kh_transport *transport)
{
	struct sigpipe sigpipe;

	if (transport->multi == NULL) {
		return;
	}
	sigpipe_block(&sigpipe, transport); /* TLS says good-bye */
	kh_curl_forget(&transport->handles);
	curl_multi_cleanup(transport->multi);
	sigpipe_restore(&sigpipe);
	transport->multi = NULL;
}

/* Ends everything in flight; it comes back as done. */
static void end_all(kh_transport *transport, const char *why)
{
	struct sigpipe sigpipe;
	kh_job *job;

	sigpipe_block(&sigpipe, transport);
	while ((job = transport->in_flight) != NULL) {
		kh_outcome_of_abort(job, why);
		(void)curl_multi_remove_handle(transport->multi, job->wire->easy);
		move_to_done(transport, job);
	}
	sigpipe_restore(&sigpipe);
}

void kh_transport_abort(kh_transport *transport)
{
	if (kh_transport_is_mine(transport)) {
		end_all(transport, "KiviHook ended the transfer: its time was up.");
	}
}

void kh_transport_free(kh_transport *transport)
{
	kh_job *job;

	if (!kh_transport_is_mine(transport)) {
		return; /* NULL, or a parent's: left alone */
	}
	kh_transport_abort(transport);
	close_multi(transport);
	while ((job = kh_transport_next_done(transport)) != NULL) {
		kh_job_free(job);
	}
	free(transport);
}

static kh_status start(kh_transport *transport, kh_job *job, kh_error *error)
{
	CURLMcode code;
	kh_status status;

	if (!kh_transport_is_mine(transport)) {
		return kh_error_set(
			error, KH_ERR_TRANSPORT, "These connections belong to another process.");
	}
	status = need_multi(transport, error);
	transport->spoke_tls = transport->spoke_tls || !job->request->plain_http ||
						   (transport->policy.proxy != NULL && transport->policy.proxy[0] != '\0');
	if (status == KH_OK) {
		status = kh_curl_prepare(job, &transport->policy, &transport->handles, error);
	}
	if (status != KH_OK) {
		return status;
	}
	code = curl_multi_add_handle(transport->multi, job->wire->easy);
	if (code != CURLM_OK) {
		return kh_error_set(error, code == CURLM_OUT_OF_MEMORY ? KH_ERR_MEMORY : KH_ERR_TRANSPORT,
			"libcurl could not start the transfer: %s.", curl_multi_strerror(code));
	}
	return KH_OK;
}

void kh_transport_submit_take(kh_transport *transport, kh_job *job)
{
	kh_error error;

	if (start(transport, job, &error) == KH_OK) {
		add_in_flight(transport, job);
		return;
	}
	kh_outcome_of_error(job, &error);
	kh_curl_release(job, NULL);
	add_done(transport, job);
}

size_t kh_transport_in_flight(const kh_transport *transport)
{
	return transport->in_flight_count;
}

static void collect(kh_transport *transport)
{
	CURLMsg *message;
	CURLcode code;
	kh_job *job;
	char *private;
	int left;

	while ((message = curl_multi_info_read(transport->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE ||
			curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private) != CURLE_OK) {
			continue;
		}
		job = (kh_job *)(void *)private;
		code = message->data.result; /* the message is gone with the handle */
		kh_outcome_of_transfer(job, code);
		job->wire->may_be_kept = code == CURLE_OK;
		(void)curl_multi_remove_handle(transport->multi, job->wire->easy);
		move_to_done(transport, job);
	}
}

/* A multi that fails is not trusted again: its jobs come back, and the next one makes a new one. */
static void give_up(kh_transport *transport)
{
	end_all(transport, "libcurl failed; the transfer was ended.");
	close_multi(transport);
}

/*
 * libcurl looks at its clock before it looks at the socket: after a caller's long wait, for a
 * database perhaps, it would call answers late that came in time and have not been read yet. So
 * what has come meanwhile is read first, with so much more time for everybody who was waiting.
 * What has not begun yet sets its timers by the limits that it finds: these stay as they are.
 */
static CURLMcode catch_up(kh_transport *transport, int64_t away_ms)
{
	CURLMcode code;
	kh_job *job;
	int running;

	for (job = transport->in_flight; job != NULL; job = job->next) {
		if (job->wire->waits_since < transport->drives) {
			kh_curl_set_clock(job, away_ms);
		}
	}
	code = curl_multi_perform(transport->multi, &running);
	if (code == CURLM_OK) {
		collect(transport);
	}
	for (job = transport->in_flight; job != NULL; job = job->next) {
		kh_curl_set_clock(job, 0);
	}
	return code;
}

void kh_transport_drive(kh_transport *transport, int64_t deadline_ms)
{
	struct sigpipe sigpipe;
	CURLMcode code = CURLM_OK;
	int64_t left_ms, away_ms;
	int running;

	if (!kh_transport_is_mine(transport) || transport->multi == NULL) {
		return;
	}
	sigpipe_block(&sigpipe, transport);
	away_ms = kh_now_ms() - transport->left_ms;
	if (transport->drives > 0 && transport->in_flight != NULL && away_ms > AWAY_MS) {
		code = catch_up(transport, away_ms);
	}
	while (code == CURLM_OK) {
		code = curl_multi_perform(transport->multi, &running);
		if (code != CURLM_OK) {
			break;
		}
		collect(transport);
		left_ms = deadline_ms - kh_now_ms();
		if (transport->done_first != NULL || transport->in_flight == NULL || left_ms <= 0) {
			break;
		}
		code = curl_multi_poll(
			transport->multi, NULL, 0, left_ms > INT32_MAX ? INT32_MAX : (int)left_ms, NULL);
	}
	sigpipe_restore(&sigpipe);
	transport->drives++;
	transport->left_ms = kh_now_ms();
	if (code != CURLM_OK) {
		give_up(transport);
	}
}

kh_job *kh_transport_next_done(kh_transport *transport)
{
	kh_job *job = transport->done_first;

	if (job != NULL) {
		transport->done_first = job->next;
		if (transport->done_first == NULL) {
			transport->done_last = NULL;
		}
		job->next = NULL;
	}
	return job;
}
