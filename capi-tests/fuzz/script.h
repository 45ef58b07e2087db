/*  A random script for one actor, and what can be seen of it.

    A node has an owner, two raw clients and a raw server. A step is what one of them says: a
    frame or a few, a command or a few. It is over when everybody has come to rest: the owner
    has been told a last tuple and so have the peers, and what each link has said last of
    each key is what the owner was told last. A client's PING has what waited for it sent.

    So what COMPATIBILITY.md names as different does not show: that replicated values wait a
    little, that a peer is told the last of quick values only, that nothing is echoed, that
    a value which returns is believed half a second late, what is sent again after INVALID. What is
    told in a step is compared, whenever it was told; the owner's messages and all
    replies are, in their order.

    Some differences are kept out of the scripts: a second HELLO, PUBLISH before HELLO, and
    messages of several good frames from a server. PINGs to the server and the ttl are
    not shown. */

#ifndef SCRIPT_H_INCLUDED
#define SCRIPT_H_INCLUDED

#include <stdint.h>

/*  Runs the script of this number with the actor that this process has; prints what is seen.
    Does not return. */
_Noreturn void script_run (uint64_t seed);
/*  The line that ends a script where CZMQ's actor ends at a frame, and the native one drops it. */
#define SCRIPT_REFUSED "   refused\n"

#endif
