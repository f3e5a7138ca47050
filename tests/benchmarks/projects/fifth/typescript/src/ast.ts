/** The nodes of a parsed document; `type` tells the members of the unions apart. */
export interface TextNode {
  type: 'text';
  value: string;
}

export interface SpanNode {
  type: 'span';
  style: Style;
  children: Inline[];
}

export interface LinkNode {
  type: 'link';
  url: string;
  children: Inline[];
}

export interface HeadingNode {
  type: 'heading';
  level: number;
  id?: string;
  children: Inline[];
}

export interface ParagraphNode {
  type: 'paragraph';
  children: Inline[];
}

export interface ListNode {
  type: 'list';
  ordered: boolean;
  items: Inline[][];
}

export interface CodeNode {
  type: 'code';
  language: string;
  value: string;
}

export enum Style {
  Emphasis = '_',
  Strong = '**',
  Code = '`',
}

export type Inline = TextNode | SpanNode | LinkNode;
export type Block = HeadingNode | ParagraphNode | ListNode | CodeNode;

export interface Document {
  readonly blocks: Block[];
}

export function text(value: string): TextNode {
  return { type: 'text', value };
}

/** The inline lists of a block: one for most blocks, one for each item of a list. */
export function inlinesOf(block: Block): Inline[][] {
  switch (block.type) {
    case 'list':
      return block.items;
    case 'code':
      return [];
    default:
      return [block.children];
  }
}

export function plainText(nodes: readonly Inline[]): string {
  return nodes.map((node) => (node.type === 'text' ? node.value : plainText(node.children))).join('');
}
