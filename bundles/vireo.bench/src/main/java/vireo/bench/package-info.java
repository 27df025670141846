// SPDX-License-Identifier: Apache-2.0
/** Benchmarks that run Vireo beside its peers. */
package vireo.bench;
