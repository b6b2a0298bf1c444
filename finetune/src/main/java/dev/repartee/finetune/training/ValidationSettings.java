package dev.repartee.finetune.training;

/**
 * When validation is made and what follows.
 *
 * @param everySteps steps between validations; 0 for one at each epoch's end
 * @param patience validations without improvement after which training stops
 * @param share of the conversations that is set aside where no file is given
 */
record ValidationSettings(long everySteps, int patience, double share) {

  ValidationSettings {
    Bounds.atLeast("evaluate-steps", everySteps, 0);
    Bounds.atLeast("patience", patience, 1);
    Bounds.within("validation-share", share, 1e-6, 0.9);
  }
}
