/** What people decide about answers, and how it stays valid when answers are extracted again. */
package dev.repartee.clustering.review;
