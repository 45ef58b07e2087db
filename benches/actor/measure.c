/*  What is measured, and how results are told. */

#include "bench.h"
#include <dirent.h>
#include <sys/resource.h>
#include <time.h>

double cpu_now (void)
{
    struct rusage usage;
    getrusage (RUSAGE_SELF, &usage);
    return 1e6 * (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

double clock_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return 1e6 * (double) now.tv_sec + 1e-3 * (double) now.tv_nsec;
}

static double status_line (const char *name)
{
    char line [256];
    double value = 0;
    FILE *status = fopen ("/proc/self/status", "r");
    while (status && fgets (line, sizeof line, status))
        if (strncmp (line, name, strlen (name)) == 0)
            value = atof (line + strlen (name));
    if (status)
        fclose (status);
    return value;
}

double resident_now (void)
{
    return 1024 * status_line ("VmRSS:");
}

size_t threads_now (void)
{
    return (size_t) status_line ("Threads:");
}

size_t descriptors_now (void)
{
    size_t count = 0;
    DIR *directory = opendir ("/proc/self/fd");
    while (directory && readdir (directory))
        count++;
    if (directory)
        closedir (directory);
    return count - 3;               //  . and .., and the directory itself
}

void result (const char *what, const char *unit, double value)
{
    printf ("%s\t%s\t%.6g\n", what, unit, value);
    fflush (stdout);
}

int compare_doubles (const void *a, const void *b)
{
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

_Noreturn void die (const char *what)
{
    fprintf (stderr, "bench: %s: %s\n", what, zmq_strerror (zmq_errno ()));
    _exit (1);
}
