//  libzmq fails for a while, at whatever is sent or received: that costs a line in the log, and nothing is lost
//  once it works again. The functions here take the place of libzmq's.

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <zmq.h>
#include "handle.h"

//  Every so many calls fail; 0 for none.
static atomic_int s_send_fails, s_receive_fails, s_memory_fails, s_calls;

static bool fails (atomic_int *every)
{
    int number = *every;
    if (number == 0 || atomic_fetch_add (&s_calls, 1) % number != 0)
        return false;
    errno = ENOMEM;
    return true;
}

//  libzmq's own function of that name. The union turns dlsym's pointer into one to a function.
#define ORIGINAL(name) \
    static union { void *address; __typeof__ (&name) call; } original; \
    if (!original.address) \
        original.address = dlsym (RTLD_NEXT, #name)

int zmq_msg_send (zmq_msg_t *msg, void *socket, int flags)
{
    ORIGINAL (zmq_msg_send);
    return fails (&s_send_fails) ? -1 : original.call (msg, socket, flags);
}

int zmq_msg_recv (zmq_msg_t *msg, void *socket, int flags)
{
    ORIGINAL (zmq_msg_recv);
    return fails (&s_receive_fails) ? -1 : original.call (msg, socket, flags);
}

int zmq_msg_init_size (zmq_msg_t *msg, size_t size)
{
    ORIGINAL (zmq_msg_init_size);
    return fails (&s_memory_fails) ? -1 : original.call (msg, size);
}

int main (void)
{
    atomic_int *failures [] = { &s_send_fails, &s_receive_fails, &s_memory_fails };
    zgossip_node_t *hub = zgossip_node_new ("hub", ZGOSSIP_LOG_EVENTS);
    zgossip_node_t *leaf = zgossip_node_new ("leaf", ZGOSSIP_LOG_EVENTS);
    CHECK (hub != NULL && leaf != NULL);
    connect_to (leaf, bind_tcp (hub));
    publish (hub, "first", "1");
    WAIT_UNTIL (has (leaf, "first", "1"));

    for (int i = 0; i < 3; i++)
        for (int every = 1; every <= 3; every++) {
            *failures [i] = every;
            for (int number = 0; number < 100; number++) {
                char key [32];
                snprintf (key, sizeof key, "%d-%d-%d", i, every, number);
                publish (number % 2 ? hub : leaf, key, "value");
                if (number == 50)
                    usleep (50000);
            }
            int calls = s_calls;
            //  What is on its way fails now, or nothing is.
            for (int wait = 0; wait < 50 && s_calls < calls + 10; wait++)
                usleep (1000);
            *failures [i] = 0;
            publish (hub, "last", every % 2 ? "odd" : "even");
            WAIT_UNTIL (zgossip_node_size (hub) == zgossip_node_size (leaf)
                        && zgossip_node_size (hub) == 102 + (i * 3 + every - 1) * 100);
        }
    expect_line (hub, "ZeroMQ cannot send or receive for now", "Cannot allocate memory");
    expect_line (leaf, "ZeroMQ cannot send or receive for now", "Cannot allocate memory");
    destroy (&leaf);
    destroy (&hub);
    return 0;
}
