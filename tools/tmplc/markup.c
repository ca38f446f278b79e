/* Follows the markup of a template byte by byte, strictly: what a browser would have to guess about
 * is an error. */
#include "tools/tmplc/tmplc.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '!';
}

static bool one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static const char *const void_elements[] = {"!doctype", "area", "br",   "col",    "hr", "img",
                                            "input",    "link", "meta", "source", "wbr"};
static const char *const refused_elements[] = {"script", "style",  "iframe", "object",
                                               "embed",  "applet", "base",   "noscript"};
static const char *const refused_attributes[] = {"style", "srcdoc", "srcset", "ping", "manifest"};
static const char *const url_attributes[] = {"href", "src", "action", "formaction", "cite"};

/* --- elements ------------------------------------------------------------------------------------
 */

static bool open_element(struct markup *m, struct err *err)
{
    if (one_of(m->tag, refused_elements, COUNT_OF(refused_elements)))
        return fail(err, ERR_INVALID, "", "<%s> is not used: no page has code of its own", m->tag);
    if (one_of(m->tag, void_elements, COUNT_OF(void_elements)))
        return true;
    if (m->depth == MARKUP_DEPTH_MOST)
        return fail(err, ERR_INVALID, "", "elements nest too deeply");
    memcpy(m->open[m->depth++], m->tag, sizeof(m->tag));
    return true;
}

static bool close_element(struct markup *m, struct err *err)
{
    if (m->depth == 0)
        return fail(err, ERR_INVALID, "", "</%s> closes nothing", m->tag);
    if (strcmp(m->open[m->depth - 1], m->tag) != 0)
        return fail(err, ERR_INVALID, "", "</%s> where </%s> is expected", m->tag,
                    m->open[m->depth - 1]);
    m->depth--;
    return true;
}

static bool end_tag(struct markup *m, struct err *err)
{
    m->state = MARKUP_TEXT;
    if (m->tag_len == 0)
        return fail(err, ERR_INVALID, "", "a tag without a name");
    return m->closing ? close_element(m, err) : open_element(m, err);
}

bool markup_preformatted(const struct markup *m)
{
    for (unsigned i = 0; i < m->depth; i++)
        if (strcmp(m->open[i], "pre") == 0 || strcmp(m->open[i], "textarea") == 0)
            return true;
    return false;
}

/* --- names ---------------------------------------------------------------------------------------
 */

static bool add_char(char *name, size_t *len, char c, struct err *err)
{
    if (*len + 1 >= MARKUP_NAME_MOST)
        return fail(err, ERR_INVALID, "", "the name %s… is too long", name);
    name[(*len)++] = c;
    name[*len] = '\0';
    return true;
}

static void begin_tag(struct markup *m)
{
    m->state = MARKUP_TAG_NAME;
    m->closing = false;
    m->tag_len = 0;
    m->tag[0] = '\0';
    memset(m->tag, 0, sizeof(m->tag));
}

static bool feed_tag_name(struct markup *m, char c, struct err *err)
{
    if (c == '/' && m->tag_len == 0 && !m->closing)
        m->closing = true;
    else if (is_name(c))
        return add_char(m->tag, &m->tag_len, c, err);
    else if (is_space(c) && m->tag_len > 0)
        m->state = MARKUP_TAG;
    else if (c == '>')
        return end_tag(m, err);
    else
        return fail(err, ERR_INVALID, "", "'%c' in a tag's name; write &lt; for a plain '<'", c);
    return true;
}

static bool check_attribute(const struct markup *m, struct err *err)
{
    if (one_of(m->attribute, refused_attributes, COUNT_OF(refused_attributes)) ||
        strncmp(m->attribute, "on", 2) == 0)
        return fail(err, ERR_INVALID, "",
                    "the attribute %s is not used: no page has code or "
                    "style of its own",
                    m->attribute);
    return true;
}

static bool feed_tag(struct markup *m, char c, struct err *err)
{
    bool gap = is_space(c) || c == '>';
    if (m->need_gap && !gap)
        return fail(err, ERR_INVALID, "", "a space is needed before '%c'", c);
    if (is_space(c))
        m->need_gap = false;
    if (is_space(c))
        return true;
    if (c == '>') {
        m->need_gap = false;
        return end_tag(m, err);
    }
    if (m->closing)
        return fail(err, ERR_INVALID, "", "'%c' in a closing tag", c);
    if (!is_name(c))
        return fail(err, ERR_INVALID, "", "'%c' between attributes", c);
    m->state = MARKUP_ATTRIBUTE_NAME;
    memset(m->attribute, 0, sizeof(m->attribute));
    m->attribute_len = 0;
    return add_char(m->attribute, &m->attribute_len, c, err);
}

static bool feed_attribute_name(struct markup *m, char c, struct err *err)
{
    if (is_name(c))
        return add_char(m->attribute, &m->attribute_len, c, err);
    if (!check_attribute(m, err))
        return false;
    if (c == '=') {
        m->state = MARKUP_BEFORE_VALUE;
        return true;
    }
    m->state = MARKUP_TAG;
    return feed_tag(m, c, err);
}

static bool feed_value(struct markup *m, char c, struct err *err)
{
    if (c == m->quote) {
        m->state = MARKUP_TAG;
        m->need_gap = true;
        m->url = MARKUP_NO_URL;
        return true;
    }
    if (c == '<')
        return fail(err, ERR_INVALID, "", "'<' in an attribute; is a quote missing?");
    if (m->url != MARKUP_NO_URL && (c == '?' || c == '#'))
        m->url = MARKUP_URL_QUERY;
    else if (m->url == MARKUP_URL_START)
        m->url = MARKUP_URL_PATH;
    return true;
}

bool markup_feed(struct markup *m, char c, struct err *err)
{
    switch (m->state) {
    case MARKUP_TEXT:
        if (c == '<')
            begin_tag(m);
        else if (c == '>')
            return fail(err, ERR_INVALID, "", "'>' outside of a tag; write &gt;");
        return true;
    case MARKUP_TAG_NAME:
        return feed_tag_name(m, c, err);
    case MARKUP_TAG:
        return feed_tag(m, c, err);
    case MARKUP_ATTRIBUTE_NAME:
        return feed_attribute_name(m, c, err);
    case MARKUP_BEFORE_VALUE:
        if (c != '"' && c != '\'')
            return fail(err, ERR_INVALID, "", "the value of %s needs quotes", m->attribute);
        m->quote = c;
        m->state = MARKUP_VALUE;
        m->url = one_of(m->attribute, url_attributes, COUNT_OF(url_attributes)) ? MARKUP_URL_START
                                                                                : MARKUP_NO_URL;
        return true;
    case MARKUP_VALUE:
        return feed_value(m, c, err);
    }
    return false;
}

/* --- what stands between literals ----------------------------------------------------------------
 */

bool markup_value(struct markup *m, enum html_context *out, struct err *err)
{
    static const enum html_context of_url[] = {
        [MARKUP_NO_URL] = HTML_ATTRIBUTE,
        [MARKUP_URL_START] = HTML_URL,
        [MARKUP_URL_PATH] = HTML_URL_PATH,
        [MARKUP_URL_QUERY] = HTML_URL_QUERY,
    };
    switch (m->state) {
    case MARKUP_TEXT:
        *out = HTML_TEXT;
        return true;
    case MARKUP_VALUE:
        *out = of_url[m->url];
        if (m->url == MARKUP_URL_START)
            m->url = MARKUP_URL_PATH;
        return true;
    case MARKUP_BEFORE_VALUE:
        return fail(err, ERR_INVALID, "", "the value of %s needs quotes", m->attribute);
    case MARKUP_TAG_NAME:
    case MARKUP_TAG:
    case MARKUP_ATTRIBUTE_NAME:
        break;
    }
    return fail(err, ERR_INVALID, "", "a value inside of <%s>, but not of an attribute", m->tag);
}

bool markup_border(struct markup *m, struct err *err)
{
    if (m->state == MARKUP_BEFORE_VALUE)
        return fail(err, ERR_INVALID, "", "the value of %s needs quotes", m->attribute);
    if (m->state == MARKUP_TAG_NAME && m->tag_len == 0)
        return fail(err, ERR_INVALID, "", "a section in the name of a tag");
    if (m->state == MARKUP_ATTRIBUTE_NAME && !check_attribute(m, err))
        return false;
    if (m->state == MARKUP_TAG_NAME || m->state == MARKUP_ATTRIBUTE_NAME) {
        m->state = MARKUP_TAG;
        m->need_gap = true;
    }
    return true;
}

bool markup_equal(const struct markup *a, const struct markup *b)
{
    if (a->state != b->state || a->url != b->url || a->depth != b->depth)
        return false;
    if (a->state != MARKUP_TEXT && (strcmp(a->tag, b->tag) != 0 || a->closing != b->closing))
        return false;
    if (a->state == MARKUP_VALUE &&
        (a->quote != b->quote || strcmp(a->attribute, b->attribute) != 0))
        return false;
    for (unsigned i = 0; i < a->depth; i++)
        if (strcmp(a->open[i], b->open[i]) != 0)
            return false;
    return true;
}
