// Join a network, publish a tuple, watch what changes, leave on Ctrl-C.
//
//     watch tcp://127.0.0.1:5670 key value
#include <zgossip/zgossip.hpp>

#include <csignal>
#include <iostream>

static volatile std::sig_atomic_t stopped = 0;

int main (int argc, char **argv)
{
    if (argc != 4)
        return std::cerr << "usage: watch ENDPOINT KEY VALUE\n", 2;
    std::signal (SIGINT, [] (int) { stopped = 1; });

    gossip::Node node ("watch");
    node.connect (argv [1]);
    node.publish (argv [2], argv [3]);
    while (!stopped)
        if (auto event = node.recv (std::chrono::seconds (1)))
            if (event->type () == ZGOSSIP_EVENT_TUPLE)
                std::cout << event->key () << " = " << event->value () << std::endl;
}
