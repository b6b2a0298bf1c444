package dev.repartee.engine.suggest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Follows the most probable continuations first, several in one pass of the model. As long as typed
 * bytes are left only tokens that agree with them are followed, so that a draft which ends inside a
 * word is tokenized anew together with its continuation.
 */
final class BranchSearch {

  /**
   * How far to look.
   *
   * @param rounds passes of the model at most
   * @param width continuations read in one pass
   * @param leastProbability of a continuation that is worth following
   * @param longest bytes after which a continuation is not followed further
   */
  record Limits(int rounds, int width, double leastProbability, int longest) {}

  /** Next tokens looked at after each. */
  private static final int BRANCHING = 24;

  /** Rounds of a search that gives way: soon another letter says what to look for. */
  private static final int ROUNDS_BEHIND = 2;

  private static final Comparator<Branch> PROBABLE_FIRST =
      Comparator.comparingDouble((Branch branch) -> -branch.log());

  private final ReplyTree tree;
  private final TokenIndex index;
  private final Limits limits;
  private final PriorityQueue<Branch> unread = new PriorityQueue<>(PROBABLE_FIRST);
  private final PriorityQueue<Branch> readable = new PriorityQueue<>(PROBABLE_FIRST);
  private final List<Branch> found = new ArrayList<>();
  private boolean whole = true;
  private double agreeing; // the probability of all that agrees with the draft

  BranchSearch(ReplyTree tree, TokenIndex index, Limits limits) {
    this.tree = tree;
    this.index = index;
    this.limits = limits;
  }

  /** The probability of everything that agrees with the draft, before it was known. */
  double agreeing() {
    return agreeing;
  }

  /**
   * Everything found that spells the draft and adds to it.
   *
   * @param starts ways to read the draft, after the same node, which has been read
   */
  List<Branch> run(List<Branch> starts) {
    agreeing = starts.stream().anyMatch(Branch::spellsDraft) ? 1 : 0;
    readable.addAll(starts);
    follow();
    int rounds = tree.givesWay() ? ROUNDS_BEHIND : limits.rounds();
    for (int round = 0; round < rounds && !unread.isEmpty(); round++) {
      if (!tree.mayRead()) {
        whole = !isWorthwhile(unread.peek());
        break;
      }
      if (tree.isCancelled()) {
        break;
      }
      List<Branch> chosen = new ArrayList<>();
      while (chosen.size() < limits.width() && isWorthwhile(unread.peek())) {
        chosen.add(unread.poll());
      }
      if (chosen.isEmpty()) {
        break;
      }
      tree.grow(
          chosen.stream()
              .map(branch -> new ReplyTree.Growth(branch.before(), new int[] {branch.token()}))
              .toList());
      chosen.stream()
          .map(Branch::read)
          .filter(branch -> branch.node() != null)
          .forEach(readable::add);
      follow();
    }
    whole &= !tree.givesWay() || !isWorthwhile(unread.peek());
    return found;
  }

  /** Whether it went as far as the limits allow, which needed no model that it must not ask. */
  boolean isWhole() {
    return whole;
  }

  /** The probability of a branch given the draft. */
  double probability(Branch branch) {
    return agreeing > 0 ? Math.min(1, Math.exp(branch.log()) / agreeing) : 0;
  }

  private boolean isWorthwhile(Branch branch) {
    return branch != null
        && (agreeing == 0 || Math.exp(branch.log()) >= limits.leastProbability() * agreeing);
  }

  private void follow() {
    while (!readable.isEmpty()) {
      Branch branch = readable.poll();
      if (branch.spellsDraft()) {
        if (branch.text().length > 0) {
          found.add(branch);
        }
        if (branch.text().length < limits.longest()) {
          followFreely(branch);
        }
      } else {
        followDraft(branch);
      }
    }
  }

  private void followFreely(Branch branch) {
    for (int id : branch.node().best(BRANCHING)) {
      double log = branch.node().log(id);
      if (Math.exp(branch.log() + log) < limits.leastProbability() * agreeing) {
        break;
      }
      if (index.bytes(id).length > 0) {
        add(branch.then(id, index.bytes(id), log));
      }
    }
  }

  private void followDraft(Branch branch) {
    int[] ids = index.compatible(branch.typed());
    double[] logs = new double[ids.length];
    for (int i = 0; i < ids.length; i++) {
      logs[i] = branch.log() + branch.node().log(ids[i]);
      if (index.bytes(ids[i]).length >= branch.typed().length) {
        agreeing += Math.exp(logs[i]);
      }
    }
    for (int i = 0; i < ids.length; i++) {
      if (logs[i] > Double.NEGATIVE_INFINITY
          && Math.exp(logs[i]) >= limits.leastProbability() * agreeing) {
        add(branch.then(ids[i], index.bytes(ids[i]), logs[i] - branch.log()));
      }
    }
  }

  private void add(Branch branch) {
    (branch.node() == null ? unread : readable).add(branch);
  }
}
