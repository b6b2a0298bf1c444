package dev.repartee.text.privacy;

import java.util.Optional;

/** Tells whose a name is. */
interface NameJudge {

  /** Of a single text, where nobody is known. */
  NameJudge STRANGER =
      new NameJudge() {
        @Override
        public PersonalData kindOf(String name, Evidence evidence) {
          return PersonalData.NAME;
        }

        @Override
        public Optional<KnownNames> known() {
          return Optional.empty();
        }
      };

  /** The kind of a name that was found; {@code name} is in lower case. */
  PersonalData kindOf(String name, Evidence evidence);

  /** Whether the message before asked for the writer's name, so that the text may begin with it. */
  default boolean isAskedForName() {
    return false;
  }

  /** Names that are to be found wherever they stand. */
  Optional<KnownNames> known();
}
