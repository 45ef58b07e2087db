/*
 * A participant in C++: see examples/run.
 *
 *     participant ENDPOINT NAME PEER ...
 */
#include <zgossip/zgossip.hpp>

#include <iostream>
#include <map>
#include <vector>

using Tuples = std::map<std::string, std::string>;

static void require (bool condition, const std::string &what)
{
    if (!condition)
        throw std::runtime_error (what);
}

static Tuples tuples_of (const std::string &name)
{
    Tuples tuples;
    for (int number = 0; number < 10; number++)
        tuples [name + "/" + std::to_string (number)] = name + " says " + std::to_string (number);
    tuples [name + "/bytes"] = "\xff\xfe\x80";
    tuples [name + "/empty"] = "";
    tuples [name + "/large"] = std::string (100000, 'x');
    return tuples;
}

/** Everything was told as an event; the node must say the same when it is asked. */
static void check_held (gossip::Node &node, Tuples expected)
{
    for (const auto &[key, value] : expected)
        require (node.get (key) == value, key);
    require (!node.get ("nobody"), "nobody");
    require (node.size () >= expected.size (), "size");
    for (auto [key, value] : node.tuples ())
        if (auto found = expected.find (std::string (key)); found != expected.end ()) {
            require (found->second == value, "snapshot of " + found->first);
            expected.erase (found);
        }
    require (expected.empty (), "snapshot");
}

static void check_errors ()
{
    gossip::Node node ("errors"), other (std::move (node));
    try {
        other.bind ("nonsense");
        require (false, "bind to nonsense");
    }
    catch (const gossip::Error &error) {
        require (error.code () == ZGOSSIP_REFUSED && *error.what (), "the error of bind");
    }
    try {
        node.size ();
        require (false, "a node that was moved from");
    }
    catch (const gossip::Error &error) {
        require (error.code () == ZGOSSIP_BAD_ARGUMENT, "the error of a node that was moved from");
    }
    require (!other.recv (std::chrono::milliseconds (0)), "an event from nowhere");
}

static void participate (const std::string &endpoint, const std::string &name, const Tuples &everything)
{
    gossip::Node node (name);
    node.connect (endpoint);
    for (const auto &[key, value] : tuples_of (name))
        node.publish (key, value);
    Tuples missing = everything;
    bool joined = false, ready = false;
    for (;;) {
        auto event = node.recv ();
        require (event.has_value (), "a signal");
        joined = joined || event->type () == ZGOSSIP_EVENT_JOINED;
        const std::string key (event->key ());
        if (auto found = missing.find (key); found != missing.end () && found->second == event->value ())
            missing.erase (found);
        if (missing.empty () && joined && !ready) {
            ready = true;
            check_held (node, everything);
            node.publish (name + "/state", "ready");
        }
        if (key == "hub/for/" + name && event->value () == "go")
            node.publish (name + "/state", "changed");
        if (key == "hub/for/" + name && event->value () == "bye")
            return;
    }
}

int main (int argc, char **argv)
try {
    const std::vector<std::string> words (argv, argv + argc);
    Tuples everything = tuples_of ("hub");
    for (std::size_t number = 2; number < words.size (); number++)
        everything.merge (tuples_of (words [number]));
    check_errors ();
    participate (words.at (1), words.at (2), everything);
    std::cout << words [2] << " left\n";
}
catch (const std::exception &error) {
    std::cerr << "participant: " << error.what () << '\n';
    return 1;
}
