/*  What the process logs, and what it writes to standard output. */

#include "internal.h"

#include <fcntl.h>
#include <unistd.h>

static char *s_log_path;
static FILE *s_log;             /*  What the process logs to */
static FILE *s_log_reader;
static int s_stdout = -1;       /*  The true stdout while it is collected */

void
tu_log_start (void)
{
    if (!s_log) {
        s_log_path = (char *) tu_path ("log");
        s_log = fopen (s_log_path, "a");
        s_log_reader = fopen (s_log_path, "r");
        if (!s_log || !s_log_reader)
            tu_broken (s_log_path);
    }
    zsys_set_logstream (s_log);
    fseek (s_log_reader, 0, SEEK_END);
}

const char *
tu_log_whole (void)
{
    return s_log_path? tu_slurp (s_log_path): NULL;
}

void
tu_log_end (void)
{
    if (!s_log)
        return;
    zsys_set_logstream (stdout);
    fclose (s_log);
    fclose (s_log_reader);
    s_log = NULL;
}

/*  Length of a "yy-mm-dd hh:mm:ss " at this place, or 0. */
static size_t
time_length (const char *text)
{
    static const char shape [] = "dd-dd-dd dd:dd:dd ";
    for (size_t index = 0; shape [index]; index++) {
        bool fits = shape [index] == 'd'? isdigit ((unsigned char) text [index]) != 0
                                        : text [index] == shape [index];
        if (!fits)
            return 0;
    }
    return sizeof (shape) - 1;
}

const char *
tu_log_text (const char *line)
{
    for (const char *place = line; *place; place++) {
        size_t length = time_length (place);
        if (length)
            return tu_printf ("%.*s%s", (int) (place - line), line, place + length);
    }
    return line;
}

const char *
tu_log_next (void)
{
    CHECK (s_log_reader);
    long start = ftell (s_log_reader);
    clearerr (s_log_reader);
    char *line = NULL;
    size_t max = 0;
    ssize_t size = getline (&line, &max, s_log_reader);
    if (size <= 0 || line [size - 1] != '\n') {
        /*  Nothing yet, or half a line: come back for it later. */
        free (line);
        fseek (s_log_reader, start, SEEK_SET);
        return NULL;
    }
    line [size - 1] = 0;
    return tu_log_text (tu_keep (line));
}

const char *
tu_log_wait (int msecs)
{
    int64_t until = zclock_mono () + msecs;
    for (;;) {
        const char *line = tu_log_next ();
        if (line || zclock_mono () > until)
            return line;
        zclock_sleep (10);
    }
}

const char *
tu_log_plain (const char *line)
{
    size_t size = strlen (line);
    if (strncmp (line, "W: ", 3) || line [size - 1] != ')')
        return line;
    const char *reason = NULL;
    for (const char *place = strstr (line, " ("); place; place = strstr (place + 1, " ("))
        reason = place;
    return reason? tu_printf ("%.*s", (int) (reason - line), line): line;
}

void
tu_log_show (void)
{
    for (const char *line = tu_log_next (); line; line = tu_log_next ())
        tu_out ("log %s", tu_log_plain (line));
}

void
tu_stdout_begin (void)
{
    fflush (stdout);
    s_stdout = dup (STDOUT_FILENO);
    int fd = open (tu_path ("stdout"), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
    if (s_stdout < 0 || fd < 0 || dup2 (fd, STDOUT_FILENO) < 0)
        tu_broken ("redirect stdout");
    close (fd);
}

const char *
tu_stdout_end (void)
{
    fflush (stdout);
    dup2 (s_stdout, STDOUT_FILENO);
    close (s_stdout);
    return tu_slurp (tu_path ("stdout"));
}
