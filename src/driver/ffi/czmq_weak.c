/*
 * Weak references to the CZMQ functions that this library uses when they are there.
 *
 * Weak, because libczmq must not be a hard dependency: a libczmq may itself contain this library,
 * and programs in other languages may have no CZMQ at all. An address that nothing provides is
 * NULL. Rust has no stable way to say "weak", C has.
 *
 * The order is that of NAMES in czmq.rs.
 */
#include <stdio.h>

#define SYMBOLS(each)          \
    each (zsock_resolve)       \
    each (zsys_socket)         \
    each (zsys_close)          \
    each (zsys_error)          \
    each (zsys_warning)        \
    each (zsys_notice)         \
    each (zsys_debug)          \
    each (zsys_set_logstream)  \
    each (zsys_interrupted)    \
    each (zsys_init)           \
    each (zsys_catch_interrupts) \
    each (zframe_new)          \
    each (zframe_dup)          \
    each (zframe_destroy)      \
    each (zframe_data)         \
    each (zframe_size)         \
    each (zactor_new)          \
    each (zactor_destroy)      \
    each (zauth)

/* Only the addresses matter, so one type serves functions and the one variable alike. */
#define DECLARE(name) extern char name [] __attribute__ ((weak));
#define ADDRESS(name) name,

SYMBOLS (DECLARE)

void zgossip_weak_czmq (const void **table, size_t size)
{
    const void *addresses [] = { SYMBOLS (ADDRESS) };
    for (size_t i = 0; i < size && i < sizeof addresses / sizeof *addresses; i++)
        table [i] = addresses [i];
}

/* stdout may be a macro, so only C can take it. */
void *zgossip_stdout (void)
{
    return stdout;
}
