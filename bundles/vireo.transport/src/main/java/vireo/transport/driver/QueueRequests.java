// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import vireo.bus.WireProfile;
import vireo.codec.queue.GetVqueueResponse;
import vireo.codec.queue.QueueIndex;
import vireo.codec.queue.SetVqueueRequest;
import vireo.device.DeviceModel;
import vireo.driver.QueueInfo;
import vireo.driver.RequestException;
import vireo.transport.core.Exchange;
import vireo.virtqueue.QueueSpec;

/** The requests about one queue. */
final class QueueRequests {
    private final Target target;
    private final WireProfile profile;

    QueueRequests(Target target) {
        this.target = target;
        this.profile = target.link().info().profile();
    }

    /** GET_VQUEUE. */
    QueueInfo get(int index) throws RequestException {
        try (Exchange exchange = target.exchange()) {
            new QueueIndex().createGet(exchange.request(), 0, target.number(), 0, index);
            exchange.call(QueueIndex.SIZE);
            GetVqueueResponse answer = GetVqueueResponse.of(profile).wrap(exchange.answer(), 0);
            if (answer.index() != index || answer.maxSize() > DeviceModel.MAX_QUEUE_SIZE
                    || answer.size() > answer.maxSize()) {
                throw exchange.misanswered("asked for queue " + index + ", the answer is about queue " + answer.index()
                        + " of size " + answer.size() + " out of " + answer.maxSize());
            }
            return new QueueInfo(index, (int) answer.maxSize(), (int) answer.size(), answer.descriptors(),
                    answer.driver(), answer.device());
        }
    }

    /** SET_VQUEUE. */
    void set(QueueSpec spec) throws RequestException {
        try (Exchange exchange = target.exchange()) {
            SetVqueueRequest.of(profile).create(exchange.request(), 0, target.number(), 0, spec.index(), spec.size(),
                    spec.descriptors(), spec.driver(), spec.device());
            exchange.call(SetVqueueRequest.SIZE);
        }
    }

    /** RESET_VQUEUE. */
    void reset(int index) throws RequestException {
        try (Exchange exchange = target.exchange()) {
            new QueueIndex().createReset(exchange.request(), 0, target.number(), 0, index);
            exchange.call(QueueIndex.SIZE);
        }
    }

    /** GET_VQUEUE after SET_VQUEUE: whether the device took what it was told (row D-56). */
    void confirm(QueueSpec spec) throws RequestException {
        QueueInfo now = get(spec.index());
        if (now.size() != spec.size() || now.descriptors() != spec.descriptors() || now.driver() != spec.driver()
                || now.device() != spec.device()) {
            throw target.refused("it did not take queue " + spec.index() + ": told " + text(spec.size(),
                    spec.descriptors(), spec.driver(), spec.device()) + ", it has " + text(now.size(),
                    now.descriptors(), now.driver(), now.device()));
        }
    }

    private static String text(int size, long descriptors, long driver, long device) {
        return "size " + size + " at 0x" + Long.toHexString(descriptors) + ", 0x" + Long.toHexString(driver) + ", 0x"
                + Long.toHexString(device);
    }
}
