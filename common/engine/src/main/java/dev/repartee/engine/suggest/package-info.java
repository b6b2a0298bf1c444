/** The suggestion engine: from a conversation and a draft to what the agent is offered. */
package dev.repartee.engine.suggest;
