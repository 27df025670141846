// SPDX-License-Identifier: Apache-2.0
package vireo.wire.block;

/**
 * Offsets and values of the block device's structures, in the order of the specification (devices.md sections 2.2 and
 * 2.3). Every field is little-endian and unsigned; offsets and sizes are bytes.
 *
 * <p>A request, its readable part first; status is the last writable byte, whatever comes before it:
 *
 * <pre>
 *  0               4               8                              16
 * +---------------+---------------+-------------------------------+----------------+ +----------------+--------+
 * |     type      |   reserved    |            sector             | readable data  | | writable data  | status |
 * +---------------+---------------+-------------------------------+----------------+ +----------------+--------+
 * </pre>
 *
 * <p>A segment of a discard or write zeroes request:
 *
 * <pre>
 *  0                               8              12              16
 * +-------------------------------+---------------+---------------+
 * |            sector             |  num_sectors  |     flags     |
 * +-------------------------------+---------------+---------------+
 * </pre>
 */
public final class BlockLayout {

    /** Virtio device type of a block device. */
    public static final int DEVICE_ID = 2;

    /** Unit of every sector count, whatever the device's block size. */
    public static final int SECTOR_SIZE = 512;

    /** Configuration: le64 capacity in sectors. */
    public static final int CONFIG_CAPACITY = 0;
    /** Configuration: le32 largest segment in bytes; with SIZE_MAX. */
    public static final int CONFIG_SIZE_MAX = CONFIG_CAPACITY + Long.BYTES;
    /** Configuration: le32 most segments of one request; with SEG_MAX. */
    public static final int CONFIG_SEG_MAX = CONFIG_SIZE_MAX + Integer.BYTES;
    /** Configuration: le16 cylinders; with GEOMETRY. */
    public static final int CONFIG_CYLINDERS = CONFIG_SEG_MAX + Integer.BYTES;
    /** Configuration: u8 heads; with GEOMETRY. */
    public static final int CONFIG_HEADS = CONFIG_CYLINDERS + Short.BYTES;
    /** Configuration: u8 sectors of a track; with GEOMETRY. */
    public static final int CONFIG_SECTORS = CONFIG_HEADS + Byte.BYTES;
    /** Configuration: le32 block size in bytes; with BLK_SIZE. */
    public static final int CONFIG_BLK_SIZE = CONFIG_SECTORS + Byte.BYTES;
    /** Configuration: u8 logarithm of blocks in a physical block; with TOPOLOGY. */
    public static final int CONFIG_PHYSICAL_BLOCK_EXP = CONFIG_BLK_SIZE + Integer.BYTES;
    /** Configuration: u8 first aligned block; with TOPOLOGY. */
    public static final int CONFIG_ALIGNMENT_OFFSET = CONFIG_PHYSICAL_BLOCK_EXP + Byte.BYTES;
    /** Configuration: le16 suggested least transfer in blocks; with TOPOLOGY. */
    public static final int CONFIG_MIN_IO_SIZE = CONFIG_ALIGNMENT_OFFSET + Byte.BYTES;
    /** Configuration: le32 suggested best transfer in blocks; with TOPOLOGY. */
    public static final int CONFIG_OPT_IO_SIZE = CONFIG_MIN_IO_SIZE + Short.BYTES;
    /**
     * Configuration: u8 cache mode, 0 write-through and 1 write-back; with CONFIG_WCE, then the driver may write it.
     */
    public static final int CONFIG_WRITEBACK = CONFIG_OPT_IO_SIZE + Integer.BYTES;
    /** Configuration: u8 unused, 0. */
    public static final int CONFIG_UNUSED0 = CONFIG_WRITEBACK + Byte.BYTES;
    /** Configuration: le16 number of queues; with MQ. */
    public static final int CONFIG_NUM_QUEUES = CONFIG_UNUSED0 + Byte.BYTES;
    /** Configuration: le32 most sectors of one discard segment; with DISCARD. */
    public static final int CONFIG_MAX_DISCARD_SECTORS = CONFIG_NUM_QUEUES + Short.BYTES;
    /** Configuration: le32 most segments of one discard; with DISCARD. */
    public static final int CONFIG_MAX_DISCARD_SEG = CONFIG_MAX_DISCARD_SECTORS + Integer.BYTES;
    /** Configuration: le32 alignment of discards in sectors; with DISCARD. */
    public static final int CONFIG_DISCARD_ALIGNMENT = CONFIG_MAX_DISCARD_SEG + Integer.BYTES;
    /** Configuration: le32 most sectors of one write zeroes segment; with WRITE_ZEROES. */
    public static final int CONFIG_MAX_WRITE_ZEROES_SECTORS = CONFIG_DISCARD_ALIGNMENT + Integer.BYTES;
    /** Configuration: le32 most segments of one write zeroes; with WRITE_ZEROES. */
    public static final int CONFIG_MAX_WRITE_ZEROES_SEG = CONFIG_MAX_WRITE_ZEROES_SECTORS + Integer.BYTES;
    /** Configuration: u8 1 if write zeroes may unmap; with WRITE_ZEROES. */
    public static final int CONFIG_WRITE_ZEROES_MAY_UNMAP = CONFIG_MAX_WRITE_ZEROES_SEG + Integer.BYTES;
    /** Configuration: three unused bytes, 0. */
    public static final int CONFIG_UNUSED1 = CONFIG_WRITE_ZEROES_MAY_UNMAP + Byte.BYTES;
    /** Size of the configuration up to here, which suffices for a device without the features of what follows. */
    public static final int CONFIG_BASIC_SIZE = CONFIG_UNUSED1 + 3;
    /** Configuration: le32 most sectors of one secure erase segment; with SECURE_ERASE. */
    public static final int CONFIG_MAX_SECURE_ERASE_SECTORS = CONFIG_BASIC_SIZE;
    /** Configuration: le32 most segments of one secure erase; with SECURE_ERASE. */
    public static final int CONFIG_MAX_SECURE_ERASE_SEG = CONFIG_MAX_SECURE_ERASE_SECTORS + Integer.BYTES;
    /** Configuration: le32 alignment of secure erases in sectors; with SECURE_ERASE. */
    public static final int CONFIG_SECURE_ERASE_ALIGNMENT = CONFIG_MAX_SECURE_ERASE_SEG + Integer.BYTES;
    /** Configuration: le32 sectors of a zone; with ZONED. */
    public static final int CONFIG_ZONE_SECTORS = CONFIG_SECURE_ERASE_ALIGNMENT + Integer.BYTES;
    /** Configuration: le32 most open zones, 0 for no limit; with ZONED. */
    public static final int CONFIG_MAX_OPEN_ZONES = CONFIG_ZONE_SECTORS + Integer.BYTES;
    /** Configuration: le32 most active zones, 0 for no limit; with ZONED. */
    public static final int CONFIG_MAX_ACTIVE_ZONES = CONFIG_MAX_OPEN_ZONES + Integer.BYTES;
    /** Configuration: le32 most sectors of one append, 0 for no append; with ZONED. */
    public static final int CONFIG_MAX_APPEND_SECTORS = CONFIG_MAX_ACTIVE_ZONES + Integer.BYTES;
    /** Configuration: le32 granularity of writes in bytes; with ZONED. */
    public static final int CONFIG_WRITE_GRANULARITY = CONFIG_MAX_APPEND_SECTORS + Integer.BYTES;
    /** Configuration: u8 0 none, 1 host-managed, 2 host-aware; with ZONED. */
    public static final int CONFIG_ZONED_MODEL = CONFIG_WRITE_GRANULARITY + Integer.BYTES;
    /** Configuration: three unused bytes, 0; with ZONED. */
    public static final int CONFIG_UNUSED2 = CONFIG_ZONED_MODEL + Byte.BYTES;
    /** Size of the whole configuration. */
    public static final int CONFIG_SIZE = CONFIG_UNUSED2 + 3;

    /** Request header: le32 type. */
    public static final int REQUEST_TYPE = 0;
    /** Request header: le32 reserved. */
    public static final int REQUEST_RESERVED = REQUEST_TYPE + Integer.BYTES;
    /** Request header: le64 sector, 0 when unused. */
    public static final int REQUEST_SECTOR = REQUEST_RESERVED + Integer.BYTES;
    /** Size of the request header. */
    public static final int REQUEST_SIZE = REQUEST_SECTOR + Long.BYTES;

    /** Size of the status, the last writable byte of every request. */
    public static final int STATUS_SIZE = 1;

    /** Request: read. */
    public static final int TYPE_IN = 0;
    /** Request: write. */
    public static final int TYPE_OUT = 1;
    /** Request: make completed writes durable. */
    public static final int TYPE_FLUSH = 4;
    /** Request: identity string. */
    public static final int TYPE_GET_ID = 8;
    /** Request: wear of the device. */
    public static final int TYPE_GET_LIFETIME = 10;
    /** Request: content of segments is not needed any more. */
    public static final int TYPE_DISCARD = 11;
    /** Request: segments read as zero afterwards. */
    public static final int TYPE_WRITE_ZEROES = 13;
    /** Request: content of segments cannot be brought back. */
    public static final int TYPE_SECURE_ERASE = 14;
    /** Request: append to a zone. */
    public static final int TYPE_ZONE_APPEND = 15;
    /** Request: report zones. */
    public static final int TYPE_ZONE_REPORT = 16;
    /** Request: open a zone. */
    public static final int TYPE_ZONE_OPEN = 18;
    /** Request: close a zone. */
    public static final int TYPE_ZONE_CLOSE = 20;
    /** Request: finish a zone. */
    public static final int TYPE_ZONE_FINISH = 22;
    /** Request: reset a zone. */
    public static final int TYPE_ZONE_RESET = 24;
    /** Request: reset all zones. */
    public static final int TYPE_ZONE_RESET_ALL = 26;

    /** Status: done. */
    public static final int STATUS_OK = 0;
    /** Status: device or driver error. */
    public static final int STATUS_IOERR = 1;
    /** Status: the device does not support the request. */
    public static final int STATUS_UNSUPP = 2;
    /** Status: the command is not legal for the zone. */
    public static final int STATUS_ZONE_INVALID_CMD = 3;
    /** Status: the write is not at the zone's write pointer. */
    public static final int STATUS_ZONE_UNALIGNED_WP = 4;
    /** Status: too many open zones. */
    public static final int STATUS_ZONE_OPEN_RESOURCE = 5;
    /** Status: too many active zones. */
    public static final int STATUS_ZONE_ACTIVE_RESOURCE = 6;

    /** Segment: le64 first sector. */
    public static final int SEGMENT_SECTOR = 0;
    /** Segment: le32 number of sectors. */
    public static final int SEGMENT_SECTORS = SEGMENT_SECTOR + Long.BYTES;
    /** Segment: le32 flags. */
    public static final int SEGMENT_FLAGS = SEGMENT_SECTORS + Integer.BYTES;
    /** Size of a segment. */
    public static final int SEGMENT_SIZE = SEGMENT_FLAGS + Integer.BYTES;
    /** Segment flag of write zeroes: the space may be given back. */
    public static final int SEGMENT_UNMAP = 1;

    /** Size of the data of a GET_ID request: ASCII, padded with NUL, not terminated when full. */
    public static final int ID_SIZE = 20;

    private BlockLayout() {
    }

    /**
     * Returns the name of a request type.
     *
     * @param type type, any value
     * @return the specification's name, or null if the type is not defined
     */
    public static String typeName(int type) {
        return switch (type) {
            case TYPE_IN -> "IN";
            case TYPE_OUT -> "OUT";
            case TYPE_FLUSH -> "FLUSH";
            case TYPE_GET_ID -> "GET_ID";
            case TYPE_GET_LIFETIME -> "GET_LIFETIME";
            case TYPE_DISCARD -> "DISCARD";
            case TYPE_WRITE_ZEROES -> "WRITE_ZEROES";
            case TYPE_SECURE_ERASE -> "SECURE_ERASE";
            case TYPE_ZONE_APPEND -> "ZONE_APPEND";
            case TYPE_ZONE_REPORT -> "ZONE_REPORT";
            case TYPE_ZONE_OPEN -> "ZONE_OPEN";
            case TYPE_ZONE_CLOSE -> "ZONE_CLOSE";
            case TYPE_ZONE_FINISH -> "ZONE_FINISH";
            case TYPE_ZONE_RESET -> "ZONE_RESET";
            case TYPE_ZONE_RESET_ALL -> "ZONE_RESET_ALL";
            default -> null;
        };
    }

    /**
     * Returns the name of a status.
     *
     * @param status status, any value
     * @return the specification's name, or null if the status is not defined
     */
    public static String statusName(int status) {
        return switch (status) {
            case STATUS_OK -> "OK";
            case STATUS_IOERR -> "IOERR";
            case STATUS_UNSUPP -> "UNSUPP";
            case STATUS_ZONE_INVALID_CMD -> "ZONE_INVALID_CMD";
            case STATUS_ZONE_UNALIGNED_WP -> "ZONE_UNALIGNED_WP";
            case STATUS_ZONE_OPEN_RESOURCE -> "ZONE_OPEN_RESOURCE";
            case STATUS_ZONE_ACTIVE_RESOURCE -> "ZONE_ACTIVE_RESOURCE";
            default -> null;
        };
    }
}
