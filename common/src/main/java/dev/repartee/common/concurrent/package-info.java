/** What threads of every module need. */
package dev.repartee.common.concurrent;
