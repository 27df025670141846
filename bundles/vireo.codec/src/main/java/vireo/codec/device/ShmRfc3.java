// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

/**
 * The GET_SHM response of RFC3 (transport.md section 14.11).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | shmid                                                         |
 *    +---------------------------------------------------------------+
 * 12 | length                                                        |
 *    +---------------------------------------------------------------+
 * 16 | address                                                       |
 *    +---------------------------------------------------------------+
 * </pre>
 */
final class ShmRfc3 extends GetShmResponse {

    @Override
    public int size() {
        return SIZE;
    }

    static final int LENGTH_OFFSET = SHM_ID_OFFSET + 4;

    @Override
    public long length() {
        return le32(LENGTH_OFFSET);
    }

    @Override
    public GetShmResponse length(long bytes) {
        base.set(LE32, offset + LENGTH_OFFSET, (int) bytes);
        return this;
    }

    static final int ADDRESS_OFFSET = LENGTH_OFFSET + 4;

    @Override
    public long address() {
        return le32(ADDRESS_OFFSET);
    }

    @Override
    public GetShmResponse address(long address) {
        base.set(LE32, offset + ADDRESS_OFFSET, (int) address);
        return this;
    }

    static final int SIZE = ADDRESS_OFFSET + 4;
}
