/* Loading, checking and replacing a certificate and its key. */
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "portal/http/tls.h"

#define FILE_MOST  ((size_t)1 << 20)
#define CHAIN_MOST 16
#define KEEP_MS    INT64_C(120000) /* longer than any handshake may take */
#define KEY_ID_LEN 64

const char tls_priorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:"
    "-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:%SERVER_PRECEDENCE";

struct pair {
    gnutls_pcert_st chain[CHAIN_MOST];
    unsigned chain_len;
    gnutls_privkey_t key;
    int64_t not_after_ms, retired_ms;
    struct pair *older;
};

/* What tells one state of a file from the next; renewal replaces files or writes them anew. */
struct mark {
    dev_t device;
    ino_t file;
    off_t size;
    struct timespec changed;
};

struct http_tls {
    char *certificate, *key;
    pthread_mutex_t lock; /* guards the pairs */
    struct pair *current; /* and, behind it, those that handshakes may still use */
    struct mark tried[2]; /* the main thread only */
};

static void pair_free(struct pair *p)
{
    for (unsigned i = 0; i < p->chain_len; i++)
        gnutls_pcert_deinit(&p->chain[i]);
    if (p->key != NULL)
        gnutls_privkey_deinit(p->key);
    free(p);
}

/* --- loading ---------------------------------------------------------------------------------- */

static bool fail_tls(int code, const char *path, const char *what, struct err *err)
{
    return fail(err, ERR_INVALID, path, "%s: %s", what, gnutls_strerror(code));
}

static bool read_chain(struct pair *p, const char *path, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    if (!file_read(path, FILE_MOST, &text, err))
        return false;
    const gnutls_datum_t pem = {(unsigned char *)text.ptr, (unsigned)text.len};
    unsigned count = CHAIN_MOST;
    int code = gnutls_pcert_list_import_x509_raw(p->chain, &count, &pem, GNUTLS_X509_FMT_PEM,
                                                 GNUTLS_X509_CRT_LIST_SORT);
    if (code < 0)
        return fail_tls(code, path, "is no chain of certificates", err);
    p->chain_len = count;
    return count > 0 || fail(err, ERR_INVALID, path, "holds no certificate");
}

static bool read_key(struct pair *p, const char *path, struct err *err)
{
    struct buf text = {0};
    struct stat status;
    if (stat(path, &status) == 0 && (status.st_mode & S_IRWXO) != 0) {
        (void)fail(err, ERR_DENIED, path, "the private key is open to every account");
        return err_hint(err, "chmod 0640, owned by root and the daemon's group");
    }
    if (!file_read(path, FILE_MOST, &text, err))
        return false;
    const gnutls_datum_t pem = {(unsigned char *)text.ptr, (unsigned)text.len};
    int code = gnutls_privkey_init(&p->key);
    if (code >= 0)
        code = gnutls_privkey_import_x509_raw(p->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (text.ptr != NULL)
        secret_wipe(text.ptr, text.len);
    buf_clear(&text);
    return code >= 0 || fail_tls(code, path, "is no private key", err);
}

/* The library itself would find out with the first client only. */
static bool check_fit(const struct pair *p, const char *path, struct err *err)
{
    unsigned char ids[2][KEY_ID_LEN];
    size_t sizes[2] = {KEY_ID_LEN, KEY_ID_LEN};
    gnutls_pubkey_t own = NULL;
    bool fit = gnutls_pubkey_init(&own) >= 0 &&
               gnutls_pubkey_import_privkey(own, p->key, 0, 0) >= 0 &&
               gnutls_pubkey_get_key_id(own, GNUTLS_KEYID_USE_SHA256, ids[0], &sizes[0]) >= 0 &&
               gnutls_pubkey_get_key_id(p->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, ids[1],
                                        &sizes[1]) >= 0 &&
               sizes[0] == sizes[1] && memcmp(ids[0], ids[1], sizes[0]) == 0;
    if (own != NULL)
        gnutls_pubkey_deinit(own);
    return fit || fail(err, ERR_INVALID, path, "the private key is not the certificate's");
}

static void read_dates(struct pair *p)
{
    gnutls_x509_crt_t first = NULL;
    if (gnutls_x509_crt_init(&first) < 0)
        return;
    if (gnutls_x509_crt_import(first, &p->chain[0].cert, GNUTLS_X509_FMT_DER) >= 0)
        p->not_after_ms = (int64_t)gnutls_x509_crt_get_expiration_time(first) * 1000;
    gnutls_x509_crt_deinit(first);
}

static struct pair *load(const struct http_tls *tls, struct err *err)
{
    struct pair *p = mem_new_of(struct pair);
    if (read_chain(p, tls->certificate, err) && read_key(p, tls->key, err) &&
        check_fit(p, tls->key, err)) {
        read_dates(p);
        return p;
    }
    pair_free(p);
    return NULL;
}

/* --- replacing -------------------------------------------------------------------------------- */

static struct mark mark_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return (struct mark){0};
    return (struct mark){status.st_dev, status.st_ino, status.st_size, status.st_mtim};
}

static bool same_mark(const struct mark *a, const struct mark *b)
{
    return a->device == b->device && a->file == b->file && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

bool http_tls_changed(const struct http_tls *tls)
{
    struct mark certificate = mark_of(tls->certificate), key = mark_of(tls->key);
    return !same_mark(&certificate, &tls->tried[0]) || !same_mark(&key, &tls->tried[1]);
}

bool http_tls_reload(struct http_tls *tls, struct err *err)
{
    int64_t now_ms = clock_steady_ms();
    tls->tried[0] = mark_of(tls->certificate);
    tls->tried[1] = mark_of(tls->key);
    struct pair *fresh = load(tls, err);
    if (fresh == NULL)
        return false;
    pthread_mutex_lock(&tls->lock);
    fresh->older = tls->current;
    if (fresh->older != NULL)
        fresh->older->retired_ms = now_ms;
    tls->current = fresh;
    for (struct pair **at = &fresh->older; *at != NULL;) {
        struct pair *p = *at;
        if (now_ms - p->retired_ms < KEEP_MS) {
            at = &p->older;
            continue;
        }
        *at = p->older;
        pair_free(p);
    }
    pthread_mutex_unlock(&tls->lock);
    return true;
}

bool http_tls_open(struct str certificate, struct str key, struct http_tls **out, struct err *err)
{
    struct http_tls *tls = mem_new_of(struct http_tls);
    pthread_mutex_init(&tls->lock, NULL);
    tls->certificate = strndup(certificate.ptr ? certificate.ptr : "", certificate.len);
    tls->key = strndup(key.ptr ? key.ptr : "", key.len);
    if (tls->certificate == NULL || tls->key == NULL || !http_tls_reload(tls, err)) {
        http_tls_close(tls);
        return false;
    }
    *out = tls;
    return true;
}

void http_tls_close(struct http_tls *tls)
{
    if (tls == NULL)
        return;
    for (struct pair *p = tls->current; p != NULL;) {
        struct pair *older = p->older;
        pair_free(p);
        p = older;
    }
    pthread_mutex_destroy(&tls->lock);
    free(tls->certificate);
    free(tls->key);
    free(tls);
}

int64_t http_tls_not_after_ms(struct http_tls *tls)
{
    pthread_mutex_lock(&tls->lock);
    int64_t at_ms = tls->current->not_after_ms;
    pthread_mutex_unlock(&tls->lock);
    return at_ms;
}

/* --- serving ---------------------------------------------------------------------------------- */

int tls_choose(struct http_tls *tls, gnutls_pcert_st **chain, unsigned *chain_len,
               gnutls_privkey_t *key)
{
    if (tls == NULL)
        return -1;
    pthread_mutex_lock(&tls->lock);
    struct pair *p = tls->current;
    *chain = p->chain;
    *chain_len = p->chain_len;
    *key = p->key;
    pthread_mutex_unlock(&tls->lock);
    return 0;
}

bool tls_write_last(gnutls_session_t session, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = gnutls_record_send(session, bytes.ptr, bytes.len);
        if (sent == GNUTLS_E_INTERRUPTED)
            continue;
        if (sent <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)sent, bytes.len);
    }
    return gnutls_bye(session, GNUTLS_SHUT_WR) == GNUTLS_E_SUCCESS;
}
