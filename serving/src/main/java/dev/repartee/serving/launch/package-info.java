/** The life of the service: its command, its start in phases, and its end. */
package dev.repartee.serving.launch;
