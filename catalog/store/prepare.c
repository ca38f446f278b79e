/* The writer's connection, which is opened first, prepares all statements: a typo fails then, not
 * at night. Readers, of which there are many, prepare what they are asked for. */
#include "catalog/store/connection.h"

#define STATEMENT_TEXT(name, text) [name] = text,
static const char *const statement_texts[STATEMENT_COUNT] = {STATEMENTS(STATEMENT_TEXT)};

#define OWN_TEXT(name, text) [name] = text,
static const char *const own_texts[OWN_COUNT] = {OWN_STATEMENTS(OWN_TEXT)};

static bool prepare_statement(struct store *s, size_t number, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct prepared *p = &s->statements[number];
    if (!record_expand(statement_texts[number], &text))
        return fail(err, ERR_STORE, "statement", "unknown record in: %s", statement_texts[number]);
    if (!sql_prepare(s->db, buf_str(&text), &p->stmt, err))
        return false;
    for (size_t i = 1; i <= ARGS_MOST; i++) {
        char name[24];
        snprintf(name, sizeof(name), "$%zu", i);
        p->place[i] = sql_place(p->stmt, name);
        if (p->place[i] != 0)
            p->last = i;
    }
    return true;
}

static bool prepare_writes(struct store *s, size_t number, struct err *err)
{
    CLEANUP(buf_clear) struct buf insert = {0};
    CLEANUP(buf_clear) struct buf update = {0};
    CLEANUP(buf_clear) struct buf erase = {0};
    record_insert_text(store_records[number], &insert);
    record_update_text(store_records[number], &update);
    record_delete_text(store_records[number], &erase);
    return sql_prepare(s->db, buf_str(&insert), &s->inserts[number], err) &&
           sql_prepare(s->db, buf_str(&update), &s->updates[number], err) &&
           sql_prepare(s->db, buf_str(&erase), &s->deletes[number], err);
}

const struct prepared *store_prepared(struct store *s, enum statement number, struct err *err)
{
    struct prepared *p = &s->statements[number];
    return p->stmt != NULL || prepare_statement(s, number, err) ? p : NULL;
}

bool store_prepare(struct store *s, struct err *err)
{
    for (size_t i = 0; i < OWN_COUNT; i++)
        if (!sql_prepare(s->db, str_from(own_texts[i]), &s->own[i], err))
            return false;
    for (size_t i = 0; s->mode != STORE_READER && i < STATEMENT_COUNT; i++)
        if (!prepare_statement(s, i, err))
            return false;
    for (size_t i = 0; s->mode == STORE_WRITER && i < STORE_RECORDS; i++)
        if (!prepare_writes(s, i, err))
            return false;
    return true;
}

void store_unprepare(struct store *s)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sql_finalize(s->statements[i].stmt);
    for (size_t i = 0; i < STORE_RECORDS; i++) {
        sql_finalize(s->inserts[i]);
        sql_finalize(s->updates[i]);
        sql_finalize(s->deletes[i]);
    }
    for (size_t i = 0; i < OWN_COUNT; i++)
        sql_finalize(s->own[i]);
}
