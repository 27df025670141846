// SPDX-License-Identifier: Apache-2.0
// The peer of the codec benchmark: SET_VQUEUE as a packed struct, 64 messages a round, with the checks that the Java side does.
// Prints one line: encode_ns decode_ns both_ns, each per message.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct header { uint8_t type, msg_id; uint16_t dev_num, token, msg_size; } __attribute__((packed));
struct set_vqueue {
    struct header h;
    uint32_t index, reserved0, size, reserved1;
    uint64_t descriptors, driver, device;
} __attribute__((packed));

enum { MESSAGES = 64, SLOT = 64, MAX_SIZE = 264 };

// Smallest payload by (bus bit, message id, response bit); 0xffff means: no such message.
static uint16_t least[2][256][2];

static void fill_table(void) {
    memset(least, 0xff, sizeof least);
    static const uint16_t transport[][3] = {{2, 0, 24}, {3, 8, 8}, {4, 8, 0}, {5, 8, 12}, {6, 12, 12}, {7, 0, 4}, {8, 4, 4},
        {9, 4, 40}, {10, 40, 0}, {11, 4, 0}, {12, 4, 12}, {0x40, 16, 0xffff}, {0x41, 8, 0xffff}, {0x42, 4, 0xffff}};
    for (size_t i = 0; i < sizeof transport / sizeof *transport; i++) {
        least[0][transport[i][0]][0] = transport[i][1];
        least[0][transport[i][0]][1] = transport[i][2];
    }
    least[1][2][0] = 4; least[1][2][1] = 6; least[1][3][0] = 4; least[1][3][1] = 4; least[1][0x40][0] = 4;
}

static int valid(const uint8_t *m, size_t received) {
    struct header h;
    if (received < sizeof h) return 0;
    memcpy(&h, m, sizeof h);
    if (h.msg_size < sizeof h || h.msg_size > MAX_SIZE || h.msg_size > received) return 0;
    int response = h.type & 1, bus = h.type >> 1 & 1, event = h.msg_id & 0x40;
    uint16_t need = least[bus][h.msg_id][response];
    if (need == 0xffff || h.msg_size - sizeof h < need) return 0;
    if (event ? (response || h.token) : !h.token) return 0;
    if (bus && h.dev_num) return 0;
    return 1;
}

__attribute__((noinline)) static void encode(uint8_t *to, uint32_t n) {
    for (uint32_t i = 0; i < MESSAGES; i++) {
        struct set_vqueue m = {{0, 10, (uint16_t) (n + i), (uint16_t) (i + 1), sizeof m}, i, 0, 256, 0,
            0x10000 + n, 0x20000 + n, 0x30000 + n};
        memcpy(to + i * SLOT, &m, sizeof m);
    }
}

__attribute__((noinline)) static uint64_t decode(const uint8_t *from) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < MESSAGES; i++) {
        if (!valid(from + i * SLOT, SLOT)) return 0;
        struct set_vqueue m;
        memcpy(&m, from + i * SLOT, sizeof m);
        sum += m.h.dev_num + m.h.token + m.index + m.size + m.descriptors + m.driver + m.device;
    }
    return sum;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
    double budget = (argc > 1 ? atof(argv[1]) : 0.3) * 1e9;
    static uint8_t buffer[MESSAGES * SLOT];
    volatile uint64_t sink = 0;
    double result[3];
    fill_table();
    for (int what = 0; what < 3; what++) {
        encode(buffer, 1);
        uint64_t rounds = 0;
        double start = now(), end = start + budget, t;
        do {
            for (int i = 0; i < 1000; i++, rounds++) {
                if (what != 1) encode(buffer, (uint32_t) rounds);
                if (what != 0) sink += decode(buffer);
                __asm__ volatile("" ::: "memory");
            }
            t = now();
        } while (t < end);
        result[what] = (t - start) / (rounds * (double) MESSAGES);
    }
    printf("%.3f %.3f %.3f\n", result[0], result[1], result[2]);
    return 0;
}
