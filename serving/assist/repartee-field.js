/**
 * The field that an agent writes in, whatever it is made of: its text and selection as offsets,
 * texts put in as if they were typed, and where its characters stand on the screen.
 *
 * @module repartee-field
 */

/**
 * @param {HTMLElement} element a textarea, an input or an element with contenteditable
 * @param {HTMLElement} mirror an invisible element, in which a text field's text is laid out
 */
export function fieldOf(element, mirror) {
  // By what it is: an editor may let nobody write yet.
  const isText = element.matches('textarea, input');
  return isText ? new TextField(element, mirror) : new EditableField(element);
}

/** What decides where a text field breaks its lines and sets its letters. */
const TYPE = [
  'direction', 'unicodeBidi', 'textAlign', 'fontFamily', 'fontSize', 'fontStyle', 'fontWeight',
  'fontStretch', 'fontVariant', 'fontKerning', 'fontFeatureSettings', 'fontVariationSettings',
  'letterSpacing', 'wordSpacing', 'lineHeight', 'textTransform', 'textIndent', 'textRendering',
  'tabSize', 'whiteSpace', 'wordBreak', 'overflowWrap', 'lineBreak', 'hyphens',
]; // prettier-ignore
const PADDING = ['paddingTop', 'paddingRight', 'paddingBottom', 'paddingLeft'];

/** Sets the type of another element; by property, which a Content-Security-Policy lets pass. */
export function setLike(element, style, names = TYPE) {
  for (const name of names) {
    element.style[name] = style[name];
  }
}

const LETTER = /\p{L}/u;
const FROM_RIGHT =
  /[\p{sc=Adlm}\p{sc=Arab}\p{sc=Hebr}\p{sc=Mand}\p{sc=Mende_Kikakui}\p{sc=Nkoo}\p{sc=Rohg}\p{sc=Samr}\p{sc=Syrc}\p{sc=Thaa}]/u;

/** The direction of a text's first letter, `ltr` or `rtl`. */
export function directionOf(text, withoutLetters) {
  const first = LETTER.exec(text);
  return first === null ? withoutLetters : FROM_RIGHT.test(first[0]) ? 'rtl' : 'ltr';
}

class Field {
  constructor(element) {
    this.element = element;
  }

  get focused() {
    return this.element.getRootNode().activeElement === this.element;
  }

  /** The part of the window in which the field's text can be seen. */
  get visibleBox() {
    const { element } = this;
    const { left, top } = element.getBoundingClientRect();
    let box = new DOMRect(
      left + element.clientLeft,
      top + element.clientTop,
      element.clientWidth,
      element.clientHeight,
    );
    for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflowY !== 'visible' && parent !== document.body) {
        box = common(box, parent.getBoundingClientRect());
      }
    }
    return box;
  }

  /** Puts a text in place of what stands between two offsets, in one step for undo. */
  replace(start, end, text) {
    this.element.focus({ preventScroll: true });
    this.select(start, end);
    this.insert(text);
  }

  /**
   * The direction of the last paragraph, and where its last line goes on. Where letters run against
   * that direction, the text's end is in the middle of the line.
   *
   * @param {{left, top, height}} at where the text ends
   */
  lineEnd({ left, top, height }, style, unicodeBidi) {
    const { text } = this;
    const start = text.lastIndexOf('\n') + 1;
    const direction =
      unicodeBidi === 'plaintext' ? directionOf(text.slice(start), style.direction) : style.direction;
    const middle = top + height / 2;
    const line = this.rects(start, text.length).filter((rect) => rect.top < middle && middle < rect.bottom);
    return direction === 'rtl'
      ? { direction, left: Math.min(left, ...line.map((rect) => rect.left)) }
      : { direction, left: Math.max(left, ...line.map((rect) => rect.right)) };
  }
}

function common(one, other) {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  return new DOMRect(
    left,
    top,
    Math.max(0, Math.min(one.right, other.right) - left),
    Math.max(0, Math.min(one.bottom, other.bottom) - top),
  );
}

/** A textarea or an input. Its text is laid out in a mirror, since its own cannot be measured. */
class TextField extends Field {
  #mirror;

  constructor(element, mirror) {
    super(element);
    this.#mirror = mirror;
  }

  get text() {
    return this.element.value;
  }

  /** What is selected, as offsets; null where that cannot be told. */
  get selection() {
    const { selectionStart: start, selectionEnd: end } = this.element;
    return start === null ? null : { start, end };
  }

  select(start, end) {
    if (this.selection === null) {
      this.element.select(); // an input of e-mail has no offsets
    } else {
      this.element.setSelectionRange(start, end);
    }
  }

  insert(text) {
    const { element } = this;
    // Deprecated, but the only way that leaves the browser's undo as it is.
    if (!document.execCommand('insertText', false, text)) {
      element.setRangeText(text, element.selectionStart, element.selectionEnd, 'end');
      element.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
    }
    if (this.selection?.end === element.value.length) {
      element.scrollTop = element.scrollHeight;
    }
  }

  /** Calls back whenever the text may have changed; returns how to stop that. */
  watch() {
    return () => {};
  }

  /** Where the text goes on and in which direction, the box in which its lines run, and its style. */
  end() {
    const { style, dx, dy, box } = this.#layOut();
    const { left, top, height } = this.#mirror.lastChild.getClientRects()[0];
    const end = { left: left + dx, top: top + dy, height };
    return { ...end, ...this.lineEnd(end, style, style.unicodeBidi), box, style };
  }

  /** The boxes of the characters between two offsets. */
  rects(start, end) {
    const { dx, dy } = this.#layOut();
    const range = document.createRange();
    range.setStart(this.#mirror.firstChild.firstChild, start);
    range.setEnd(this.#mirror.firstChild.firstChild, end);
    return moved(range.getClientRects(), dx, dy);
  }

  #layOut() {
    const { element } = this;
    const mirror = this.#mirror;
    const style = getComputedStyle(element);
    setLike(mirror, style);
    setLike(mirror, style, PADDING);
    mirror.style.width = `${element.clientWidth}px`;
    if (element.localName === 'input') {
      // An input's line stands in the middle of it.
      const height = element.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
      mirror.style.whiteSpace = 'pre';
      mirror.style.lineHeight = `${height}px`;
    }
    const typed = document.createElement('span');
    typed.append(document.createTextNode(this.text));
    // Of no width: a break may follow the text, and none comes before it.
    const end = document.createElement('span');
    end.textContent = '\u200b';
    mirror.replaceChildren(typed, end);
    const there = element.getBoundingClientRect();
    const here = mirror.getBoundingClientRect();
    const dx = there.left + element.clientLeft - here.left - element.scrollLeft;
    const dy = there.top + element.clientTop - here.top - element.scrollTop;
    const box = {
      left: here.left + dx + parseFloat(style.paddingLeft),
      right: here.right + dx - parseFloat(style.paddingRight),
    };
    return { style: getComputedStyle(mirror), dx, dy, box };
  }
}

function moved(rects, dx, dy) {
  return Array.from(rects, ({ left, top, width, height }) => new DOMRect(left + dx, top + dy, width, height));
}

const BLOCKS = new Set(
  ('ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGURE FIGCAPTION FOOTER H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE ' +
    'SECTION TABLE TBODY TD TFOOT TH THEAD TR UL').split(' '),
);

/** An element with contenteditable: a plain one, or that of an editor such as ProseMirror. */
class EditableField extends Field {
  get text() {
    return this.#read().text;
  }

  get selection() {
    const range = this.#range();
    if (range === null) {
      return null;
    }
    const { marks } = this.#read([
      [range.startContainer, range.startOffset],
      [range.endContainer, range.endOffset],
    ]);
    return marks.includes(null) ? null : { start: marks[0], end: marks[1] };
  }

  select(start, end) {
    const now = this.selection;
    if (now?.start === start && now.end === end) {
      return;
    }
    const selection = this.#selection();
    selection.removeAllRanges();
    selection.addRange(this.#between(start, end));
  }

  /**
   * Editors read several lines best from a paste, which they take as one step; one line, and
   * elements without an editor, take what execCommand types.
   */
  insert(text) {
    if (text.includes('\n') && this.#paste(text)) {
      return;
    }
    document.execCommand('insertText', false, text);
  }

  #paste(text) {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true, composed: true });
    return !this.element.dispatchEvent(paste);
  }

  /** Editors change their element without an input event, too. */
  watch(changed) {
    const observer = new MutationObserver(changed);
    observer.observe(this.element, { childList: true, characterData: true, subtree: true });
    return () => observer.disconnect();
  }

  end() {
    const range = this.#between(this.text.length, this.text.length);
    const { startContainer: node, startOffset: offset } = range;
    const parent = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const style = getComputedStyle(parent);
    const block = blockOf(parent, this.element);
    const outer = block.getBoundingClientRect();
    const padding = getComputedStyle(block);
    const box = {
      left: outer.left + block.clientLeft + parseFloat(padding.paddingLeft),
      right: outer.left + block.clientLeft + block.clientWidth - parseFloat(padding.paddingRight),
    };
    // An empty line has no characters, but the break that keeps it open.
    const rect = range.getClientRects()[0] ?? node.childNodes[offset]?.getBoundingClientRect?.();
    if (rect !== undefined && rect.height > 0) {
      const { left, top, height } = rect;
      return { left, top, height, ...this.lineEnd(rect, style, padding.unicodeBidi), box, style };
    }
    const height = parseFloat(style.lineHeight) || 1.2 * parseFloat(style.fontSize);
    const top = outer.top + block.clientTop + parseFloat(padding.paddingTop);
    const { direction } = style;
    return { left: direction === 'rtl' ? box.right : box.left, top, height, direction, box, style };
  }

  rects(start, end) {
    return Array.from(this.#between(start, end).getClientRects());
  }

  #selection() {
    const root = this.element.getRootNode();
    return (root.getSelection ? root : document).getSelection();
  }

  /** What is selected, if that lies within the field. */
  #range() {
    const selection = this.#selection();
    const range = selection.rangeCount === 0 ? null : selection.getRangeAt(0);
    return range !== null && this.element.contains(range.commonAncestorContainer) ? range : null;
  }

  #between(start, end) {
    const { runs } = this.#read();
    const range = document.createRange();
    if (runs.length === 0) {
      range.selectNodeContents(this.element);
      range.collapse(false);
      return range;
    }
    const place = (offset) => {
      const run = runs.findLast((one) => one.start <= offset) ?? runs[0];
      return [run.node, run.at + Math.min(offset - run.start, run.length)];
    };
    range.setStart(...place(start));
    range.setEnd(...place(end));
    return range;
  }

  /**
   * The text with a line for each block and break, its runs (a start and a length in the text, and
   * where they begin: a node and an index in it), and the offsets of some places. An empty line is
   * a run of no length.
   *
   * @param {[Node, number][]} places
   */
  #read(places = []) {
    let text = '';
    let open = null; // the block whose line is being read
    const runs = [];
    const marks = places.map(() => null);
    const mark = (node, offset, at) =>
      places.forEach(([where, index], i) => {
        marks[i] = where === node && index === offset ? at : marks[i];
      });
    const begin = (block) => {
      if (open !== block) {
        text += open === null ? '' : '\n';
        open = block;
      }
    };
    const visit = (node, block, index) => {
      if (node.nodeType === Node.TEXT_NODE) {
        if (node.data !== '') {
          begin(block);
          places.forEach(([where, offset], i) => {
            marks[i] = where === node ? text.length + offset : marks[i];
          });
          runs.push({ node, at: 0, start: text.length, length: node.length });
          text += node.data.replaceAll('\u00a0', ' ');
        }
      } else if (node.nodeName === 'BR') {
        begin(block);
        // The last break of a block only keeps its last line open.
        if (node.nextSibling !== null) {
          text += '\n';
          runs.push({ node: node.parentNode, at: index + 1, start: text.length, length: 0 });
        }
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        const own = BLOCKS.has(node.nodeName) ? node : block;
        const children = Array.from(node.childNodes);
        if (own !== block && !children.some((child) => BLOCKS.has(child.nodeName))) {
          begin(own);
          runs.push({ node, at: 0, start: text.length, length: 0 });
        }
        children.forEach((child, i) => {
          mark(node, i, text.length);
          visit(child, own, i);
        });
        mark(node, children.length, text.length);
      }
    };
    visit(this.element, this.element, 0);
    return { text, runs, marks };
  }
}

function blockOf(element, root) {
  let block = element;
  while (block !== root && getComputedStyle(block).display.startsWith('inline')) {
    block = block.parentElement;
  }
  return block;
}
