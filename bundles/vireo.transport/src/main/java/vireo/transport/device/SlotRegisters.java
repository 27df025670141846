// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.Arrays;
import java.util.List;

import vireo.device.FeatureSet;
import vireo.slot.SlotState;
import vireo.virtqueue.QueueSpec;

/**
 * What a driver sets in a slot besides its configuration: status, features, queues. Written by the slot's executor only
 * and read by anybody; the lock is held for a few loads and stores and for nothing else.
 */
final class SlotRegisters {
    private final int deviceId;
    private final QueueRegisters[] queues;
    private FeatureSet offer;
    private int status;
    private int[] selected;
    /** True if the driver selected a feature so far out that it has no place here; lasts until reset. */
    private boolean beyond;

    /** A queue as the driver set it up. Where it runs, the positions are its engine's and those here are old. */
    private static final class QueueRegisters {
        private int maxSize;
        private boolean enabled;
        private SlotState.Queue set = SlotState.Queue.UNSET;
    }

    SlotRegisters(int deviceId, FeatureSet offer, List<Integer> sizes) {
        this.deviceId = deviceId;
        this.offer = offer;
        this.selected = new int[Math.max(2, offer.blocks())];
        this.queues = new QueueRegisters[sizes.size()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new QueueRegisters();
            queues[i].maxSize = sizes.get(i);
        }
    }

    int deviceId() {
        return deviceId;
    }

    int queueCount() {
        return queues.length;
    }

    synchronized FeatureSet offer() {
        return offer;
    }

    /** A successor offers more or fewer features than its predecessor, and may have larger queues. */
    synchronized void succeed(FeatureSet newOffer, List<Integer> sizes) {
        offer = newOffer;
        selected = Arrays.copyOf(selected, Math.max(selected.length, newOffer.blocks()));
        for (int i = 0; i < queues.length; i++) {
            queues[i].maxSize = sizes.get(i);
        }
    }

    synchronized int status() {
        return status;
    }

    synchronized void status(int value) {
        status = value;
    }

    synchronized boolean live() {
        return StatusMachine.live(status);
    }

    synchronized FeatureSet selected() {
        return FeatureSet.ofBlocks(selected);
    }

    synchronized void select(long block, int bits) {
        if (block < selected.length) {
            selected[(int) block] = bits;
        } else if (bits != 0) {
            beyond = true;
        }
    }

    /** Tells whether the selection is one that was offered and has VERSION_1 (rules VQ-FEA-01, 11, 14 and 15). */
    synchronized boolean acceptable() {
        FeatureSet wanted = FeatureSet.ofBlocks(selected);
        return !beyond && offer.containsAll(wanted) && wanted.has(FeatureSet.VERSION_1);
    }

    synchronized int maxSize(int queue) {
        return queues[queue].maxSize;
    }

    synchronized SlotState.Queue queue(int queue) {
        return queues[queue].set;
    }

    synchronized boolean isSet(int queue) {
        return queues[queue].set.size() > 0;
    }

    /** Tells whether the driver wants the queue to be served once it is set up; only V1 knows the difference. */
    synchronized boolean enabled(int queue) {
        return queues[queue].enabled;
    }

    synchronized QueueSpec spec(int queue) {
        SlotState.Queue set = queues[queue].set;
        return new QueueSpec(queue, set.size(), set.descriptors(), set.driver(), set.device(),
                FeatureSet.ofBlocks(selected));
    }

    synchronized void setUp(QueueSpec spec, boolean enable) {
        QueueRegisters queue = queues[spec.index()];
        queue.set = new SlotState.Queue(spec.size(), spec.descriptors(), spec.driver(), spec.device(), 0, 0, List.of());
        queue.enabled = enable;
    }

    synchronized void enable(int queue) {
        queues[queue].enabled = true;
    }

    synchronized void unset(int queue) {
        queues[queue].set = SlotState.Queue.UNSET;
        queues[queue].enabled = false;
    }

    /** Keeps where a queue stood that does not run any more. */
    synchronized void position(int queue, int next, int used, List<Integer> inFlight) {
        SlotState.Queue set = queues[queue].set;
        queues[queue].set = new SlotState.Queue(set.size(), set.descriptors(), set.driver(), set.device(), next, used,
                inFlight);
    }

    synchronized void reset() {
        status = 0;
        beyond = false;
        Arrays.fill(selected, 0);
        for (int i = 0; i < queues.length; i++) {
            unset(i);
        }
    }
}
