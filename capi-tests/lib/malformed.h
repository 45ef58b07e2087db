/*  Messages that are not exactly one message of the protocol, as the initialisers of an array of
    texts in hex. */

#ifndef MALFORMED_H_INCLUDED
#define MALFORMED_H_INCLUDED

/*  Wrong from their first frame on. */
#define MALFORMED_FRAMES \
    "",                                                 /*  empty */ \
    "aa",                                               /*  one byte */ \
    "aaa0",                                             /*  no message type */ \
    "aaa001",                                           /*  no version */ \
    "aaa101 01",                                        /*  another signature */ \
    "abcdef0123456789", \
    "aaa00001",                                         /*  unknown message types */ \
    "aaa00601", \
    "aaa04d01", \
    "aaa0ff01", \
    "aaa00100",                                         /*  foreign versions */ \
    "aaa00302", \
    "aaa00502", \
    "aaa00202 01 6b 00000001 76 00000000", \
    "aaa00201",                                         /*  PUBLISH, cut */ \
    "aaa00201 01", \
    "aaa00201 01 6b", \
    "aaa00201 01 6b 0000", \
    "aaa00201 01 6b 00000001", \
    "aaa00201 01 6b 00000001 76", \
    "aaa00201 01 6b 00000001 76 000000", \
    "aaa00201 ff 6b 00000001 76 00000000",              /*  lengths past the end */ \
    "aaa00201 01 6b 000000ff 76 00000000", \
    "aaa00201 01 6b 7fffffff 76 00000000", \
    "aaa00201 01 6b ffffffff 76 00000000", \
    "|aaa00301",                                        /*  what a REQ sends */ \
    "aa|aaa00301|aaa00301"

/*  One frame too many, or more: the first is a message. */
#define MALFORMED_BY_MORE_FRAMES \
    "aaa00301|", \
    "aaa00201 01 6b 00000001 76 00000000|aaa00301", \
    "aaa00301|aaa00301|aaa00301|aaa00301"

#endif
