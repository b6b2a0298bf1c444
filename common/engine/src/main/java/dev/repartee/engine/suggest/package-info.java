/**
 * What is done with a conversation and a draft: from the model folder to what the agent is offered.
 */
package dev.repartee.engine.suggest;
