// SPDX-License-Identifier: Apache-2.0
package vireo.driver;

/**
 * What a device said of a queue (GET_VQUEUE, transport.md section 14.8).
 *
 * @param index queue index
 * @param maxSize largest size, 0 if there is no such queue (rule VMSG-MSG-44)
 * @param size size now, 0 if the queue is not set up
 * @param descriptors address of the descriptor area
 * @param driver address of the driver area
 * @param device address of the device area
 */
public record QueueInfo(int index, int maxSize, int size, long descriptors, long driver, long device) {
}
