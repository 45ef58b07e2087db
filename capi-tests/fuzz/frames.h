/*  Chance and frames for the differential fuzzer. */

#ifndef FRAMES_H_INCLUDED
#define FRAMES_H_INCLUDED

#include "testutil.h"

enum { ID_HELLO = 1, ID_PUBLISH, ID_PING, ID_PONG, ID_INVALID };

/*  Begins the sequence of this number. */
void chance_seed (uint64_t seed);
/*  0 to below - 1. */
uint64_t chance (uint64_t below);

typedef struct {
    unsigned char data [1200];
    size_t size;
} frame_t;

void put (frame_t *frame, const void *data, size_t size);
frame_t text_frame (const char *text);
frame_t signal_frame (int id);
frame_t publish_frame (const frame_t *key, const frame_t *value, uint32_t ttl);
bool is_signal (const frame_t *frame, int id);
/*  The fields of a PUBLISH that is well-formed, up to a NUL. */
bool read_publish (const unsigned char *data, size_t size, frame_t *key, frame_t *value);

/*  A key or a value. Few different ones, so that they meet. */
frame_t random_text (void);
/*  What CZMQ's actor takes. */
frame_t good_frame (void);
/*  What it most often does not. */
frame_t mutated_frame (void);

#endif
