// SPDX-License-Identifier: Apache-2.0
package vireo.device.entropy;

/** Constants of the entropy device (devices.md section 4): it has no features, no configuration and no structures. */
final class EntropyLayout {

    /** Virtio device type. */
    static final int DEVICE_ID = 4;

    /** Index of the only queue. */
    static final int REQUEST_QUEUE = 0;

    private EntropyLayout() {
    }
}
