/*
 * One lane per webhook: what was leased and has not begun, and how much is on its way. A webhook
 * may hold as many slots as are free (Choudhury and Hahne's dynamic threshold): one that is slow or
 * dead gets half of them, k of them leave one part in k + 1 to everybody else, without a number to
 * set.
 *
 * The database's price is per lease, so for endpoints that answer quickly more is leased than can
 * begin at once: as much as they have answered in the last moment. One that hangs has answered
 * nothing, so nothing more is leased for it; what already waits in its lane is in nobody's way.
 */
#include "kh_php_run.h"

#define KH_PHP_LEASE_MAX 256
/* What ended within so long may be leased ahead: a few leases per second and webhook. */
#define KH_PHP_AHEAD_MS 50
/* Begun in a row, before the next lane's turn: their configuration is looked up once. */
#define KH_PHP_BURST 8

typedef struct kh_php_queued {
	zval row;
	int64_t leased_ms;
} kh_php_queued;

struct kh_php_lane {
	zend_long webhook;
	zend_long flying; /* begun, and no outcome yet */
	zend_long ended;  /* in the present moment */
	zend_long before; /* in the one before */
	kh_php_queued *rows;
	size_t head, count, size;
};

static void kh_php_lane_free(zval *entry)
{
	kh_php_lane *lane = Z_PTR_P(entry);
	for (size_t i = lane->head; i < lane->count; i++) {
		zval_ptr_dtor(&lane->rows[i].row);
	}
	if (lane->rows) {
		efree(lane->rows);
	}
	efree(lane);
}

void kh_php_lanes_init(kh_php_run *run)
{
	ALLOC_HASHTABLE(run->lanes);
	zend_hash_init(run->lanes, 0, NULL, kh_php_lane_free, 0);
}

void kh_php_lanes_free(kh_php_run *run)
{
	zend_hash_destroy(run->lanes);
	FREE_HASHTABLE(run->lanes);
}

static kh_php_lane *kh_php_lane_of(kh_php_run *run, zend_long webhook)
{
	kh_php_lane *lane = zend_hash_index_find_ptr(run->lanes, (zend_ulong)webhook);
	if (lane == NULL) {
		lane = ecalloc(1, sizeof(*lane));
		lane->webhook = webhook;
		zend_hash_index_add_new_ptr(run->lanes, (zend_ulong)webhook, lane);
	}
	return lane;
}

void kh_php_lane_ended(kh_php_run *run, int64_t webhook, bool answered)
{
	kh_php_lane *lane = kh_php_lane_of(run, (zend_long)webhook);
	lane->flying--;
	lane->ended += answered;
}

static zend_long kh_php_lane_queued(const kh_php_lane *lane)
{
	return (zend_long)(lane->count - lane->head);
}

static zend_long kh_php_lane_ahead(const kh_php_run *run, const kh_php_lane *lane)
{
	/* What flush() leases is for this request alone. */
	return run->bounds->events ? 0 : MIN(MAX(lane->ended, lane->before), KH_PHP_LEASE_MAX);
}

static void kh_php_lanes_turn(kh_php_run *run)
{
	kh_php_lane *lane;
	const int64_t now_ms = kh_now_ms();
	if (now_ms < run->moment_ms) {
		return;
	}
	run->moment_ms = now_ms + KH_PHP_AHEAD_MS;
	ZEND_HASH_FOREACH_PTR(run->lanes, lane)
	{
		lane->before = lane->ended;
		lane->ended = 0;
	}
	ZEND_HASH_FOREACH_END();
}

/* ---- what to ask the store for ---- */

zend_long kh_php_lanes_wanted(kh_php_run *run, zend_long free_slots)
{
	kh_php_lane *lane;
	zend_long ahead = 0;
	kh_php_lanes_turn(run);
	ZEND_HASH_FOREACH_PTR(run->lanes, lane)
	{
		ahead += kh_php_lane_ahead(run, lane);
	}
	ZEND_HASH_FOREACH_END();
	ahead = MIN(ahead, KH_PHP_LEASE_MAX);
	if (run->queued * 2 > ahead) {
		return 0; /* few, and large, leases */
	}
	/* Half of what is free, so that no single lease can fill everything up. */
	return MIN((free_slots + 1) / 2 + ahead - run->queued, KH_PHP_LEASE_MAX);
}

void kh_php_lanes_share(kh_php_run *run, zend_object *demand, zend_long free_slots)
{
	kh_php_lane *lane;
	zval capacity;
	array_init(&capacity);
	ZEND_HASH_FOREACH_PTR(run->lanes, lane)
	{
		const zend_long ahead = kh_php_lane_ahead(run, lane), queued = kh_php_lane_queued(lane);
		if (lane->flying > 0 || queued > 0 || ahead > 0) {
			const zend_long begin = MAX(0, (free_slots - lane->flying + 1) / 2);
			add_index_long(&capacity, (zend_ulong)lane->webhook, MAX(0, begin + ahead - queued));
		}
	}
	ZEND_HASH_FOREACH_END();
	zend_update_property(kh_php_ce_demand, demand, ZEND_STRL("capacity"), &capacity);
	zval_ptr_dtor(&capacity);
	zend_update_property_long(kh_php_ce_demand, demand, ZEND_STRL("share"), (free_slots + 1) / 2);
}

/* ---- leased rows ---- */

static zend_long kh_php_row_webhook(zval *row)
{
	zval *webhook = Z_TYPE_P(row) == IS_ARRAY ? kh_php_member(Z_ARRVAL_P(row), "webhook") : NULL;
	return webhook && Z_TYPE_P(webhook) == IS_ARRAY
			   ? kh_php_member_long(Z_ARRVAL_P(webhook), "id", 0)
			   : 0;
}

void kh_php_lanes_add(kh_php_run *run, zval *row)
{
	kh_php_lane *lane = kh_php_lane_of(run, kh_php_row_webhook(row));
	if (lane->count == lane->size) {
		lane->size = lane->size ? 2 * lane->size : 16;
		lane->rows = safe_erealloc(lane->rows, lane->size, sizeof(*lane->rows), 0);
	}
	kh_php_queued *queued = &lane->rows[lane->count++];
	ZVAL_COPY(&queued->row, row);
	queued->leased_ms = kh_now_ms();
	run->queued++;
	run->taken++;
}

static kh_php_queued kh_php_lane_next(kh_php_run *run, kh_php_lane *lane)
{
	const kh_php_queued next = lane->rows[lane->head++];
	run->queued--;
	if (lane->head == lane->count) {
		lane->head = lane->count = 0;
	}
	return next;
}

static bool kh_php_lane_may_begin(const kh_php_run *run, const kh_php_lane *lane)
{
	return kh_php_lane_queued(lane) > 0 && lane->flying < kh_php_free_slots(run);
}

void kh_php_lanes_begin(kh_php_run *run)
{
	bool some = run->queued > 0;
	while (some) {
		kh_php_lane *lane;
		some = false;
		ZEND_HASH_FOREACH_PTR(run->lanes, lane)
		{
			for (int i = 0; i < KH_PHP_BURST && kh_php_lane_may_begin(run, lane); i++) {
				kh_php_queued next = kh_php_lane_next(run, lane);
				lane->flying++;
				some = true;
				kh_php_begin(run, &next.row, next.leased_ms);
				zval_ptr_dtor(&next.row);
				if (EG(exception)) {
					return;
				}
			}
			run->last_config = NULL; /* the row is gone, and its address may be in use again */
		}
		ZEND_HASH_FOREACH_END();
	}
}

void kh_php_lanes_give_back(kh_php_run *run)
{
	kh_php_lane *lane;
	zval ids;
	if (run->queued == 0) {
		return;
	}
	array_init(&ids);
	ZEND_HASH_FOREACH_PTR(run->lanes, lane)
	{
		while (kh_php_lane_queued(lane) > 0) {
			kh_php_queued next = kh_php_lane_next(run, lane);
			if (Z_TYPE(next.row) == IS_ARRAY) {
				add_next_index_long(&ids, kh_php_member_long(Z_ARRVAL(next.row), "id", 0));
			}
			run->left++;
			zval_ptr_dtor(&next.row);
		}
	}
	ZEND_HASH_FOREACH_END();
	zval owner, nothing;
	ZVAL_STR(&owner, run->engine->owner);
	ZVAL_UNDEF(&nothing);
	kh_php_store_call(run, "release", &nothing, &owner, &ids);
	zval_ptr_dtor(&nothing);
	zval_ptr_dtor(&ids);
}
