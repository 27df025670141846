// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

/** Exit statuses of every command, as sysexits.h has them. */
public final class ExitStatus {

    /** The command line is wrong. */
    public static final int USAGE = 64;

    /** Input data is malformed. */
    public static final int DATA = 65;

    /** An input file is missing or cannot be read. */
    public static final int NO_INPUT = 66;

    /** Something needed is not there, for example a running platform. */
    public static final int UNAVAILABLE = 69;

    /** A defect of the program or of its installation. */
    public static final int SOFTWARE = 70;

    /** An output file cannot be made. */
    public static final int CANNOT_CREATE = 73;

    /** Reading or writing failed. */
    public static final int IO = 74;

    /** Something is in use for now. */
    public static final int TEMPORARY = 75;

    /** Not allowed. */
    public static final int NO_PERMISSION = 77;

    /** A configuration file is wrong. */
    public static final int CONFIG = 78;

    private ExitStatus() {
    }
}
