// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.lang.foreign.MemorySegment;
import vireo.driver.DmaBuffer;
import vireo.driver.RemoteDevice;
import vireo.driver.RequestException;

/**
 * The driver memory of one queue's requests, in one piece: first what surrounds the data of each, then the data of
 * each.
 *
 * <pre>
 *  0           16          32        64       65     72          92      128
 * +-----------+-----------+---------+--------+------+-----------+-------+
 * |  header   |  segment  |         | status |      |    id     |       |   for each request
 * +-----------+-----------+---------+--------+------+-----------+-------+
 * </pre>
 *
 * <p>What the device writes shares no cache line with what it reads.
 */
final class RequestMemory {

    static final int SEGMENT = 16;
    static final int STATUS = 64;
    static final int ID = 72;

    private static final int STRIDE = 128;
    private static final int PAGE = 4096;
    private static final int SMALL_TRANSFER = 64 << 10;
    private static final int FEW_REQUESTS = 8;

    final MemorySegment segment;
    final long address;
    final int requests;
    final int maxTransfer;
    private final DmaBuffer buffer;
    private final long dataStart;

    private RequestMemory(DmaBuffer buffer, int requests, int maxTransfer) {
        this.buffer = buffer;
        this.segment = buffer.segment();
        this.address = buffer.address();
        this.requests = requests;
        this.maxTransfer = maxTransfer;
        this.dataStart = dataStart(requests);
    }

    /** Takes what is wanted, or less where the bus's memory is short, but at least one request of one page. */
    static RequestMemory allocate(RemoteDevice device, int wantedRequests, int wantedTransfer) throws RequestException {
        int requests = wantedRequests;
        int transfer = wantedTransfer;
        while (true) {
            try {
                long size = dataStart(requests) + (long) requests * transfer;
                return new RequestMemory(device.allocate(size, PAGE), requests, transfer);
            } catch (RequestException full) {
                if (transfer > SMALL_TRANSFER) {
                    transfer = half(transfer);
                } else if (requests > FEW_REQUESTS) {
                    requests /= 2;
                } else if (transfer > PAGE) {
                    transfer = Math.max(PAGE, half(transfer));
                } else if (requests > 1) {
                    requests /= 2;
                } else {
                    throw full;
                }
            }
        }
    }

    private static int half(int transfer) {
        return transfer / 2 / RemoteVolume.SECTOR * RemoteVolume.SECTOR;
    }

    private static long dataStart(int requests) {
        return ((long) requests * STRIDE + PAGE - 1) / PAGE * PAGE;
    }

    long meta(int request) {
        return (long) request * STRIDE;
    }

    long data(int request) {
        return dataStart + (long) request * maxTransfer;
    }

    void close() {
        buffer.close();
    }
}
