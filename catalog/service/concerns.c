/* A ring of what has lately changed groups' lists, so that a proxy can be told only that. */
#include <pthread.h>
#include <stdlib.h>

#include "catalog/service/internal.h"

#define ROWS_KEPT 8192
#define NAME_ROOM 64 /* a slug and a NUL */

struct concern_row {
    uint64_t version;
    enum access_concern_kind kind;
    char name[NAME_ROOM], group[NAME_ROOM];
};

struct concerns {
    pthread_mutex_t lock;
    uint64_t known_from; /* what happened behind this version is here */
    uint64_t added;      /* in all: row N is at N % ROWS_KEPT */
    struct concern_row rows[ROWS_KEPT];
};

struct concerns *concerns_new(void)
{
    struct concerns *c = mem_new_of(struct concerns);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void concerns_free(struct concerns *c)
{
    if (c == NULL)
        return;
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static void restart(struct concerns *c, uint64_t version)
{
    c->added = 0;
    c->known_from = version;
}

void concerns_restart(struct concerns *c, uint64_t version)
{
    pthread_mutex_lock(&c->lock);
    restart(c, version);
    pthread_mutex_unlock(&c->lock);
}

static bool keep_name(char to[NAME_ROOM], struct str name)
{
    if (name.len >= NAME_ROOM)
        return false;
    memset(to, 0, NAME_ROOM);
    memcpy(to, name.ptr, name.len);
    return true;
}

void concerns_add(struct concerns *c, uint64_t version, const struct access_concern *rows,
                  size_t count)
{
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < count; i++) {
        struct concern_row *row = &c->rows[c->added % ROWS_KEPT];
        if (c->added >= ROWS_KEPT && c->known_from < row->version)
            c->known_from = row->version; /* its row is lost, so what is told begins behind it */
        row->version = version;
        row->kind = rows[i].kind;
        c->added++;
        if (!keep_name(row->name, rows[i].name) || !keep_name(row->group, rows[i].group)) {
            restart(c, version);
            break;
        }
    }
    pthread_mutex_unlock(&c->lock);
}

static int text_order(const void *left, const void *right)
{
    const struct str *a = left, *b = right;
    return str_cmp(*a, *b);
}

struct gathered {
    VEC(struct str) names;
};

static void gather(const struct concerns *c, struct str group, uint64_t since, struct arena *mem,
                   struct gathered kinds[CONCERN_PLAN + 1])
{
    uint64_t kept = c->added < ROWS_KEPT ? c->added : ROWS_KEPT;
    for (uint64_t i = c->added; i > c->added - kept; i--) {
        const struct concern_row *row = &c->rows[(i - 1) % ROWS_KEPT];
        if (row->version <= since)
            break;
        if (str_eq(str_from(row->group), group))
            vec_push(&kinds[row->kind].names, mem, arena_str(mem, str_from(row->name)));
    }
}

bool concerns_since(struct concerns *c, struct str group, uint64_t since, struct arena *mem,
                    struct access_changes *out)
{
    struct gathered kinds[CONCERN_PLAN + 1] = {0};
    pthread_mutex_lock(&c->lock);
    bool known = since >= c->known_from;
    if (known)
        gather(c, group, since, mem, kinds);
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (kinds[i].names.len > 1)
            qsort(kinds[i].names.ptr, kinds[i].names.len, sizeof(struct str), text_order);
    *out = (struct access_changes){
        .apps = kinds[CONCERN_APP].names.ptr,
        .app_count = kinds[CONCERN_APP].names.len,
        .apis = kinds[CONCERN_API].names.ptr,
        .api_count = kinds[CONCERN_API].names.len,
        .plans = kinds[CONCERN_PLAN].names.ptr,
        .plan_count = kinds[CONCERN_PLAN].names.len,
    };
    return known;
}
