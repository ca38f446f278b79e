/* Transactions and savepoints of the writer. */
#include "catalog/store/transaction.h"

#include "catalog/store/connection.h"

#define CHECKPOINT_PAGES 1000

static bool run_own(struct store *s, enum own_statement which, struct err *err)
{
    bool ok = sql_step(s->own[which], "transaction", err) != SQL_FAILED;
    sql_reset(s->own[which]);
    return ok;
}

bool store_begin_read(struct store *s, struct err *err)
{
    return run_own(s, OWN_BEGIN_READ, err);
}

void store_end_read(struct store *s)
{
    (void)run_own(s, OWN_COMMIT, NULL);
}

bool store_begin(struct store *s, struct err *err)
{
    return run_own(s, OWN_BEGIN, err);
}

void store_roll_back(struct store *s)
{
    if (sql_in_transaction(s->db)) /* after some failures SQLite has done it by itself */
        (void)run_own(s, OWN_ROLLBACK, NULL);
}

bool store_commit(struct store *s, struct err *err)
{
    if (run_own(s, OWN_COMMIT, err))
        return true;
    if (err != NULL)
        err->code = ERR_STORE;
    store_roll_back(s);
    return false;
}

/* A savepoint that cannot be undone alone takes the batch with it: better all lost than half a
 * change kept. */
static void undo_change(struct store *s)
{
    if (!sql_in_transaction(s->db))
        return;
    if (!run_own(s, OWN_ROLLBACK_TO, NULL) || !run_own(s, OWN_RELEASE, NULL))
        store_roll_back(s);
}

bool store_savepoint(struct store *s, bool (*run)(void *context, struct store *s, struct err *err),
                     void *context, struct err *err)
{
    if (!store_in_transaction(s))
        return fail(err, ERR_STORE, "", "the batch was rolled back by an earlier failure");
    if (!run_own(s, OWN_SAVEPOINT, err))
        return false;
    if (run(context, s, err) && run_own(s, OWN_RELEASE, err))
        return true;
    undo_change(s);
    return false;
}

bool store_in_transaction(const struct store *s)
{
    return sql_in_transaction(s->db);
}

void store_checkpoint(struct store *s)
{
    if (s->log_pages < CHECKPOINT_PAGES)
        return;
    s->log_pages = 0; /* tried once; the next commit tells the length again */
    sql_checkpoint(s->db);
}
