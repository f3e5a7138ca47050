'use strict';

/** A run of character data inside an element. */
class TextNode {
  constructor(value) {
    this.value = value;
    this.parent = null;
  }

  get textContent() {
    return this.value;
  }
}

/** A named node with attributes and ordered children. */
class Element {
  constructor(name, attributes = {}) {
    this.name = name;
    this.attributes = new Map(Object.entries(attributes));
    this.childNodes = [];
    this.parent = null;
  }

  get classList() {
    const value = this.attributes.get('class') ?? '';
    return value.split(/\s+/).filter(Boolean);
  }

  get children() {
    return this.childNodes.filter((node) => node instanceof Element);
  }

  get textContent() {
    return this.childNodes.map((node) => node.textContent).join('');
  }

  get siblings() {
    return this.parent ? this.parent.children : [this];
  }

  /** Zero-based position among the sibling elements. */
  get index() {
    return this.siblings.indexOf(this);
  }

  append(...nodes) {
    const children = nodes.map((node) => (typeof node === 'string' ? new TextNode(node) : node));
    for (const child of children) child.parent = this;
    this.childNodes.push(...children);
    return this;
  }

  /** Yields every element below this one in document order. */
  *descendants() {
    for (const child of this.children) {
      yield child;
      yield* child.descendants();
    }
  }
}

module.exports = { Element, TextNode };
