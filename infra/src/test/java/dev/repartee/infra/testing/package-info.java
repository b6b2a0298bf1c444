/** How the tests read files, run programs and ask commands for their options. */
package dev.repartee.infra.testing;
