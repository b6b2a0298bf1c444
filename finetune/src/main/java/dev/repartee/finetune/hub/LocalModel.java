package dev.repartee.finetune.hub;

import java.nio.file.Path;

/**
 * A model on this machine.
 *
 * @param name the version, such as {@code acme@7}; {@code hf:OWNER/NAME@COMMIT} for a model of the
 *     hub; or the folder as it was given
 */
public record LocalModel(String name, Path folder) {}
