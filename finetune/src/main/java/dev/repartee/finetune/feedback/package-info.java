/**
 * What the feedback of agents says: a report for supervisors, and what is to be forgotten of it.
 */
package dev.repartee.finetune.feedback;
