/*  What the files of testutil have of each other, and the tests do not. */

#ifndef INTERNAL_H_INCLUDED
#define INTERNAL_H_INCLUDED

/*  Before testutil.h, which would otherwise wrap the functions that are defined here. */
#define TU_IMPLEMENTATION
#include "testutil.h"
#include <netinet/in.h>
#include <stdarg.h>

/*  A helper fails: says where the program called it. */
_Noreturn void tu_fail_call (const char *format, ...) __attribute__ ((format (printf, 1, 2)));
/*  The test itself cannot be carried out. */
_Noreturn void tu_broken (const char *what);

/*  Hands out a string, to be freed at the end. */
const char *tu_keep (char *text);
const char *tu_vprintf (const char *format, va_list args) __attribute__ ((format (printf, 1, 0)));
void tu_free_kept (void);

/*  Removes the directory of this process, if there is one. */
void tu_remove_dir (void);

/*  All that was logged, NULL if the log never went to a file. */
const char *tu_log_whole (void);
/*  The log goes to standard output again. */
void tu_log_end (void);

/*  This machine, by its loopback device. */
struct sockaddr_in tu_loopback (int port);

/*  Lets commands to a new node fail after the deadline instead of blocking. */
zactor_t *tu_guard (zactor_t *node);
/*  True when the source has a message; false after so many ms. */
bool tu_readable (void *source, int msecs);

#endif
