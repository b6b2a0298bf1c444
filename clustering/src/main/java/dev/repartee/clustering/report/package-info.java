/** What a person looks at after an extraction. */
package dev.repartee.clustering.report;
