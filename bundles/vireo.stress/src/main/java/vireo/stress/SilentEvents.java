// SPDX-License-Identifier: Apache-2.0
package vireo.stress;

import vireo.virtqueue.QueueEvents;

/** An owner that does not care, but must not be told of trouble. */
final class SilentEvents implements QueueEvents {

    @Override
    public void notifyDriver(int queue) {
    }

    @Override
    public void broken(int queue, String reason) {
        throw new AssertionError(reason);
    }

    @Override
    public void dropped(int queue) {
        throw new AssertionError("a completion was dropped");
    }

    @Override
    public void wake(int queue) {
    }

    @Override
    public void handlerFailed(int queue, Throwable thrown) {
        throw new AssertionError(thrown);
    }
}
