package dev.repartee.finetune.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the steps of a recipe read, and where they write.
 *
 * @param output folder of all steps
 * @param pretrain may be empty
 * @param toExtract conversations that answers are extracted from
 * @param conversations to train on
 * @param epochs of the first training
 * @param timed replies that are measured one at a time; as many as always when empty
 */
record Data(
    Path output,
    List<Path> pretrain,
    List<Path> toExtract,
    List<Path> conversations,
    Path validation,
    Path test,
    int epochs,
    Optional<Integer> timed) {}
