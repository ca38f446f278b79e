/* Whole consumer lists: signed once per version by a thread of their own, streamed to each who
 * asks.
 *
 * A list is a function of what its group may do, which its version names, and of the time it is
 * issued at. So the signature that was made in one pass over the text belongs to any later text of
 * the same version and time, and nobody has to keep the text. */
#include <stdlib.h>

#include "portal/control/state.h"
#include "portal/settings.h"

#define SMALL_BYTES ((size_t)4096)

/* --- one pass to sign, another to send -----------------------------------------------------------
 */

static struct access_list_options options_of(const struct edition *e, int64_t ttl_s)
{
    return (struct access_list_options){.form = e->form,
                                        .group = str_from(e->group),
                                        .version = e->version,
                                        .now_ms = e->issued_ms,
                                        .ttl_s = ttl_s};
}

static struct edition edition_of(struct edition_key key)
{
    struct edition e = {.form = key.form};
    memcpy(e.group, key.group.ptr, key.group.len < sizeof(e.group) ? key.group.len : 0);
    return e;
}

void edition_make(struct control *c, const struct access_image *image, struct edition_key key,
                  int64_t now_ms, struct edition *out)
{
    CLEANUP(buf_clear) struct buf piece = {0};
    struct signer signer;
    *out = edition_of(key);
    out->version = access_group_version(image, key.group);
    out->issued_ms = now_ms;
    const struct access_list_options options =
        options_of(out, c->portal->settings->consumers_ttl_s);
    struct access_list *list = access_list_open(image, &options);
    signing_begin(c->signing, &signer, out->key_id);
    for (bool more = true; more; buf_reset(&piece)) {
        more = access_list_next(list, &piece);
        sign_add(&signer, buf_str(&piece));
        out->bytes += piece.len;
    }
    sign_end(&signer, out->signature);
    out->changes_at_ms = access_list_changes_at(list);
    access_list_close(list);
}

/* What a list needs while it is sent, however long that takes. */
struct list_flow {
    struct image_reader *reader;
    struct edition edition;
    struct access_list *list;
    struct gzip_stream *zip; /* NULL: as it is */
    struct buf plain;
};

static bool flow_next(void *context, struct buf *out)
{
    struct list_flow *flow = context;
    if (flow->zip == NULL)
        return access_list_next(flow->list, out);
    buf_reset(&flow->plain);
    bool more = access_list_next(flow->list, &flow->plain);
    return gzip_add(flow->zip, buf_str(&flow->plain), !more, out) && more;
}

static void flow_close(void *context)
{
    struct list_flow *flow = context;
    access_list_close(flow->list);
    gzip_close(flow->zip);
    buf_clear(&flow->plain);
    image_reader_close(flow->reader);
    free(flow);
}

void edition_send(struct control *c, struct image_reader *reader, const struct access_image *image,
                  const struct edition *edition, bool gzip, struct http_response *res)
{
    struct list_flow *flow = mem_new_of(struct list_flow);
    flow->reader = reader;
    flow->edition = *edition;
    const struct access_list_options options =
        options_of(&flow->edition, c->portal->settings->consumers_ttl_s);
    flow->list = access_list_open(image, &options);
    flow->zip = gzip && edition->bytes > SMALL_BYTES ? gzip_open(1) : NULL;
    if (flow->zip != NULL)
        http_set_header(res, "Content-Encoding", STR("gzip"));
    res->stream = (struct http_stream){flow_next, flow_close, flow, edition->bytes};
}

/* --- the thread ----------------------------------------------------------------------------------
 */

static struct edition *find_edition(struct control *c, struct edition_key key)
{
    for (size_t i = 0; i < c->editions.len; i++)
        if (c->editions.ptr[i].form == key.form &&
            str_eq(str_from(c->editions.ptr[i].group), key.group))
            return &c->editions.ptr[i];
    vec_push(&c->editions, &c->states_mem, edition_of(key));
    return vec_last(&c->editions);
}

/* A list says when it was made: in a while it would no longer be fresh enough to be used. A map is
 * as good as new until something on it begins or ends. */
static bool may_be_sent(struct control *c, const struct edition *e, int64_t now_ms)
{
    if (e->form != ACCESS_LIST_JSON)
        return now_ms < e->changes_at_ms;
    return now_ms - e->issued_ms < c->portal->settings->consumers_ttl_s * 1000 / 2;
}

static bool is_current(struct control *c, const struct edition *e, uint64_t version, int64_t now_ms)
{
    char id[SIGNING_ID_LEN + 1];
    signing_id(c->signing, id);
    return e->bytes > 0 && e->version == version && strcmp(e->key_id, id) == 0 &&
           may_be_sent(c, e, now_ms);
}

bool edition_ready(struct control *c, struct edition_key key, uint64_t version, int64_t now_ms,
                   struct edition *out)
{
    pthread_mutex_lock(&c->lock);
    struct edition *e = find_edition(c, key);
    bool ready = is_current(c, e, version, now_ms);
    *out = *e;
    if (!ready) {
        e->wanted = true;
        pthread_cond_signal(&c->lists_wanted);
    }
    pthread_mutex_unlock(&c->lock);
    return ready;
}

static bool take_wanted(struct control *c, struct arena *mem, struct edition_key *key)
{
    for (size_t i = 0; i < c->editions.len; i++)
        if (c->editions.ptr[i].wanted) {
            c->editions.ptr[i].wanted = false;
            *key = (struct edition_key){arena_str(mem, str_from(c->editions.ptr[i].group)),
                                        c->editions.ptr[i].form};
            return true;
        }
    return false;
}

static void make_one(struct control *c, struct image_reader *reader, struct edition_key key)
{
    struct edition made;
    const struct access_image *image = image_get(reader);
    if (image != NULL) {
        edition_make(c, image, key, clock_now_ms(c->portal->clock), &made);
        image_idle(reader);
        pthread_mutex_lock(&c->lock);
        *find_edition(c, key) = made;
        pthread_mutex_unlock(&c->lock);
    }
    control_wake(c);
}

void *lists_run(void *control)
{
    struct control *c = control;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct image_reader *reader = image_reader_open(c->portal->catalog);
    struct edition_key key;
    pthread_mutex_lock(&c->lock);
    while (!c->stopping) {
        if (!take_wanted(c, &mem, &key)) {
            pthread_cond_wait(&c->lists_wanted, &c->lock);
            continue;
        }
        pthread_mutex_unlock(&c->lock);
        make_one(c, reader, key);
        arena_reset(&mem);
        pthread_mutex_lock(&c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    image_reader_close(reader);
    return NULL;
}
