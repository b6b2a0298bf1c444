/**
 * The memory's searches over contexts: by hidden state and by words, in a Lucene index on disk that
 * is written once and read memory-mapped.
 */
package dev.repartee.engine.search;
