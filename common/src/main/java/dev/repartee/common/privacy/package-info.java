/** Keeping personal data out of what is counted, trained and shown. */
package dev.repartee.common.privacy;
