#include "frames.h"

#include <string.h>

static uint64_t s_state;

void
chance_seed (uint64_t seed)
{
    s_state = seed;
}

uint64_t
chance (uint64_t below)
{
    /*  splitmix64 */
    uint64_t z = (s_state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % below;
}

void
put (frame_t *frame, const void *data, size_t size)
{
    CHECK (frame->size + size <= sizeof (frame->data));
    memcpy (frame->data + frame->size, data, size);
    frame->size += size;
}

static void
put_number (frame_t *frame, uint32_t number)
{
    unsigned char bytes [4] = { number >> 24, number >> 16, number >> 8, number };
    put (frame, bytes, 4);
}

frame_t
text_frame (const char *text)
{
    frame_t frame = { { 0 }, 0 };
    put (&frame, text, strlen (text));
    return frame;
}

frame_t
signal_frame (int id)
{
    frame_t frame = { { 0xAA, 0xA0, (unsigned char) id, 1 }, 4 };
    return frame;
}

frame_t
publish_frame (const frame_t *key, const frame_t *value, uint32_t ttl)
{
    frame_t frame = signal_frame (ID_PUBLISH);
    unsigned char size = (unsigned char) key->size;
    put (&frame, &size, 1);
    put (&frame, key->data, key->size);
    put_number (&frame, (uint32_t) value->size);
    put (&frame, value->data, value->size);
    put_number (&frame, ttl);
    return frame;
}

bool
is_signal (const frame_t *frame, int id)
{
    frame_t wanted = signal_frame (id);
    return frame->size >= 4 && memcmp (frame->data, wanted.data, 4) == 0;
}

static size_t
until_nul (const unsigned char *data, size_t size)
{
    const unsigned char *nul = (const unsigned char *) memchr (data, 0, size);
    return nul? (size_t) (nul - data): size;
}

bool
read_publish (const unsigned char *data, size_t size, frame_t *key, frame_t *value)
{
    frame_t wanted = signal_frame (ID_PUBLISH);
    if (size < 9 || memcmp (data, wanted.data, 4))
        return false;
    size_t at = 5 + (size_t) data [4];
    if (size < at + 4)
        return false;
    uint64_t length = (uint64_t) data [at] << 24 | data [at + 1] << 16 | data [at + 2] << 8
                    | data [at + 3];
    if (size < at + 4 + length + 4)
        return false;
    key->size = value->size = 0;
    put (key, data + 5, until_nul (data + 5, data [4]));
    put (value, data + at + 4, until_nul (data + at + 4, length));
    return true;
}

frame_t
random_text (void)
{
    static const char *const texts [] = {
        "a", "b", "c", "", "a b", "%s%n", "\xff\xfe", "line\nbreak", "x=\"y\"", "a/b"
    };
    frame_t text = { { 0 }, 0 };
    uint64_t kind = chance (14);
    if (kind < 10)
        return text_frame (texts [kind]);
    if (kind == 10)
        put (&text, "a\0b", 3);
    else
    if (kind == 11)
        for (size_t left = 254 + chance (2); left; left--)
            put (&text, "k", 1);
    else
        for (size_t left = chance (20); left; left--) {
            unsigned char byte = (unsigned char) chance (256);
            put (&text, &byte, 1);
        }
    return text;
}

frame_t
good_frame (void)
{
    uint64_t kind = chance (10);
    if (kind < 3)
        return signal_frame (ID_PING + (int) kind);
    frame_t key = random_text (), value = random_text ();
    frame_t frame = publish_frame (&key, &value, chance (4)? 0: (uint32_t) chance (1 << 20));
    if (chance (6) == 0)
        put (&frame, "more", 1 + chance (4));
    return frame;
}

frame_t
mutated_frame (void)
{
    frame_t frame = good_frame ();
    if (chance (4) == 0) {
        frame.size = chance (2) * 4;
        for (size_t left = chance (12); left; left--) {
            unsigned char byte = (unsigned char) chance (chance (2)? 256: 6);
            put (&frame, &byte, 1);
        }
    }
    for (uint64_t left = 1 + chance (3); left; left--) {
        /*  Mostly where the numbers are. */
        size_t place = frame.size? chance (chance (2) && frame.size > 8? 8: frame.size): 0;
        switch (chance (4)) {
            case 0: frame.size = place; break;
            case 1: frame.data [place] = (unsigned char) chance (256); break;
            case 2: frame.data [place] ^= (unsigned char) (1 << chance (8)); break;
            case 3:
                if (frame.size >= 4 && place + 4 <= frame.size)
                    memset (frame.data + place, chance (2)? 0xff: 0, 4);
                break;
        }
    }
    return frame;
}
