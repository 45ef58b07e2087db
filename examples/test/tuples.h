/*
 * What everybody in the test publishes, in C and C++. examples/run says what the test is.
 */
#ifndef TUPLES_H_INCLUDED
#define TUPLES_H_INCLUDED

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TUPLES 13
#define LARGE 100000

/* Key and value of one tuple of this name, to be freed. */
static char *
tuple_key (const char *name, int number)
{
    static const char *const special [] = { "bytes", "empty", "large" };
    char *key = (char *) calloc (1, strlen (name) + 16);
    if (number < 10)
        sprintf (key, "%s/%d", name, number);
    else
        sprintf (key, "%s/%s", name, special [number - 10]);
    return key;
}

static char *
tuple_value (const char *name, int number)
{
    char *value = (char *) calloc (1, LARGE + 1);
    if (number < 10)
        sprintf (value, "%s says %d", name, number);
    else
    if (number == 10)
        strcpy (value, "\xff\xfe\x80");
    else
    if (number == 12)
        memset (value, 'x', LARGE);
    return value;
}

/* The number of the tuple of this name; -1 for another one, or another value. */
static int
tuple_number (const char *name, const char *key, const char *value)
{
    int number, found = -1;
    if (strncmp (key, name, strlen (name)) != 0 || key [strlen (name)] != '/')
        return -1;
    for (number = 0; number < TUPLES && found < 0; number++) {
        char *its_key = tuple_key (name, number), *its_value = tuple_value (name, number);
        if (strcmp (key, its_key) == 0 && strcmp (value, its_value) == 0)
            found = number;
        free (its_key);
        free (its_value);
    }
    return found;
}

#endif
