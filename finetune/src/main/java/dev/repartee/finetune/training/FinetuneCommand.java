package dev.repartee.finetune.training;

import dev.repartee.common.UserException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Fine-tunes GPT-2 on conversations. */
@Command(name = "finetune", description = "Fine-tunes GPT-2 on conversations.")
public final class FinetuneCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    throw new UserException("training is not built yet");
  }
}
