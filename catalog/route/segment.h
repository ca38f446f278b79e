/* One path segment: percent-decoding byte by byte, and templates' segments in comparable form. */
#ifndef CHANCERY_ROUTE_SEGMENT_H
#define CHANCERY_ROUTE_SEGMENT_H

#include "catalog/base/base.h"

/** True when every '%' is followed by two hexadecimal digits. */
bool percent_well_formed(struct str s);
/** True for "." and ".." in any encoding: proxies and upstreams fold them away. */
bool segment_is_dots(struct str raw);
/** Compares a well-formed raw segment, decoded, with decoded text; bytewise, shorter first. */
int segment_cmp(struct str raw, struct str decoded);

#define SEGMENTS_MAX 64 /* of a template; a longer path matches none */

/** Ordered by preference: literal before mixed before variable. */
enum segment_kind { SEGMENT_LITERAL, SEGMENT_PATTERN, SEGMENT_VARIABLE };

struct segment {
    enum segment_kind kind;
    size_t part_count; /* literal 1; pattern variables + 1; variable 0 */
    struct str *parts; /* decoded texts */
    size_t text_len;   /* bytes of all parts */
};
struct template
{
    struct segment *segments;
    size_t segment_count;
    size_t variable_count;
};

/** Cuts a template into segments. where is the error's place. err: ERR_INVALID, ERR_LIMIT. */
MUST_USE bool template_parse(struct str text, const char *where, struct arena *mem,
                             struct template *out, struct err *err);
/** The order in which segments are tried; 0 means that both match the same texts. */
int segment_order(const struct segment *a, const struct segment *b);

#endif
