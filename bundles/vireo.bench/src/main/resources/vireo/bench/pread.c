// SPDX-License-Identifier: Apache-2.0
// The limit that block reads are compared with: pread of the same file, no device in between.
//   pread FILE BYTES THREADS SECONDS [seq]     prints operations per second and MB per second
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int fd, sequential;
static size_t bytes;
static uint64_t blocks;
static volatile int stop;

static void *run(void *argument) {
    uint64_t seed = (uintptr_t) argument * 0x9e3779b97f4a7c15ull + 1, count = 0;
    char *buffer = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    while (!stop) {
        seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17;
        uint64_t block = sequential ? count % blocks : seed % blocks;
        if (pread(fd, buffer, bytes, (off_t) (block * bytes)) != (ssize_t) bytes) { perror("pread"); exit(1); }
        count++;
    }
    free(buffer);
    return (void *) (uintptr_t) count;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc < 5) return 64;
    bytes = (size_t) atol(argv[2]);
    int threads = atoi(argv[3]);
    sequential = argc > 5;
    struct stat info;
    if ((fd = open(argv[1], O_RDONLY)) < 0 || fstat(fd, &info)) { perror(argv[1]); return 66; }
    blocks = (uint64_t) info.st_size / bytes;
    pthread_t id[256];
    double start = now();
    for (int i = 0; i < threads; i++) pthread_create(&id[i], 0, run, (void *) (uintptr_t) (i + 1));
    usleep((useconds_t) (atof(argv[4]) * 1e6));
    stop = 1;
    uint64_t total = 0;
    for (int i = 0; i < threads; i++) { void *count; pthread_join(id[i], &count); total += (uintptr_t) count; }
    double seconds = now() - start;
    printf("%.1f %.1f\n", total / seconds, total * bytes / seconds / 1e6);
    return 0;
}
