// SPDX-License-Identifier: Apache-2.0
// Peers of the ring benchmarks.
//   ring one SECONDS                 put and get of 48 bytes on one thread; prints ns per pair
//   ring ping SECONDS FILE FILE      round trips, busy polling, against "ring pong" on the same two files; prints ns per round trip
//   ring pong FILE FILE              answers until it gets a message that starts with 0xff
#include "ring.h"
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { COUNT = 62, BYTES = 4096, SIZE = 48 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static struct ring map(const char *path) {
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd < 0 || ftruncate(fd, BYTES)) { perror(path); exit(1); }
    void *base = mmap(0, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) { perror(path); exit(1); }
    close(fd);
    return (struct ring) {base, COUNT, 0, 0};
}

static void one(double seconds) {
    uint8_t *base = aligned_alloc(4096, BYTES);
    memset(base, 0, BYTES);
    struct ring to = {base, COUNT, 0, 0}, from = to;
    uint8_t message[SLOT] = {0, 10, 1, 0, 1, 0, SIZE, 0}, copy[SLOT];
    volatile uint32_t size = SIZE; // a bus does not know its messages' sizes when it is compiled
    uint64_t pairs = 0, sum = 0;
    double start = now(), end = start + seconds * 1e9, t;
    do {
        for (int i = 0; i < 10000; i++, pairs++) {
            message[8] = (uint8_t) i;
            if (!put(&to, message, size) || !get(&from, copy)) exit(1);
            sum += copy[8];
            __asm__ volatile("" ::: "memory");
        }
        t = now();
    } while (t < end);
    printf("%.3f\n", (t - start) / pairs);
    if (sum == 1) puts("");
}

static void ping(double seconds, struct ring to, struct ring from) {
    uint8_t message[SLOT] = {0, 10, 1, 0, 1, 0, SIZE, 0}, copy[SLOT];
    uint64_t trips = 0;
    double start = 0, end = 0, t = 0;
    for (int warm = 1; warm >= 0; warm--) {
        trips = 0;
        start = now();
        end = start + (warm ? 0.1 : seconds) * 1e9;
        do {
            for (int i = 0; i < 1000; i++, trips++) {
                while (!put(&to, message, SIZE)) { }
                while (!get(&from, copy)) { }
            }
            t = now();
        } while (t < end);
    }
    message[0] = 0xff;
    while (!put(&to, message, SIZE)) { }
    printf("%.3f\n", (t - start) / trips);
}

static void pong(struct ring from, struct ring to) {
    uint8_t copy[SLOT];
    for (;;) {
        while (!get(&from, copy)) { }
        if (copy[0] == 0xff) return;
        while (!put(&to, copy, SIZE)) { }
    }
}

int main(int argc, char **argv) {
    if (argc == 3 && argv[1][0] == 'o') one(atof(argv[2]));
    else if (argc == 5 && argv[1][1] == 'i') ping(atof(argv[2]), map(argv[3]), map(argv[4]));
    else if (argc == 4) pong(map(argv[2]), map(argv[3]));
    else return 64;
    return 0;
}
