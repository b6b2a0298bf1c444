/** What every module needs: failures that a person can mend. */
package dev.repartee.common;
