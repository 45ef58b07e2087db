/*
 * A gossip node for C++17: zgossip_node.h, with ends that come by themselves and errors that are thrown.
 *
 * Part of libzgossip, under the Mozilla Public License 2.0.
 */

#ifndef LIBZGOSSIP_ZGOSSIP_HPP_INCLUDED
#define LIBZGOSSIP_ZGOSSIP_HPP_INCLUDED

#include "zgossip_node.h"

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

/**
 *     gossip::Node node ("myname");
 *     node.connect ("tcp://other.example:5670");
 *     node.publish ("key", "value");
 *     while (auto event = node.recv ())
 *         if (event->type () == ZGOSSIP_EVENT_TUPLE)
 *             std::cout << event->key () << " = " << event->value () << '\n';
 *
 * What each call means, and which threads may make it, is said in zgossip_node.h. Keys and values are
 * bytes, in strings. In an event loop, wait for the descriptor fd () and then call recv (0ms).
 *
 * The namespace is not called zgossip, because the actor of zgossip.h and czmq.h is.
 */
namespace gossip {

/** What the library says is wrong: the code, one of those of zgossip_node.h, and the text. */
class Error : public std::runtime_error
{
  public:
    Error () : std::runtime_error (zgossip_error_text ()), code_ (zgossip_error_code ()) {}
    Error (int code, const char *text) : std::runtime_error (text), code_ (code) {}
    int code () const noexcept { return code_; }

  private:
    int code_;
};

namespace detail {

/** The result of a call, unless it is an error. */
template <typename Number> Number check (Number result)
{
    if (result < 0)
        throw Error ();
    return result;
}

template <typename Pointer> Pointer check_pointer (Pointer result)
{
    if (!result)
        throw Error ();
    return result;
}

/** A name, endpoint and the like, which a NUL would cut short. */
inline std::string c_string (std::string_view text)
{
    if (text.find ('\0') != text.npos)
        throw Error (ZGOSSIP_BAD_ARGUMENT, "an argument holds a NUL byte");
    return std::string (text);
}

/** Ends what C has made. */
template <auto Destroy> struct Ender
{
    template <typename Object> void operator() (Object *object) const { Destroy (&object); }
};

}  // namespace detail

/** What happened: a tuple that is new or has a new value, for instance. Movable. */
class Event
{
  public:
    /** ZGOSSIP_EVENT_TUPLE and so on. */
    int type () const { return zgossip_event_type (event_.get ()); }
    /** Valid as long as the event. */
    std::string_view key () const { return text (zgossip_event_key); }
    std::string_view value () const { return text (zgossip_event_value); }

  private:
    friend class Node;
    explicit Event (zgossip_event_t *event) : event_ (event) {}

    std::string_view text (const char *(*get) (const zgossip_event_t *, size_t *)) const
    {
        std::size_t size = 0;
        const char *bytes = get (event_.get (), &size);
        return {bytes, size};
    }

    std::unique_ptr<zgossip_event_t, detail::Ender<zgossip_event_destroy>> event_;
};

/** The tuples of a node at one moment, to be gone through once: for (auto [key, value] : node.tuples ()) */
class Tuples
{
  public:
    /** The key is valid until the next step, the value as long as the tuples. */
    using Tuple = std::pair<std::string_view, std::string_view>;

    class Iterator
    {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Tuple;
        using difference_type = std::ptrdiff_t;
        using pointer = const Tuple *;
        using reference = Tuple;

        Tuple operator* () const
        {
            std::size_t key_size = 0, value_size = 0;
            const char *key = zgossip_tuples_key (tuples_, &key_size);
            const char *value = zgossip_tuples_value (tuples_, &value_size);
            return {{key, key_size}, {value, value_size}};
        }

        Iterator &operator++ ()
        {
            if (detail::check (zgossip_tuples_next (tuples_)) == 0)
                tuples_ = nullptr;
            return *this;
        }

        void operator++ (int) { ++*this; }
        bool operator== (const Iterator &other) const { return tuples_ == other.tuples_; }
        bool operator!= (const Iterator &other) const { return tuples_ != other.tuples_; }

      private:
        friend class Tuples;
        explicit Iterator (zgossip_tuples_t *tuples) : tuples_ (tuples) {}
        zgossip_tuples_t *tuples_;
    };

    Iterator begin () { return ++Iterator (tuples_.get ()); }
    Iterator end () { return Iterator (nullptr); }
    std::size_t size () const
    {
        return static_cast<std::size_t> (detail::check (zgossip_tuples_size (tuples_.get ())));
    }

  private:
    friend class Node;
    explicit Tuples (zgossip_tuples_t *tuples) : tuples_ (tuples) {}
    std::unique_ptr<zgossip_tuples_t, detail::Ender<zgossip_tuples_destroy>> tuples_;
};

/** A node, which leaves the network when it goes. Movable; one that was moved from throws. */
class Node
{
  public:
    /** The options are those of zgossip_node_new. */
    explicit Node (std::string_view name = {}, std::uint32_t options = 0)
        : node_ (detail::check_pointer (
            zgossip_node_new (detail::c_string (name).c_str (), options)))
    {
    }

    /** The TCP port, or 0. */
    int bind (std::string_view endpoint)
    {
        return detail::check (zgossip_node_bind (self (), detail::c_string (endpoint).c_str ()));
    }

    void connect (std::string_view endpoint)
    {
        detail::check (zgossip_node_connect (self (), detail::c_string (endpoint).c_str (), nullptr));
    }

    /** Encrypted, to the server that has this public key. */
    void connect (std::string_view endpoint, std::string_view server_key)
    {
        detail::check (zgossip_node_connect (self (), detail::c_string (endpoint).c_str (),
                                             detail::c_string (server_key).c_str ()));
    }

    void disconnect (std::string_view endpoint)
    {
        detail::check (zgossip_node_disconnect (self (), detail::c_string (endpoint).c_str ()));
    }

    void publish (std::string_view key, std::string_view value)
    {
        detail::check (zgossip_node_publish (self (), bytes (key), key.size (), bytes (value),
                                             value.size (), 0));
    }

    void unpublish (std::string_view key)
    {
        detail::check (zgossip_node_unpublish (self (), bytes (key), key.size ()));
    }

    /** Wait until the neighbours have taken everything that was published before; how many have. Without a time-out
        that ends when nobody has taken anything for a second (zgossip/linger). */
    int flush (std::optional<std::chrono::milliseconds> timeout = std::nullopt)
    {
        const auto most = timeout ? std::clamp<std::int64_t> (timeout->count (), 0, INT_MAX) : -1;
        return detail::check (zgossip_node_flush (self (), static_cast<int> (most)));
    }

    /** The value of a key, or none where the node holds no such tuple. */
    std::optional<std::string> get (std::string_view key)
    {
        std::string value (64, '\0');
        for (;;) {
            const std::int64_t size =
                zgossip_node_get (self (), bytes (key), key.size (), value.data (), value.size ());
            if (size == ZGOSSIP_NOT_FOUND)
                return std::nullopt;
            const bool is_whole = static_cast<std::size_t> (detail::check (size)) <= value.size ();
            value.resize (static_cast<std::size_t> (size));
            if (is_whole)
                return value;
        }
    }

    /** How many tuples the node holds. */
    std::size_t size ()
    {
        return static_cast<std::size_t> (detail::check (zgossip_node_size (self ())));
    }

    /** All tuples that the node holds at this moment. */
    Tuples tuples () { return Tuples (detail::check_pointer (zgossip_node_snapshot (self ()))); }

    /** The next event; none if none comes in time, or where a signal ended the wait. */
    std::optional<Event> recv (std::chrono::milliseconds timeout = std::chrono::milliseconds (-1))
    {
        zgossip_event_t *event = nullptr;
        const int code = zgossip_node_recv (self (), static_cast<int> (timeout.count ()), &event);
        if (code == ZGOSSIP_TIMED_OUT || code == ZGOSSIP_INTERRUPTED)
            return std::nullopt;
        detail::check (code);
        return Event (event);
    }

    /** Readable while events wait. */
    int fd () { return detail::check (zgossip_node_fd (self ())); }

    void set (std::string_view path, std::string_view value)
    {
        detail::check (zgossip_node_set (self (), detail::c_string (path).c_str (),
                                         detail::c_string (value).c_str ()));
    }

    void load (std::string_view file)
    {
        detail::check (zgossip_node_load (self (), detail::c_string (file).c_str ()));
    }

    void save (std::string_view file)
    {
        detail::check (zgossip_node_save (self (), detail::c_string (file).c_str ()));
    }

    void set_keys (std::string_view public_key, std::string_view secret_key)
    {
        detail::check (zgossip_node_set_keys (self (), detail::c_string (public_key).c_str (),
                                              detail::c_string (secret_key).c_str ()));
    }

    /** Let in the client with this public key, and nobody who is not allowed; before bind. */
    void allow (std::string_view public_key)
    {
        detail::check (zgossip_node_allow (self (), detail::c_string (public_key).c_str ()));
    }

    void set_zap_domain (std::string_view domain)
    {
        detail::check (zgossip_node_set_zap_domain (self (), detail::c_string (domain).c_str ()));
    }

    /** For functions of zgossip_node.h. It stays this object's. */
    zgossip_node_t *handle () const noexcept { return self (); }

  private:
    /** A handle is a name for the node, which the library checks. */
    zgossip_node_t *self () const noexcept { return node_.get (); }

    /** An empty string may have no address, which the library would take for a mistake. */
    static const char *bytes (std::string_view text) { return text.data ()? text.data (): ""; }

    std::unique_ptr<zgossip_node_t, detail::Ender<zgossip_node_destroy>> node_;
};

/** A new pair of CURVE keys: the public one, the secret one. */
inline std::pair<std::string, std::string> new_keys ()
{
    char public_key [41], secret_key [41];
    detail::check (zgossip_new_keys (public_key, secret_key));
    return {public_key, secret_key};
}

}  // namespace gossip

#endif  /* LIBZGOSSIP_ZGOSSIP_HPP_INCLUDED */
