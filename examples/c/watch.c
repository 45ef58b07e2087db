//  Join a network, publish a tuple, watch what changes, leave on Ctrl-C.
//
//      watch tcp://127.0.0.1:5670 key value
#include <zgossip/zgossip_node.h>
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t stopped;
static void stop (int number) { (void) number; stopped = 1; }

int main (int argc, char **argv)
{
    signal (SIGINT, stop);
    zgossip_node_t *node = zgossip_node_new ("watch", 0);
    if (argc != 4 || zgossip_node_connect (node, argv [1], NULL) < 0
    || zgossip_node_publish (node, argv [2], ZGOSSIP_STRING, argv [3], ZGOSSIP_STRING, 0) < 0) {
        fprintf (stderr, "watch: %s\n", argc == 4? zgossip_error_text (): "ENDPOINT KEY VALUE");
        return 2;
    }
    zgossip_event_t *event;
    while (!stopped)
        if (zgossip_node_recv (node, 1000, &event) == 0) {
            if (zgossip_event_type (event) == ZGOSSIP_EVENT_TUPLE)
                printf ("%s = %s\n", zgossip_event_key (event, NULL), zgossip_event_value (event, NULL));
            fflush (stdout);
            zgossip_event_destroy (&event);
        }
    zgossip_node_destroy (&node);
}
