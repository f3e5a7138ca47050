import { Block, Document, Inline, SpanNode, Style } from './ast';

export interface RenderOptions {
  width: number;
  indent: string;
}

export const DEFAULT_OPTIONS: Readonly<RenderOptions> = { width: 60, indent: '  ' };

/** Break a text into lines of at most `width` characters. */
export function wrap(value: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of value.split(/\s+/)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return line ? [...lines, line] : lines;
}

export abstract class Renderer {
  abstract readonly name: string;
  protected readonly options: RenderOptions;

  constructor(options: Partial<RenderOptions> = {}) {
    this.options = { ...DEFAULT_OPTIONS, ...options };
  }

  render(document: Document): string {
    return document.blocks.map((block) => this.block(block).join('\n')).join('\n\n');
  }

  protected abstract block(block: Block): string[];
  protected abstract span(node: SpanNode): string;

  protected link(label: string, _url: string): string {
    return label;
  }

  protected inline(nodes: readonly Inline[]): string {
    const parts = nodes.map((node) => {
      if (node.type === 'text') return node.value;
      return node.type === 'link' ? this.link(this.inline(node.children), node.url) : this.span(node);
    });
    return parts.join('');
  }
}

/** Renders wrapped text; links become numbered notes at the end. */
export class TextRenderer extends Renderer {
  readonly name: string = 'text';
  private links: string[] = [];

  override render(document: Document): string {
    this.links = [];
    const body = super.render(document);
    const notes = this.links.map((url, index) => `[${index + 1}] ${url}`);
    return notes.length > 0 ? `${body}\n\n${notes.join('\n')}` : body;
  }

  protected block(block: Block): string[] {
    const { width, indent } = this.options;
    switch (block.type) {
      case 'heading': {
        const title = this.inline(block.children);
        return [title, (block.level === 1 ? '=' : '-').repeat(title.length)];
      }
      case 'paragraph':
        return wrap(this.inline(block.children), width);
      case 'list':
        return block.items.flatMap((item, index) => {
          const bullet = block.ordered ? `${index + 1}. ` : '* ';
          const [first, ...more] = wrap(this.inline(item), width - bullet.length);
          return [bullet + first, ...more.map((line) => ' '.repeat(bullet.length) + line)];
        });
      case 'code':
        return block.value.split('\n').map((line) => indent + line);
    }
  }

  protected span({ style, children }: SpanNode): string {
    const value = this.inline(children);
    return style === Style.Strong ? value.toUpperCase() : `${style}${value}${style}`;
  }

  protected override link(label: string, url: string): string {
    if (!this.links.includes(url)) this.links.push(url);
    return `${label}[${this.links.indexOf(url) + 1}]`;
  }
}

/** One line for each block, without any styles. */
export class OutlineRenderer extends Renderer {
  readonly name = 'outline';

  protected block(block: Block): string[] {
    switch (block.type) {
      case 'heading':
        return [`${'#'.repeat(block.level)} ${this.inline(block.children)} (${block.id ?? ''})`];
      case 'list':
        return [`(${block.items.length} items)`];
      case 'code':
        return [`(${block.language || 'plain'} code)`];
      case 'paragraph':
        return [`(${this.inline(block.children).length} characters)`];
    }
  }

  protected span(node: SpanNode): string {
    return this.inline(node.children);
  }
}
