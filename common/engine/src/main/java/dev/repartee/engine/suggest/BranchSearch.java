package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.NextTokens;
import dev.repartee.engine.suggest.ReplyTree.ModelAccess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Follows the most probable continuations first, several in one pass of the model. As long as typed
 * bytes are left only tokens that agree with them are followed, so that a draft which ends inside a
 * word is tokenized anew together with its continuation.
 */
final class BranchSearch {

  /**
   * How far to look.
   *
   * @param rounds how often the most probable continuations are followed, those that spell the
   *     draft and then those after it; at most a pass each
   * @param width continuations that are followed in one round
   * @param leastProbability of a continuation that is worth following
   * @param longest characters after which a continuation is not followed further
   */
  record Limits(int rounds, int width, double leastProbability, int longest) {}

  /**
   * One way in which a reply may go on.
   *
   * @param node after its last token; null while that is not read
   * @param before the node before its last token; null at the start
   * @param token its last token
   * @param typed bytes of the draft that its tokens have yet to spell
   * @param text the bytes that follow the draft
   * @param log natural logarithm of the probability of its tokens
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and shared only inside the search
  record Branch(
      ReplyTree.Node node,
      ReplyTree.Node before,
      int token,
      byte[] typed,
      byte[] text,
      double log) {

    static Branch start(ReplyTree.Node node, byte[] typed) {
      return start(node, typed, new byte[0], 0);
    }

    /** A start whose tokens spell {@code typed} while people read something that ends in text. */
    static Branch start(ReplyTree.Node node, byte[] typed, byte[] text, double log) {
      return new Branch(node, null, -1, typed, text, log);
    }

    /** This way, longer by a token that stands for {@code bytes}. */
    Branch then(int next, byte[] bytes, double nextLog) {
      int used = Math.min(typed.length, bytes.length);
      byte[] longer = Arrays.copyOf(text, text.length + bytes.length - used);
      System.arraycopy(bytes, used, longer, text.length, bytes.length - used);
      return new Branch(
          node.child(next),
          node,
          next,
          Arrays.copyOfRange(typed, used, typed.length),
          longer,
          log + nextLog);
    }

    /** This branch once its last token may have been read. */
    Branch read() {
      return node != null ? this : new Branch(before.child(token), before, token, typed, text, log);
    }

    boolean spellsDraft() {
      return typed.length == 0;
    }

    String string() {
      return new String(text, StandardCharsets.UTF_8);
    }

    int characters() {
      int count = 0;
      for (byte one : text) {
        count += (one & 0xC0) == 0x80 ? 0 : 1; // a character's further bytes count nothing
      }
      return count;
    }
  }

  /** Next tokens looked at after each. */
  private static final int BRANCHING = 24;

  private static final Comparator<Branch> PROBABLE_FIRST =
      Comparator.comparingDouble((Branch branch) -> -branch.log());

  private final ReplyTree tree;
  private final TokenIndex index;
  private final Limits limits;
  private final ModelAccess access;
  private final PriorityQueue<Branch> spelling = new PriorityQueue<>(PROBABLE_FIRST);
  private final PriorityQueue<Branch> free = new PriorityQueue<>(PROBABLE_FIRST);
  private final List<Branch> found = new ArrayList<>();
  private boolean whole = true;
  double agreeing; // the probability of all that agrees with the draft, before it was known

  BranchSearch(ReplyTree tree, TokenIndex index, Limits limits, ModelAccess access) {
    this.tree = tree;
    this.index = index;
    this.limits = limits;
    this.access = access;
  }

  /**
   * Everything found that spells the draft and adds to it. What was read before takes no pass but
   * counts as if it did, so that the same draft finds the same whatever was asked before.
   *
   * @param starts ways to read the draft, after the same node, which has been read
   */
  List<Branch> run(List<Branch> starts) {
    agreeing = starts.stream().anyMatch(Branch::spellsDraft) ? 1 : 0;
    starts.forEach(this::follow);
    // Which ways spell the draft decides how probable every continuation is.
    followMostProbable(spelling);
    followMostProbable(free);
    return found;
  }

  private void followMostProbable(PriorityQueue<Branch> branches) {
    for (int round = 0; round < limits.rounds() && whole && !branches.isEmpty(); round++) {
      followTogether(branches);
    }
  }

  /** Follows as many as go into one pass. */
  private void followTogether(PriorityQueue<Branch> branches) {
    List<Branch> chosen = new ArrayList<>();
    while (chosen.size() < limits.width() && isWorthwhile(branches.peek())) {
      chosen.add(branches.poll().read());
    }
    List<Branch> unread = chosen.stream().filter(branch -> branch.node() == null).toList();
    if (!unread.isEmpty()) {
      if (access == ModelAccess.NEVER || tree.isCancelled()) {
        whole = false;
        return;
      }
      tree.grow(
          unread.stream()
              .map(branch -> new ReplyTree.Growth(branch.before(), new int[] {branch.token()}))
              .toList());
    }
    chosen.stream().map(Branch::read).filter(branch -> branch.node() != null).forEach(this::follow);
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

  private void follow(Branch branch) {
    if (branch.spellsDraft()) {
      if (branch.text().length > 0) {
        found.add(branch);
      }
      if (branch.characters() < limits.longest()) {
        followFreely(branch);
      }
    } else {
      followDraft(branch);
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
    NextTokens next = branch.node().next();
    int[] compatible =
        IntStream.range(0, next.size())
            .filter(at -> index.isCompatible(next.id(at), branch.typed()))
            .toArray();
    for (int at : compatible) {
      if (index.bytes(next.id(at)).length >= branch.typed().length) {
        agreeing += Math.exp(branch.log() + next.logAt(at));
      }
    }
    for (int at : compatible) {
      double log = next.logAt(at);
      if (Math.exp(branch.log() + log) >= limits.leastProbability() * agreeing) {
        add(branch.then(next.id(at), index.bytes(next.id(at)), log));
      }
    }
  }

  private void add(Branch branch) {
    (branch.spellsDraft() ? free : spelling).add(branch);
  }
}
