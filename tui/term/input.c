/* Keys: ncurses' codes → ours, answers of the terminal, pasted text. */
#include "tui/term/terminal.h"

static const struct {
    uint32_t ours;
    wint_t theirs; /* as a function key */
    wint_t typed;  /* as a character, 0 for none */
} keys[] = {
    {TERM_KEY_ENTER,     KEY_ENTER,     L'\r'},
    {TERM_KEY_ENTER,     KEY_ENTER,     L'\n'},
    {TERM_KEY_ESC,       KEY_EXIT,      27   },
    {TERM_KEY_TAB,       KEY_CTAB,      L'\t'},
    {TERM_KEY_BACKTAB,   KEY_BTAB,      0    },
    {TERM_KEY_BACKSPACE, KEY_BACKSPACE, 127  },
    {TERM_KEY_BACKSPACE, KEY_BACKSPACE, 8    },
    {TERM_KEY_DELETE,    KEY_DC,        0    },
    {TERM_KEY_UP,        KEY_UP,        0    },
    {TERM_KEY_DOWN,      KEY_DOWN,      0    },
    {TERM_KEY_LEFT,      KEY_LEFT,      0    },
    {TERM_KEY_RIGHT,     KEY_RIGHT,     0    },
    {TERM_KEY_HOME,      KEY_HOME,      0    },
    {TERM_KEY_END,       KEY_END,       0    },
    {TERM_KEY_PAGE_UP,   KEY_PPAGE,     0    },
    {TERM_KEY_PAGE_DOWN, KEY_NPAGE,     0    },
};

#define KEY_TEXT(name, text) {TERM_KEY_##name, text},
static const struct {
    uint32_t code;
    const char *text;
} names[] = {TERM_KEYS(KEY_TEXT)};

void input_open(void)
{
    (void)define_key("\033[0n", KEY_FENCE);
    (void)define_key("\033[200~", KEY_PASTE_START);
    (void)define_key("\033[201~", KEY_PASTE_END);
    /* Terminals that ignore the request for application cursor keys. */
    (void)define_key("\033[A", KEY_UP);
    (void)define_key("\033[B", KEY_DOWN);
    (void)define_key("\033[C", KEY_RIGHT);
    (void)define_key("\033[D", KEY_LEFT);
}

static uint32_t function_key(struct term *t, wint_t key)
{
    if (key == KEY_FENCE)
        fence_answered(t);
    else if (key == KEY_PASTE_START || key == KEY_PASTE_END)
        t->pasting = key == KEY_PASTE_START;
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i].theirs == key)
            return keys[i].ours;
    return 0;
}

static uint32_t character(wint_t key)
{
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i].typed != 0 && keys[i].typed == key)
            return keys[i].ours;
    return (uint32_t)key;
}

bool term_key(struct term *t, struct term_key *out)
{
    wint_t key = 0;
    for (;;) {
        int kind = get_wch(&key);
        if (kind == ERR)
            return false;
        t->empty_reads = 0;
        uint32_t code = kind == KEY_CODE_YES ? function_key(t, key) : character(key);
        if (code == 0)
            continue;
        *out = (struct term_key){code, t->pasting};
        return true;
    }
}

uint32_t term_key_parse(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (name.len > 1 && str_eq(name, str_from(names[i].text)))
            return names[i].code;
    if (name.len == 2 && name.ptr[0] == '^')
        return (uint32_t)name.ptr[1] & 0x1F;
    return name.len == 1 ? (uint32_t)(unsigned char)name.ptr[0] : 0;
}
