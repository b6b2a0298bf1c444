package dev.repartee.serving.console;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/**
 * An animated GIF that goes round for ever. All frames share one palette, and each holds only what
 * has changed since the one before, so that screens with little on the move stay small.
 */
final class Gif {

  private static final int COLOURS = 255;
  private static final int UNCHANGED = 255; // transparent, which packs best
  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  /** A screen, and for how many hundredths of a second it stands. */
  private record Frame(BufferedImage image, int hundredths) {

    Frame longer(int more) {
      return new Frame(image, hundredths + more);
    }
  }

  private final List<Frame> frames = new ArrayList<>();

  /** Adds a screen. One that equals the last makes that stand longer. */
  void add(BufferedImage image, int hundredths) {
    if (!frames.isEmpty() && changed(frames.getLast().image(), image).isEmpty()) {
      lastFor(hundredths);
    } else {
      frames.add(new Frame(image, hundredths));
    }
  }

  /** Makes the last screen stand longer. */
  void lastFor(int more) {
    frames.add(frames.removeLast().longer(more));
  }

  /** The last screen. */
  BufferedImage last() {
    return frames.getLast().image();
  }

  void write(Path file) throws IOException {
    Files.deleteIfExists(file);
    IndexColorModel palette = palette();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      Map<Integer, Integer> nearest = new HashMap<>();
      BufferedImage before = null;
      for (Frame frame : frames) {
        BufferedImage image = frame.image();
        Rectangle part =
            before == null
                ? new Rectangle(image.getWidth(), image.getHeight())
                : changed(before, image);
        BufferedImage indexed =
            new BufferedImage(part.width, part.height, BufferedImage.TYPE_BYTE_INDEXED, palette);
        for (int y = 0; y < part.height; y++) {
          for (int x = 0; x < part.width; x++) {
            int colour = image.getRGB(part.x + x, part.y + y) & 0xffffff;
            boolean same =
                before != null && colour == (before.getRGB(part.x + x, part.y + y) & 0xffffff);
            int index =
                same ? UNCHANGED : nearest.computeIfAbsent(colour, one -> nearest(palette, one));
            indexed.getRaster().setSample(x, y, 0, index);
          }
        }
        writer.writeToSequence(
            new IIOImage(indexed, null, metadata(writer, indexed, part, frame.hundredths())), null);
        before = image;
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
  }

  /** The least rectangle that holds all differences; empty where there are none. */
  private static Rectangle changed(BufferedImage one, BufferedImage other) {
    Rectangle changed = new Rectangle(-1, -1);
    for (int y = 0; y < one.getHeight(); y++) {
      for (int x = 0; x < one.getWidth(); x++) {
        if (one.getRGB(x, y) != other.getRGB(x, y)) {
          changed.add(new Rectangle(x, y, 1, 1));
        }
      }
    }
    return changed;
  }

  /** The most frequent colours. */
  private IndexColorModel palette() {
    Map<Integer, Integer> counts = new HashMap<>();
    for (Frame frame : frames) {
      BufferedImage image = frame.image();
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          counts.merge(image.getRGB(x, y) & 0xffffff, 1, Integer::sum);
        }
      }
    }
    int[] colours =
        counts.entrySet().stream()
            .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
            .limit(COLOURS)
            .mapToInt(Map.Entry::getKey)
            .toArray();
    return new IndexColorModel(8, colours.length, colours, 0, false, -1, 0);
  }

  private static int nearest(IndexColorModel palette, int colour) {
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < palette.getMapSize(); i++) {
      int red = palette.getRed(i) - (colour >> 16);
      int green = palette.getGreen(i) - (colour >> 8 & 0xff);
      int blue = palette.getBlue(i) - (colour & 0xff);
      int distance = red * red + green * green + blue * blue;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  private static IIOMetadata metadata(
      ImageWriter writer, BufferedImage image, Rectangle part, int hundredths) throws IOException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(
            new ImageTypeSpecifier(image), writer.getDefaultWriteParam());
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
    IIOMetadataNode descriptor = child(root, "ImageDescriptor");
    descriptor.setAttribute("imageLeftPosition", Integer.toString(part.x));
    descriptor.setAttribute("imageTopPosition", Integer.toString(part.y));
    IIOMetadataNode control = child(root, "GraphicControlExtension");
    control.setAttribute("disposalMethod", "doNotDispose");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "TRUE");
    control.setAttribute("delayTime", Integer.toString(hundredths));
    control.setAttribute("transparentColorIndex", Integer.toString(UNCHANGED));
    IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
    loop.setAttribute("applicationID", "NETSCAPE");
    loop.setAttribute("authenticationCode", "2.0");
    loop.setUserObject(new byte[] {1, 0, 0}); // as often as one likes
    child(root, "ApplicationExtensions").appendChild(loop);
    metadata.setFromTree(FORMAT, root);
    return metadata;
  }

  private static IIOMetadataNode child(IIOMetadataNode root, String name) {
    for (int i = 0; i < root.getLength(); i++) {
      if (root.item(i).getNodeName().equals(name)) {
        return (IIOMetadataNode) root.item(i);
      }
    }
    IIOMetadataNode child = new IIOMetadataNode(name);
    root.appendChild(child);
    return child;
  }
}
