// SPDX-License-Identifier: Apache-2.0
package vireo.transport;

/**
 * A virtqueue that is set up, seen from either side, as it was at one moment.
 *
 * @param index queue index, 0 to 63
 * @param size number of descriptors
 * @param position device side: position of the next chain to take, 0 to 65535; −1 on the driver side, whose queues
 *        belong to one thread of their driver
 * @param inFlight device side: chains taken and not completed; −1 on the driver side
 * @param broken true if the other side broke the ring's rules, and the queue is served no more
 */
public record QueueView(int index, int size, int position, int inFlight, boolean broken) {
}
