/* The bytes of a compiled router: a header, four tables, text. All numbers are 32-bit in the
 * machine's own order, read by memcpy, so the bytes may lie anywhere. A child's number is larger
 * than its parent's. */
#ifndef CHANCERY_ROUTE_FORMAT_H
#define CHANCERY_ROUTE_FORMAT_H

#include "catalog/base/base.h"

#define ROUTE_MAGIC        0x31525443U /* "CTR1" */
#define ROUTE_NO_PATH      0xFFFFFFFFU
#define ROUTE_VARIABLE     '\0' /* stands for a variable in a segment's pattern */
#define ROUTE_LITERAL_MOST 255

enum { HEAD_MAGIC, HEAD_NODES, HEAD_EDGES, HEAD_PATHS, HEAD_METHODS, HEAD_TEXT, HEAD_WORDS };
/* One segment deeper: `literals` edges sorted by text, then `patterns` edges, most literal bytes
 * first. */
enum { NODE_FIRST_EDGE, NODE_LITERALS, NODE_PATTERNS, NODE_PATH, NODE_WORDS };
enum { EDGE_TEXT, EDGE_LEN, EDGE_NODE, EDGE_WORDS };
enum { PATH_FIRST_METHOD, PATH_METHODS, PATH_WORDS };
/* Sorted by name. */
enum { METHOD_TEXT, METHOD_LEN, METHOD_VALUE, METHOD_WORDS };

static inline uint32_t route_word(struct str bytes, size_t table, size_t row, size_t words,
                                  size_t word)
{
    uint32_t value;
    memcpy(&value, bytes.ptr + table + (row * words + word) * sizeof(value), sizeof(value));
    return value;
}

/** Where each table begins. */
struct route_tables {
    size_t nodes, edges, paths, methods, text, end;
};
static inline struct route_tables route_tables_of(struct str bytes)
{
    struct route_tables t = {.nodes = HEAD_WORDS * sizeof(uint32_t)};
    t.edges =
        t.nodes + (size_t)route_word(bytes, 0, 0, 0, HEAD_NODES) * NODE_WORDS * sizeof(uint32_t);
    t.paths =
        t.edges + (size_t)route_word(bytes, 0, 0, 0, HEAD_EDGES) * EDGE_WORDS * sizeof(uint32_t);
    t.methods =
        t.paths + (size_t)route_word(bytes, 0, 0, 0, HEAD_PATHS) * PATH_WORDS * sizeof(uint32_t);
    t.text = t.methods +
             (size_t)route_word(bytes, 0, 0, 0, HEAD_METHODS) * METHOD_WORDS * sizeof(uint32_t);
    t.end = t.text + route_word(bytes, 0, 0, 0, HEAD_TEXT);
    return t;
}

/** The byte that text[*at] stands for, with %XX decoded; moves *at on. -1: malformed. */
static inline int route_next_byte(struct str text, size_t *at)
{
    unsigned value = 0;
    char c = text.ptr[*at];
    if (c != '%') {
        (*at)++;
        return (unsigned char)c;
    }
    if (*at + 2 >= text.len)
        return -1;
    for (size_t i = 1; i <= 2; i++) {
        char digit = text.ptr[*at + i];
        if (digit >= '0' && digit <= '9')
            value = value * 16 + (unsigned)(digit - '0');
        else if (digit >= 'a' && digit <= 'f')
            value = value * 16 + (unsigned)(digit - 'a') + 10;
        else if (digit >= 'A' && digit <= 'F')
            value = value * 16 + (unsigned)(digit - 'A') + 10;
        else
            return -1;
    }
    *at += 3;
    return (int)value;
}

#endif
