package dev.repartee.finetune.recipe;

import java.nio.file.Path;
import java.util.List;

/**
 * What the steps of a recipe read, and where they write.
 *
 * @param output folder of all steps
 * @param pretrain may be empty
 * @param toExtract conversations that answers are extracted from
 * @param conversations to train on
 * @param epochs of the first training
 */
record Data(
    Path output,
    List<Path> pretrain,
    List<Path> toExtract,
    List<Path> conversations,
    Path validation,
    Path test,
    int epochs) {}
