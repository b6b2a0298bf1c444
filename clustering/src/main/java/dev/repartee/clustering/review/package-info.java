/** People's decisions about answers, and the ids by which answers are recognised. */
package dev.repartee.clustering.review;
