// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

/**
 * The GET_SHM response of V1 (deltas.md section 1).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | shmid                                                         |
 *    +---------------------------------------------------------------+
 * 12 | reserved, 0                                                   |
 *    +---------------------------------------------------------------+
 * 16 |                                                               |
 *    +                            length                             +
 * 20 |                                                               |
 *    +---------------------------------------------------------------+
 * 24 |                                                               |
 *    +                            address                            +
 * 28 |                                                               |
 *    +---------------------------------------------------------------+
 * </pre>
 */
final class ShmV1 extends GetShmResponse {

    @Override
    public int size() {
        return SIZE;
    }

    static final int RESERVED_OFFSET = SHM_ID_OFFSET + 4;

    static final int LENGTH_OFFSET = RESERVED_OFFSET + 4;

    @Override
    public long length() {
        return base.get(LE64, offset + LENGTH_OFFSET);
    }

    @Override
    public GetShmResponse length(long bytes) {
        base.set(LE64, offset + LENGTH_OFFSET, bytes);
        return this;
    }

    static final int ADDRESS_OFFSET = LENGTH_OFFSET + 8;

    @Override
    public long address() {
        return base.get(LE64, offset + ADDRESS_OFFSET);
    }

    @Override
    public GetShmResponse address(long address) {
        base.set(LE64, offset + ADDRESS_OFFSET, address);
        return this;
    }

    static final int SIZE = ADDRESS_OFFSET + 8;
}
