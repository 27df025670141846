// SPDX-License-Identifier: Apache-2.0
package vireo.wire.block;

/** The feature bits of the block device, in the order of the specification (devices.md section 2.1). */
public final class BlockFeature {

    /** Largest size of a segment is in the configuration. */
    public static final int SIZE_MAX = 1;
    /** Largest number of segments is in the configuration. */
    public static final int SEG_MAX = 2;
    /** Disk-style geometry is in the configuration. */
    public static final int GEOMETRY = 4;
    /** The device is read-only. */
    public static final int RO = 5;
    /** Block size is in the configuration. */
    public static final int BLK_SIZE = 6;
    /** The flush command is understood. */
    public static final int FLUSH = 9;
    /** Topology is in the configuration. */
    public static final int TOPOLOGY = 10;
    /** The driver can change the cache mode. */
    public static final int CONFIG_WCE = 11;
    /** The number of queues is in the configuration. */
    public static final int MQ = 12;
    /** The discard command is understood. */
    public static final int DISCARD = 13;
    /** The write zeroes command is understood. */
    public static final int WRITE_ZEROES = 14;
    /** The lifetime command is understood. */
    public static final int LIFETIME = 15;
    /** The secure erase command is understood. */
    public static final int SECURE_ERASE = 16;
    /** The device is zoned. */
    public static final int ZONED = 17;

    private BlockFeature() {
    }

    /**
     * Returns the name of a feature bit.
     *
     * @param bit bit number, any value
     * @return the specification's name without its prefix, or null if the bit is not defined
     */
    public static String name(int bit) {
        return switch (bit) {
            case SIZE_MAX -> "SIZE_MAX";
            case SEG_MAX -> "SEG_MAX";
            case GEOMETRY -> "GEOMETRY";
            case RO -> "RO";
            case BLK_SIZE -> "BLK_SIZE";
            case FLUSH -> "FLUSH";
            case TOPOLOGY -> "TOPOLOGY";
            case CONFIG_WCE -> "CONFIG_WCE";
            case MQ -> "MQ";
            case DISCARD -> "DISCARD";
            case WRITE_ZEROES -> "WRITE_ZEROES";
            case LIFETIME -> "LIFETIME";
            case SECURE_ERASE -> "SECURE_ERASE";
            case ZONED -> "ZONED";
            default -> null;
        };
    }

    /**
     * Returns the feature bit of a name.
     *
     * @param name the specification's name without its prefix, in any case
     * @return the bit number, or −1 if no feature has that name
     */
    public static int bit(String name) {
        for (int bit = SIZE_MAX; bit <= ZONED; bit++) {
            if (name.equalsIgnoreCase(name(bit))) {
                return bit;
            }
        }
        return -1;
    }
}
