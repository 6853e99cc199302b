#include "kh_template_ast.h"

/* 33 times the largest template: each text in a section is there once more for every level. */
#define TRIAL_BYTES ((KH_TEMPLATE_MAX_DEPTH + 2) * KH_TEMPLATE_MAX_BYTES)
#define FILTERED_BYTES_PER_WORK 16

/* A section that is being rendered. */
typedef struct frame {
	size_t node;
	const kh_value *list; /* NULL: rendered once */
	size_t done, count;
	bool pushed; /* a context of its own */
	bool watched;
	bool again; /* a trial: something around it is in its second round */
} frame;

/* A rendering against made-up data. */
typedef struct trial {
	unsigned times;
	size_t wanted; /* a byte of the result: which node made it, beginning where? */
	size_t node, node_start;
} trial;

typedef struct renderer {
	const kh_template *tpl;
	kh_buf *out;
	size_t start; /* what lies before is not ours */
	const kh_value *contexts[KH_TEMPLATE_MAX_DEPTH + 1];
	size_t context_count;
	frame frames[KH_TEMPLATE_MAX_DEPTH];
	size_t depth;
	size_t iterations, work;
	const kh_template_watch *watch;
	size_t watched; /* so many of the frames are */
	trial *trial;
	kh_error *error;
} renderer;

static int shown(kh_str text)
{
	return (int)(text.len < 80 ? text.len : 80);
}

static kh_status spend(renderer *r, const kh_node *node, size_t work)
{
	r->work += work;
	if (r->work <= KH_TEMPLATE_MAX_WORK) {
		return KH_OK;
	}
	return kh_error_set_at(r->error, KH_ERR_TEMPLATE, node->line, node->column,
		"There is too much to do in this template: it was given up at {{%.*s}}. Use fewer sections "
		"in sections.",
		node->kind == KH_NODE_TEXT ? 0 : shown(node->text), node->text.data);
}

/*
 * The specification's way: the first part is looked for from the innermost context outwards, the
 * others only in what was found. NULL: nothing, or null.
 */
static const kh_value *find(renderer *r, kh_str name)
{
	const char *dot = memchr(name.data, '.', name.len);
	kh_str part = {name.data, dot != NULL ? (size_t)(dot - name.data) : name.len};
	const kh_value *value = NULL;
	size_t level = r->context_count, at = part.len;
	bool found = false;

	if (kh_str_equals(name, KH_STR("."))) {
		return r->contexts[level - 1];
	}
	while (level > 0 && !found) {
		found = kh_value_child(r->contexts[--level], part, &value);
		r->work++;
	}
	while (found && at < name.len) {
		dot = memchr(name.data + at + 1, '.', name.len - at - 1);
		part.data = name.data + at + 1;
		part.len = dot != NULL ? (size_t)(dot - part.data) : name.len - at - 1;
		at += part.len + 1;
		found = kh_value_child(value, part, &value);
		r->work++;
	}
	return found ? value : NULL;
}

static bool is_watched(const renderer *r, kh_str name)
{
	return r->watch != NULL && r->watch->is_watched(r->watch->context, name);
}

static kh_status tell_value(renderer *r, const kh_value *value)
{
	kh_kind kind = kh_value_kind(value);
	kh_buf text;
	kh_status status;

	if (kind != KH_KIND_STRING && kind != KH_KIND_NUMBER) {
		return KH_OK;
	}
	kh_buf_init(&text, r->out->max_bytes);
	status = kh_value_append_text(value, &text);
	if (status == KH_OK) {
		status = r->watch->tell(r->watch->context, kh_buf_str(&text));
	}
	kh_buf_wipe(&text);
	return status;
}

static kh_status append_text(renderer *r, const kh_node *node, kh_str text)
{
	kh_status status;

	if (!node->json_value) {
		return kh_template_escape(r->tpl, node, text, r->out, r->error);
	}
	status = kh_buf_append_char(r->out, '"');
	if (status == KH_OK) {
		status = kh_template_escape(r->tpl, node, text, r->out, r->error);
	}
	return status == KH_OK ? kh_buf_append_char(r->out, '"') : status;
}

static kh_status append_value(renderer *r, const kh_node *node, const kh_value *value)
{
	kh_status status;
	kh_buf text;

	if (node->json_value) {
		return kh_value_append_json(value, r->out);
	}
	if (kh_value_kind(value) == KH_KIND_STRING) {
		return append_text(r, node, kh_value_string(value));
	}
	kh_buf_init(&text, r->out->max_bytes);
	status = kh_value_append_text(value, &text);
	if (status == KH_OK) {
		status = append_text(r, node, kh_buf_str(&text));
	}
	kh_buf_free(&text);
	return status;
}

static kh_status append_filtered(renderer *r, const kh_node *node, const kh_value *value)
{
	kh_piped piped = {.kind = KH_PIPED_VALUE, .value = value};
	kh_status status;

	kh_buf_init(&piped.text, KH_FILTER_MAX_BYTES);
	status = kh_filter_run(r->tpl->filters + node->filter_begin, node->filter_count, &piped);
	if (status == KH_OK) {
		status = spend(r, node, piped.work / FILTERED_BYTES_PER_WORK);
	}
	/* Not what `default` gave instead of nothing. */
	if (status == KH_OK && piped.kind != KH_PIPED_VALUE && kh_value_kind(value) != KH_KIND_NULL &&
		(r->watched > 0 || is_watched(r, node->text))) {
		status = r->watch->tell(r->watch->context, kh_buf_str(&piped.text));
	}
	if (status != KH_OK) {
		goto done;
	}
	if (piped.kind == KH_PIPED_VALUE) {
		status = append_value(r, node, value);
	} else if (piped.kind == KH_PIPED_JSON && node->json_value) {
		status = kh_buf_append_str(r->out, kh_buf_str(&piped.text));
	} else {
		status = append_text(r, node, kh_buf_str(&piped.text));
	}
done:
	kh_buf_free(&piped.text);
	return status;
}

static kh_status append_variable(renderer *r, const kh_node *node)
{
	const kh_value *value;

	if (r->trial != NULL) {
		/* What a value could be at its simplest; a raw one may be markup, so it is nothing. */
		if (node->raw && !node->json_value) {
			return KH_OK;
		}
		return kh_buf_append_char(r->out, node->json_value ? '1' : 'x');
	}
	value = find(r, node->text);
	if (r->watched > 0) {
		kh_status status = tell_value(r, value);
		if (status != KH_OK) {
			return status;
		}
	}
	return node->filter_count > 0 ? append_filtered(r, node, value) : append_value(r, node, value);
}

/* Falsy: null or missing, false, 0, "", and an empty list. An object never is. */
static bool is_truthy(const kh_value *value)
{
	switch (kh_value_kind(value)) {
	case KH_KIND_NULL:
		return false;
	case KH_KIND_STRING:
		return kh_value_string(value).len > 0;
	case KH_KIND_LIST:
		return kh_value_length(value) > 0;
	case KH_KIND_OBJECT:
		return true;
	default:
		return kh_value_is_true(value);
	}
}

/* How often the section is to be rendered, and over what. */
static size_t plan_section(renderer *r, const kh_node *node, frame *f)
{
	const kh_value *value;

	if (r->trial != NULL) {
		/* Twice only in the first round of all that is around it: else 32 levels would double 32
		 * times. */
		const frame *outer = r->depth > 0 ? &r->frames[r->depth - 1] : NULL;
		f->again = outer != NULL && (outer->again || outer->done > 0);
		if (node->kind == KH_NODE_INVERTED) {
			return r->trial->times == 0 ? 1 : 0;
		}
		return r->trial->times == 2 && f->again ? 1 : r->trial->times;
	}
	value = find(r, node->text);
	if (node->kind == KH_NODE_INVERTED) {
		return is_truthy(value) ? 0 : 1;
	}
	if (!is_truthy(value)) {
		return 0;
	}
	f->pushed = true;
	f->watched = is_watched(r, node->text);
	if (kh_value_kind(value) == KH_KIND_LIST) {
		f->list = value;
		r->contexts[r->context_count++] = kh_value_at(value, 0);
		return kh_value_length(value);
	}
	r->contexts[r->context_count++] = value;
	return 1;
}

static kh_status count_iteration(renderer *r, const kh_node *node)
{
	if (++r->iterations <= KH_TEMPLATE_MAX_ITERATIONS) {
		return KH_OK;
	}
	return kh_error_set_at(r->error, KH_ERR_TEMPLATE, node->line, node->column,
		"The sections repeat more than %d times in all: {{#%.*s}} was given up.",
		KH_TEMPLATE_MAX_ITERATIONS, shown(node->text), node->text.data);
}

static kh_status begin_section(renderer *r, size_t *at)
{
	const kh_node *node = &r->tpl->nodes[*at];
	frame f = {.node = *at};

	f.count = plan_section(r, node, &f);
	if (f.count == 0) {
		*at = node->other + 1;
		return KH_OK;
	}
	r->frames[r->depth++] = f;
	r->watched += f.watched;
	(*at)++;
	return count_iteration(r, node);
}

static kh_status end_section(renderer *r, size_t *at)
{
	frame *f = &r->frames[r->depth - 1];

	if (++f->done < f->count) {
		if (f->list != NULL) {
			r->contexts[r->context_count - 1] = kh_value_at(f->list, f->done);
		}
		*at = f->node + 1;
		return count_iteration(r, &r->tpl->nodes[f->node]);
	}
	r->context_count -= f->pushed;
	r->watched -= f->watched;
	r->depth--;
	(*at)++;
	return KH_OK;
}

/* Behind the last byte that is no blank. */
static size_t find_last(const renderer *r)
{
	size_t at = r->out->len;

	while (at > r->start && strchr(" \t\r\n", r->out->data[at - 1]) != NULL) {
		at--;
	}
	return at;
}

/* A comma behind the element before, if there is one. */
static kh_status put_comma(renderer *r)
{
	size_t at = find_last(r);
	kh_status status;

	if (at == r->start || strchr("[{,", r->out->data[at - 1]) != NULL) {
		return KH_OK;
	}
	status = kh_buf_append_char(r->out, ',');
	if (status == KH_OK) {
		memmove(r->out->data + at + 1, r->out->data + at, r->out->len - at - 1);
		r->out->data[at] = ',';
	}
	return status;
}

static void drop_comma(renderer *r)
{
	size_t at = find_last(r);

	if (at > r->start && r->out->data[at - 1] == ',') {
		memmove(r->out->data + at - 1, r->out->data + at, r->out->len - at);
		r->out->data[--r->out->len] = '\0';
	}
}

static kh_status render_node(renderer *r, size_t *at)
{
	const kh_node *node = &r->tpl->nodes[*at];
	kh_status status = spend(r, node, 1);

	if (status != KH_OK) {
		return status;
	}
	if (r->trial != NULL && r->out->len <= r->trial->wanted) {
		r->trial->node = *at;
		r->trial->node_start = r->out->len;
	}
	switch (node->kind) {
	case KH_NODE_SECTION:
	case KH_NODE_INVERTED:
		return begin_section(r, at);
	case KH_NODE_END:
		return end_section(r, at);
	case KH_NODE_TEXT:
		status = kh_buf_append_str(r->out, node->text);
		break;
	case KH_NODE_VARIABLE:
		status = append_variable(r, node);
		break;
	case KH_NODE_COMMA:
		status = put_comma(r);
		break;
	case KH_NODE_NO_COMMA:
		drop_comma(r);
		break;
	}
	(*at)++;
	return status;
}

static kh_status render_all(renderer *r)
{
	kh_status status = KH_OK;
	size_t at = 0;

	while (status == KH_OK && at < r->tpl->node_count) {
		status = render_node(r, &at);
	}
	return status;
}

kh_status kh_template_render(
	const kh_template *tpl, const kh_value *data, kh_buf *out, kh_error *error)
{
	return kh_template_render_watched(tpl, data, NULL, out, error);
}

kh_status kh_template_render_watched(const kh_template *tpl, const kh_value *data,
	const kh_template_watch *watch, kh_buf *out, kh_error *error)
{
	renderer r = {.tpl = tpl,
		.watch = watch,
		.out = out,
		.start = out->len,
		.contexts = {data},
		.context_count = 1,
		.error = error};
	kh_status status = render_all(&r);

	if (status == KH_OK) {
		return KH_OK;
	}
	out->len = r.start;
	if (out->data != NULL) {
		out->data[r.start] = '\0';
	}
	if (status == KH_ERR_TOO_LARGE) {
		return kh_error_set(
			error, status, "What the template gives is larger than %zu bytes.", out->max_bytes);
	}
	if (status == KH_ERR_TEMPLATE) {
		return status; /* has its message */
	}
	return kh_error_set(
		error, status, "The template could not be filled in (%s).", kh_status_name(status));
}

/* Which byte a position is: the other way round than kh_str_position. */
static size_t find_offset(kh_str text, const kh_error *where)
{
	unsigned line = 1, column = 1;
	size_t i = 0;

	for (; i < text.len && (line < where->line || column < where->column); i++) {
		if (text.data[i] == '\n') {
			line++;
			column = 1;
		} else if (i + 1 == text.len || ((unsigned char)text.data[i + 1] & 0xC0) != 0x80) {
			column++;
		}
	}
	return i;
}

/* What the check found, told where it stands in the source. */
static kh_status blame(renderer *r, size_t offset, const char *message)
{
	const kh_template *tpl = r->tpl;
	const kh_node *node;
	unsigned line, column;

	kh_buf_clear(r->out);
	r->trial->wanted = offset;
	r->context_count = r->depth = r->iterations = r->work = 0;
	if (render_all(r) != KH_OK || tpl->node_count == 0) {
		return kh_error_set_at(r->error, KH_ERR_TEMPLATE, 1, 1, "%s", message);
	}
	node = &tpl->nodes[r->trial->node];
	line = node->line;
	column = node->column;
	if (node->kind == KH_NODE_TEXT) {
		unsigned down, right;
		kh_str_position(node->text, offset - r->trial->node_start, &down, &right);
		column = down == 1 ? column + right - 1 : right;
		line += down - 1;
	}
	if (tpl->section_count == 0) {
		return kh_error_set_at(r->error, KH_ERR_TEMPLATE, line, column, "%s", message);
	}
	return kh_error_set_at(r->error, KH_ERR_TEMPLATE, line, column,
		"With the sections rendered %s: %s",
		r->trial->times == 0   ? "not at all"
		: r->trial->times == 1 ? "once"
							   : "twice",
		message);
}

kh_status kh_template_try(const kh_template *tpl, unsigned times,
	kh_status (*check)(kh_str text, kh_error *error), kh_error *error)
{
	trial t = {.times = times};
	renderer r = {.tpl = tpl, .trial = &t, .error = error};
	kh_error why = {0};
	kh_status status;
	kh_buf out;

	kh_buf_init(&out, TRIAL_BYTES);
	r.out = &out;
	status = render_all(&r);
	if (status == KH_OK && check(kh_buf_str(&out), &why) != KH_OK) {
		status = why.status == KH_ERR_MEMORY
					 ? kh_error_set(error, why.status, "Out of memory.")
					 : blame(&r, find_offset(kh_buf_str(&out), &why), why.message);
	} else if (status != KH_OK && status != KH_ERR_TEMPLATE) {
		kh_error_set(
			error, status, "The template could not be tried (%s).", kh_status_name(status));
	}
	kh_buf_free(&out);
	return status;
}
