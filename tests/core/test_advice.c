#include "check.h"
#include "kh_advice.h"

#include <stdlib.h>

static kh_job *job_with(const char *code, int status, kh_status problem)
{
	kh_job *job = kh_job_new_take(kh_request_new());

	job->result.error_code = code;
	job->result.http_status = status;
	job->result.problem = problem;
	return job;
}

static void every_code_has_its_advice(void)
{
	static const char *const codes[] = {"dns", "connect_refused", "connect_timeout", "timeout",
		"tls", "closed", "blocked", "too_large", "redirect", "proxy", "aborted", "other",
		"http_status"};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		kh_job *job = job_with(codes[i], 0, KH_ERR_TRANSPORT);
		kh_advise(job, "api.example.org");
		CHECK(strlen(job->result.advice) > 20);
		CHECK(strstr(job->result.advice, "%") == NULL);
		if (strcmp(codes[i], "proxy") != 0 && strcmp(codes[i], "aborted") != 0) {
			CHECK_CONTAINS(job->result.advice, "api.example.org");
		}
		kh_job_free(job);
	}
}

static void every_status_has_its_advice(void)
{
	for (int status = 100; status < 1000; status++) {
		kh_job *job = job_with("http_status", status, KH_OK);
		kh_advise(job, "api.example.org");
		CHECK(status == 407 || strstr(job->result.advice, "api.example.org") != NULL);
		kh_job_free(job);
	}
	kh_job *job = job_with("http_status", 401, KH_OK);
	kh_advise(job, "api.example.org");
	CHECK_STR(job->result.advice,
		"Check the webhook's credentials: api.example.org does not accept them.");
	kh_advise(job, "other.example.org"); /* what is there is more exact */
	CHECK_CONTAINS(job->result.advice, "api.example.org");
	kh_job_free(job);
}

static void without_a_host_the_words_still_are_a_sentence(void)
{
	char host[300];
	kh_job *job = job_with("http_status", 429, KH_OK);

	kh_advise(job, "");
	CHECK_CONTAINS(job->result.advice, "The endpoint wants fewer");
	kh_job_free(job);
	memset(host, 'a', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	job = job_with("dns", 0, KH_ERR_TRANSPORT);
	kh_advise(job, host);
	CHECK(strlen(job->result.advice) < sizeof(job->result.advice));
	CHECK_CONTAINS(job->result.advice, "name server.");
	kh_job_free(job);
}

static void success_needs_none(void)
{
	kh_job *job = job_with("", 200, KH_OK);

	kh_advise(job, "api.example.org");
	CHECK_STR(job->result.advice, "");
	kh_job_free(job);
}

static void every_failure_of_ours_has_its_advice(void)
{
	for (kh_status status = KH_ERR_MEMORY; status <= KH_ERR_TRANSPORT; status++) {
		kh_job *job = job_with("other", 0, status);
		CHECK(strlen(kh_advice_of(status)) > 20);
		kh_advise(job, "");
		CHECK(strlen(job->result.advice) > 20);
		kh_job_free(job);
	}
}

int main(void)
{
	RUN(every_code_has_its_advice);
	RUN(every_status_has_its_advice);
	RUN(without_a_host_the_words_still_are_a_sentence);
	RUN(success_needs_none);
	RUN(every_failure_of_ours_has_its_advice);
	return check_done();
}
