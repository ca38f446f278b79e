/* Multipart bodies: however the bytes are cut up on their way, the same fields and files come out.
 * The input's first byte is the size of the pieces, the first line the content type. */
#include <sys/mman.h>

#include "portal/http/form.h"
#include "tests/fuzz/fuzz.h"

#define FIELDS_LIMIT 4096
#define FILE_LIMIT   8192

struct outcome {
    struct form form;
    struct spool spool;
    bool ok;
};

static void read_whole(struct outcome *o, struct arena *mem, struct str type, struct str body,
                       size_t piece)
{
    struct err err = {0};
    *o = (struct outcome){
        .spool = {.fd = memfd_create("spool", MFD_CLOEXEC), .open = true}
    };
    o->form.mem = mem;
    o->form.field_limit_bytes = FIELDS_LIMIT;
    o->form.file_limit_bytes = FILE_LIMIT;
    o->form.spool = &o->spool;
    o->ok = form_start(&o->form, type, &err);
    for (; o->ok && body.len > 0; body = str_sub(body, piece, body.len))
        o->ok = form_feed(&o->form, str_sub(body, 0, piece), &err);
    o->ok = o->ok && form_finish(&o->form, &err);
    HOLDS(o->ok || err.msg[0] != '\0');
    HOLDS(o->spool.size_bytes <= FILE_LIMIT && o->form.fields.len <= FORM_FIELDS_MAX);
}

static void same(const struct outcome *a, const struct outcome *b)
{
    HOLDS(a->ok == b->ok);
    if (!a->ok)
        return;
    HOLDS(a->form.fields.len == b->form.fields.len && a->form.files.len == b->form.files.len);
    HOLDS(a->spool.size_bytes == b->spool.size_bytes);
    for (size_t i = 0; i < a->form.files.len; i++) {
        const struct http_file *one = &a->form.files.ptr[i], *other = &b->form.files.ptr[i];
        HOLDS(str_eq(one->name, other->name) && str_eq(one->field, other->field));
        HOLDS(one->start == other->start && one->size_bytes == other->size_bytes);
        HOLDS(one->start + one->size_bytes <= a->spool.size_bytes);
    }
    for (size_t i = 0; i < a->form.fields.len; i++) {
        HOLDS(str_eq(a->form.fields.ptr[i].name, b->form.fields.ptr[i].name));
        HOLDS(str_eq(a->form.fields.ptr[i].value, b->form.fields.ptr[i].value));
        HOLDS(str_utf8(a->form.fields.ptr[i].value, NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct outcome whole, pieces;
    struct str type = STR_NONE;
    if (size == 0)
        return 0;
    size_t piece = (size_t)data[0] + 1;
    struct str body = fuzz_text(data + 1, size - 1);
    (void)str_split(&body, '\n', &type);
    read_whole(&whole, &mem, type, body, body.len + 1);
    read_whole(&pieces, &mem, type, body, piece);
    same(&whole, &pieces);
    form_clear(&whole.form);
    form_clear(&pieces.form);
    spool_close(&whole.spool);
    spool_close(&pieces.spool);
    return 0;
}
