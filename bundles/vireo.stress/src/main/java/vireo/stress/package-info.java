// SPDX-License-Identifier: Apache-2.0
/** Memory ordering of the rings, tried with jcstress, and the control that must fail. */
package vireo.stress;
