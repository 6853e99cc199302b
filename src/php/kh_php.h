/*
 * Everything above the line: Zend's world on one side, the plain C of src/core on the other.
 * Objects of PHP live for a request; jobs, compiled webhooks and the transport are malloc'd and
 * live in the module globals.
 */
#ifndef KH_PHP_H
#define KH_PHP_H

#include "../../php_kivihook.h"
#include "../core/kh_json.h"
#include "../core/kh_transport.h"
#include "../core/kh_webhook.h"
#include "kh_compat.h"

/* ---- classes (kh_php_classes.c) ---- */

extern zend_class_entry *kh_php_ce_exception;
extern zend_class_entry *kh_php_ce_invalid;
extern zend_class_entry *kh_php_ce_template_error;
extern zend_class_entry *kh_php_ce_sealed;
extern zend_class_entry *kh_php_ce_transaction_lost;
extern zend_class_entry *kh_php_ce_demand;
extern zend_class_entry *kh_php_ce_store;
extern zend_class_entry *kh_php_ce_engine;
extern zend_class_entry *kh_php_ce_listener;
extern zend_class_entry *kh_php_ce_template;
extern zend_class_entry *kh_php_ce_vault;

zend_result kh_php_register_classes(int module_number);
void kh_php_engine_startup(void);
void kh_php_listener_startup(void);
void kh_php_template_startup(void);
void kh_php_vault_startup(void);

/* ---- engine, listener, vault ---- */

typedef struct kh_php_engine {
	zval store;
	zval vault;       /* undef: none */
	zval log;         /* undef: PHP's error log */
	HashTable *types; /* NULL: ask the store each time */
	zend_string *owner;
	zval emitted; /* ids of the events that flush() is about */
	bool stop;
	zend_object std;
} kh_php_engine;

static inline kh_php_engine *kh_php_engine_of(zend_object *object)
{
	return (kh_php_engine *)((char *)object - XtOffsetOf(kh_php_engine, std));
}

bool kh_php_engine_listens(const kh_php_engine *engine, zend_string *type);
/* To the log option, or PHP's error log. Takes EG(exception), if there is one, as the cause; never
 * leaves one behind but exit(). */
void kh_php_engine_log(kh_php_engine *engine, const char *message);

void kh_php_listener_create(zval *object, zval *engine, zend_string *type, zval *snapshot);

/* NULL for an undef zval. */
const kh_vault *kh_php_vault_of(const zval *vault);

/* ---- emitting (kh_php_emit.c) ---- */

/* Emits; sets *id (undef: nobody listens). FAILURE: EG(exception) is set. */
zend_result kh_php_engine_emit(
	kh_php_engine *engine, zend_string *type, zval *data, HashTable *context, zval *id);

/* ---- conditions, scope and data classes (kh_php_match.c) ---- */

/* Leaves those of Store::webhooksFor()'s rows that want this event. One whose conditions can't be
 * understood is left out, and told to the log. FAILURE: EG(exception) is set. */
zend_result kh_php_match(kh_php_engine *engine, zval *subscribers, zval *data, HashTable *context);
/* The data without the variables that none of these webhooks may carry. */
void kh_php_wanted_data(zval *subscribers, zval *data, zval *wanted);
/* Engine::matches(). without: NULL, or an array. */
void kh_php_matches(zval *conditions, zval *data, zval *without, zval *return_value);

/* ---- errors (kh_php_error.c) ---- */

void kh_php_throw(const kh_error *error);

/* ---- arrays and JSON (kh_php_convert.c) ---- */

static inline kh_str kh_php_str(const zend_string *text)
{
	return (kh_str){ZSTR_VAL(text), ZSTR_LEN(text)};
}

/* A PHP value as JSON text. NULL: EG(exception) is set. what: for the message, e.g. "The event's
 * data". */
zend_string *kh_php_json(zval *value, const char *what);
/* A member of an array; NULL when missing or null. */
zval *kh_php_member(HashTable *array, const char *name);
zend_long kh_php_member_long(HashTable *array, const char *name, zend_long fallback);
/* Borrowed; the empty string when missing or not a string. */
zend_string *kh_php_member_string(HashTable *array, const char *name);
void kh_php_add_str(zval *array, const char *name, kh_str text);

/* ---- compiled webhooks (kh_php_webhooks.c) ---- */

/*
 * The compiled form of a webhook array, out of the process' cache when it is known. The cache is
 * keyed by the whole configuration: two sites in one pool may use the same ids. NULL: *error is
 * set, or EG(exception).
 */
const kh_webhook *kh_php_webhook(zval *config, kh_error *error);
/* The same for a configuration with secrets in clear: never cached, owned by the caller. */
kh_webhook *kh_php_webhook_uncached(zval *config, kh_error *error);
void kh_php_webhooks_free(HashTable **webhooks);

/* ---- policy and transport (kh_php_policy.c) ---- */

/* At start: says in the log what is wrong with the INI. */
void kh_php_policy_check(void);
/* This process' transport, made when needed. NULL: *error says which INI setting to mend. */
kh_transport *kh_php_transport(kh_error *error);
void kh_php_policy_shutdown(zend_kivihook_globals *globals);

/* ---- what an attempt left (kh_php_trace.c) ---- */

void kh_php_names_startup(void); /* kh_php_names.c */
void kh_php_trace_request(zval *out, const kh_request *request);
/* The headers of the trace before: the next ones are nearly the same, and share what is. Undef at
 * first. */
typedef struct kh_php_trace_before {
	zval sent, answered;
} kh_php_trace_before;
void kh_php_trace_before_free(kh_php_trace_before *before);
/* The trace of a finished job, as Engine::test() documents it. started_ms: wall clock. before:
 * NULL, or of the same run. */
void kh_php_trace_job(
	zval *out, const kh_job *job, int64_t started_ms, kh_php_trace_before *before);
/* The trace of an attempt that ended before there was a request. code: NULL, or for error_code. */
void kh_php_trace_error(zval *out, const kh_error *error, int64_t started_ms, const char *code);

/* ---- sending (kh_php_delivery.c) ---- */

typedef struct kh_php_bounds {
	HashTable *events;      /* NULL: whatever is due */
	int64_t lease_until_ms; /* kh_now_ms: nothing new is taken after it */
	int64_t end_ms;         /* what is not answered by then is left for later */
	zend_long limit;        /* deliveries; 0: any number */
	bool wait;              /* a worker: stays until lease_until_ms though nothing is due */
	zend_long most;         /* in flight at once; 0: what the INI allows */
	int64_t grace_ms;       /* after stop(): so long for what is on its way; 0: until end_ms */
	zval *tick;             /* called about once a second; NULL: nothing */
} kh_php_bounds;

/* Leases, sends, settles; fills return_value with the counts. EG(exception) may be set afterwards.
 */
void kh_php_deliver(kh_php_engine *engine, const kh_php_bounds *bounds, zval *return_value);
/* One send that is kept nowhere. */
void kh_php_deliver_test(
	kh_php_engine *engine, zval *webhook, zval *data, zend_string *type, zval *return_value);
void kh_php_deliver_preview(
	kh_php_engine *engine, zval *webhook, zval *data, zend_string *type, zval *return_value);
/* OAuth2's browser part. */
void kh_php_authorization_url(zval *webhook, zend_string *redirect_uri, zval *return_value);
typedef struct kh_php_code {
	zend_string *code, *verifier, *redirect_uri;
} kh_php_code;
void kh_php_exchange_code(
	kh_php_engine *engine, zval *webhook, const kh_php_code *code, zval *return_value);
void kh_php_refresh_token(kh_php_engine *engine, zval *webhook, zval *return_value);
void kh_php_renew_token(kh_php_engine *engine, zval *webhook);
/* What this run knows of access tokens (kh_php_token.c). */
void kh_php_tokens_free(void);
/* The request ends: frees what a fatal error left behind. */
void kh_php_delivery_abandon(void);

#endif
