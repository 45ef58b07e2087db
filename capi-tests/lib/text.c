/*  Strings that live until the end, and what is printed: messages, lists, with what
    differs from run to run hidden. */

#include "internal.h"

/*  Frames longer than this are shown as size and checksum. */
#define FRAME_SHOWN 300

/*  Strings handed out. They stay reachable from here, so that a leak checker
    reports the leaks of the library only. */
static char **s_kept;
static size_t s_kept_nbr, s_kept_max;

static struct { const char *text, *shown; } s_hidden [32];
static int s_hidden_nbr;

const char *
tu_keep (char *text)
{
    if (s_kept_nbr == s_kept_max) {
        s_kept_max = s_kept_max? s_kept_max * 2: 64;
        s_kept = (char **) realloc (s_kept, s_kept_max * sizeof (char *));
    }
    if (!s_kept || !text)
        abort ();
    s_kept [s_kept_nbr++] = text;
    return text;
}

void
tu_free_kept (void)
{
    for (size_t index = 0; index < s_kept_nbr; index++)
        free (s_kept [index]);
    free (s_kept);
    s_kept = NULL;
    s_kept_nbr = s_kept_max = 0;
}

const char *
tu_vprintf (const char *format, va_list args)
{
    char *text = NULL;
    if (vasprintf (&text, format, args) < 0)
        abort ();
    return tu_keep (text);
}

const char *
tu_printf (const char *format, ...)
{
    va_list args;
    va_start (args, format);
    const char *text = tu_vprintf (format, args);
    va_end (args);
    return text;
}

void
tu_hide (const char *text, const char *shown)
{
    CHECK (s_hidden_nbr < (int) (sizeof (s_hidden) / sizeof (s_hidden [0])));
    s_hidden [s_hidden_nbr].text = tu_printf ("%s", text);
    s_hidden [s_hidden_nbr++].shown = tu_printf ("%s", shown);
}

static const char *
hidden (const char *text)
{
    for (int index = 0; index < s_hidden_nbr; index++) {
        const char *found;
        while ((found = strstr (text, s_hidden [index].text)) != NULL)
            text = tu_printf ("%.*s%s%s", (int) (found - text), text,
                              s_hidden [index].shown, found + strlen (s_hidden [index].text));
    }
    return text;
}

void
tu_out (const char *format, ...)
{
    va_list args;
    va_start (args, format);
    puts (hidden (tu_vprintf (format, args)));
    va_end (args);
}

const char *
tu_frame_text (const void *data, size_t size)
{
    const unsigned char *bytes = (const unsigned char *) data;
    if (size > FRAME_SHOWN) {
        uint32_t sum = 2166136261u;
        for (size_t index = 0; index < size; index++)
            sum = (sum ^ bytes [index]) * 16777619u;
        return tu_printf ("%zu bytes, sum %08x", size, sum);
    }
    char *text = (char *) malloc (size * 4 + 1);
    if (!text)
        abort ();
    char *needle = text;
    for (size_t index = 0; index < size; index++) {
        if (bytes [index] >= 32 && bytes [index] < 127 && bytes [index] != '\\')
            *needle++ = (char) bytes [index];
        else
            needle += sprintf (needle, "\\x%02x", bytes [index]);
    }
    *needle = 0;
    return tu_keep (text);
}

const char *
tu_text (zmsg_t **msg_p)
{
    const char *text = "";
    for (zframe_t *frame = zmsg_first (*msg_p); frame; frame = zmsg_next (*msg_p))
        text = tu_printf ("%s%s[%s]", text, *text? " ": "",
                          tu_frame_text (zframe_data (frame), zframe_size (frame)));
    zmsg_destroy (msg_p);
    return text;
}

const char *
tu_hex (const void *data, size_t size)
{
    const unsigned char *bytes = (const unsigned char *) data;
    char *text = (char *) malloc (size * 2 + 1);
    if (!text)
        abort ();
    for (size_t index = 0; index < size; index++)
        sprintf (text + index * 2, "%02x", bytes [index]);
    text [size * 2] = 0;
    return tu_keep (text);
}

zlist_t *
tu_list (void)
{
    zlist_t *list = zlist_new ();
    zlist_autofree (list);
    zlist_comparefn (list, (zlist_compare_fn *) strcmp);
    return list;
}

bool
tu_list_has (zlist_t *list, const char *text)
{
    return zlist_exists (list, (void *) text);
}

void
tu_show_list (const char *label, zlist_t *list)
{
    for (char *item = (char *) zlist_first (list); item; item = (char *) zlist_next (list))
        tu_out ("%s: %s", label, item);
    zlist_purge (list);
}

void
tu_show_sorted (const char *label, zlist_t *list)
{
    zlist_sort (list, (zlist_compare_fn *) strcmp);
    tu_show_list (label, list);
}
