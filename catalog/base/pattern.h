/* What regex.c and its translator share. Only files of this folder include this. */
#ifndef CHANCERY_BASE_PATTERN_H
#define CHANCERY_BASE_PATTERN_H

#include "catalog/base/base.h"

/** Writes an ECMA-262 pattern as PCRE2 means it (with PCRE2_UTF, PCRE2_ALLOW_EMPTY_CLASS and
 *  PCRE2_DOLLAR_ENDONLY). flags: those of RegExp; "u" refuses escapes without a meaning, "s" lets a
 *  dot match line ends. What only PCRE2 knows (verbs, possessive quantifiers, inline options …) is
 *  refused. err: ERR_INVALID. */
MUST_USE bool pattern_translate(struct str pattern, struct str flags, struct buf *out,
                                struct err *err);

#endif
