// SPDX-License-Identifier: Apache-2.0
/*
 * A peer that shares nothing with the bus under test but the description of the ring. It behaves as foreign ones do:
 * every put copies 48 bytes, whatever the message's size, and leaves what lay behind them in the slot; it looks at its
 * ring only after a byte came over the socket, and writes 0xED for each message that it queues.
 *
 *   peer driver DIR NAME SLOTS COUNT    connects, sends COUNT numbered messages and checks their echoes
 *   peer device DIR NAME SLOTS COUNT    makes the files, listens, and echoes COUNT messages
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SLOT 64
#define COPIED 48
#define WINDOW 24
#define PATIENCE_MS 20000

struct ring {
    uint32_t *head;
    uint32_t *tail;
    uint8_t *slots;
    uint32_t n;
};

static void fail(const char *what)
{
    fprintf(stderr, "peer: %s (errno: %s)\n", what, strerror(errno));
    exit(1);
}

static struct ring open_ring(const char *dir, const char *name, const char *end, uint32_t n, int create)
{
    char path[512];
    snprintf(path, sizeof path, "%s/queue-%s-%s", dir, name, end);
    size_t bytes = 128 + (size_t) SLOT * n;
    int fd = open(path, create ? O_RDWR | O_CREAT : O_RDWR, 0600);
    if (fd < 0 || (create && ftruncate(fd, (off_t) bytes) != 0))
        fail(path);
    uint8_t *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        fail("mmap");
    close(fd);
    struct ring ring = {(uint32_t *) memory, (uint32_t *) (memory + 64), memory + 128, n};
    return ring;
}

/* What an earlier user of the ring may have left there. */
static void litter(struct ring *ring)
{
    memset(ring->slots, 0xa5, (size_t) SLOT * ring->n);
}

static int put(struct ring *ring, const uint8_t *message)
{
    uint32_t head = *ring->head;
    uint32_t next = (head + 1) % ring->n;
    if (next == __atomic_load_n(ring->tail, __ATOMIC_ACQUIRE))
        return 0;
    memcpy(ring->slots + (size_t) SLOT * head, message, COPIED);
    __atomic_store_n(ring->head, next, __ATOMIC_RELEASE);
    return 1;
}

static int get(struct ring *ring, uint8_t *slot)
{
    uint32_t tail = *ring->tail;
    if (tail == __atomic_load_n(ring->head, __ATOMIC_ACQUIRE))
        return 0;
    memcpy(slot, ring->slots + (size_t) SLOT * tail, SLOT);
    __atomic_store_n(ring->tail, (tail + 1) % ring->n, __ATOMIC_RELEASE);
    return 1;
}

static void ring_bell(int fd)
{
    uint8_t byte = 0xed;
    if (write(fd, &byte, 1) != 1)
        fail("the bus closed the socket");
}

static void await_bell(int fd)
{
    struct pollfd wait = {fd, POLLIN, 0};
    uint8_t bytes[128];
    if (poll(&wait, 1, PATIENCE_MS) != 1)
        fail("nobody woke this side");
    if (read(fd, bytes, sizeof bytes) <= 0)
        fail("the bus closed the socket");
}

static unsigned size_of(const uint8_t *message)
{
    return message[6] | (unsigned) message[7] << 8;
}

/* A request whose every byte follows from its number, and garbage behind it. */
static void fill(uint8_t *message, uint32_t number)
{
    unsigned size = 8 + number % (COPIED - 8 + 1);
    uint8_t header[8] = {0, 5, (uint8_t) number, (uint8_t) (number >> 8), 1, 0, (uint8_t) size, 0};
    memset(message, 0xee, SLOT);
    memcpy(message, header, sizeof header);
    for (unsigned i = 8; i < size; i++)
        message[i] = (uint8_t) (number * 31 + i);
}

static void check(const uint8_t *slot, uint32_t number)
{
    uint8_t expected[SLOT];
    fill(expected, number);
    unsigned size = size_of(expected);
    memset(expected + size, 0, SLOT - size);
    if (memcmp(slot, expected, SLOT) != 0) {
        fprintf(stderr, "peer: echo %u differs:", number);
        for (int i = 0; i < SLOT; i++)
            fprintf(stderr, " %02x", slot[i]);
        fprintf(stderr, "\n");
        exit(1);
    }
}

static void drive(int fd, struct ring *out, struct ring *in, uint32_t count)
{
    uint8_t message[SLOT];
    uint32_t sent = 0;
    uint32_t received = 0;
    while (received < count) {
        while (sent < count && sent - received < WINDOW) {
            fill(message, sent);
            if (!put(out, message))
                break;
            sent++;
            ring_bell(fd);
        }
        await_bell(fd);
        while (get(in, message))
            check(message, received++);
    }
}

static void echo(int fd, struct ring *out, struct ring *in, uint32_t count)
{
    uint8_t message[SLOT];
    for (uint32_t done = 0; done < count;) {
        await_bell(fd);
        while (get(in, message)) {
            unsigned size = size_of(message);
            if (size < 8 || size > COPIED)
                fail("a message has the wrong size");
            for (unsigned i = size; i < SLOT; i++)
                if (message[i] != 0)
                    fail("the rest of a slot is not zero");
            memset(message + size, 0xee, SLOT - size);
            while (!put(out, message))
                usleep(10);
            ring_bell(fd);
            done++;
        }
    }
    /* The end of the connection is this side's only way to say that it is done. */
    shutdown(fd, SHUT_WR);
    while (read(fd, message, sizeof message) > 0) { }
}

static int meet(const char *dir, const char *name, int listening)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/wake-%s", dir, name);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (!listening) {
        /* Between a bus's two sessions, and between its bind and its listen, nobody is there. */
        while (connect(fd, (struct sockaddr *) &address, sizeof address) != 0) {
            if (errno != ENOENT && errno != ECONNREFUSED)
                fail(address.sun_path);
            usleep(1000);
        }
        return fd;
    }
    if (bind(fd, (struct sockaddr *) &address, sizeof address) != 0 || listen(fd, 1) != 0)
        fail(address.sun_path);
    int peer = accept(fd, NULL, NULL);
    close(fd);
    unlink(address.sun_path);
    if (peer < 0)
        fail("accept");
    return peer;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        fail("wrong arguments");
    alarm(60);
    int device = strcmp(argv[1], "device") == 0;
    const char *dir = argv[2];
    const char *name = argv[3];
    uint32_t n = (uint32_t) atoi(argv[4]);
    uint32_t count = (uint32_t) atoi(argv[5]);
    if (device) {
        char path[512];
        snprintf(path, sizeof path, "%s/memory-%s", dir, name);
        int memory = open(path, O_RDWR | O_CREAT, 0600);
        if (memory < 0 || ftruncate(memory, 1 << 16) != 0)
            fail(path);
        close(memory);
    }
    struct ring requests = open_ring(dir, name, "driver", n, device);
    struct ring answers = open_ring(dir, name, "device", n, device);
    litter(device ? &answers : &requests);
    int fd = meet(dir, name, device);
    if (device)
        echo(fd, &answers, &requests, count);
    else
        drive(fd, &requests, &answers, count);
    printf("ok %u\n", count);
    return 0;
}
