package dev.repartee.finetune.hub;

import java.util.List;
import java.util.Optional;

/**
 * What a model of the hub holds at one commit.
 *
 * @param repository {@code OWNER/NAME}
 * @param commit in full
 * @param files that a model can be made of
 * @param others names of the remaining files, without those in folders
 */
record Listing(String repository, String commit, List<RemoteFile> files, List<String> others) {

  Listing {
    if (!HubReference.isCommit(commit)) {
      throw new IllegalArgumentException("commit must be 40 digits but is '" + commit + "'");
    }
    files = List.copyOf(files);
    others = List.copyOf(others);
  }

  Optional<RemoteFile> file(String name) {
    return files.stream().filter(file -> file.name().equals(name)).findFirst();
  }
}
