/*  Places that no other test uses: a directory, files in it, endpoints, ports. */

#include "internal.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>

static char s_dir [200];

static int
remove_one (const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
    (void) stat;
    (void) type;
    (void) ftw;
    return remove (path);
}

void
tu_remove_dir (void)
{
    if (s_dir [0])
        nftw (s_dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    s_dir [0] = 0;
}

const char *
tu_dir (void)
{
    if (!s_dir [0]) {
        const char *parent = getenv ("TMPDIR");
        snprintf (s_dir, sizeof (s_dir), "%s/zgossip-XXXXXX", parent && *parent? parent: "/tmp");
        if (!mkdtemp (s_dir)) {
            s_dir [0] = 0;
            tu_broken ("temporary directory");
        }
        tu_hide (s_dir, "$TMP");
    }
    return s_dir;
}

const char *
tu_path (const char *name)
{
    return tu_printf ("%s/%s", tu_dir (), name);
}

const char *
tu_file (const char *name, const char *content)
{
    const char *path = tu_path (name);
    /*  Whole or not at all: a node may be watching the file. */
    const char *part = tu_path ("part");
    FILE *file = fopen (part, "w");
    if (!file || fputs (content, file) < 0 || fclose (file) || rename (part, path))
        tu_broken (path);
    return path;
}

const char *
tu_slurp (const char *path)
{
    FILE *file = fopen (path, "r");
    if (!file)
        return NULL;
    size_t size = 0, max = 4096;
    char *text = (char *) malloc (max + 1);
    size_t got;
    while (text && (got = fread (text + size, 1, max - size, file)) > 0) {
        size += got;
        if (size == max)
            text = (char *) realloc (text, (max *= 2) + 1);
    }
    fclose (file);
    if (!text)
        abort ();
    text [size] = 0;
    return tu_keep (text);
}

static int s_places;

const char *
tu_inproc (const char *name)
{
    return tu_printf ("inproc://%s-%d", name, ++s_places);
}

const char *
tu_ipc (const char *name)
{
    return tu_printf ("ipc://%s/%s-%d", tu_dir (), name, ++s_places);
}

/*  Below the range that the kernel and CZMQ's plain "*" hand out. */
#define PORT_FIRST(pid) (20000 + (int) ((pid) % 600) * 20)
#define PORT_COUNT 20

const char *
tu_tcp (void)
{
    int first = PORT_FIRST (getpid ());
    return tu_printf ("tcp://127.0.0.1:*[%d-%d]", first, first + PORT_COUNT - 1);
}

struct sockaddr_in
tu_loopback (int port)
{
    struct sockaddr_in address = { 0 };
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    address.sin_port = htons ((uint16_t) port);
    return address;
}

/*  Whether a server could listen there now. Not asked by way of ZeroMQ, which
    gives an address back some time after the socket was closed. */
static bool
port_is_free (int port)
{
    struct sockaddr_in address = tu_loopback (port);
    int fd = socket (AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof (on));
    /*  No listen: a client that reconnects would find itself talking to this. */
    bool is_free = bind (fd, (struct sockaddr *) &address, sizeof (address)) == 0;
    close (fd);
    return is_free;
}

int
tu_free_port (void)
{
    int first = PORT_FIRST (getpid ());
    for (int port = first; port < first + PORT_COUNT; port++)
        if (port_is_free (port))
            return port;
    tu_broken ("no free TCP port");
}

void
tu_wait_free (int port)
{
    int64_t until = tu_deadline ();
    while (!port_is_free (port)) {
        if (zclock_mono () > until)
            tu_fail_call ("port %d is still in use", port);
        zclock_sleep (10);
    }
}
