//  The descriptor is readable exactly while events wait, whatever looks at it; a signal ends a wait.

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include "handle.h"

static bool by_select (zgossip_node_t *node)
{
    fd_set set;
    struct timeval none = { 0, 0 };
    FD_ZERO (&set);
    FD_SET (zgossip_node_fd (node), &set);
    return select (zgossip_node_fd (node) + 1, &set, NULL, NULL, &none) == 1;
}

static bool by_epoll (int epoll)
{
    struct epoll_event event;
    return epoll_wait (epoll, &event, 1, 0) == 1;
}

static void expect_readable (zgossip_node_t *node, int epoll, bool readable)
{
    //  Twice: looking must not change it.
    for (int i = 0; i < 2; i++) {
        CHECK_INT (is_readable (node), readable);
        CHECK_INT (by_select (node), readable);
        CHECK_INT (by_epoll (epoll), readable);
    }
}

static void level_triggered (void)
{
    zgossip_node_t *node = new_node ("node");
    int fd = zgossip_node_fd (node), epoll = epoll_create1 (0);
    struct epoll_event in = { .events = EPOLLIN };
    CHECK (fd >= 0 && epoll >= 0);
    CHECK_INT (epoll_ctl (epoll, EPOLL_CTL_ADD, fd, &in), 0);
    expect_readable (node, epoll, false);
    for (int round = 0; round < 3; round++) {
        publish (node, "a", round % 2 ? "1" : "2");
        publish (node, "b", round % 2 ? "1" : "2");
        //  When a call that waits has returned, the events of those before are there.
        CHECK_INT (zgossip_node_size (node), 2);
        expect_readable (node, epoll, true);
        expect_tuple (node, "a", round % 2 ? "1" : "2");
        expect_readable (node, epoll, true);
        expect_tuple (node, "b", round % 2 ? "1" : "2");
        expect_readable (node, epoll, false);
        expect_nothing (node);
        expect_readable (node, epoll, false);
    }
    CHECK_INT (zgossip_node_fd (node), fd);
    CHECK_INT (epoll_ctl (epoll, EPOLL_CTL_DEL, fd, NULL), 0);
    close (epoll);
    destroy (&node);
}

//  Lines for the log are events, too, and of those that nobody takes the latest hundred wait.
static void log_lines (void)
{
    zgossip_node_t *node = zgossip_node_new ("talker", ZGOSSIP_LOG_EVENTS | ZGOSSIP_VERBOSE);
    zgossip_event_t *event;
    int lines = 0;
    CHECK (node != NULL);
    for (int i = 0; i < 500; i++)
        CHECK_INT (zgossip_node_size (node), 0);
    for (int i = 0; i < 500; i++)
        CHECK_INT (zgossip_node_unpublish (node, "x", 1), 0);
    CHECK_INT (zgossip_node_size (node), 0);
    CHECK (is_readable (node));
    while (zgossip_node_recv (node, 0, &event) == 0) {
        CHECK_INT (zgossip_event_type (event), ZGOSSIP_EVENT_LOG);
        CHECK_STR (zgossip_event_key (event, NULL), "debug");
        CHECK_STR (zgossip_event_value (event, NULL), "talker:     API command=UNPUBLISH");
        CHECK_INT (zgossip_event_destroy (&event), 0);
        lines++;
    }
    CHECK_INT (lines, 100);
    CHECK (!is_readable (node));
    //  What a call is refused for is its own, and no event.
    CHECK_INT (zgossip_node_set (node, "", ""), ZGOSSIP_REFUSED);
    CHECK_STR (zgossip_error_text (), "SET refused: path '': a path cannot be empty or have an empty segment");
    CHECK_INT (zgossip_node_recv (node, 0, &event), 0);
    CHECK_STR (zgossip_event_key (event, NULL), "debug");
    CHECK_INT (zgossip_event_destroy (&event), 0);
    expect_nothing (node);
    destroy (&node);
}

static __thread bool is_waiter;
static volatile sig_atomic_t elsewhere;
static volatile bool done;

static void on_signal (int number)
{
    (void) number;
    if (!is_waiter)
        elsewhere = 1;
}

static void *wait_in_vain (void *node)
{
    zgossip_event_t *event;
    sigset_t usr1;
    is_waiter = true;
    sigemptyset (&usr1);
    sigaddset (&usr1, SIGUSR1);
    pthread_sigmask (SIG_UNBLOCK, &usr1, NULL);
    for (int i = 0; i < 100; i++) {
        CHECK_INT (zgossip_node_recv (node, -1, &event), ZGOSSIP_INTERRUPTED);
        CHECK (!event);
    }
    __atomic_store_n (&done, true, __ATOMIC_RELEASE);
    return NULL;
}

//  A signal ends a wait, and handlers run in the program's threads, never in the node's.
static void interrupted (void)
{
    zgossip_node_t *node = new_node ("node");
    pthread_t waiter;
    sigset_t usr1;
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    CHECK_INT (sigaction (SIGUSR1, &action, NULL), 0);
    sigemptyset (&usr1);
    sigaddset (&usr1, SIGUSR1);
    //  Of the program's threads only the waiter takes it.
    pthread_sigmask (SIG_BLOCK, &usr1, NULL);
    CHECK_INT (pthread_create (&waiter, NULL, wait_in_vain, node), 0);
    while (!__atomic_load_n (&done, __ATOMIC_ACQUIRE)) {
        kill (getpid (), SIGUSR1);
        usleep (100);
    }
    CHECK_INT (pthread_join (waiter, NULL), 0);
    CHECK (!elsewhere);
    destroy (&node);
}

int main (void)
{
    level_triggered ();
    log_lines ();
    interrupted ();
    return 0;
}
