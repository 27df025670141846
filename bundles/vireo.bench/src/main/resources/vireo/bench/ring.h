// SPDX-License-Identifier: Apache-2.0
// The FIFO ring of the AMP bus in C, with the checks that the Java side does.
#include <stdint.h>
#include <string.h>

enum { TAIL = 0x40, SLOTS = 0x80, SLOT = 64 };

struct ring { uint8_t *base; uint32_t slots, own, peer; };

static inline uint32_t peer_index(struct ring *r, uint32_t at) {
    uint32_t i = __atomic_load_n((uint32_t *) (r->base + at), __ATOMIC_ACQUIRE);
    return i < r->slots ? i : 0;
}

static inline int put(struct ring *r, const uint8_t *message, uint32_t size) {
    uint32_t next = r->own + 1 == r->slots ? 0 : r->own + 1;
    if (size < 8 || size > SLOT) return 0;
    if (next == r->peer && next == (r->peer = peer_index(r, TAIL))) return 0;
    uint8_t *slot = r->base + SLOTS + (uint64_t) r->own * SLOT;
    memcpy(slot, message, size);
    memset(slot + size, 0, SLOT - size);
    r->own = next;
    __atomic_store_n((uint32_t *) r->base, next, __ATOMIC_RELEASE);
    return 1;
}

static inline int get(struct ring *r, uint8_t *message) {
    if (r->own == r->peer && r->own == (r->peer = peer_index(r, 0))) return 0;
    memcpy(message, r->base + SLOTS + (uint64_t) r->own * SLOT, SLOT);
    r->own = r->own + 1 == r->slots ? 0 : r->own + 1;
    __atomic_store_n((uint32_t *) (r->base + TAIL), r->own, __ATOMIC_RELEASE);
    return 1;
}
