package dev.repartee.infra.autoscaling;

/**
 * One of the systems that are compared.
 *
 * @param name one word
 * @param title for people
 */
record SystemSettings(
    String name, String title, PodSettings pod, Start start, Nodes nodes, HpaSettings hpa) {

  /**
   * From a pod that has a node to one that answers.
   *
   * @param imageMb what is pulled to a node that has not got it
   * @param pullMbPerSecond how fast, unpacking included
   * @param modelMb what each pod pulls then
   * @param modelMbPerSecond how fast
   * @param processSeconds from the container's start until it answers, without the pull
   * @param probed whether a readiness probe keeps requests away until then
   * @param probeSeconds how often
   */
  record Start(
      double imageMb,
      double pullMbPerSecond,
      double modelMb,
      double modelMbPerSecond,
      double processSeconds,
      boolean probed,
      double probeSeconds) {

    Start {
      Bounds.within("imageMb", imageMb, 0, 100_000);
      Bounds.within("pullMbPerSecond", pullMbPerSecond, 0.1, 100_000);
      Bounds.within("modelMb", modelMb, 0, 100_000);
      Bounds.within("modelMbPerSecond", modelMbPerSecond, 0.1, 100_000);
      Bounds.within("processSeconds", processSeconds, 0, 3600);
      Bounds.within("probeSeconds", probeSeconds, 0, 600);
    }

    double pullSeconds() {
      return imageMb / pullMbPerSecond;
    }

    double loadSeconds() {
      return modelMb / modelMbPerSecond + processSeconds;
    }
  }

  /**
   * The machines.
   *
   * @param podsPerNode how many pods have room on one
   * @param sparePods room that is kept free, so that new pods need not wait for a node
   * @param extraSeconds what a new node needs besides, such as a driver
   * @param evictionSeconds after which pods of a node that is known to be lost are replaced
   */
  record Nodes(int podsPerNode, int sparePods, double extraSeconds, double evictionSeconds) {

    Nodes {
      Bounds.within("podsPerNode", podsPerNode, 1, 1000);
      Bounds.within("sparePods", sparePods, 0, 1000);
      Bounds.within("extraSeconds", extraSeconds, 0, 3600);
      Bounds.within("evictionSeconds", evictionSeconds, 0, 3600);
    }
  }

  SystemSettings {
    Bounds.present("name", name);
    Bounds.present("title", title);
    Bounds.present("pod", pod);
    Bounds.present("start", start);
    Bounds.present("nodes", nodes);
    Bounds.present("hpa", hpa);
  }
}
