/** Whether this machine can run Repartee, and what to do where it cannot. */
package dev.repartee.finetune.doctor;
